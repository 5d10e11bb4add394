package io.belfry.sfu.sdp;

import static io.belfry.sfu.rtp.HeaderExtension.ABS_SEND_TIME;
import static io.belfry.sfu.rtp.HeaderExtension.AUDIO_LEVEL;
import static io.belfry.sfu.rtp.HeaderExtension.DEPENDENCY_DESCRIPTOR;
import static io.belfry.sfu.rtp.HeaderExtension.MID;
import static io.belfry.sfu.rtp.HeaderExtension.RID;
import static io.belfry.sfu.rtp.HeaderExtension.TRANSPORT_WIDE_CC;
import static io.belfry.sfu.sdp.Descriptions.SERVER;
import static io.belfry.sfu.sdp.Descriptions.linesWith;
import static io.belfry.sfu.sdp.Descriptions.read;
import static io.belfry.sfu.sdp.Descriptions.section;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.sfu.rtp.codec.CodecKind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PublishAnswerTest {
  private static PublishAnswer answer(String offer) {
    return PublishAnswer.to(offer, SERVER, CodecPolicy.ALL, 77, 1).orThrow();
  }

  private static SdpError refusal(String offer) {
    var result = PublishAnswer.to(offer, SERVER, CodecPolicy.ALL, 77, 1);
    return assertInstanceOf(SdpResult.Bad.class, result).error();
  }

  @Test
  void answersChromium() {
    PublishAnswer answer = answer(read("chromium-publish"));
    PeerTransport peer = answer.peer().get();
    assertEquals("vLyW", peer.usernameFragment());
    assertEquals("9CNUYGxGfHo/adO/8/a6qk9p", peer.password());
    assertEquals("sha-256", peer.fingerprints().getFirst().algorithm());
    assertEquals(Setup.ACTPASS, peer.setup());

    PublishedSection audio = answer.sections().get(0);
    assertEquals("0", audio.mid());
    assertTrue(audio.isSending());
    assertEquals(List.of(111), audio.codecs().stream().map(RtpCodec::payloadType).toList());
    assertEquals(CodecKind.OPUS, audio.identity(111).get().kind());
    assertEquals(
        Map.of(AUDIO_LEVEL, 1, ABS_SEND_TIME, 2, TRANSPORT_WIDE_CC, 3, MID, 4),
        audio.extensions().toMap());
    assertEquals(List.of(StreamSsrcs.withoutRtx(1883019924)), audio.streams());
    assertEquals("oXDLG4lDPxyfwEOQ", audio.cname());

    PublishedSection video = answer.sections().get(1);
    assertEquals(
        List.of(96, 102, 104, 108, 114, 116, 39, 45, 98, 100),
        video.codecs().stream().map(RtpCodec::payloadType).toList());
    assertEquals(97, video.codecs().getFirst().rtxPayloadType());
    assertEquals(List.of(new StreamSsrcs(250685425, (int) 3390562591L, true)), video.streams());
    assertEquals("026b6aa8-04a3-48af-85b1-491706b5f364", video.streamId());
    assertEquals("4de7826d-5cd3-458b-9e49-fb55a84205a6", video.trackId());
    assertEquals(List.of(), video.rids());
  }

  @Test
  void writesAnAnswerThatAnIceLiteServerOwes() {
    String sdp = answer(read("chromium-publish")).sdp();
    assertTrue(sdp.contains("a=ice-lite\r\n"));
    assertTrue(sdp.contains("a=group:BUNDLE 0 1\r\n"));
    assertTrue(sdp.contains("a=extmap-allow-mixed\r\n"));
    assertFalse(sdp.contains("red/"));
    assertFalse(sdp.contains("goog-remb"));
    assertFalse(sdp.contains("toffset"));
    List<String> audio = section(sdp, 0);
    assertEquals("m=audio 9 UDP/TLS/RTP/SAVPF 111", audio.getFirst());
    assertTrue(
        audio.containsAll(
            List.of(
                "a=recvonly",
                "a=mid:0",
                "a=setup:passive",
                "a=ice-ufrag:srvu",
                "a=rtcp-mux",
                "a=rtcp-rsize",
                "a=end-of-candidates",
                "a=candidate:1 1 udp 2130706431 203.0.113.7 40000 typ host",
                "a=candidate:3 1 tcp 1520434687 203.0.113.7 443 typ host tcptype passive",
                "a=rtpmap:111 opus/48000/2",
                "a=rtcp-fb:111 transport-cc")));
    List<String> video = section(sdp, 1);
    assertEquals(
        List.of(
            "a=rtcp-fb:96 transport-cc",
            "a=rtcp-fb:96 ccm fir",
            "a=rtcp-fb:96 nack",
            "a=rtcp-fb:96 nack pli"),
        linesWith(video, "a=rtcp-fb:96"));
    assertEquals(List.of("a=fmtp:97 apt=96"), linesWith(video, "a=fmtp:97"));
    assertEquals(
        List.of(
            "a=fmtp:108 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"),
        linesWith(video, "a=fmtp:108"));
    assertEquals(List.of(), linesWith(video, "a=candidate"));
    assertTrue(sdp.endsWith("\r\n"));
  }

  @Test
  void refusesDataChannelsOutsideTheBundle() {
    PublishAnswer answer = answer(read("chromium-publish-data"));
    assertEquals(3, answer.sections().size());
    assertTrue(answer.sdp().contains("a=group:BUNDLE 0 1 2\r\n"));
    List<String> data = section(answer.sdp(), 3);
    assertEquals("m=application 0 UDP/DTLS/SCTP webrtc-datachannel", data.getFirst());
    assertTrue(data.contains("a=mid:3"));
    assertEquals(List.of(), linesWith(data, "a=ice"));
  }

  @Test
  void takesSimulcast() {
    PublishAnswer answer = answer(read("chromium-simulcast"));
    PublishedSection video = answer.sections().getFirst();
    assertEquals(List.of("q", "h", "f"), video.rids());
    assertEquals(List.of(), video.streams());
    assertEquals(10, video.extensions().id(RID));
    assertEquals(13, video.extensions().id(DEPENDENCY_DESCRIPTOR));
    List<String> lines = section(answer.sdp(), 0);
    assertTrue(
        lines.containsAll(
            List.of("a=rid:q recv", "a=rid:h recv", "a=rid:f recv", "a=simulcast:recv q;h;f")));
  }

  @Test
  void answersFirefox() {
    PublishAnswer answer = answer(read("firefox-publish"));
    assertEquals("5a8f01c2", answer.peer().get().usernameFragment());
    assertEquals(1, answer.peer().get().fingerprints().size());
    PublishedSection audio = answer.sections().get(0);
    assertEquals(
        "minptime=10;useinbandfec=1;stereo=1;sprop-stereo=1",
        audio.identity(109).get().parameters());
    PublishedSection video = answer.sections().get(1);
    assertEquals(
        List.of(120, 121, 126, 97, 99),
        video.codecs().stream().map(RtpCodec::payloadType).toList());
    assertEquals(new CodecIdentity(CodecKind.VP8, ""), video.identity(120).get());
    assertEquals(List.of(new StreamSsrcs((int) 4122931247L, 843195720, true)), video.streams());
    assertFalse(answer.sdp().contains("extmap-allow-mixed"));
    // It offers playout-delay in one direction only: to be received.
    assertFalse(answer.sdp().contains("playout-delay"));
  }

  @Test
  void takesWebrtcbinsPortZeroAsBundled() {
    PublishAnswer answer = answer(read("webrtcbin-publish"));
    assertEquals(
        List.of("video0", "audio1"),
        answer.sections().stream().map(PublishedSection::mid).toList());
    assertEquals("m=audio 9 UDP/TLS/RTP/SAVPF 97", section(answer.sdp(), 1).getFirst());
    assertEquals("webrtctransceiver1", answer.sections().get(1).trackId());
    assertEquals(CodecKind.OPUS, answer.sections().get(1).identity(97).get().kind());
  }

  @Test
  void refusesSectionsThatTheClientStopped() {
    String offer =
        read("chromium-publish")
            .replace("BUNDLE 0 1", "BUNDLE 0")
            .replace("m=video 53196", "m=video 0");
    PublishAnswer answer = answer(offer);
    assertEquals(1, answer.sections().size());
    assertTrue(section(answer.sdp(), 1).getFirst().startsWith("m=video 0 "));
    assertTrue(answer.sdp().contains("a=group:BUNDLE 0\r\n"));
  }

  @Test
  void refusesEverySectionWhenTheClientStoppedThemAll() {
    PublishAnswer answer = answer(read("chromium-stopped"));
    assertEquals(List.of(), answer.sections());
    assertTrue(answer.peer().isEmpty());
    assertFalse(answer.sdp().contains("BUNDLE"));
    assertTrue(section(answer.sdp(), 0).getFirst().startsWith("m=audio 0 "));
    assertTrue(section(answer.sdp(), 1).getFirst().startsWith("m=video 0 "));
    assertTrue(section(answer.sdp(), 1).contains("a=mid:1"));
  }

  @Test
  void keepsTheTransportOfInactiveSections() {
    PublishAnswer answer = answer(read("chromium-publish").replace("a=sendonly", "a=inactive"));
    assertTrue(answer.peer().isPresent());
    assertEquals(
        List.of(false, false),
        answer.sections().stream().map(PublishedSection::isSending).toList());
    assertTrue(section(answer.sdp(), 1).getFirst().startsWith("m=video 9 "));
    assertTrue(section(answer.sdp(), 1).contains("a=inactive"));
  }

  @ParameterizedTest
  @CsvSource({
    "a=sendonly, true, a=recvonly",
    "a=sendrecv, true, a=recvonly",
    "a=recvonly, false, a=inactive",
    "a=inactive, false, a=inactive",
  })
  void mirrorsTheDirection(String offered, boolean isSending, String answered) {
    PublishAnswer answer = answer(read("chromium-simulcast").replace("a=sendonly", offered));
    assertEquals(isSending, answer.sections().getFirst().isSending());
    assertTrue(section(answer.sdp(), 0).contains(answered));
  }

  @Test
  void followsTheCodecPolicy() {
    var policy = new CodecPolicy(Set.of(CodecKind.VP9));
    PublishAnswer answer =
        PublishAnswer.to(read("chromium-publish"), SERVER, policy, 77, 1).orThrow();
    assertEquals(List.of("1"), answer.sections().stream().map(PublishedSection::mid).toList());
    assertEquals("m=video 9 UDP/TLS/RTP/SAVPF 98 99 100 101", section(answer.sdp(), 1).getFirst());
    assertTrue(section(answer.sdp(), 0).getFirst().startsWith("m=audio 0 "));
    // The candidates are in the first section that is accepted.
    assertFalse(linesWith(section(answer.sdp(), 1), "a=candidate").isEmpty());
  }

  @Test
  void answersASingleSectionWithoutBundle() {
    String offer = read("chromium-simulcast").replace("a=group:BUNDLE 0\r\n", "");
    PublishAnswer answer = answer(offer.replace("m=video 9", "m=video 40001"));
    assertEquals(1, answer.sections().size());
    assertFalse(answer.sdp().contains("BUNDLE"));
  }

  @ParameterizedTest
  @CsvSource({
    "a=ice-ufrag, NO_ICE",
    "a=ice-pwd, NO_ICE",
    "a=fingerprint, NO_FINGERPRINT",
    "a=rtcp-mux, NO_MEDIA",
    "a=rtpmap, NO_MEDIA",
    "m=, NO_MEDIA",
  })
  void refusesOffersThatCannotWork(String missing, SdpError error) {
    String offer =
        String.join(
            "\r\n",
            read("chromium-publish").lines().filter(line -> !line.startsWith(missing)).toList());
    assertEquals(error, refusal(offer));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sha-1 AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD",
        "sha-1 AA:BB",
        "sha-256 AA:BB",
        "sha-256 A4:70:28:C9:FF:D8:65:D3:75:EA:C8:46:BA:A4:2F:6B:AF:03:17:37:77:C6:CF:E8:CA:AA:2B:4F:0A:2F:74:8",
        "sha-256 A4-70-28-C9-FF-D8-65-D3-75-EA-C8-46-BA-A4-2F-6B-AF-03-17-37-77-C6-CF-E8-CA-AA-2B-4F-0A-2F-74-84",
        "sha-512 A4:70:28:C9:FF:D8:65:D3:75:EA:C8:46:BA:A4:2F:6B:AF:03:17:37:77:C6:CF:E8:CA:AA:2B:4F:0A:2F:74:84",
        "md5 AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99",
      })
  void refusesFingerprintsThatProveNothing(String fingerprint) {
    String offer =
        read("chromium-simulcast")
            .replaceAll("a=fingerprint:.*\r\n", "a=fingerprint:" + fingerprint + "\r\n");
    assertEquals(SdpError.WEAK_FINGERPRINT, refusal(offer));
  }

  @Test
  void takesTheStrongestOfSeveralFingerprints() {
    String sha512 = "AB" + ":CD".repeat(63);
    String offer =
        read("chromium-simulcast")
            .replace(
                "a=setup:",
                "a=fingerprint:sha-1 AA:BB\r\na=fingerprint:SHA-512 " + sha512 + "\r\na=setup:");
    List<Fingerprint> fingerprints = answer(offer).peer().get().fingerprints();
    assertEquals(new Fingerprint("sha-512", sha512), fingerprints.getFirst());
    assertEquals(2, fingerprints.size());
  }

  @Test
  void acceptsOneLevelOfAProfile() {
    StringBuilder types = new StringBuilder();
    StringBuilder lines = new StringBuilder();
    for (int level = 0; level < 40; level++) {
      int type = level < 32 ? 96 + level : 3 + level;
      types.append(' ').append(type);
      lines.append("a=rtpmap:").append(type).append(" H264/90000\r\n");
      lines.append("a=fmtp:").append(type).append(" packetization-mode=1;profile-level-id=42e0");
      lines.append("%02x\r\n".formatted(0x0A + level));
    }
    String offer =
        read("chromium-simulcast")
            .replaceAll("m=video 9 (\\S+) .*\r\n", "m=video 9 $1" + types + "\r\n")
            .replaceAll("a=(rtpmap|fmtp|rtcp-fb):.*\r\n", "")
            .replace("a=rtcp-mux\r\n", "a=rtcp-mux\r\n" + lines);
    PublishedSection video = answer(offer).sections().getFirst();
    assertEquals(List.of(96), video.codecs().stream().map(RtpCodec::payloadType).toList());
    assertTrue(video.identity(96).get().parameters().endsWith("profile-level-id=42e01f"));
    assertEquals(
        List.of("a=fmtp:96 packetization-mode=1;profile-level-id=42e00a"),
        linesWith(section(answer(offer).sdp(), 0), "a=fmtp"));
  }

  @ParameterizedTest
  @CsvSource({
    "minptime=10;useinbandfec=1, minptime=10;useinbandfec=1",
    "minptime=10;usedtx=1, minptime=10;useinbandfec=1;usedtx=1",
    "usedtx=0;cbr=1, minptime=10;useinbandfec=1;usedtx=0;cbr=1",
    "maxaveragebitrate=128000;maxplaybackrate=48000;x-odd=3,"
        + " minptime=10;useinbandfec=1;maxaveragebitrate=128000;maxplaybackrate=48000",
    "sprop-stereo=1;usedtx=evil, minptime=10;useinbandfec=1;stereo=1;sprop-stereo=1",
  })
  void leavesToTheClientHowOpusIsSent(String offered, String answered) {
    String offer = read("chromium-publish").replace("minptime=10;useinbandfec=1", offered);
    assertEquals(
        List.of("a=fmtp:111 " + answered), linesWith(section(answer(offer).sdp(), 0), "a=fmtp"));
  }

  @Test
  void takesNoSimulcastWhoseRidsThePacketsDoNotCarry() {
    String offer = read("chromium-simulcast").replaceAll("a=extmap:10 .*rtp-stream-id\r\n", "");
    PublishAnswer answer = answer(offer);
    assertEquals(List.of(), answer.sections().getFirst().rids());
    assertFalse(answer.sdp().contains("a=rid"));
    assertFalse(answer.sdp().contains("a=simulcast"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pt=96,118;max-width=320 | q recv pt=96;max-width=320",
        "max-br=150000; max-fps=7.5 | q recv max-br=150000;max-fps=7.5",
        // Only red: nothing that is accepted.
        "pt=118 |",
        // A restriction that is not understood cannot be agreed to.
        "depend=f |",
        "max-width=320;max-tea=2 |",
        "max-width=wide |",
      })
  void answersTheRestrictionsOfRids(String offered, String answered) {
    String offer = read("chromium-simulcast").replace("a=rid:q send", "a=rid:q send " + offered);
    PublishAnswer answer = answer(offer);
    List<String> lines = section(answer.sdp(), 0);
    assertEquals(
        answered == null ? List.of() : List.of("a=rid:" + answered), linesWith(lines, "a=rid:q"));
    assertEquals(
        answered == null ? List.of("h", "f") : List.of("q", "h", "f"),
        answer.sections().getFirst().rids());
    assertTrue(
        lines.contains(answered == null ? "a=simulcast:recv h;f" : "a=simulcast:recv q;h;f"));
  }

  @ParameterizedTest
  @CsvSource({
    "10, a=extmap:10",
    "10/sendrecv, a=extmap:10",
    "10/sendonly, a=extmap:10/recvonly",
    "10/recvonly, ",
    "10/inactive, ",
    "10/nonsense, ",
    "15, ",
  })
  void mirrorsTheDirectionOfExtensions(String offered, String answered) {
    String uri = " urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";
    String offer =
        read("chromium-simulcast").replace("a=extmap:10" + uri, "a=extmap:" + offered + uri);
    PublishAnswer answer = answer(offer);
    List<String> lines =
        section(answer.sdp(), 0).stream().filter(line -> line.endsWith(uri)).toList();
    assertEquals(answered == null ? List.of() : List.of(answered + uri), lines);
    assertEquals(answered != null, answer.sections().getFirst().extensions().has(RID));
  }

  @Test
  void sendsReducedSizeRtcpOnlyIfOffered() {
    assertTrue(answer(read("chromium-simulcast")).sdp().contains("a=rtcp-rsize"));
    PublishAnswer answer = answer(read("chromium-simulcast").replace("a=rtcp-rsize\r\n", ""));
    assertFalse(answer.sdp().contains("a=rtcp-rsize"));
    assertTrue(answer.sdp().contains("a=rtcp-mux"));
  }

  @Test
  void refusesAClientThatWantsToBeTheDtlsServer() {
    assertEquals(
        SdpError.BAD_SETUP,
        refusal(read("chromium-publish").replace("setup:actpass", "setup:passive")));
  }

  @Test
  void countsVersions() {
    String offer = read("chromium-publish");
    PublishAnswer second = PublishAnswer.to(offer, SERVER, CodecPolicy.ALL, 77, 2).orThrow();
    assertTrue(second.sdp().contains("o=- 77 2 IN IP4 0.0.0.0\r\n"));
  }

  /// The server's answers can be read again: they are well formed, and nothing in them is lost.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "chromium-publish",
        "chromium-publish-data",
        "chromium-simulcast",
        "chromium-stopped",
        "firefox-publish",
        "webrtcbin-publish"
      })
  void writesWhatItCanRead(String name) {
    PublishAnswer answer = answer(read(name));
    SessionDescription written = SdpParser.parse(answer.sdp()).orThrow();
    assertEquals(answer.sections().stream().map(PublishedSection::mid).toList(), written.bundle());
    for (PublishedSection section : answer.sections()) {
      MediaSection media =
          written.media().stream().filter(m -> m.mid().equals(section.mid())).findFirst().get();
      assertEquals(section.extensions(), media.extensions());
      assertEquals(
          section.codecs().stream().map(RtpCodec::rtxPayloadType).toList(),
          media.codecs().stream().map(RtpCodec::rtxPayloadType).toList());
      for (RtpCodec codec : media.codecs()) {
        assertEquals(section.identities().get(codec.payloadType()), CodecIdentity.of(codec).get());
      }
    }
  }
}
