package io.belfry.load;

import io.belfry.sfu.rtcp.RtcpReader;
import io.belfry.sfu.rtp.RtpPacket;
import io.belfry.sfu.srtp.ReplayWindow;
import org.jspecify.annotations.Nullable;

/// What a peer does once it is connected. Belongs to the peer's media thread.
interface Media {
  /// The replay window of a stream that the server announced, or null for any other.
  @Nullable ReplayWindow window(int ssrc);

  /// Takes a packet of such a stream; a view of plaintext, valid for this call.
  void onRtp(RtpPacket packet, long nowNanos);

  /// Takes one packet of a compound.
  void onRtcp(RtcpReader packet, long nowNanos);

  /// Sends what is due.
  ///
  /// @return when there will be more
  long onTime(Peer peer, long nowNanos);
}
