package io.belfry.sfu.sdp;

import static io.belfry.sfu.sdp.SdpError.BAD_SETUP;
import static io.belfry.sfu.sdp.SdpError.NO_FINGERPRINT;
import static io.belfry.sfu.sdp.SdpError.NO_ICE;
import static io.belfry.sfu.sdp.SdpError.NO_MEDIA;

import io.belfry.sfu.rtp.ExtensionIds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The answer to what a client wants to publish (RFC 3264 §6, RFC 8829 §5.3): everything the server
/// can forward is received, in the client's order of preference and under its numbers; the rest is
/// refused section by section.
///
/// @param sdp to send to the client
/// @param peer the client's end of the transport
/// @param sections accepted audio and video sections, in order
public record PublishAnswer(String sdp, PeerTransport peer, List<PublishedSection> sections) {
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
    var accepted = new LinkedHashMap<String, PublishedSection>();
    for (MediaSection section : offer.media()) {
      if (offer.isBundled(section)) {
        accept(section, policy).ifPresent(it -> accepted.put(section.mid(), it));
      }
    }
    if (accepted.isEmpty()) {
      return SdpResult.bad(
          NO_MEDIA, "No bundled audio or video section with a codec that is allowed here.");
    }
    Optional<PeerTransport> peer = offer.transport();
    if (peer.isEmpty()) {
      return SdpResult.bad(NO_ICE, "The offer has no ice-ufrag and ice-pwd.");
    }
    if (peer.get().fingerprints().isEmpty()) {
      return SdpResult.bad(NO_FINGERPRINT, "The offer has no fingerprint.");
    }
    if (peer.get().setup() == Setup.PASSIVE) {
      return SdpResult.bad(BAD_SETUP, "The server is the DTLS server; offer setup:actpass.");
    }
    var writer = new SdpWriter();
    List<String> bundle = offer.bundle().isEmpty() ? List.of() : List.copyOf(accepted.keySet());
    writer.session(sessionId, version, bundle, offer.mixedFormsAllowed());
    boolean isFirst = true;
    for (MediaSection section : offer.media()) {
      PublishedSection published = accepted.get(section.mid());
      if (published == null) {
        writer.refused(section);
      } else {
        write(writer, section, published, local, isFirst);
        isFirst = false;
      }
    }
    var sections = List.copyOf(accepted.values());
    return SdpResult.ok(new PublishAnswer(writer.toString(), peer.get(), sections));
  }

  private static Optional<PublishedSection> accept(MediaSection section, CodecPolicy policy) {
    if (!section.kind().isRtp()
        || !section.hasRtcpMux()
        || !section.protocol().endsWith("RTP/SAVPF")) {
      return Optional.empty();
    }
    var codecs = new ArrayList<RtpCodec>();
    var identities = new HashMap<Integer, CodecIdentity>();
    for (RtpCodec codec : section.codecs()) {
      CodecIdentity.of(codec)
          .filter(policy::allows)
          .filter(it -> it.kind().isVideo() == (section.kind() == MediaKind.VIDEO))
          .ifPresent(identity -> {
            codecs.add(codec);
            identities.put(codec.payloadType(), identity);
          });
    }
    if (codecs.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new PublishedSection(
            section.mid(),
            section.kind(),
            section.direction().sends(),
            codecs,
            identities,
            extensions(section),
            section.streams(),
            section.sendRids(),
            section.cname(),
            section.streamId(),
            section.trackId()));
  }

  private static ExtensionIds extensions(MediaSection section) {
    var ids = new HashMap<>(section.extensions().toMap());
    ids.keySet()
        .removeIf(extension ->
            section.kind() == MediaKind.AUDIO ? !extension.isForAudio() : !extension.isForVideo());
    return ExtensionIds.of(ids);
  }

  private static void write(
      SdpWriter writer,
      MediaSection section,
      PublishedSection published,
      LocalTransport local,
      boolean isFirst) {
    Direction direction = published.isSending() ? Direction.RECVONLY : Direction.INACTIVE;
    writer
        .media(published.kind(), section.protocol(), SdpWriter.payloadTypes(published.codecs()))
        .transport(local, Setup.PASSIVE, isFirst)
        .mid(published.mid(), direction)
        .extensions(published.extensions())
        .codecs(published.codecs(), published.identities(), feedback(published));
    if (!published.rids().isEmpty()) {
      writer.receivedRids(published.rids());
    }
  }

  /// What the client offered of what the server makes use of.
  private static Map<Integer, List<String>> feedback(PublishedSection section) {
    List<String> ours = section.kind() == MediaKind.VIDEO ? VIDEO_FEEDBACK : AUDIO_FEEDBACK;
    var feedback = new HashMap<Integer, List<String>>();
    for (RtpCodec codec : section.codecs()) {
      feedback.put(codec.payloadType(), ours.stream().filter(codec.feedback()::contains).toList());
    }
    return feedback;
  }
}
