package io.belfry.sfu.sdp;

import static io.belfry.sfu.sdp.Descriptions.SERVER;
import static io.belfry.sfu.sdp.Descriptions.linesWith;
import static io.belfry.sfu.sdp.Descriptions.section;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.sfu.rtp.HeaderExtension;
import io.belfry.sfu.rtp.codec.CodecKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubscribeOfferTest {
  private static final CodecIdentity OPUS = identity("opus", 48_000, "");
  private static final CodecIdentity VP8 = identity("VP8", 90_000, "");
  private static final CodecIdentity H264 =
      identity("H264", 90_000, "packetization-mode=1;profile-level-id=42e01f");

  private final SubscribeOffer offer = new SubscribeOffer(SERVER, 5);

  private static CodecIdentity identity(String name, int clockRate, String parameters) {
    return CodecIdentity.of(
            new RtpCodec(96, name, clockRate, 1, parameters, RtpCodec.NO_RTX, new HashSet<>()))
        .orElseThrow();
  }

  private static SendTrack audio(int ssrc) {
    return new SendTrack(
        MediaKind.AUDIO, List.of(OPUS), StreamSsrcs.withoutRtx(ssrc), "cn", "alice", "mic" + ssrc);
  }

  private static SendTrack video(int ssrc, CodecIdentity... codecs) {
    return new SendTrack(
        MediaKind.VIDEO,
        List.of(codecs),
        new StreamSsrcs(ssrc, ssrc + 1, true),
        "cn",
        "alice",
        "cam" + ssrc);
  }

  /// The answer a browser gives: same sections, what is sent is received.
  private static String browserAnswer(String offer) {
    return offer
        .replace("a=ice-lite\r\n", "")
        .replace("setup:actpass", "setup:active")
        .replace("a=sendonly", "a=recvonly")
        .replace("ice-ufrag:srvu", "ice-ufrag:cliu");
  }

  @Test
  void offersATrack() {
    String audioMid = offer.add(audio(-2));
    String videoMid = offer.add(video(100, VP8, H264));
    assertEquals("0", audioMid);
    assertEquals("1", videoMid);
    String sdp = offer.sdp();
    assertTrue(sdp.startsWith("v=0\r\no=- 5 3 IN IP4 0.0.0.0\r\n"));
    assertTrue(sdp.contains("a=group:BUNDLE 0 1\r\n"));
    List<String> audio = section(sdp, 0);
    assertEquals("m=audio 9 UDP/TLS/RTP/SAVPF 96", audio.getFirst());
    assertTrue(
        audio.containsAll(
            List.of(
                "a=sendonly",
                "a=setup:actpass",
                "a=end-of-candidates",
                "a=msid:alice mic-2",
                "a=ssrc:4294967294 cname:cn",
                "a=ssrc:4294967294 msid:alice mic-2",
                "a=extmap:1 urn:ietf:params:rtp-hdrext:sdes:mid",
                "a=extmap:4 urn:ietf:params:rtp-hdrext:ssrc-audio-level")));
    List<String> video = section(sdp, 1);
    assertEquals("m=video 9 UDP/TLS/RTP/SAVPF 97 98 99 100", video.getFirst());
    assertTrue(
        video.containsAll(
            List.of(
                "a=rtpmap:97 VP8/90000",
                "a=fmtp:98 apt=97",
                "a=rtpmap:99 H264/90000",
                "a=fmtp:99 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f",
                "a=rtcp-fb:97 nack pli",
                "a=ssrc-group:FID 100 101",
                "a=ssrc:101 cname:cn")));
    assertEquals(List.of(), linesWith(video, "a=candidate"));
    assertEquals(List.of(), linesWith(video, "a=extmap:9"));
  }

  @Test
  void keepsSectionsAndReusesThoseOfTheSameKind() {
    offer.add(audio(1));
    String first = offer.add(video(10, VP8));
    offer.remove(first);
    List<String> inactive = section(offer.sdp(), 1);
    assertTrue(inactive.contains("a=inactive"));
    assertTrue(inactive.getFirst().startsWith("m=video 9 "));
    assertEquals(List.of(), linesWith(inactive, "a=ssrc"));
    assertEquals(List.of(), linesWith(inactive, "a=msid"));
    assertEquals("2", offer.add(audio(2)));
    assertEquals("1", offer.add(video(20, H264)));
    assertEquals("3", offer.add(video(30, VP8)));
    assertTrue(section(offer.sdp(), 1).contains("a=ssrc-group:FID 20 21"));
  }

  @Test
  void countsAVersionPerChangeOnly() {
    String before = offer.sdp();
    assertEquals(before, offer.sdp());
    String mid = offer.add(audio(1));
    String added = offer.sdp();
    offer.remove(mid);
    offer.remove(mid);
    offer.remove("nonsense");
    assertTrue(before.contains("o=- 5 1 "));
    assertTrue(added.contains("o=- 5 2 "));
    assertTrue(offer.sdp().contains("o=- 5 3 "));
  }

  @Test
  void keepsPayloadTypesOfACodecForEver() {
    offer.add(video(10, H264));
    offer.add(audio(1));
    offer.add(video(20, VP8, H264));
    assertEquals("m=video 9 UDP/TLS/RTP/SAVPF 96 97", section(offer.sdp(), 0).getFirst());
    assertEquals("m=video 9 UDP/TLS/RTP/SAVPF 99 100 96 97", section(offer.sdp(), 2).getFirst());
  }

  @Test
  void readsTheAnswer() {
    offer.add(audio(1));
    String mid = offer.add(video(10, VP8, H264));
    // A browser without H.264, which does not know the dependency descriptor.
    String answer =
        browserAnswer(offer.sdp())
            .replace("SAVPF 97 98 99 100", "SAVPF 97 98")
            .replaceAll("(?m)^a=(rtpmap|fmtp|rtcp-fb):(99|100) .*\r\n", "")
            .replaceAll("(?m)^a=extmap:7 .*\r\n", "");
    SubscribeAnswer read = offer.answer(answer).orThrow();
    assertEquals("cliu", read.peer().usernameFragment());
    assertEquals(Setup.ACTIVE, read.peer().setup());
    assertEquals(2, read.sections().size());
    SubscribedSection video = read.section(mid).get();
    assertEquals(97, video.codec(VP8).get().payloadType());
    assertEquals(98, video.codec(VP8).get().rtxPayloadType());
    assertFalse(video.codecs().containsKey(H264));
    assertFalse(video.extensions().has(HeaderExtension.DEPENDENCY_DESCRIPTOR));
    assertEquals(3, video.extensions().id(HeaderExtension.TRANSPORT_WIDE_CC));
    assertTrue(video.mixedFormsAllowed());
  }

  @Test
  void leavesOutSectionsThatTheClientDoesNotTake() {
    offer.add(audio(1));
    String mid = offer.add(video(10, VP8));
    String answer =
        browserAnswer(offer.sdp())
            .replace("m=video 9", "m=video 0")
            .replace("BUNDLE 0 1", "BUNDLE 0");
    SubscribeAnswer read = offer.answer(answer).orThrow();
    assertTrue(read.section(mid).isEmpty());
    assertTrue(read.section("0").isPresent());
  }

  @ParameterizedTest
  @CsvSource({
    "setup:active, setup:passive, BAD_SETUP",
    "a=mid:1, a=mid:9, BAD_SECTIONS",
    "a=ice-pwd, a=ice-nothing, NO_ICE",
    "a=fingerprint, a=nothing, NO_FINGERPRINT",
    "a=fingerprint:sha-256, a=fingerprint:sha-1, WEAK_FINGERPRINT",
    "a=rtcp-mux, a=nothing, NO_RTCP_MUX",
    "v=0, w=0, SYNTAX",
  })
  void refusesAnswersThatCannotWork(String from, String to, SdpError error) {
    offer.add(audio(1));
    offer.add(video(10, VP8));
    var result = offer.answer(browserAnswer(offer.sdp()).replace(from, to));
    assertEquals(error, assertInstanceOf(SdpResult.Bad.class, result).error());
  }

  @Test
  void refusesWordsThatWouldBreakALine() {
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new SendTrack(
                MediaKind.AUDIO,
                List.of(OPUS),
                StreamSsrcs.withoutRtx(1),
                "cn",
                "a\r\na=x",
                "track"));
  }

  /// Goal: whatever comes and goes, sections keep place, mid and kind. Method: random additions and
  /// removals; every offer is compared with the one before.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void neverMovesASection(long seed) {
    var random = new SplittableRandom(seed);
    var active = new ArrayList<String>();
    List<String> before = List.of();
    for (int i = 0; i < 100; i++) {
      if (!active.isEmpty() && random.nextInt(5) < 2) {
        offer.remove(active.remove(random.nextInt(active.size())));
      } else {
        active.add(offer.add(random.nextBoolean() ? audio(2 * i) : video(2 * i, VP8)));
      }
      SessionDescription written = SdpParser.parse(offer.sdp()).orThrow();
      List<String> now =
          written.media().stream().map(media -> media.mid() + media.media()).toList();
      assertEquals(before, now.subList(0, before.size()), "seed " + seed);
      assertEquals(
          new HashSet<>(active),
          new HashSet<>(
              written.media().stream()
                  .filter(media -> media.direction() == Direction.SENDONLY)
                  .map(MediaSection::mid)
                  .toList()),
          "seed " + seed);
      before = now;
    }
  }

  @ParameterizedTest
  @CsvSource({"7/recvonly, true", "7/sendonly, false", "7/inactive, false"})
  void sendsTheExtensionsThatTheClientReads(String answered, boolean isSent) {
    String mid = offer.add(video(10, VP8));
    String answer = browserAnswer(offer.sdp()).replace("a=extmap:7", "a=extmap:" + answered);
    SubscribedSection video = offer.answer(answer).orThrow().section(mid).get();
    assertEquals(isSent, video.extensions().has(HeaderExtension.DEPENDENCY_DESCRIPTOR));
  }

  /// Goal: no publisher keeps a subscriber from the next one's tracks. Method: tracks in every
  /// codec, then one more; all numbers are distinct, and every section names one.
  @Test
  void hasPayloadTypesForEveryCodecThereIs() {
    List<CodecIdentity> video =
        CodecIdentity.all().stream().filter(identity -> identity.kind().isVideo()).toList();
    var types = offer.payloadTypes();
    var seen = new HashSet<Integer>();
    for (CodecIdentity identity : CodecIdentity.all()) {
      PayloadTypes.Assigned numbers = types.of(identity);
      assertTrue(seen.add(numbers.payloadType()));
      assertEquals(identity, types.identity(numbers.payloadType()).get());
      if (identity.kind().isVideo()) {
        assertTrue(seen.add(numbers.rtxPayloadType()));
        assertEquals(identity, types.identity(numbers.rtxPayloadType()).get());
      }
      assertEquals(numbers, types.of(identity));
    }
    assertTrue(seen.stream().allMatch(type -> type >= 35 && type <= 127));
    assertTrue(seen.stream().noneMatch(type -> type >= 64 && type <= 95));

    offer.add(video(2, video.toArray(CodecIdentity[]::new)));
    offer.add(video(4, VP8));
    assertTrue(section(offer.sdp(), 1).getFirst().matches("m=video 9 UDP/TLS/RTP/SAVPF \\d+ \\d+"));
  }

  @Test
  void knowsNoOtherCodecs() {
    assertThrows(
        IllegalArgumentException.class, () -> new CodecIdentity(CodecKind.VP9, "profile-id=4"));
    assertThrows(
        IllegalArgumentException.class,
        () -> new CodecIdentity(CodecKind.H264, "profile-level-id=42e034"));
  }
}
