package io.belfry.load;

import io.belfry.sfu.rtp.codec.CodecKind;

/// A media section of an offer; its MID is its position.
///
/// @param ssrc of what is sent in it; without meaning where nothing is
record OfferedSection(CodecKind codec, int ssrc) {
  /// In [96, 127], as dynamic ones are (RFC 3551 §3).
  int payloadType() {
    return codec.isVideo() ? 96 : 111;
  }

  String media() {
    return codec.isVideo() ? "video" : "audio";
  }

  String rtpmap() {
    return codec.encodingName() + "/" + codec.clockRate() + (codec.isVideo() ? "" : "/2");
  }

  /// The `fmtp` value, or empty: what browsers offer first.
  String parameters() {
    return switch (codec) {
      case OPUS -> "minptime=10;useinbandfec=1";
      case VP8 -> "";
      case VP9 -> "profile-id=0";
      case H264 -> "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f";
      case AV1 -> "level-idx=5;profile=0;tier=0";
    };
  }
}
