package io.belfry.load;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.ice.IceCredentials;
import io.belfry.sfu.stun.StunAttribute;
import io.belfry.sfu.stun.StunIntegrity;
import io.belfry.sfu.stun.StunMessage;
import io.belfry.sfu.stun.StunWriter;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The controlling agent against an ICE-lite one: checks all candidates until one answers,
/// nominates that one (RFC 8445 §8.1.1), then asks for consent (RFC 7675 §5.1).
final class IceController {
  static final long CONSENT_EXPIRY_NANOS = 30_000_000_000L;

  private static final long FIRST_CHECK_NANOS = 50_000_000L;
  private static final long MAX_CHECK_NANOS = 500_000_000L;
  private static final long CONSENT_NANOS = 5_000_000_000L;

  /// A peer-reflexive address of the highest local preference (RFC 8445 §5.1.2.1).
  private static final byte[] PRIORITY = {0x6E, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF};

  private enum State {
    CHECKING,
    NOMINATING,
    CONNECTED
  }

  /// Sends a check.
  interface Sender {
    void send(Memory check, int length, InetSocketAddress to);
  }

  private final StunWriter writer = new StunWriter();
  private final StunMessage message = new StunMessage();
  private final Memory memory = Memory.allocate(512);
  private final StunIntegrity integrity;
  private final RandomGenerator random;
  private final String username;
  private final byte[] tieBreaker = new byte[8];
  private final byte[] transactionId = new byte[12];
  private List<InetSocketAddress> candidates;
  private State state = State.CHECKING;
  private long delayNanos = FIRST_CHECK_NANOS;
  private long nextNanos;
  private @Nullable Long lastAnswerNanos;

  IceController(IceCredentials local, Answer remote, RandomGenerator random) {
    this.random = random;
    this.username = remote.usernameFragment() + ":" + local.usernameFragment();
    this.integrity = new StunIntegrity(remote.password());
    this.candidates = remote.candidates();
    random.nextBytes(tieBreaker);
    random.nextBytes(transactionId);
  }

  /// Sends a check if one is due.
  ///
  /// @return when the next one is
  long onTime(long nowNanos, Sender sender) {
    if (lastAnswerNanos == null) {
      lastAnswerNanos = nowNanos; // the server has as long for its first answer
      nextNanos = nowNanos;
    }
    if (nowNanos - nextNanos >= 0) {
      if (state == State.CONNECTED) {
        random.nextBytes(transactionId);
        // RFC 7675 §5.1: at random, within a fifth.
        nextNanos = nowNanos + (long) (CONSENT_NANOS * random.nextDouble(0.8, 1.2));
      } else {
        nextNanos = nowNanos + delayNanos;
        delayNanos = Math.min(MAX_CHECK_NANOS, 2 * delayNanos);
      }
      for (InetSocketAddress candidate : candidates) {
        sender.send(memory, writeCheck(), candidate);
      }
    }
    return nextNanos;
  }

  private int writeCheck() {
    writer
        .begin(memory, 0, StunMessage.BINDING_REQUEST, transactionId)
        .username(username)
        .attribute(StunAttribute.PRIORITY, PRIORITY)
        .attribute(StunAttribute.ICE_CONTROLLING, tieBreaker);
    if (state == State.NOMINATING) {
      writer.attribute(StunAttribute.USE_CANDIDATE, new byte[0]);
    }
    writer.messageIntegrity(integrity).fingerprint();
    return writer.length();
  }

  /// Takes a STUN message.
  ///
  /// @return whether it was the answer to the nomination: the path may be used
  boolean onMessage(Memory datagram, int length, InetSocketAddress from, long nowNanos) {
    if (!message.wrap(datagram, 0, length)
        || message.type() != StunMessage.BINDING_SUCCESS_RESPONSE
        || !message.isTransaction(transactionId)
        || !candidates.contains(from)
        || !integrity.isValid(message)) {
      return false;
    }
    lastAnswerNanos = nowNanos;
    switch (state) {
      case CHECKING -> {
        candidates = List.of(from);
        state = State.NOMINATING;
        random.nextBytes(transactionId);
        delayNanos = FIRST_CHECK_NANOS;
        nextNanos = nowNanos;
      }
      case NOMINATING -> {
        state = State.CONNECTED;
        nextNanos = nowNanos + CONSENT_NANOS;
        return true;
      }
      case CONNECTED -> {}
    }
    return false;
  }

  long nextNanos() {
    return nextNanos;
  }

  /// Whether nobody has answered for so long that sending must end (RFC 7675 §5.1).
  boolean isExpired(long nowNanos) {
    Long last = lastAnswerNanos;
    return last != null && nowNanos - last >= CONSENT_EXPIRY_NANOS;
  }
}
