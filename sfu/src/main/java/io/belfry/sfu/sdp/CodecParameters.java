package io.belfry.sfu.sdp;

import java.util.List;
import java.util.regex.Pattern;

/// The format parameters of an answer, made from those of the offer.
final class CodecParameters {
  /// What a client would like to receive it may also send: the server decodes nothing, and so has
  /// no wishes of its own (RFC 7587 §6.1).
  private static final List<String> OPUS_CHOICES =
      List.of("usedtx", "cbr", "maxaveragebitrate", "maxplaybackrate");

  /// An answer repeats these, of H.264 even the level unless asymmetry is allowed (RFC 6184
  /// §8.2.2).
  private static final List<String> H264 =
      List.of("level-asymmetry-allowed", "packetization-mode", "profile-level-id");

  private static final List<String> AV1 = List.of("level-idx", "profile", "tier");

  /// All of them are numbers, decimal or hexadecimal.
  private static final Pattern VALUE = Pattern.compile("[0-9A-Fa-f]{1,8}");

  private CodecParameters() {}

  /// The `fmtp` value that accepts a codec as offered, or empty.
  static String forAnswer(CodecIdentity identity, RtpCodec offered) {
    return switch (identity.kind()) {
      case OPUS -> {
        String chosen = only(OPUS_CHOICES, offered);
        yield chosen.isEmpty() ? identity.parameters() : identity.parameters() + ";" + chosen;
      }
      case VP8, VP9 -> identity.parameters();
      case H264 -> only(H264, offered);
      case AV1 -> only(AV1, offered);
    };
  }

  private static String only(List<String> keys, RtpCodec offered) {
    return String.join(
        ";",
        keys.stream()
            .filter(key -> VALUE.matcher(offered.parameter(key, "")).matches())
            .map(key -> key + "=" + offered.parameter(key, ""))
            .toList());
  }
}
