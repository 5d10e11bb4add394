package io.belfry.sfu.sdp;

import java.util.Comparator;
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

  /// Whether the client has stopped everything that it ever sent or received, and there was
  /// something (RFC 8829 §5.2.2: a stopped transceiver's section has port 0 and leaves the group).
  boolean isStopped() {
    List<MediaSection> rtp = media.stream().filter(section -> section.kind().isRtp()).toList();
    return !rtp.isEmpty()
        && rtp.stream().noneMatch(section -> section.port() != 0 || isBundled(section));
  }

  /// The client's end of the one transport: that of the first bundled section that describes one,
  /// with those of its fingerprints that prove something, the strongest first (RFC 8122 §5). Or why
  /// no connection could come of it.
  SdpResult<PeerTransport> peerTransport() {
    Optional<PeerTransport> described =
        media.stream()
            .filter(this::isBundled)
            .map(MediaSection::transport)
            .flatMap(Optional::stream)
            .findFirst();
    if (described.isEmpty()) {
      return SdpResult.bad(SdpError.NO_ICE, "The description has no ice-ufrag and ice-pwd.");
    }
    PeerTransport peer = described.get();
    if (peer.fingerprints().isEmpty()) {
      return SdpResult.bad(SdpError.NO_FINGERPRINT, "The description has no fingerprint.");
    }
    List<Fingerprint> trusted =
        peer.fingerprints().stream()
            .filter(Fingerprint::isTrusted)
            .sorted(Comparator.comparingInt(Fingerprint::hashBytes).reversed())
            .toList();
    if (trusted.isEmpty()) {
      return SdpResult.bad(
          SdpError.WEAK_FINGERPRINT,
          "None of the fingerprints is a well-formed sha-256, sha-384 or sha-512.");
    }
    if (peer.setup() == Setup.PASSIVE) {
      return SdpResult.bad(
          SdpError.BAD_SETUP,
          "The server is the DTLS server: offer setup:actpass, answer setup:active.");
    }
    return SdpResult.ok(
        new PeerTransport(peer.usernameFragment(), peer.password(), trusted, peer.setup()));
  }
}
