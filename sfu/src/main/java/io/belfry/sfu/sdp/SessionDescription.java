package io.belfry.sfu.sdp;

import java.util.List;
import java.util.Optional;

/// A client's description, read.
///
/// @param bundle mids of the first BUNDLE group (RFC 9143), in its order; empty without one
/// @param mixedFormsAllowed `extmap-allow-mixed` (RFC 8285 §6)
/// @param media in the order of the description
public record SessionDescription(
    List<String> bundle, boolean mixedFormsAllowed, List<MediaSection> media) {
  public SessionDescription {
    bundle = List.copyOf(bundle);
    media = List.copyOf(media);
  }

  /// Whether a section takes part in the one transport: it is in the BUNDLE group, or, where there
  /// is no group, it is the first section. Port 0 does not exclude a bundled section (RFC 9143
  /// §7.2.1: `bundle-only`).
  boolean isBundled(MediaSection section) {
    if (bundle.isEmpty()) {
      return section.port() != 0 && media.getFirst().equals(section);
    }
    return bundle.contains(section.mid());
  }

  /// The client's end of the one transport: that of the first bundled section that describes one.
  Optional<PeerTransport> transport() {
    return media.stream()
        .filter(this::isBundled)
        .map(MediaSection::transport)
        .flatMap(Optional::stream)
        .findFirst();
  }
}
