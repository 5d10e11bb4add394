package io.belfry.sfu.sdp;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// The payload types of one subscriber: a codec has the same number in every section and for as
/// long as the session lasts, since all sections share one transport (RFC 9143 §10.1).
public final class PayloadTypes {
  /// A codec's number and that of its retransmissions.
  ///
  /// @param payloadType in [0, 127]
  /// @param rtxPayloadType in [0, 127]; video only, else [RtpCodec#NO_RTX]
  public record Assigned(int payloadType, int rtxPayloadType) {}

  private final ArrayDeque<Integer> free = new ArrayDeque<>();
  private final Map<CodecIdentity, Assigned> assigned = new LinkedHashMap<>();

  public PayloadTypes() {
    // RFC 3551 §3: 96 to 127 are dynamic; then the unassigned 35 to 63 (RFC 5761 §4 rules out
    // 64–95).
    IntStream.concat(IntStream.rangeClosed(96, 127), IntStream.rangeClosed(35, 63))
        .forEach(free::add);
  }

  /// The numbers of a codec, the same at each call. There are enough for every identity.
  public Assigned of(CodecIdentity identity) {
    return assigned.computeIfAbsent(
        identity,
        fresh ->
            new Assigned(free.remove(), fresh.kind().isVideo() ? free.remove() : RtpCodec.NO_RTX));
  }

  /// The codec that has this number, as media or as retransmissions.
  public Optional<CodecIdentity> identity(int payloadType) {
    return assigned.entrySet().stream()
        .filter(entry ->
            entry.getValue().payloadType() == payloadType
                || entry.getValue().rtxPayloadType() == payloadType)
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
