package io.belfry.sfu.pipe;

import io.belfry.common.bytes.Memory;

/// Takes what comes through the pipes of a loop. Everything names the producer, and the stream by
/// the number that its home loop gave it; what is not known (any more) is to be ignored.
public interface PipeHandler {

  /// A packet of a track, as plaintext; valid during the call.
  ///
  /// @param arrivalNanos when it came to the socket, on the time line of all loops
  /// @param layer the place of the encoding's RID among those signalled, or -1 without one
  void onPacket(
      long producerId,
      int source,
      int layer,
      int ssrc,
      Memory memory,
      int offset,
      int length,
      long arrivalNanos,
      long nowNanos);

  /// A packet that held padding only and is not forwarded.
  void onPadding(long producerId, int source, int sequence);

  /// A sender report of the publisher (RFC 3550 §6.4.1).
  void onSenderReport(long producerId, int source, long ntp, int rtpTimestamp, long nowNanos);

  /// Receivers on another loop wait for a key frame.
  void onKeyFrameRequest(long producerId, int source);
}
