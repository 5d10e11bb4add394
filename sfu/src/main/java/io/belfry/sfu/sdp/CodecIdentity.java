package io.belfry.sfu.sdp;

import io.belfry.sfu.rtp.codec.CodecKind;
import java.util.Locale;
import java.util.Optional;

/// A codec with those format parameters that decide whether a stream of it can be decoded, in one
/// spelling: what two descriptions must agree on, whatever payload types they use.
///
/// @param kind the codec
/// @param parameters the `fmtp` value to offer it with, or empty
public record CodecIdentity(CodecKind kind, String parameters) {
  private static final String OPUS = "minptime=10;useinbandfec=1";

  /// The identity of a codec that can be forwarded, or nothing for the others (red,
  /// telephone-event, G.722, …).
  public static Optional<CodecIdentity> of(RtpCodec codec) {
    for (CodecKind kind : CodecKind.values()) {
      boolean isIt = kind.isNamed(codec.name()) && kind.clockRate() == codec.clockRate();
      if (isIt) {
        return parameters(kind, codec).map(parameters -> new CodecIdentity(kind, parameters));
      }
    }
    return Optional.empty();
  }

  /// As written in `a=rtpmap`, behind the payload type.
  String rtpmap() {
    String channels = kind == CodecKind.OPUS ? "/2" : "";
    return kind.encodingName() + "/" + kind.clockRate() + channels;
  }

  private static Optional<String> parameters(CodecKind kind, RtpCodec codec) {
    return switch (kind) {
      case OPUS ->
          Optional.of(
              codec.parameter("stereo", "0").equals("1")
                      || codec.parameter("sprop-stereo", "0").equals("1")
                  ? OPUS + ";stereo=1;sprop-stereo=1"
                  : OPUS);
      // RFC 7741 §6.2.1: max-fr and max-fs limit what their author receives, not what it sends.
      case VP8 -> Optional.of("");
      case VP9 -> Optional.of("profile-id=" + number(codec, "profile-id", "0"));
      case H264 -> h264(codec);
      case AV1 ->
          Optional.of(
              "level-idx="
                  + number(codec, "level-idx", "5")
                  + ";profile="
                  + number(codec, "profile", "0")
                  + ";tier="
                  + number(codec, "tier", "0"));
    };
  }

  /// RFC 6184 §8.1: no profile means Baseline level 1; mode 2 (interleaved) is not supported.
  private static Optional<String> h264(RtpCodec codec) {
    String mode = codec.parameter("packetization-mode", "0");
    String profile = codec.parameter("profile-level-id", "42000a").toLowerCase(Locale.ROOT);
    if (!(mode.equals("0") || mode.equals("1")) || !profile.matches("[0-9a-f]{6}")) {
      return Optional.empty();
    }
    return Optional.of(
        "level-asymmetry-allowed=1;packetization-mode=" + mode + ";profile-level-id=" + profile);
  }

  private static String number(RtpCodec codec, String key, String absent) {
    String value = codec.parameter(key, absent);
    return value.matches("[0-9]{1,3}") ? value : absent;
  }
}
