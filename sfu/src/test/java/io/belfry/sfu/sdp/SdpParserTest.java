package io.belfry.sfu.sdp;

import static io.belfry.sfu.sdp.Descriptions.SERVER;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.belfry.sfu.rtp.ExtensionIds;
import io.belfry.sfu.rtp.codec.CodecKind;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SdpParserTest {
  private static final String HEAD = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n";

  private static MediaSection only(String attributes) {
    String media = "m=video 9 UDP/TLS/RTP/SAVPF 96 97 98\r\n";
    return SdpParser.parse(HEAD + media + attributes).orThrow().media().getFirst();
  }

  private static SdpError error(String sdp) {
    return assertInstanceOf(SdpResult.Bad.class, SdpParser.parse(sdp)).error();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "hello", "v=0\r\nnonsense\r\n", "v=0\r\nm=video\r\n", "v=0\na=mid:0\ra=x\n"})
  void refusesWhatIsNotSdp(String text) {
    assertEquals(SdpError.SYNTAX, error(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"m=video x RTP 0", "m=video 65536 RTP 0", "m=video -1 RTP 0", "m=video 9 RTP"})
  void refusesBadMediaLines(String line) {
    assertEquals(SdpError.SYNTAX, error(HEAD + line + "\r\n"));
  }

  @Test
  void limitsSizes() {
    assertEquals(SdpError.TOO_LARGE, error(HEAD + "a=x".repeat(SdpParser.MAX_CHARACTERS)));
    assertEquals(
        SdpError.TOO_LARGE, error(HEAD + "a=" + "x".repeat(SdpParser.MAX_LINE_CHARACTERS)));
    assertEquals(SdpError.TOO_LARGE, error(HEAD + "m=audio 9 X 0\n".repeat(1025)));
    assertEquals(SdpError.TOO_LARGE, error(HEAD + "a=x\n".repeat(2000)));
  }

  @Test
  void refusesRepeatedMids() {
    assertEquals(
        SdpError.BAD_SECTIONS, error(HEAD + "m=audio 9 X 0\na=mid:a\nm=audio 9 X 0\na=mid:a\n"));
  }

  @Test
  void takesBareLineFeedsAndNoFinalOne() {
    assertEquals(1, SdpParser.parse("v=0\nm=audio 9 X 0\na=mid:a").orThrow().media().size());
  }

  @Test
  void skipsWhatItDoesNotUnderstand() {
    MediaSection section =
        only(
            """
            a=
            a=:
            a=mid
            a=rtpmap:96
            a=rtpmap:200 VP8/90000
            a=rtpmap:97 VP8
            a=rtpmap:98 VP8/zero
            a=fmtp
            a=rtcp-fb:x nack
            a=extmap:0 urn:ietf:params:rtp-hdrext:sdes:mid
            a=extmap:256 urn:ietf:params:rtp-hdrext:sdes:mid
            a=extmap:x
            a=ssrc:x cname:y
            a=ssrc:4294967296 cname:y
            a=ssrc-group:FID 1
            a=ssrc-group:FID 1 2 3
            a=simulcast:send
            a=rid:x
            a=fingerprint:sha-256
            a=setup:nonsense
            a=candidate:nonsense
            b=AS:100
            k=clear:x
            """);
    assertEquals("0", section.mid());
    assertEquals(List.of(), section.codecs());
    assertEquals(ExtensionIds.NONE, section.extensions());
    assertEquals(List.of(), section.streams());
    assertEquals(Optional.empty(), section.transport());
  }

  @Test
  void takesTheFirstOfRepeatedExtensionIds() {
    MediaSection section =
        only(
            """
            a=extmap:3/sendonly urn:3gpp:video-orientation
            a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid
            a=extmap:4 urn:3gpp:video-orientation
            """);
    assertEquals("{VIDEO_ORIENTATION=3}", section.extensions().toString());
  }

  @Test
  void readsFeedbackForAllFormats() {
    MediaSection section =
        only("a=rtpmap:96 VP8/90000\na=rtcp-fb:* ccm fir\na=rtcp-fb:96 nack  pli\n");
    assertEquals(Set.of("ccm fir", "nack pli"), section.codecs().getFirst().feedback());
  }

  @ParameterizedTest
  @CsvSource({
    "send q;h;f, q h f",
    "send q;~h;f recv x, q h f",
    "recv x send f, f",
    "send q;unknown, q",
    "'send q,h;f', q f",
  })
  void readsSimulcast(String value, String rids) {
    MediaSection section =
        only("a=rid:q send\na=rid:h send\na=rid:f send pt=96\na=simulcast:" + value + "\n");
    assertEquals(List.of(rids.split(" ", -1)), section.sendRids().stream().map(Rid::id).toList());
  }

  @ParameterizedTest
  @CsvSource({
    "q, true",
    "hi-1_Q, true",
    "abcdefghijklmnop, true",
    "abcdefghijklmnopq, false",
    "a+b, false",
    "ä, false"
  })
  void readsRidsThatAPacketCanCarry(String rid, boolean isRead) {
    MediaSection section = only("a=rid:" + rid + " send\na=simulcast:send " + rid + "\n");
    assertEquals(isRead, !section.sendRids().isEmpty());
  }

  @Test
  void readsGroupsOfSources() {
    MediaSection section =
        only(
            """
            a=ssrc-group:SIM 3 1 2
            a=ssrc-group:FID 1 11
            a=ssrc-group:FID 2 12
            a=ssrc:1 cname:c
            a=ssrc:11 cname:c
            a=ssrc:4294967295 cname:c
            """);
    assertEquals(
        List.of(
            StreamSsrcs.withoutRtx(3), new StreamSsrcs(1, 11, true), new StreamSsrcs(2, 12, true)),
        section.streams());
  }

  /// A section has one track; what repairs it is no encoding of it.
  @ParameterizedTest
  @CsvSource({
    "'', 1",
    "FID 1 2, 1",
    "FEC-FR 1 3, 1",
    "FEC-FR 3 1, 2",
    "DUP 1 3, 1",
    "FID 2 1, 2",
    "SIM 1 3, 1 3",
  })
  void countsNoRepairStreamsAsEncodings(String group, String expected) {
    String ssrcs = "a=ssrc:1 cname:c\na=ssrc:2 cname:c\na=ssrc:3 cname:c\n";
    MediaSection section = only(group.isEmpty() ? ssrcs : "a=ssrc-group:" + group + "\n" + ssrcs);
    assertEquals(
        List.of(expected.split(" ", -1)),
        section.streams().stream().map(stream -> Integer.toString(stream.ssrc())).toList());
  }

  @Test
  void tellsFlexibleFecFromMedia() {
    MediaSection section =
        only(
            """
            a=ssrc-group:FID 1 2
            a=ssrc-group:FEC-FR 1 3
            a=ssrc:1 cname:c
            a=ssrc:2 cname:c
            a=ssrc:3 cname:c
            """);
    assertEquals(List.of(new StreamSsrcs(1, 2, true)), section.streams());
  }

  @Test
  void letsSectionsInheritFromTheSession() {
    String session = "a=ice-ufrag:u\na=ice-pwd:p\na=fingerprint:SHA-256 ab:cd\na=setup:active\n";
    var description =
        SdpParser.parse(HEAD + session + "m=audio 9 X 0\nm=audio 9 X 0\na=ice-ufrag:w\n").orThrow();
    assertEquals(
        new PeerTransport("u", "p", List.of(new Fingerprint("sha-256", "AB:CD")), Setup.ACTIVE),
        description.media().get(0).transport().get());
    assertEquals("w", description.media().get(1).transport().get().usernameFragment());
  }

  @ParameterizedTest
  @CsvSource({
    "VP8, 90000, max-fs=12288, VP8, ''",
    "vp9, 90000, '', VP9, profile-id=0",
    "VP9, 90000, 'x=1; profile-id = 2', VP9, profile-id=2",
    "AV1, 90000, '', AV1, level-idx=5;profile=0;tier=0",
    "AV1, 90000, level-idx=15;profile=1;tier=1, AV1, level-idx=5;profile=1;tier=0",
    "H264, 90000, '', H264, level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42001f",
    "H264, 90000, profile-level-id=4D0034;packetization-mode=1, H264,"
        + " level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=4d001f",
    "opus, 48000, usedtx=1, OPUS, minptime=10;useinbandfec=1",
    "opus, 48000, stereo=1, OPUS, minptime=10;useinbandfec=1;stereo=1;sprop-stereo=1",
  })
  void tellsCodecsApartByWhatMatters(
      String name, int rate, String parameters, CodecKind kind, String normal) {
    var codec = new RtpCodec(96, name, rate, 1, parameters, RtpCodec.NO_RTX, new HashSet<>());
    assertEquals(new CodecIdentity(kind, normal), CodecIdentity.of(codec).get());
  }

  @ParameterizedTest
  @CsvSource({
    "red, 48000, ''",
    "VP8, 48000, ''",
    "H264, 90000, packetization-mode=2",
    "H264, 90000, profile-level-id=zz",
    "H264, 90000, profile-level-id=7a001f",
    "VP9, 90000, profile-id=4",
    "VP9, 90000, profile-id=evil",
    "AV1, 90000, profile=3",
    "telephone-event, 8000, ''",
  })
  void leavesOtherCodecsOut(String name, int rate, String parameters) {
    var codec = new RtpCodec(96, name, rate, 1, parameters, RtpCodec.NO_RTX, new HashSet<>());
    assertEquals(Optional.empty(), CodecIdentity.of(codec));
  }

  @ParameterizedTest
  @CsvSource({
    "42001f, BASELINE",
    "42001e, BASELINE",
    "42e01f, CONSTRAINED_BASELINE",
    "42C02A, CONSTRAINED_BASELINE",
    "4de01f, CONSTRAINED_BASELINE",
    "58c01f, CONSTRAINED_BASELINE",
    "58801f, BASELINE",
    "4d0032, MAIN",
    "4d401f, MAIN",
    "64001f, HIGH",
    "640c34, CONSTRAINED_HIGH",
    "f4001f, HIGH_444",
  })
  void namesTheProfilesOfH264(String profileLevelId, H264Profile profile) {
    assertEquals(Optional.of(profile), H264Profile.of(profileLevelId));
    assertEquals(Optional.of(profile), H264Profile.of(profile.profileLevelId()));
  }

  @Test
  void prefersUdpAndTheOrderOfTheList() {
    assertTrue(Candidate.udp("a", 1).priority(0) > Candidate.udp("a", 1).priority(1));
    assertTrue(Candidate.udp("a", 1).priority(50) > Candidate.tcpPassive("a", 1).priority(0));
    assertEquals(2130706431L, Candidate.udp("a", 1).priority(0));
    assertThrows(IllegalArgumentException.class, () -> Candidate.udp("a", 0));
    assertThrows(IllegalArgumentException.class, () -> Candidate.udp("a b", 1));
  }

  /// Goal: no damage to a description makes the parser or the answer throw. Method: real offers
  /// with random characters replaced, removed or repeated.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void survivesDamage(long seed) {
    var random = new SplittableRandom(seed);
    for (String name : List.of("chromium-simulcast", "firefox-publish", "webrtcbin-publish")) {
      String offer = Descriptions.read(name);
      for (int round = 0; round < 300; round++) {
        var damaged = new StringBuilder(offer);
        for (int i = random.nextInt(1, 12); i > 0; i--) {
          int at = random.nextInt(damaged.length());
          switch (random.nextInt(3)) {
            case 0 -> damaged.setCharAt(at, (char) random.nextInt(32, 127));
            case 1 -> damaged.delete(at, Math.min(damaged.length(), at + random.nextInt(40)));
            default -> damaged.insert(at, "\r\n");
          }
        }
        PublishAnswer.to(damaged.toString(), SERVER, CodecPolicy.ALL, 1, 1);
      }
    }
  }

  @FuzzTest(maxDuration = "30s")
  void neverThrows(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    var result = PublishAnswer.to(text, SERVER, CodecPolicy.ALL, 1, 1);
    if (result instanceof SdpResult.Ok<PublishAnswer>(PublishAnswer answer)) {
      SdpParser.parse(answer.sdp()).orThrow();
    }
  }
}
