package io.belfry.sfu.session;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.control.Event;
import io.belfry.sfu.dtls.DtlsEndpoint;
import io.belfry.sfu.dtls.KeyingMaterial;
import io.belfry.sfu.ice.IceCredentials;
import io.belfry.sfu.ice.IceLiteAgent;
import io.belfry.sfu.ice.IceOutcome;
import io.belfry.sfu.route.Room;
import io.belfry.sfu.srtp.SrtpCrypto;
import io.belfry.sfu.srtp.SrtpReceiver;
import io.belfry.sfu.srtp.SrtpSender;
import io.belfry.sfu.stun.StunMessage;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One transport of a participant: ICE path, DTLS handshake and SRTP contexts, with the media that
/// it receives or sends.
final class PeerSession {
  /// Consent is checked every 4 to 6 s at the most (RFC 7675 §5.1), and browsers do it more often;
  /// whoever sends or receives media is heard several times a second, or every few seconds.
  private static final long SILENCE_NANOS = 4_000_000_000L;

  private final long id;
  private final Room room;
  private final Outbox outbox;
  private final Consumer<Event> events;
  private final SrtpCrypto crypto;
  private final IceLiteAgent ice;
  private final DtlsEndpoint dtls;
  private final @Nullable MediaReceiver receiver;
  private final @Nullable MediaSender sender;

  /// Validated source addresses, the latest last.
  private final ArrayDeque<PeerAddress> paths = new ArrayDeque<>();

  private @Nullable PeerAddress selected;
  private @Nullable SrtpReceiver srtpIn;
  private @Nullable SrtpSender srtpOut;
  private boolean isLost;
  private boolean isSilent;
  private long heardNanos;

  PeerSession(
      long id,
      boolean isPublish,
      IceCredentials local,
      long consentNanos,
      Room room,
      Outbox outbox,
      TransportTools tools,
      Consumer<Event> events) {
    this.id = id;
    this.room = room;
    this.outbox = outbox;
    this.events = events;
    this.crypto = tools.crypto();
    this.ice = new IceLiteAgent(local, consentNanos);
    this.dtls = tools.dtls().create(id);
    this.receiver = isPublish ? new MediaReceiver(id, room, events) : null;
    this.sender = isPublish ? null : new MediaSender(room, outbox);
  }

  /// Answers a connectivity check whose integrity has been verified.
  void onConnectivityCheck(StunMessage check, PeerAddress from, long nowNanos) {
    int at = outbox.reserve();
    heardNanos = nowNanos;
    IceOutcome outcome = ice.onVerifiedRequest(check, from, nowNanos, outbox.memory(), at);
    if (outcome.isAnswered()) {
      outbox.add(from, ice.responseLength());
    }
    if (outcome == IceOutcome.PATH_SELECTED) {
      selected = from;
      if (sender != null) {
        sender.connect(from, srtpOut, nowNanos);
      }
    }
  }

  /// Authentic media came on a validated path.
  void onMedia(PeerAddress from, long nowNanos) {
    if (!isLost && ice.onMedia(from, nowNanos)) {
      selected = from;
      if (sender != null) {
        sender.connect(from, srtpOut, nowNanos);
      }
    }
  }

  /// Remembers a validated source address.
  ///
  /// @return the address that was forgotten in its place, if there are more than a few
  @Nullable PeerAddress addPath(PeerAddress path, int maxPaths) {
    paths.addLast(path);
    if (paths.size() <= maxPaths) {
      return null;
    }
    PeerAddress oldest = paths.removeFirst();
    if (!oldest.equals(selected)) {
      return oldest;
    }
    paths.addLast(oldest);
    return paths.removeFirst();
  }

  /// A path is gone: if it was the selected one, the latest of the others serves.
  void onPathClosed(PeerAddress path, long nowNanos) {
    paths.remove(path);
    if (path.equals(selected)) {
      selected = paths.peekLast();
      ice.replacePath(path, selected);
      if (sender != null) {
        sender.connect(selected, srtpOut, nowNanos);
      }
    }
  }

  Iterable<PeerAddress> paths() {
    return paths;
  }

  Outcome onDtls(Memory memory, int offset, int length) {
    return dtls.onDatagram(memory, offset, length) ? Outcome.DTLS : Outcome.DTLS_OVERFLOW;
  }

