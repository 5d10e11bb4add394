package io.belfry.sfu.sdp;

import java.util.List;

/// What one section of a subscriber's transport is to carry.
///
/// @param kind audio or video
/// @param codecs that the stream may arrive in, most likely first; at least one, each once
/// @param ssrcs of the outgoing stream
/// @param cname of the publisher, the same for its audio and video (RFC 3550 §6.5.1)
/// @param streamId MediaStream the track belongs to; a token
/// @param trackId unique in the session; a token
public record SendTrack(
    MediaKind kind,
    List<CodecIdentity> codecs,
    StreamSsrcs ssrcs,
    String cname,
    String streamId,
    String trackId) {
  public SendTrack {
    codecs = codecs.stream().distinct().toList();
    if (!kind.isRtp()) {
      throw new IllegalArgumentException("a track is audio or video");
    }
    if (codecs.isEmpty()) {
      throw new IllegalArgumentException("a track has at least one codec");
    }
    for (String word : List.of(cname, streamId, trackId)) {
      if (word.isEmpty() || word.chars().anyMatch(c -> c <= ' ' || c >= 0x7F)) {
        throw new IllegalArgumentException("not a token: '" + word + "'");
      }
    }
  }
}
