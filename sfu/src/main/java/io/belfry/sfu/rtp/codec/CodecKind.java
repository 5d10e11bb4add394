package io.belfry.sfu.rtp.codec;

import io.belfry.common.bytes.Memory;
import java.util.Locale;

/// The codecs that are forwarded, by the names of their payload formats.
public enum CodecKind {
  OPUS("opus", 48_000),
  VP8("VP8", 90_000),
  VP9("VP9", 90_000),
  H264("H264", 90_000),
  AV1("AV1", 90_000);

  private final String encodingName;
  private final int clockRate;

  CodecKind(String encodingName, int clockRate) {
    this.encodingName = encodingName;
    this.clockRate = clockRate;
  }

  /// As written in `a=rtpmap`.
  public String encodingName() {
    return encodingName;
  }

  /// RTP ticks per second.
  public int clockRate() {
    return clockRate;
  }

  public boolean isVideo() {
    return this != OPUS;
  }

  /// Whether a decoder can begin with the packet that has this payload. Every audio packet is such.
  ///
  /// @param payload plaintext
  public boolean isKeyFrameStart(Memory payload, int offset, int length) {
    return switch (this) {
      case OPUS -> true;
      case VP8 -> Vp8Descriptor.isKeyFrameStart(payload, offset, length);
      case VP9 -> Vp9Descriptor.isKeyFrameStart(payload, offset, length);
      case H264 -> H264Payload.isKeyFrameStart(payload, offset, length);
      case AV1 -> Av1Payload.isKeyFrameStart(payload, offset, length);
    };
  }

  /// Whether `encodingName` of an `a=rtpmap` names this codec; the case of letters does not matter
  /// (RFC 4855 §3).
  public boolean isNamed(String encodingName) {
    return this.encodingName.toLowerCase(Locale.ROOT).equals(encodingName.toLowerCase(Locale.ROOT));
  }
}
