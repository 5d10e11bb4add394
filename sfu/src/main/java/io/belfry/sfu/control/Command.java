package io.belfry.sfu.control;

import io.belfry.sfu.dtls.CertificateFingerprint;
import io.belfry.sfu.dtls.KeyingMaterial;
import io.belfry.sfu.ice.IceCredentials;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/// What the control plane tells a media loop. Commands that name something the loop does not know
/// (any more) change nothing.
public sealed interface Command {

  /// Begins a room.
  record OpenRoom(long roomId) implements Command {}

  /// Ends a room with its transports.
  record CloseRoom(long roomId) implements Command {}

  /// Lets the room's packets go to its receivers on another loop too, where the room is open.
  ///
  /// @param toLoop index of that loop
  record PipeRoom(long roomId, int toLoop) implements Command {}

  /// No receivers of the room are left on the other loop.
  record UnpipeRoom(long roomId, int toLoop) implements Command {}

  /// Begins a track whose publisher is on another loop, or replaces what is known of it.
  ///
  /// @param fromLoop index of that loop
  record ProducePiped(long roomId, int fromLoop, ProducerSpec producer) implements Command {}

  /// Begins a transport: it answers connectivity checks for these credentials from now on.
  ///
  /// @param isPublish whether it receives media from the participant, else it sends media to it
  record OpenTransport(long roomId, long transportId, boolean isPublish, IceCredentials local)
      implements Command {}

  /// Tells the other side's certificate, without which no DTLS handshake completes.
  record SetRemoteFingerprint(long transportId, CertificateFingerprint fingerprint)
      implements Command {}

  /// New ICE credentials (RFC 8445 §9); the old path serves until the first check with the new.
  record RestartIce(long transportId, IceCredentials local) implements Command {}

  /// Ends a transport with its producers or consumers.
  record CloseTransport(long transportId) implements Command {}

  /// Begins a track, or replaces what is known of it.
  record Produce(long transportId, ProducerSpec producer) implements Command {}

  /// Ends a track with its consumers.
  record CloseProducer(long producerId) implements Command {}

  /// Begins the reception of a track.
  record Consume(long transportId, ConsumerSpec consumer) implements Command {}

  /// Ends a reception.
  record CloseConsumer(long consumerId) implements Command {}

  /// Sends a datagram of a handshake.
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record SendDtls(long transportId, byte[] datagram) implements Command {}

  /// The handshake is done; media may flow. The loop owns the keys from here on.
  record InstallKeys(long transportId, KeyingMaterial keys) implements Command {}

  /// Asks a STUN server how it sees the loop's socket (RFC 8489 §6). Each replaces the one before
  /// it.
  ///
  /// @param transactionId 12 bytes
  /// @param onAnswer called on the loop's thread, must not block
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record AskStun(
      InetSocketAddress server, byte[] transactionId, Consumer<InetSocketAddress> onAnswer)
      implements Command {}

  /// The handshake failed, or the other side closed the connection.
  record EndDtls(long transportId, String reason) implements Command {}
}
