package io.belfry.sfu.sdp;

import java.util.List;
import java.util.Set;

/// A codec as one side of a description names it (RFC 8866 §6.6).
///
/// @param payloadType in [0, 127]
/// @param name of the payload format, as written
/// @param clockRate ticks per second
/// @param channels 1 where the description says nothing
/// @param parameters the `fmtp` value, or empty
/// @param rtxPayloadType of its retransmissions (RFC 4588 §8.1), or [#NO_RTX]
/// @param feedback `rtcp-fb` values, such as `nack pli`
public record RtpCodec(
    int payloadType,
    String name,
    int clockRate,
    int channels,
    String parameters,
    int rtxPayloadType,
    Set<String> feedback) {
  public static final int NO_RTX = -1;

  public RtpCodec {
    feedback = Set.copyOf(feedback);
  }

  public boolean hasRtx() {
    return rtxPayloadType != NO_RTX;
  }

  RtpCodec withParameters(String parameters) {
    return new RtpCodec(
        payloadType, name, clockRate, channels, parameters, rtxPayloadType, feedback);
  }

  /// The value of one format parameter, or `absent`.
  public String parameter(String key, String absent) {
    return parameter(parameters, key, absent);
  }

  static String parameter(String parameters, String key, String absent) {
    for (String pair : List.of(parameters.split(";", -1))) {
      int equals = pair.indexOf('=');
      if (equals > 0 && pair.substring(0, equals).strip().equalsIgnoreCase(key)) {
        return pair.substring(equals + 1).strip();
      }
    }
    return absent;
  }
}
