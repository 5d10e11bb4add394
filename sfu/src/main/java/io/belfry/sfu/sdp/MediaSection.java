package io.belfry.sfu.sdp;

import io.belfry.sfu.rtp.ExtensionIds;
import io.belfry.sfu.rtp.HeaderExtension;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// A media section of a client's description, read: attributes that are not understood are gone.
///
/// @param mid RFC 5888; the position when the description has none
/// @param kind what it carries
/// @param media the kind as written
/// @param port 0 when refused, or when bundled with an earlier section
/// @param protocol such as `UDP/TLS/RTP/SAVPF`
/// @param formats payload types, or the format of a data channel
/// @param direction from the client's side
/// @param hasRtcpMux RFC 5761 §5.1.1
/// @param isRtcpMuxOnly RFC 8858 §3
/// @param hasRtcpRsize RFC 5506 §5.1
/// @param codecs in the client's order of preference, with their retransmission payload types
/// @param extensions those of [io.belfry.sfu.rtp.HeaderExtension] that it knows and that are not
///   inactive
/// @param extensionDirections of each of them, from the client's side (RFC 8285 §5)
/// @param streams SSRCs of the encodings it sends; empty when RIDs tell encodings apart
/// @param cname RFC 3550 §6.5.1, or empty
/// @param streamId RFC 8830, or empty
/// @param trackId RFC 8830, or empty
/// @param sendRids simulcast encodings it sends (RFC 8853), in its order
/// @param transport where the section, or the session, describes one completely
public record MediaSection(
    String mid,
    MediaKind kind,
    String media,
    int port,
    String protocol,
    List<String> formats,
    Direction direction,
    boolean hasRtcpMux,
    boolean isRtcpMuxOnly,
    boolean hasRtcpRsize,
    List<RtpCodec> codecs,
    ExtensionIds extensions,
    Map<HeaderExtension, Direction> extensionDirections,
    List<StreamSsrcs> streams,
    String cname,
    String streamId,
    String trackId,
    List<Rid> sendRids,
    Optional<PeerTransport> transport) {
  public MediaSection {
    formats = List.copyOf(formats);
    codecs = List.copyOf(codecs);
    extensionDirections = Map.copyOf(extensionDirections);
    streams = List.copyOf(streams);
    sendRids = List.copyOf(sendRids);
  }

  /// The extensions that the client puts into its packets.
  ExtensionIds sentExtensions() {
    return extensions(Direction::sends);
  }

  /// The extensions that the client reads.
  ExtensionIds receivedExtensions() {
    return extensions(Direction::receives);
  }

  private ExtensionIds extensions(Predicate<Direction> matches) {
    var ids = new HashMap<>(extensions.toMap());
    ids.keySet()
        .removeIf(extension ->
            !matches.test(extensionDirections.getOrDefault(extension, Direction.INACTIVE)));
    return ExtensionIds.of(ids);
  }
}
