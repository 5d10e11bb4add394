package io.belfry.sfu.sdp;

import io.belfry.sfu.rtp.codec.CodecKind;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A codec with those format parameters that decide whether a stream of it can be decoded: what two
/// descriptions must agree on, whatever payload types they use. The profile is one of them, a level
/// is not.
///
/// There are only so many, whatever clients write: each can have a payload type of its own, so that
/// no publisher uses up the numbers of a subscriber.
///
/// @param kind the codec
/// @param parameters the `fmtp` value to offer it with, or empty
public record CodecIdentity(CodecKind kind, String parameters) {
  private static final String OPUS = "minptime=10;useinbandfec=1";
  private static final String OPUS_STEREO = OPUS + ";stereo=1;sprop-stereo=1";
  private static final int VP9_PROFILES = 4;
  private static final int AV1_PROFILES = 3;

  private static final Set<String> VP9_PARAMETERS =
      IntStream.range(0, VP9_PROFILES)
          .mapToObj(profile -> vp9(Integer.toString(profile)))
          .collect(Collectors.toCollection(LinkedHashSet::new));

  private static final Set<String> AV1_PARAMETERS =
      IntStream.range(0, AV1_PROFILES)
          .mapToObj(profile -> av1(Integer.toString(profile)))
          .collect(Collectors.toCollection(LinkedHashSet::new));

  private static final Set<String> H264_PARAMETERS =
      Stream.of(H264Profile.values())
          .flatMap(profile -> Stream.of(h264("1", profile), h264("0", profile)))
          .collect(Collectors.toCollection(LinkedHashSet::new));

  /// @throws IllegalArgumentException for parameters that [#all()] does not have
  public CodecIdentity {
    if (!parametersOf(kind).contains(parameters)) {
      throw new IllegalArgumentException("no identity of " + kind + ": " + parameters);
    }
  }

  /// Every identity there is.
  static List<CodecIdentity> all() {
    return Stream.of(CodecKind.values())
        .flatMap(kind ->
            parametersOf(kind).stream().map(parameters -> new CodecIdentity(kind, parameters)))
        .toList();
  }

  private static Set<String> parametersOf(CodecKind kind) {
    return switch (kind) {
      case OPUS -> Set.of(OPUS, OPUS_STEREO);
      case VP8 -> Set.of("");
      case VP9 -> VP9_PARAMETERS;
      case H264 -> H264_PARAMETERS;
      case AV1 -> AV1_PARAMETERS;
    };
  }

  /// The identity of a codec that can be forwarded, or nothing for the others (red,
  /// telephone-event, G.722, …) and for profiles that no client decodes.
  public static Optional<CodecIdentity> of(RtpCodec codec) {
    for (CodecKind kind : CodecKind.values()) {
      if (kind.isNamed(codec.name()) && kind.clockRate() == codec.clockRate()) {
        return parameters(kind, codec)
            .filter(parametersOf(kind)::contains)
            .map(parameters -> new CodecIdentity(kind, parameters));
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
                  ? OPUS_STEREO
                  : OPUS);
      // RFC 7741 §6.2.1: max-fr and max-fs limit what their author receives, not what it sends.
      case VP8 -> Optional.of("");
      case VP9 -> Optional.of(vp9(codec.parameter("profile-id", "0")));
      // RFC 6184 §8.1: no profile means Baseline, no mode means 0.
      case H264 ->
          H264Profile.of(codec.parameter("profile-level-id", "42000a"))
              .map(profile -> h264(codec.parameter("packetization-mode", "0"), profile));
      case AV1 -> Optional.of(av1(codec.parameter("profile", "0")));
    };
  }

  private static String vp9(String profile) {
    return "profile-id=" + profile;
  }

  /// @param mode 0 or 1; 2 (interleaved) comes out of decoding order, and no browser has it
  private static String h264(String mode, H264Profile profile) {
    return "level-asymmetry-allowed=1;packetization-mode="
        + mode
        + ";profile-level-id="
        + profile.profileLevelId();
  }

  /// Level 3.1 of the main tier, as browsers offer; those who decode more also take more.
  private static String av1(String profile) {
    return "level-idx=5;profile=" + profile + ";tier=0";
  }
}
