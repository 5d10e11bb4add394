package io.belfry.sfu.sdp;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/// Collects what a section says of the streams it sends: by SSRC (RFC 5576) or by RID (RFC 8853).
final class EncodingReader {
  private static final int MAX_STREAMS = 32;

  private final Set<Integer> ssrcs = new LinkedHashSet<>();
  private final Map<Integer, Integer> rtxSsrcs = new LinkedHashMap<>();
  private final Set<Integer> repairSsrcs = new HashSet<>();
  private final Map<String, Rid> rids = new LinkedHashMap<>();
  private List<Integer> simulcastSsrcs = List.of();
  private List<String> simulcastRids = List.of();

  /// The SSRC of an `a=ssrc`.
  ///
  /// @return false if it is none, or one too many
  boolean ssrc(String text) {
    OptionalInt ssrc = SdpNumbers.ssrc(text);
    if (ssrc.isEmpty() || ssrcs.size() == MAX_STREAMS) {
      return false;
    }
    ssrcs.add(ssrc.getAsInt());
    return true;
  }

  /// `FID 1 2`: the first is media, the second its retransmissions. `SIM 1 3 5`: encodings. Of any
  /// other group (`FEC-FR`, RFC 5956 §4.3) the first is media, and the rest protects it.
  void ssrcGroup(List<String> words) {
    List<Integer> members =
        words.stream()
            .skip(1)
            .limit(MAX_STREAMS)
            .map(SdpNumbers::ssrc)
            .filter(OptionalInt::isPresent)
            .map(OptionalInt::getAsInt)
            .distinct()
            .toList();
    switch (words.getFirst()) {
      case "SIM" -> simulcastSsrcs = members;
      case "FID" -> {
        if (members.size() == 2 && rtxSsrcs.size() < MAX_STREAMS) {
          rtxSsrcs.putIfAbsent(members.get(0), members.get(1));
        }
        addRepair(members);
      }
      default -> addRepair(members);
    }
  }

  private void addRepair(List<Integer> members) {
    if (repairSsrcs.size() < MAX_STREAMS) {
      members.stream().skip(1).forEach(repairSsrcs::add);
    }
  }

  /// `q send pt=96;max-width=320`.
  void rid(List<String> words) {
    boolean isSent = words.size() > 1 && words.get(1).equals("send");
    if (isSent && Rid.isId(words.getFirst()) && rids.size() < MAX_STREAMS) {
      String restrictions = String.join(" ", words.subList(2, words.size()));
      rids.putIfAbsent(words.getFirst(), Rid.of(words.getFirst(), restrictions));
    }
  }

  /// `send q;h;~f recv x`: `~` marks a paused encoding, commas alternatives (RFC 8853 §5.1), of
  /// which the first is taken.
  void simulcast(List<String> words) {
    for (int i = 0; i + 1 < words.size(); i += 2) {
      if (words.get(i).equals("send")) {
        simulcastRids =
            Stream.of(words.get(i + 1).split(";", MAX_STREAMS))
                .map(alternatives -> alternatives.split(",", 2)[0])
                .map(rid -> rid.startsWith("~") ? rid.substring(1) : rid)
                .toList();
      }
    }
  }

  /// The encodings by SSRC: those of a `SIM` group, else the one stream of the section's track.
  List<StreamSsrcs> streams() {
    Stream<Integer> media =
        simulcastSsrcs.isEmpty()
            ? Stream.concat(rtxSsrcs.keySet().stream(), ssrcs.stream())
                .filter(ssrc -> !repairSsrcs.contains(ssrc))
                .limit(1)
            : simulcastSsrcs.stream().filter(ssrc -> !repairSsrcs.contains(ssrc));
    return media
        .map(ssrc ->
            rtxSsrcs.containsKey(ssrc)
                ? new StreamSsrcs(ssrc, rtxSsrcs.getOrDefault(ssrc, 0), true)
                : StreamSsrcs.withoutRtx(ssrc))
        .toList();
  }

  /// The encodings by RID, in the order of `a=simulcast`.
  List<Rid> rids() {
    return simulcastRids.stream().distinct().map(rids::get).filter(Objects::nonNull).toList();
  }
}
