package io.belfry.sfu.sdp;

import io.belfry.sfu.rtp.ExtensionIds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The offer of a client that only receives (RFC 3264 §5.1), read: the server sends in every
/// section that it offers to receive in, under the client's numbers, or refuses the whole offer.
/// Sections of other kinds are refused by themselves.
public final class PlaybackOffer {
  private final SessionDescription description;
  private final PeerTransport peer;
  private final Map<String, Accepted> accepted;

  /// @param codecs in the client's order of preference
  private record Accepted(
      MediaSection offered, List<RtpCodec> codecs, Map<Integer, CodecIdentity> identities) {}

  private PlaybackOffer(
      SessionDescription description, PeerTransport peer, Map<String, Accepted> accepted) {
    this.description = description;
    this.peer = peer;
    this.accepted = accepted;
  }

  public static SdpResult<PlaybackOffer> parse(String text, CodecPolicy policy) {
    return SdpParser.parse(text).then(description -> read(description, policy));
  }

  private static SdpResult<PlaybackOffer> read(SessionDescription description, CodecPolicy policy) {
    Map<String, Accepted> accepted = new LinkedHashMap<>();
    for (MediaSection section : description.media()) {
      if (section.kind().isRtp()) {
        accepted.put(section.mid(), read(section, policy));
      }
    }
    return OneShotOffer.check(
            description, Direction::receives, section -> read(section, policy).codecs().isEmpty())
        .then(SessionDescription::peerTransport)
        .then(peer -> SdpResult.ok(new PlaybackOffer(description, peer, accepted)));
  }

  private static Accepted read(MediaSection section, CodecPolicy policy) {
    var codecs = new ArrayList<RtpCodec>();
    var identities = new HashMap<Integer, CodecIdentity>();
    for (RtpCodec codec : section.codecs()) {
      Optional<CodecIdentity> identity =
          CodecIdentity.of(codec)
              .filter(policy::allows)
              .filter(it -> it.kind().isVideo() == (section.kind() == MediaKind.VIDEO))
              .filter(it -> !identities.containsValue(it));
      if (identity.isPresent()) {
        codecs.add(codec);
        identities.put(codec.payloadType(), identity.get());
      }
    }
    return new Accepted(section, codecs, identities);
  }

  /// The client's end of the transport.
  public PeerTransport peer() {
    return peer;
  }

  /// The sections that the client receives in, in its order.
  public List<SubscribedSection> sections() {
    return accepted.values().stream().map(this::section).toList();
  }

  private SubscribedSection section(Accepted read) {
    Map<CodecIdentity, RtpCodec> codecs = new HashMap<>();
    for (RtpCodec codec : read.codecs()) {
      CodecIdentity identity = read.identities().get(codec.payloadType());
      if (identity != null) {
        decodableAs(identity).forEach(each -> codecs.putIfAbsent(each, codec));
        codecs.put(identity, codec);
      }
    }
    return new SubscribedSection(
        read.offered().mid(),
        read.offered().kind(),
        codecs,
        extensions(read.offered()),
        description.mixedFormsAllowed());
  }

  /// Opus decoders take mono and stereo alike (RFC 7587 §4.4: the receiver says what it prefers, no
  /// more); of the other codecs a profile is a promise.
  private static List<CodecIdentity> decodableAs(CodecIdentity offered) {
    return offered.kind().isVideo()
        ? List.of(offered)
        : CodecIdentity.all().stream().filter(each -> each.kind() == offered.kind()).toList();
  }

  private static ExtensionIds extensions(MediaSection section) {
    var ids = new HashMap<>(section.receivedExtensions().toMap());
    ExtensionIds ours =
        section.kind() == MediaKind.AUDIO
            ? SubscribeOffer.AUDIO_EXTENSIONS
            : SubscribeOffer.VIDEO_EXTENSIONS;
    ids.keySet().removeIf(extension -> !ours.has(extension));
    return ExtensionIds.of(ids);
  }

  /// The answer's text.
  ///
  /// @param streams what each section of {@link #sections} announces, by MID
  /// @param sessionId of the server's side of the exchange; positive
  public String answer(LocalTransport local, Map<String, SentStream> streams, long sessionId) {
    var writer = new SdpWriter();
    List<String> bundle =
        description.bundle().isEmpty() ? List.of() : List.copyOf(accepted.keySet());
    writer.session(sessionId, 1, bundle, description.mixedFormsAllowed());
    boolean isFirst = true;
    for (MediaSection section : description.media()) {
      Accepted read = accepted.get(section.mid());
      SentStream stream = streams.get(section.mid());
      if (read == null || stream == null) {
        writer.refused(section);
      } else {
        write(writer, read, local, stream, isFirst);
        isFirst = false;
      }
    }
    return writer.toString();
  }

  private static void write(
      SdpWriter writer, Accepted read, LocalTransport local, SentStream stream, boolean isFirst) {
    MediaSection offered = read.offered();
    List<String> ours =
        offered.kind() == MediaKind.VIDEO
            ? PublishAnswer.VIDEO_FEEDBACK
            : PublishAnswer.AUDIO_FEEDBACK;
    List<RtpCodec> codecs = new ArrayList<>();
    Map<Integer, List<String>> feedback = new HashMap<>();
    for (RtpCodec codec : read.codecs()) {
      CodecIdentity identity = read.identities().get(codec.payloadType());
      if (identity != null) {
        codecs.add(codec.withParameters(CodecParameters.forAnswer(identity, codec)));
        feedback.put(
            codec.payloadType(), ours.stream().filter(codec.feedback()::contains).toList());
      }
    }
    writer
        .media(offered.kind(), offered.protocol(), SdpWriter.payloadTypes(codecs))
        .transport(local, Setup.PASSIVE, isFirst)
        .rtcp(offered.hasRtcpRsize(), offered.isRtcpMuxOnly())
        .mid(offered.mid(), Direction.SENDONLY)
        .extensions(extensions(offered), Map.of())
        .codecs(codecs, read.identities(), feedback)
        .sentStream(stream.ssrcs(), stream.cname(), stream.streamId(), stream.trackId());
  }
}
