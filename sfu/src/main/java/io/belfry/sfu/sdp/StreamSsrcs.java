package io.belfry.sfu.sdp;

/// The SSRCs of one encoding (RFC 5576, `FID` groups).
///
/// @param ssrc of the media
/// @param rtxSsrc of its retransmissions, meaningful when `hasRtx`
/// @param hasRtx whether there are any
public record StreamSsrcs(int ssrc, int rtxSsrc, boolean hasRtx) {
  static StreamSsrcs withoutRtx(int ssrc) {
    return new StreamSsrcs(ssrc, 0, false);
  }
}