  Outcome onRtp(Memory memory, int offset, int length, long nowNanos) {
    SrtpReceiver keys = srtpIn;
    if (keys == null) {
      return Outcome.NO_KEYS;
    }
    if (receiver == null) {
      return Outcome.UNKNOWN_STREAM;
    }
    Outcome outcome = receiver.onRtp(keys, memory, offset, length, nowNanos);
    if (outcome == Outcome.RTP) {
      heardNanos = nowNanos;
    }
    return outcome;
  }

  Outcome onRtcp(Memory memory, int offset, int length, long nowNanos) {
    SrtpReceiver keys = srtpIn;
    if (keys == null) {
      return Outcome.NO_KEYS;
    }
    int plain = keys.unprotectRtcp(memory, offset, length);
    if (plain < 0) {
      return switch (plain) {
        case SrtpReceiver.AUTHENTICATION_FAILED -> Outcome.AUTHENTICATION_FAILED;
        case SrtpReceiver.REPLAYED -> Outcome.REPLAYED;
        default -> Outcome.RTCP_MALFORMED;
      };
    }
    heardNanos = nowNanos;
    boolean isWellFormed =
        receiver != null
            ? receiver.onRtcp(memory, offset, plain, nowNanos)
            : sender == null || sender.onRtcp(memory, offset, plain, nowNanos);
    return isWellFormed ? Outcome.RTCP : Outcome.RTCP_MALFORMED;
  }

  /// Sends a datagram of the handshake, to where the last check came from.
  void sendDtls(byte[] datagram) {
    PeerAddress to = selected;
    if (to == null || datagram.length > Outbox.MAX_DATAGRAM_BYTES) {
      return;
    }
    int at = outbox.reserve();
    outbox.memory().bytes().put(at, datagram);
    outbox.add(to, datagram.length);
  }

  /// The handshake is done. The server is never the DTLS client (RFC 5763 §5): the client's key
  /// protects what comes in.
  void installKeys(KeyingMaterial keys, long nowNanos) {
    try (keys) {
      srtpIn = crypto.receiver(keys.client());
      srtpOut = crypto.sender(keys.server());
    }
    if (sender != null) {
      sender.connect(selected, srtpOut, nowNanos);
    }
    events.accept(new Event.TransportConnected(id));
  }

  void restartIce(IceCredentials local) {
    ice.restart(local);
  }

  /// Tells when the other side falls silent, and ends the transport when it has been for too long
  /// (RFC 7675).
  void checkConsent(long nowNanos) {
    tellSilence(nowNanos);
    if (ice.isConsentExpired(nowNanos)) {
      lose("consent-expired");
    }
  }

  /// Does what is due: feedback and reports.
  void onTick(long nowNanos) {
    PeerAddress to = selected;
    SrtpSender keys = srtpOut;
    if (to != null && keys != null) {
      if (receiver != null) {
        receiver.onTick(outbox, to, keys, nowNanos);
      } else if (sender != null) {
        sender.onTick(to, keys, nowNanos);
      }
    }
  }

  private void tellSilence(long nowNanos) {
    boolean isNow = selected != null && nowNanos - heardNanos >= SILENCE_NANOS;
    if (isNow != isSilent) {
      isSilent = isNow;
      events.accept(new Event.TransportSilent(id, isNow));
    }
  }

  /// Tells the control plane, once, that the transport has ended by itself; it will be closed.
  void lose(String reason) {
    if (!isLost) {
      isLost = true;
      selected = null;
      if (sender != null) {
        sender.connect(null, null, 0);
      }
      events.accept(new Event.TransportLost(id, reason));
    }
  }

  void close() {
    dtls.close();
    if (sender != null) {
      sender.close();
    }
    if (srtpIn != null) {
      srtpIn.close();
    }
    if (srtpOut != null) {
      srtpOut.close();
    }
    srtpIn = null;
    srtpOut = null;
  }

  long id() {
    return id;
  }

  Room room() {
    return room;
  }

  IceLiteAgent ice() {
    return ice;
  }

  DtlsEndpoint dtls() {
    return dtls;
  }

  @Nullable MediaReceiver receiver() {
    return receiver;
  }

  @Nullable MediaSender sender() {
    return sender;
  }
}
