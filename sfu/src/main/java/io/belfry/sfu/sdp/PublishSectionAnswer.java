package io.belfry.sfu.sdp;

import io.belfry.sfu.rtp.ExtensionIds;
import io.belfry.sfu.rtp.HeaderExtension;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What one section of a publish offer is accepted with.
///
/// @param offered as the client wrote it
/// @param published what comes of it
/// @param rids of the encodings accepted by name, with their restrictions
record PublishSectionAnswer(MediaSection offered, PublishedSection published, List<Rid> rids) {

  /// Nothing when the section has to be refused.
  static Optional<PublishSectionAnswer> of(MediaSection section, CodecPolicy policy) {
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
          // One number for each: the client's favourite among those that differ in their level.
          .filter(it -> !identities.containsValue(it))
          .ifPresent(identity -> {
            codecs.add(codec);
            identities.put(codec.payloadType(), identity);
          });
    }
    if (codecs.isEmpty()) {
      return Optional.empty();
    }
    ExtensionIds extensions = extensions(section);
    List<Rid> rids = rids(section, extensions, identities.keySet());
    var published =
        new PublishedSection(
            section.mid(),
            section.kind(),
            section.direction().sends(),
            codecs,
            identities,
            extensions,
            section.streams(),
            rids.stream().map(Rid::id).toList(),
            section.cname(),
            section.streamId(),
            section.trackId());
    return Optional.of(new PublishSectionAnswer(section, published, rids));
  }

  private static ExtensionIds extensions(MediaSection section) {
    var ids = new HashMap<>(section.sentExtensions().toMap());
    ids.keySet()
        .removeIf(extension ->
            section.kind() == MediaKind.AUDIO ? !extension.isForAudio() : !extension.isForVideo());
    return ExtensionIds.of(ids);
  }

  /// Encodings by RID, when the packets will tell which they belong to.
  private static List<Rid> rids(
      MediaSection section, ExtensionIds extensions, Set<Integer> payloadTypes) {
    if (!extensions.has(HeaderExtension.RID)) {
      return List.of();
    }
    return section.sendRids().stream()
        .map(rid -> rid.accepting(payloadTypes))
        .flatMap(Optional::stream)
        .toList();
  }

  void write(SdpWriter writer, LocalTransport local, boolean isFirst) {
    List<RtpCodec> codecs = new ArrayList<>();
    var feedback = new HashMap<Integer, List<String>>();
    List<String> ours =
        published.kind() == MediaKind.VIDEO
            ? PublishAnswer.VIDEO_FEEDBACK
            : PublishAnswer.AUDIO_FEEDBACK;
    for (RtpCodec codec : published.codecs()) {
      String parameters =
          published
              .identity(codec.payloadType())
              .map(identity -> CodecParameters.forAnswer(identity, codec))
              .orElse("");
      codecs.add(codec.withParameters(parameters));
      // What the client offered of what the server makes use of.
      feedback.put(codec.payloadType(), ours.stream().filter(codec.feedback()::contains).toList());
    }
    writer
        .media(published.kind(), offered.protocol(), SdpWriter.payloadTypes(codecs))
        .transport(local, Setup.PASSIVE, isFirst)
        .rtcp(offered.hasRtcpRsize(), offered.isRtcpMuxOnly())
        .mid(published.mid(), published.isSending() ? Direction.RECVONLY : Direction.INACTIVE)
        .extensions(published.extensions(), extensionDirections())
        .codecs(codecs, published.identities(), feedback);
    if (!rids.isEmpty()) {
      writer.receivedRids(rids);
    }
  }

  /// What the client only sends, the answer may only receive (RFC 8285 §5).
  private Map<HeaderExtension, Direction> extensionDirections() {
    var directions = new EnumMap<HeaderExtension, Direction>(HeaderExtension.class);
    offered
        .extensionDirections()
        .forEach((extension, direction) -> {
          if (direction == Direction.SENDONLY) {
            directions.put(extension, Direction.RECVONLY);
          }
        });
    return directions;
  }
}
