package io.belfry.sfu.sdp;

import io.belfry.sfu.rtp.ExtensionIds;
import io.belfry.sfu.rtp.HeaderExtension;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Writes the lines that the server's offers and answers have in common (RFC 8866 §5).
final class SdpWriter {
  private static final int DISCARD_PORT = 9;

  private final StringBuilder out = new StringBuilder(4096);

  /// The session part.
  ///
  /// @param sessionId stays, while `version` counts up (RFC 3264 §8)
  SdpWriter session(long sessionId, long version, List<String> bundle, boolean isMixedAllowed) {
    line("v=0");
    line("o=- " + sessionId + " " + version + " IN IP4 0.0.0.0");
    line("s=-");
    line("t=0 0");
    if (!bundle.isEmpty()) {
      line("a=group:BUNDLE " + String.join(" ", bundle));
    }
    line("a=ice-lite");
    if (isMixedAllowed) {
      line("a=extmap-allow-mixed");
    }
    return this;
  }

  /// What follows on a restart of ICE (RFC 8840 §9): the formats of the section do not matter.
  SdpWriter fragment(LocalTransport transport, List<String> bundle, MediaKind first) {
    line("a=ice-lite");
    line("a=group:BUNDLE " + String.join(" ", bundle));
    line("m=" + first.media() + " " + DISCARD_PORT + " UDP/TLS/RTP/SAVPF 0");
    line("a=mid:" + bundle.getFirst());
    return ice(transport, true);
  }

  /// A section that is not wanted (RFC 3264 §6): port 0, everything else as offered.
  SdpWriter refused(MediaSection offered) {
    line(
        "m=%s 0 %s %s"
            .formatted(offered.media(), offered.protocol(), String.join(" ", offered.formats())));
    line("c=IN IP4 0.0.0.0");
    line("a=mid:" + offered.mid());
    return line("a=inactive");
  }

  SdpWriter media(MediaKind kind, String protocol, List<Integer> payloadTypes) {
    String types = String.join(" ", payloadTypes.stream().map(String::valueOf).toList());
    line("m=%s %d %s %s".formatted(kind.media(), DISCARD_PORT, protocol, types));
    line("c=IN IP4 0.0.0.0");
    return line("a=rtcp:9 IN IP4 0.0.0.0");
  }

  SdpWriter mid(String mid, Direction direction) {
    line("a=mid:" + mid);
    return line("a=" + direction.attribute());
  }

  /// Credentials and fingerprint; the candidates too in the section that the BUNDLE group's
  /// transport is taken from (RFC 9143 §7.2.1).
  SdpWriter transport(LocalTransport transport, Setup setup, boolean hasCandidates) {
    Fingerprint fingerprint = transport.fingerprint();
    line("a=fingerprint:" + fingerprint.algorithm() + " " + fingerprint.value());
    line("a=setup:" + setup.attribute());
    return ice(transport, hasCandidates);
  }

  private SdpWriter ice(LocalTransport transport, boolean hasCandidates) {
    line("a=ice-ufrag:" + transport.usernameFragment());
    line("a=ice-pwd:" + transport.password());
    if (hasCandidates) {
      List<Candidate> candidates = transport.candidates();
      for (int i = 0; i < candidates.size(); i++) {
        line("a=candidate:" + candidates.get(i).attribute(i));
      }
      line("a=end-of-candidates");
    }
    return this;
  }

  /// RTCP beside the media (RFC 5761), in packets that need not begin with a report (RFC 5506).
  SdpWriter rtcp(boolean isReducedSize) {
    return rtcp(isReducedSize, false);
  }

  /// @param isMuxOnly as the offer said, which the answer repeats (RFC 8858 §3)
  SdpWriter rtcp(boolean isReducedSize, boolean isMuxOnly) {
    line("a=rtcp-mux");
    if (isMuxOnly) {
      line("a=rtcp-mux-only");
    }
    return isReducedSize ? line("a=rtcp-rsize") : this;
  }

  /// @param directions of those that do not go both ways
  SdpWriter extensions(ExtensionIds extensions, Map<HeaderExtension, Direction> directions) {
    extensions
        .toMap()
        .forEach((extension, id) -> {
          Direction direction = directions.getOrDefault(extension, Direction.SENDRECV);
          String suffix = direction == Direction.SENDRECV ? "" : "/" + direction.attribute();
          line("a=extmap:" + id + suffix + " " + extension.uri());
        });
    return this;
  }

  SdpWriter codec(RtpCodec codec, CodecIdentity identity, List<String> feedback) {
    int type = codec.payloadType();
    line("a=rtpmap:" + type + " " + identity.rtpmap());
    feedback.forEach(value -> line("a=rtcp-fb:" + type + " " + value));
    if (!codec.parameters().isEmpty()) {
      line("a=fmtp:" + type + " " + codec.parameters());
    }
    if (codec.hasRtx()) {
      line("a=rtpmap:" + codec.rtxPayloadType() + " rtx/" + codec.clockRate());
      line("a=fmtp:" + codec.rtxPayloadType() + " apt=" + type);
    }
    return this;
  }

  SdpWriter receivedRids(List<Rid> rids) {
    rids.forEach(rid -> line("a=rid:" + rid.received()));
    return line("a=simulcast:recv " + String.join(";", rids.stream().map(Rid::id).toList()));
  }

  SdpWriter sentStream(StreamSsrcs ssrcs, String cname, String streamId, String trackId) {
    String msid = " msid:" + streamId + " " + trackId;
    line("a=msid:" + streamId + " " + trackId);
    String media = Integer.toUnsignedString(ssrcs.ssrc());
    String rtx = Integer.toUnsignedString(ssrcs.rtxSsrc());
    if (ssrcs.hasRtx()) {
      line("a=ssrc-group:FID " + media + " " + rtx);
    }
    for (String ssrc : ssrcs.hasRtx() ? List.of(media, rtx) : List.of(media)) {
      line("a=ssrc:" + ssrc + " cname:" + cname);
      line("a=ssrc:" + ssrc + msid);
    }
    return this;
  }

  /// The payload types of codecs and their retransmissions, in order.
  static List<Integer> payloadTypes(List<RtpCodec> codecs) {
    return codecs.stream()
        .flatMap(codec ->
            codec.hasRtx()
                ? Stream.of(codec.payloadType(), codec.rtxPayloadType())
                : Stream.of(codec.payloadType()))
        .toList();
  }

  SdpWriter codecs(
      List<RtpCodec> codecs,
      Map<Integer, CodecIdentity> identities,
      Map<Integer, List<String>> feedback) {
    for (RtpCodec codec : codecs) {
      CodecIdentity identity = identities.get(codec.payloadType());
      if (identity != null) {
        codec(codec, identity, feedback.getOrDefault(codec.payloadType(), List.of()));
      }
    }
    return this;
  }

  private SdpWriter line(String line) {
    out.append(line).append("\r\n");
    return this;
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
