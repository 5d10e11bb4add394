package io.belfry.sfu.sdp;

import io.belfry.sfu.rtp.ExtensionIds;
import io.belfry.sfu.rtp.HeaderExtension;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The server's offers to one subscriber (RFC 3264 §8, RFC 8829 §5.2): a list of sections that only
/// grows, each of which carries a track or is inactive until the next track of its kind takes it.
///
/// Not thread-safe. The caller sees to it that a client has answered one offer before it gets the
/// next.
public final class SubscribeOffer {
  private static final String PROTOCOL = "UDP/TLS/RTP/SAVPF";

  /// What every subscriber is offered, under the same ids.
  public static final ExtensionIds AUDIO_EXTENSIONS = extensions(MediaKind.AUDIO);

  /// As [#AUDIO_EXTENSIONS].
  public static final ExtensionIds VIDEO_EXTENSIONS = extensions(MediaKind.VIDEO);

  /// A section and what it carries now. Inactive ones keep the last track's codecs, since a section
  /// has to name some.
  private static final class Section {
    final String mid;
    SendTrack track;
    boolean isActive = true;

    Section(String mid, SendTrack track) {
      this.mid = mid;
      this.track = track;
    }
  }

  private final long sessionId;
  private final PayloadTypes payloadTypes = new PayloadTypes();
  private final List<Section> sections = new ArrayList<>();
  private LocalTransport transport;
  private long version = 1;

  /// @param sessionId stays in every offer; positive
  public SubscribeOffer(LocalTransport transport, long sessionId) {
    this.transport = transport;
    this.sessionId = sessionId;
  }

  /// Gives a track a section: an inactive one of its kind, or a new one.
  ///
  /// @return the section's mid
  public String add(SendTrack track) {
    version++;
    for (Section section : sections) {
      if (!section.isActive && section.track.kind() == track.kind()) {
        section.track = track;
        section.isActive = true;
        return section.mid;
      }
    }
    var section = new Section(Integer.toString(sections.size()), track);
    sections.add(section);
    return section.mid;
  }

  /// Takes the track out of a section, which becomes inactive. An unknown mid changes nothing.
  public void remove(String mid) {
    for (Section section : sections) {
      if (section.mid.equals(mid) && section.isActive) {
        section.isActive = false;
        version++;
      }
    }
  }

  /// Other credentials, which restart ICE (RFC 8839 §4.4.1.1), or other candidates.
  public void transport(LocalTransport transport) {
    this.transport = transport;
    version++;
  }

  public boolean isEmpty() {
    return sections.isEmpty();
  }

  /// The numbers under which codecs are offered.
  public PayloadTypes payloadTypes() {
    return payloadTypes;
  }

  /// The offer as it now stands. The same text until something changes.
  public String sdp() {
    var writer = new SdpWriter();
    List<String> mids = sections.stream().map(section -> section.mid).toList();
    writer.session(sessionId, version, mids, true);
    boolean isFirst = true;
    for (Section section : sections) {
      write(writer, section, isFirst);
      isFirst = false;
    }
    return writer.toString();
  }

  /// Reads the client's answer to the last offer.
  public SdpResult<SubscribeAnswer> answer(String sdp) {
    return SdpParser.parse(sdp).then(this::answer);
  }

  private SdpResult<SubscribeAnswer> answer(SessionDescription description) {
    List<String> offered = sections.stream().map(section -> section.mid).toList();
    List<String> answered = description.media().stream().map(MediaSection::mid).toList();
    if (!offered.equals(answered)) {
      return SdpResult.bad(SdpError.BAD_SECTIONS, "The answer has other sections than the offer.");
    }
    var accepted = new ArrayList<SubscribedSection>();
    for (int i = 0; i < sections.size(); i++) {
      Section section = sections.get(i);
      MediaSection media = description.media().get(i);
      if (section.isActive && media.direction().receives() && description.isBundled(media)) {
        if (!media.hasRtcpMux()) {
          return SdpResult.bad(SdpError.NO_RTCP_MUX, "A section of the answer has no rtcp-mux.");
        }
        accepted.add(read(media, description.mixedFormsAllowed()));
      }
    }
    return description
        .peerTransport()
        .then(peer -> SdpResult.ok(new SubscribeAnswer(peer, accepted)));
  }

  private SubscribedSection read(MediaSection media, boolean mixedFormsAllowed) {
    var accepted = new HashMap<CodecIdentity, RtpCodec>();
    // Answers name codecs by the offer's payload types (RFC 3264 §6.1); parameters may differ, as
    // the level of H.264 does.
    for (RtpCodec codec : media.codecs()) {
      payloadTypes
          .identity(codec.payloadType())
          .ifPresent(identity -> accepted.putIfAbsent(identity, codec));
    }
    return new SubscribedSection(
        media.mid(), media.kind(), accepted, media.receivedExtensions(), mixedFormsAllowed);
  }

  private void write(SdpWriter writer, Section section, boolean isFirst) {
    SendTrack track = section.track;
    var codecs = new ArrayList<RtpCodec>();
    var identities = new HashMap<Integer, CodecIdentity>();
    var feedback = new HashMap<Integer, List<String>>();
    boolean isVideo = track.kind() == MediaKind.VIDEO;
    for (CodecIdentity identity : track.codecs()) {
      PayloadTypes.Assigned assigned = payloadTypes.of(identity);
      codecs.add(codec(identity, assigned));
      identities.put(assigned.payloadType(), identity);
      feedback.put(
          assigned.payloadType(),
          isVideo ? PublishAnswer.VIDEO_FEEDBACK : PublishAnswer.AUDIO_FEEDBACK);
    }
    writer
        .media(track.kind(), PROTOCOL, SdpWriter.payloadTypes(codecs))
        .transport(transport, Setup.ACTPASS, isFirst)
        .rtcp(true)
        .mid(section.mid, section.isActive ? Direction.SENDONLY : Direction.INACTIVE)
        .extensions(isVideo ? VIDEO_EXTENSIONS : AUDIO_EXTENSIONS, Map.of())
        .codecs(codecs, identities, feedback);
    if (section.isActive) {
      writer.sentStream(track.ssrcs(), track.cname(), track.streamId(), track.trackId());
    }
  }

  private static RtpCodec codec(CodecIdentity identity, PayloadTypes.Assigned assigned) {
    return new RtpCodec(
        assigned.payloadType(),
        identity.kind().encodingName(),
        identity.kind().clockRate(),
        1,
        identity.parameters(),
        assigned.rtxPayloadType(),
        Set.of());
  }

  private static ExtensionIds extensions(MediaKind kind) {
    Map<HeaderExtension, Integer> ids = new EnumMap<>(HeaderExtension.class);
    for (HeaderExtension extension : HeaderExtension.values()) {
      boolean isSent =
          extension != HeaderExtension.RID && extension != HeaderExtension.REPAIRED_RID;
      boolean fits = kind == MediaKind.AUDIO ? extension.isForAudio() : extension.isForVideo();
      if (isSent && fits) {
        ids.put(extension, extension.subscribeId());
      }
    }
    return ExtensionIds.of(ids);
  }
}
