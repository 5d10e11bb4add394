package io.belfry.sfu.session;

import io.belfry.sfu.control.Command;
import io.belfry.sfu.stun.StunMessage;
import io.belfry.sfu.stun.StunWriter;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The question to a STUN server that a loop has open, at most one. Only an answer with its random
/// transaction id counts, once (RFC 8489 §6.3.3).
final class StunQuestion {
  private final StunWriter writer = new StunWriter();
  private Command.@Nullable AskStun open;

  void ask(Command.AskStun question, Outbox outbox) {
    open = question;
    writer
        .begin(
            outbox.memory(),
            outbox.reserve(),
            StunMessage.BINDING_REQUEST,
            question.transactionId())
        .fingerprint();
    outbox.add(PeerAddress.of(question.server()), writer.length());
  }

  /// Returns whether the message answers the open question.
  boolean onAnswer(StunMessage message) {
    Command.AskStun question = open;
    if (question == null || !message.isTransaction(question.transactionId())) {
      return false;
    }
    Optional<InetSocketAddress> address = message.xorMappedAddress();
    address.ifPresent(question.onAnswer());
    open = address.isPresent() ? null : question;
    return address.isPresent();
  }
}
