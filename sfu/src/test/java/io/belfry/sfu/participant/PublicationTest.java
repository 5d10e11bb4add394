package io.belfry.sfu.participant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.common.id.ParticipantId;
import io.belfry.common.id.SessionId;
import io.belfry.common.media.SessionSpec;
import io.belfry.common.token.CallToken;
import io.belfry.http.ApiException;
import io.belfry.sfu.control.Command;
import io.belfry.sfu.sdp.Candidate;
import io.belfry.sfu.sdp.Fingerprint;
import io.belfry.sfu.sdp.LocalTransport;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicationTest {
  private static final String OFFER = read("chromium-publish");
  private static final String STOPPED = read("chromium-stopped");
  private static final String NEW_CERTIFICATE = "a=fingerprint:sha-256 00" + ":11".repeat(31);

  /// Keeps the commands, and refuses those that it is told to.
  private static final class Loop implements LoopPort {
    final List<Command> commands = new ArrayList<>();
    Predicate<Command> isRefused = _ -> false;

    @Override
    public boolean offer(Command command) {
      return !isRefused.test(command) && commands.add(command);
    }

    @Override
    public boolean isOverloaded() {
      return false;
    }

    @Override
    public int localPort() {
      return 40_000;
    }

    <T extends Command> List<T> all(Class<T> kind) {
      return commands.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
  }

  private final Loop loop = new Loop();
  private final SessionLimits limits =
      new SessionLimits(
          1, 10, 4, 100, 1, Duration.ofSeconds(30), Duration.ofSeconds(7), Duration.ofSeconds(60));
  private final Sessions sessions =
      new Sessions(
          List.of(loop),
          limits,
          (local, port) ->
              new LocalTransport(
                  local.usernameFragment(),
                  local.password(),
                  new Fingerprint("sha-256", "AA" + ":BB".repeat(31)),
                  List.of(Candidate.udp("203.0.113.7", port))),
          InstantSource.fixed(Instant.EPOCH),
          new SecureRandom());
  private final Publication publication = publication();

  private Publication publication() {
    SessionId id = new SessionId("session");
    Session session =
        new Session(
            new SessionSpec(id, false, 10),
            new Placement(1, 0, new LoopLoads(List.of(loop)), 1),
            sessions);
    CallToken token = new CallToken(id, "alice", "Alice", null, true, true, Instant.MAX);
    return new Participant(
            new ParticipantId("0000000a"),
            token,
            Instant.EPOCH,
            "",
            false,
            false,
            Access.SOCKET,
            session,
            limits)
        .publication();
  }

  @AfterEach
  void close() {
    sessions.close();
  }

  private static String read(String name) {
    String file = "/io/belfry/sfu/sdp/SdpParserTestInputs/neverThrows/" + name + ".sdp";
    try (InputStream in = PublicationTest.class.getResourceAsStream(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String withFingerprint(String line) {
    return OFFER.replaceAll("a=fingerprint:.*", line);
  }

  private String refusal(String offer, Map<String, TrackSource> sources) {
    return assertThrows(ApiException.class, () -> publication.answer(offer, sources)).code();
  }

  private static String fragment(String sdp) {
    return sdp.lines().filter(line -> line.startsWith("a=ice-ufrag")).findFirst().orElse("");
  }

  @Test
  void opensATransportWithTheTracks() {
    publication.answer(OFFER, Map.of());
    assertEquals(1, loop.all(Command.OpenTransport.class).size());
    assertEquals(1, loop.all(Command.SetRemoteFingerprint.class).size());
    assertEquals(2, loop.all(Command.Produce.class).size());
    assertEquals(
        List.of(TrackSource.MICROPHONE, TrackSource.CAMERA),
        publication.tracks().stream().map(PublishedTrack::source).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a=fingerprint:sha-1 AA:BB",
        "a=fingerprint:sha-256 AA:BB",
        "a=fingerprint:md2 AA:BB",
        "a=nothing"
      })
  void opensNothingForAFingerprintThatProvesNothing(String line) {
    for (int i = 0; i < 3; i++) {
      assertEquals("ERR_SDP_INVALID", refusal(withFingerprint(line), Map.of()));
    }
    assertEquals(List.of(), loop.commands);
  }

  @Test
  void changesNothingWhenASourceIsOfTheWrongKind() {
    assertEquals("ERR_BAD_REQUEST", refusal(OFFER, Map.of("1", TrackSource.MICROPHONE)));
    assertEquals(List.of(), loop.commands);

    publication.answer(OFFER, Map.of());
    List<Command> commands = List.copyOf(loop.commands);
    List<PublishedTrack> tracks = publication.tracks();
    String withoutAudio = OFFER.replaceFirst("a=sendonly", "a=inactive");
    assertEquals("ERR_BAD_REQUEST", refusal(withoutAudio, Map.of("1", TrackSource.MICROPHONE)));
    assertEquals(commands, loop.commands);
    assertEquals(tracks, publication.tracks());
  }

  @Test
  void endsTheTracksOfInactiveSectionsAndKeepsTheTransport() {
    publication.answer(OFFER, Map.of());
    publication.answer(OFFER.replace("a=sendonly", "a=inactive"), Map.of());
    assertEquals(List.of(), publication.tracks());
    assertEquals(2, loop.all(Command.CloseProducer.class).size());
    assertEquals(List.of(), loop.all(Command.CloseTransport.class));
    publication.answer(OFFER, Map.of());
    assertEquals(1, loop.all(Command.OpenTransport.class).size());
    assertEquals(2, publication.tracks().size());
  }

  @Test
  void endsTheTransportWhenEverySectionIsStopped() {
    String before = publication.answer(OFFER, Map.of());
    String answer = publication.answer(STOPPED, Map.of());
    assertTrue(answer.contains("m=audio 0 ") && answer.contains("m=video 0 "));
    assertEquals(List.of(), publication.tracks());
    assertEquals(
        loop.all(Command.OpenTransport.class).getFirst().transportId(),
        loop.all(Command.CloseTransport.class).getFirst().transportId());

    String after = publication.answer(OFFER, Map.of());
    assertEquals(2, loop.all(Command.OpenTransport.class).size());
    assertEquals(2, publication.tracks().size());
    assertNotEquals(fragment(before), fragment(after));
  }

  @Test
  void answersAStoppedOfferThatComesFirst() {
    assertTrue(publication.answer(STOPPED, Map.of()).contains("m=video 0 "));
    assertEquals(List.of(), loop.commands);
  }

  @Test
  void replacesTheTransportOfAnotherCertificate() {
    String before = publication.answer(OFFER, Map.of());
    String after = publication.answer(withFingerprint(NEW_CERTIFICATE), Map.of());
    assertEquals(2, loop.all(Command.OpenTransport.class).size());
    assertEquals(1, loop.all(Command.CloseTransport.class).size());
    assertEquals(4, loop.all(Command.Produce.class).size());
    assertNotEquals(fragment(before), fragment(after));
  }

  @Test
  void restartsIceForOtherCredentials() {
    String before = publication.answer(OFFER, Map.of());
    String after = publication.answer(OFFER.replace("a=ice-ufrag:", "a=ice-ufrag:x"), Map.of());
    assertEquals(1, loop.all(Command.OpenTransport.class).size());
    assertEquals(1, loop.all(Command.RestartIce.class).size());
    assertEquals(2, loop.all(Command.Produce.class).size());
    assertNotEquals(fragment(before), fragment(after));
  }

  @Test
  void closesATransportThatTheLoopTookOnlyHalf() {
    loop.isRefused = command -> command instanceof Command.SetRemoteFingerprint;
    assertEquals("ERR_OVERLOADED", refusal(OFFER, Map.of()));
    assertEquals(
        loop.all(Command.OpenTransport.class).getFirst().transportId(),
        loop.all(Command.CloseTransport.class).getFirst().transportId());
    assertFalse(loop.commands.isEmpty());
    assertEquals(List.of(), publication.tracks());
  }

  @Test
  void triesATrackAgainThatTheLoopCouldNotTake() {
    loop.isRefused = command -> command instanceof Command.Produce(_, var spec) && spec.isVideo();
    assertEquals("ERR_OVERLOADED", refusal(OFFER, Map.of()));
    loop.isRefused = _ -> false;
    publication.answer(OFFER, Map.of());
    assertEquals(1, loop.all(Command.OpenTransport.class).size());
    assertEquals(
        List.of(false, true),
        loop.all(Command.Produce.class).stream().map(it -> it.producer().isVideo()).toList());
  }
}
