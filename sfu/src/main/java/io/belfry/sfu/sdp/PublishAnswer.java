package io.belfry.sfu.sdp;

import static io.belfry.sfu.sdp.SdpError.NO_MEDIA;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The answer to what a client wants to publish (RFC 3264 §6, RFC 8829 §5.3): everything the server
/// can forward is received, in the client's order of preference and under its numbers; the rest is
/// refused section by section.
///
/// @param sdp to send to the client
/// @param peer the client's end of the transport; nothing when the client has stopped every
///   section, and with them the transport
/// @param sections accepted audio and video sections, in order
public record PublishAnswer(
    String sdp, Optional<PeerTransport> peer, List<PublishedSection> sections) {
  static final List<String> VIDEO_FEEDBACK = List.of("transport-cc", "ccm fir", "nack", "nack pli");
  static final List<String> AUDIO_FEEDBACK = List.of("transport-cc", "nack");

  public PublishAnswer {
    sections = List.copyOf(sections);
  }

  /// Answers the text of an offer.
  ///
  /// @param sessionId of the server's side of the exchange; the same for every answer to one client
  /// @param version counts up with every answer to one client
  public static SdpResult<PublishAnswer> to(
      String offer, LocalTransport local, CodecPolicy policy, long sessionId, long version) {
    return SdpParser.parse(offer)
        .then(description -> to(description, local, policy, sessionId, version));
  }

  /// As the other one, for an offer that was read before.
  public static SdpResult<PublishAnswer> to(
      SessionDescription offer,
      LocalTransport local,
      CodecPolicy policy,
      long sessionId,
      long version) {
    var accepted = new LinkedHashMap<String, PublishSectionAnswer>();
    for (MediaSection section : offer.media()) {
      if (offer.isBundled(section)) {
        PublishSectionAnswer.of(section, policy).ifPresent(it -> accepted.put(section.mid(), it));
      }
    }
    List<PublishedSection> sections =
        accepted.values().stream().map(PublishSectionAnswer::published).toList();
    if (!accepted.isEmpty()) {
      return offer
          .peerTransport()
          .then(peer -> {
            String sdp = write(offer, accepted, local, sessionId, version);
            return SdpResult.ok(new PublishAnswer(sdp, Optional.of(peer), sections));
          });
    }
    if (offer.isStopped()) {
      String sdp = write(offer, accepted, local, sessionId, version);
      return SdpResult.ok(new PublishAnswer(sdp, Optional.empty(), sections));
    }
    return SdpResult.bad(
        NO_MEDIA, "No bundled audio or video section with a codec that is allowed here.");
  }

  private static String write(
      SessionDescription offer,
      Map<String, PublishSectionAnswer> accepted,
      LocalTransport local,
      long sessionId,
      long version) {
    var writer = new SdpWriter();
    List<String> bundle = offer.bundle().isEmpty() ? List.of() : List.copyOf(accepted.keySet());
    writer.session(sessionId, version, bundle, offer.mixedFormsAllowed());
    boolean isFirst = true;
    for (MediaSection section : offer.media()) {
      PublishSectionAnswer answer = accepted.get(section.mid());
      if (answer == null) {
        writer.refused(section);
      } else {
        answer.write(writer, local, isFirst);
        isFirst = false;
      }
    }
    return writer.toString();
  }
}
