package io.belfry.sfu.control;

/// What a media loop tells the control plane.
public sealed interface Event {
  long transportId();

  /// ICE has a path and DTLS is done: media can flow. Raised once for each transport.
  record TransportConnected(long transportId) implements Event {}

  /// The transport has ended by itself.
  ///
  /// @param reason `consent-expired`, `dtls-failed` or `dtls-closed`
  record TransportLost(long transportId, String reason) implements Event {}

  /// Nothing has come from the other side for some seconds, or something has again.
  record TransportSilent(long transportId, boolean isSilent) implements Event {}

  /// The first packet of a track came in.
  record ProducerStarted(long transportId, long producerId) implements Event {}
}
