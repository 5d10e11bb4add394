package io.belfry.sfu.route;

import io.belfry.sfu.rtp.RtpPacket;

/// The way of a room's packets to another media loop, where the room has receivers too.
public interface Pipe {

  /// Hands over a packet of the encoding, as plaintext; its bytes are copied.
  ///
  /// @param arrivalNanos when it came to the socket, or an older one that leaves with it
  void packet(Encoding encoding, RtpPacket packet, long arrivalNanos);

  /// Tells of a packet that held padding only and is not forwarded.
  void padding(Encoding encoding, int sequence);

  /// Hands over the publisher's clock (RFC 3550 §6.4.1).
  void senderReport(Encoding encoding, long ntp, int rtpTimestamp);
}
