package io.belfry.sfu.whip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.belfry.common.id.SessionId;
import io.belfry.common.media.CloseReason;
import io.belfry.common.media.MediaEvent;
import io.belfry.common.token.CallToken;
import io.belfry.common.token.CallTokenSigner;
import io.belfry.common.token.CallTokenVerifier;
import io.belfry.http.HttpRequest;
import io.belfry.http.HttpResponse;
import io.belfry.http.Json;
import io.belfry.http.Routes;
import io.belfry.sfu.control.Command;
import io.belfry.sfu.ice.IceServers;
import io.belfry.sfu.participant.LoopPort;
import io.belfry.sfu.participant.SessionLimits;
import io.belfry.sfu.participant.Sessions;
import io.belfry.sfu.sdp.Candidate;
import io.belfry.sfu.sdp.Fingerprint;
import io.belfry.sfu.sdp.LocalTransport;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("StringConcatToTextBlock") // the line ends are part of the protocol
final class WhipEndpointTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final CallTokenSigner SIGNER = CallTokenSigner.generate();
  private static final String SDP = "application/sdp";
  private static final String FRAGMENT = "application/trickle-ice-sdpfrag";

  private static final class Loop implements LoopPort {
    final List<Command> commands = new ArrayList<>();
    boolean isOverloaded;

    @Override
    public boolean offer(Command command) {
      return !isOverloaded && commands.add(command);
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
  private final Sessions sessions =
      new Sessions(
          List.of(loop),
          new SessionLimits(
              2,
              3,
              4,
              100,
              1,
              Duration.ofSeconds(30),
              Duration.ofSeconds(7),
              Duration.ofSeconds(2)),
          (local, port) ->
              new LocalTransport(
                  local.usernameFragment(),
                  local.password(),
                  new Fingerprint("sha-256", "AA" + ":BB".repeat(31)),
                  List.of(Candidate.udp("203.0.113.7", port))),
          InstantSource.fixed(NOW),
          new SecureRandom());
  private final BlockingQueue<MediaEvent> events = new LinkedBlockingQueue<>();
  private final Routes routes = new Routes();

  @BeforeEach
  void start() {
    sessions.onEvent(events::add);
    CallTokenVerifier verifier = new CallTokenVerifier(SIGNER.toPublicJwks());
    IceServers iceServers =
        new IceServers(
            List.of("stun:stun.example.org", "turn:turn.example.org"),
            "north",
            Duration.ofHours(1));
    new WhipEndpoint(sessions, () -> verifier, iceServers, InstantSource.fixed(NOW))
        .contribute(routes);
  }

  @AfterEach
  void stop() {
    sessions.close();
  }

  private static String token(String session, String uid, boolean publishes, boolean watches) {
    return SIGNER.sign(
        new CallToken(
            new SessionId(session), uid, uid, null, publishes, watches, true, NOW.plusSeconds(60)),
        NOW);
  }

  private static String token(String uid) {
    return token("s", uid, true, true);
  }

  /// A description of sections such as `audio sendonly`.
  private static String offer(String... sections) {
    StringBuilder mids = new StringBuilder();
    StringBuilder media = new StringBuilder();
    for (int i = 0; i < sections.length; i++) {
      String[] words = sections[i].split(" ", -1);
      mids.append(' ').append(i);
      media.append(
          switch (words[0]) {
            case "audio" -> "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\n";
            case "video" ->
                "m=video 0 UDP/TLS/RTP/SAVPF 96 97\r\na=bundle-only\r\na=rtpmap:96 VP8/90000\r\n"
                    + "a=rtcp-fb:96 nack pli\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n";
            case "h263" -> "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=rtpmap:96 H263/90000\r\n";
            case "data" -> "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n";
            default -> throw new IllegalArgumentException(sections[i]);
          });
      media.append("a=mid:").append(i).append("\r\na=rtcp-mux\r\na=rtcp-mux-only\r\n");
      media.append("a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n");
      if (words.length > 1) {
        media.append("a=").append(words[1]).append("\r\n");
      }
    }
    return "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE"
        + mids
        + "\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=setup:actpass\r\n"
        + "a=fingerprint:sha-256 00"
        + ":11".repeat(31)
        + "\r\n"
        + media;
  }

  private static String fragment(String ufrag) {
    return "a=ice-ufrag:"
        + ufrag
        + "\r\na=ice-pwd:0123456789012345678901\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n"
        + "a=candidate:1 1 udp 2122260223 f0e1.local 61764 typ host\r\na=end-of-candidates\r\n";
  }

  private HttpResponse ask(String method, String path, String body, String... headers)
      throws Exception {
    Map<String, List<String>> named = new HashMap<>();
    for (int i = 0; i < headers.length; i += 2) {
      named.put(headers[i], List.of(headers[i + 1]));
    }
    int question = path.indexOf('?');
    String bare = question < 0 ? path : path.substring(0, question);
    Map<String, List<String>> query = new HashMap<>();
    if (question >= 0) {
      for (String pair : path.substring(question + 1).split("&", -1)) {
        String[] parts = pair.split("=", 2);
        query.computeIfAbsent(parts[0], _ -> new ArrayList<>()).add(parts[1]);
      }
    }
    Routes.Match.Handler found = (Routes.Match.Handler) routes.match(method, bare);
    return found
        .handler()
        .handle(
            new HttpRequest(
                method,
                bare,
                found.parameters(),
                query,
                named,
                body.getBytes(StandardCharsets.UTF_8),
                InetSocketAddress.createUnresolved("client", 1)));
  }

  private HttpResponse post(String path, String token, String body) throws Exception {
    return ask("POST", path, body, "authorization", "Bearer " + token, "content-type", SDP);
  }

  private HttpResponse patch(HttpResponse created, String ifMatch, String body) throws Exception {
    return ask(
        "PATCH",
        header(created, "location"),
        body,
        "authorization",
        "Bearer " + token("u"),
        "content-type",
        FRAGMENT,
        "if-match",
        ifMatch);
  }

  private static String header(HttpResponse response, String name) {
    return Objects.requireNonNull(response.headers().get(name), name);
  }

  private static String text(HttpResponse response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  private static JsonNode error(HttpResponse response) {
    return Objects.requireNonNull(Json.parseObject(response.body()), text(response)).get("error");
  }

  private <T extends MediaEvent> T event(Class<T> kind) throws InterruptedException {
    while (true) {
      MediaEvent next = Objects.requireNonNull(events.poll(5, TimeUnit.SECONDS));
      if (kind.isInstance(next)) {
        return kind.cast(next);
      }
    }
  }

  @Test
  void publishingIsAnsweredWithEverythingThatAClientNeeds() throws Exception {
    HttpResponse created =
        post("/whip/s", token("u"), offer("audio sendonly", "video sendonly", "data"));
    assertEquals(201, created.status(), text(created));
    assertEquals(SDP, header(created, "content-type"));
    assertTrue(header(created, "location").matches("/whip/s/[0-9a-f]{32}"));
    assertTrue(header(created, "etag").matches("\"[^\"]{8}\""));
    assertEquals(FRAGMENT, header(created, "accept-patch"));
    String answer = text(created);
    assertTrue(answer.contains("a=group:BUNDLE 0 1\r\n"), answer);
    assertEquals(2, answer.split("a=recvonly", -1).length - 1, answer);
    assertEquals(2, answer.split("a=rtcp-mux-only", -1).length - 1, answer);
    assertTrue(answer.contains("m=application 0 UDP/DTLS/SCTP webrtc-datachannel"), answer);
    assertTrue(answer.contains("a=setup:passive"), answer);
    assertEquals(2, loop.all(Command.Produce.class).size());
  }

  /// Browsers hide their addresses behind names that only their own network can resolve.
  @Test
  void candidatesOfAnyKindAreTakenAndIgnored() throws Exception {
    String candidates =
        "a=candidate:1 1 udp 2122260223 6f1d2f5c-2e0b-4c39-9f7e-0d3a5b1c2d3e.local 61764 typ host\r\n"
            + "a=candidate:2 1 tcp 1518280447 6f1d2f5c-2e0b-4c39-9f7e-0d3a5b1c2d3e.local 9 typ host"
            + " tcptype active\r\na=candidate:3 1 udp 1 2001:db8::1 9 typ srflx raddr :: rport 9\r\n"
            + "a=candidate:what is this\r\na=end-of-candidates\r\n";
    HttpResponse created = post("/whip/s", token("u"), offer("audio sendonly") + candidates);
    assertEquals(201, created.status(), text(created));
    assertFalse(text(created).contains(".local"), text(created));
    HttpResponse watching = post("/whep/s", token("w"), offer("audio recvonly") + candidates);
    assertEquals(201, watching.status(), text(watching));
  }

  @Test
  void aPublisherIsAParticipantWhomOthersSeeComeAndGo() throws Exception {
    HttpResponse created = post("/whip/s", token("u"), offer("audio sendonly"));
    MediaEvent.UserJoined joined = event(MediaEvent.UserJoined.class);
    assertEquals("u", joined.participant().uid());
    assertFalse(joined.participant().isAudioMuted());
    assertTrue(joined.participant().isVideoMuted());
    String authorization = "Bearer " + token("u");
    String resource = header(created, "location");
    assertEquals(204, ask("GET", resource, "", "authorization", authorization).status());
    assertEquals(200, ask("DELETE", resource, "", "authorization", authorization).status());
    assertEquals("left", event(MediaEvent.UserLeft.class).reason());
    HttpResponse again = ask("DELETE", resource, "", "authorization", authorization);
    assertEquals(404, again.status());
    assertEquals("ERR_PARTICIPANT_NOT_FOUND", error(again).get("code").textValue());
  }

  @Test
  void theSessionsEndEndsTheResource() throws Exception {
    HttpResponse created = post("/whip/s", token("u"), offer("audio sendonly"));
    sessions.close(new SessionId("s"), CloseReason.of("over"));
    HttpResponse gone =
        ask("DELETE", header(created, "location"), "", "authorization", "Bearer " + token("u"));
    assertEquals(404, gone.status());
    assertEquals("ERR_SESSION_NOT_FOUND", error(gone).get("code").textValue());
  }

  @Test
  void aSessionThatATokenOpenedClosesWhenNobodyCameBack() throws Exception {
    HttpResponse created = post("/whip/s", token("u"), offer("audio sendonly"));
    ask("DELETE", header(created, "location"), "", "authorization", "Bearer " + token("u"));
    assertEquals("empty", event(MediaEvent.SessionClosed.class).reason().word());
    assertEquals(0, sessions.sessionCount());
    assertEquals(201, post("/whip/s", token("u"), offer("audio sendonly")).status());
  }

  @ParameterizedTest
  @CsvSource({
    // path,   token,   type,            accept,          offer,           status, code
    "/whip/s,  good,    application/sdp, */*,             audio sendrecv,  201,    ''",
    "/whip/s,  good,    Application/SDP; charset=utf-8, '', audio sendonly, 201,   ''",
    "/whip/s,  none,    application/sdp, '',              audio sendonly,  401,    ERR_TOKEN_MISSING",
    "/whip/s,  broken,  application/sdp, '',              audio sendonly,  401,    ERR_TOKEN_MALFORMED",
    "/whip/s,  expired, application/sdp, '',              audio sendonly,  401,    ERR_TOKEN_EXPIRED",
    "/whip/t,  good,    application/sdp, '',              audio sendonly,  403,    ERR_NOT_PERMITTED",
    "/whip/s,  watch,   application/sdp, '',              audio sendonly,  403,    ERR_NOT_PERMITTED",
    "/whep/s,  publish, application/sdp, '',              audio recvonly,  403,    ERR_NOT_PERMITTED",
    "/whip/s,  closed,  application/sdp, '',              audio sendonly,  404,    ERR_SESSION_NOT_FOUND",
    "/whip/s,  good,    application/sdp, application/json, audio sendonly, 406,    ERR_NOT_ACCEPTABLE",
    "/whip/s,  good,    text/plain,      '',              audio sendonly,  415,    ERR_UNSUPPORTED_MEDIA_TYPE",
    "/whip/s,  good,    '',              '',              audio sendonly,  415,    ERR_UNSUPPORTED_MEDIA_TYPE",
    "/whip/s,  good,    application/sdp, '',              '',              400,    ERR_SDP_INVALID",
    "/whip/s,  good,    application/sdp, '',              audio recvonly,  422,    ERR_SDP_INVALID",
    "/whip/s,  good,    application/sdp, '',              audio inactive,  422,    ERR_SDP_INVALID",
    "/whip/s,  good,    application/sdp, '',              h263 sendonly,   422,    ERR_SDP_INVALID",
    "/whip/s,  good,    application/sdp, '',              data,            422,    ERR_SDP_INVALID",
    "/whep/s,  good,    application/sdp, '',              audio sendonly,  422,    ERR_SDP_INVALID",
    "/whep/s,  good,    application/sdp, '',              h263 recvonly,   422,    ERR_SDP_INVALID",
    "/whep/s,  good,    application/sdp, '',              video sendrecv,  201,    ''",
  })
  void anOfferIsTakenOrRefusedWithItsReason(
      String path, String who, String type, String accept, String section, int status, String code)
      throws Exception {
    List<String> headers = new ArrayList<>();
    String token = tokenOf(who);
    if (token != null) {
      headers.addAll(List.of("authorization", "bearer " + token));
    }
    if (!type.isEmpty()) {
      headers.addAll(List.of("content-type", type));
    }
    if (!accept.isEmpty()) {
      headers.addAll(List.of("accept", accept));
    }
    String body = section.isEmpty() ? "not SDP" : offer(section);
    HttpResponse answer = ask("POST", path, body, headers.toArray(new String[0]));
    assertEquals(status, answer.status(), text(answer));
    if (status == 201) {
      return;
    }
    assertEquals(code, error(answer).get("code").textValue());
    assertFalse(error(answer).get("message").textValue().isEmpty());
    assertEquals(status == 401, answer.headers().containsKey("www-authenticate"));
    assertEquals(status == 415, answer.headers().containsKey("accept-post"));
    assertTrue(loop.all(Command.OpenTransport.class).isEmpty());
    assertNull(events.poll());
  }

  private static @Nullable String tokenOf(String who) {
    Instant later = NOW.plusSeconds(60);
    SessionId session = new SessionId("s");
    return switch (who) {
      case "none" -> null;
      case "broken" -> "x.y.z";
      case "expired" ->
          SIGNER.sign(new CallToken(session, "u", "u", null, true, true, true, NOW), NOW);
      case "watch" -> token("s", "u", false, true);
      case "publish" -> token("s", "u", true, false);
      case "closed" -> SIGNER.sign(new CallToken(session, "u", "u", null, true, true, later), NOW);
      default -> token("u");
    };
  }

  @Test
  void oneSectionThatCannotBeTakenRefusesTheWholeOffer() throws Exception {
    HttpResponse answer = post("/whip/s", token("u"), offer("audio sendonly", "h263 sendonly"));
    assertEquals(422, answer.status());
    assertEquals("NO_CODEC", error(answer).get("details").textValue());
    String unbundled = offer("audio sendonly", "video sendonly").replace("BUNDLE 0 1", "BUNDLE 0");
    answer = post("/whip/s", token("u"), unbundled);
    assertEquals("BAD_SECTIONS", error(answer).get("details").textValue());
    String unmuxed = offer("audio sendonly").replaceAll("a=rtcp-mux(-only)?\r\n", "");
    answer = post("/whip/s", token("u"), unmuxed);
    assertEquals("NO_RTCP_MUX", error(answer).get("details").textValue());
  }

  @Test
  void aFullOrOverloadedServerSaysWhenToTryAgain() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertEquals(201, post("/whip/s", token("u" + i), offer("audio sendonly")).status());
    }
    HttpResponse full = post("/whip/s", token("u"), offer("audio sendonly"));
    assertEquals(503, full.status());
    assertEquals("ERR_SESSION_FULL", error(full).get("code").textValue());
    assertEquals("2", header(full, "retry-after"));
    loop.isOverloaded = true;
    HttpResponse overloaded =
        post("/whip/other", token("other", "u", true, true), offer("audio sendonly"));
    assertEquals(503, overloaded.status());
    assertEquals("ERR_OVERLOADED", error(overloaded).get("code").textValue());
    assertEquals("2", header(overloaded, "retry-after"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/whip", "/whep"})
  void candidatesAreTakenAndOtherCredentialsRestartIce(String base) throws Exception {
    String direction = base.equals("/whip") ? "audio sendonly" : "audio recvonly";
    HttpResponse created = post(base + "/s", token("u"), offer(direction));
    String tag = header(created, "etag");
    HttpResponse trickled = patch(created, tag, fragment("abcd"));
    assertEquals(204, trickled.status(), text(trickled));
    assertFalse(trickled.headers().containsKey("etag"));
    assertTrue(loop.all(Command.RestartIce.class).isEmpty());

    HttpResponse restarted = patch(created, "*", fragment("efgh"));
    assertEquals(200, restarted.status(), text(restarted));
    assertEquals(FRAGMENT, header(restarted, "content-type"));
    String next = header(restarted, "etag");
    assertNotEquals(tag, next);
    Command.RestartIce restart = loop.all(Command.RestartIce.class).getFirst();
    String answer = text(restarted);
    assertTrue(
        answer.contains("a=ice-ufrag:" + restart.local().usernameFragment() + "\r\n"), answer);
    assertTrue(answer.contains("a=ice-pwd:" + restart.local().password() + "\r\n"), answer);
    assertTrue(answer.contains("a=candidate:1 1 udp "), answer);
    assertTrue(answer.startsWith("a=ice-lite\r\na=group:BUNDLE 0\r\nm=audio 9 "), answer);

    HttpResponse late = patch(created, tag, fragment("abcd"));
    assertEquals(412, late.status());
    assertEquals("ERR_PRECONDITION_FAILED", error(late).get("code").textValue());
    assertEquals(204, patch(created, next, fragment("efgh")).status());
    assertEquals(204, patch(created, "\"*\"", fragment("efgh")).status());
  }

  @ParameterizedTest
  @CsvSource({
    "application/trickle-ice-sdpfrag, '',     good, 428, ERR_PRECONDITION_REQUIRED",
    "application/trickle-ice-sdpfrag, W/\"a\", good, 412, ERR_PRECONDITION_FAILED",
    "application/trickle-ice-sdpfrag, '*',    bad,  400, ERR_SDP_INVALID",
    "application/trickle-ice-sdpfrag, '*',    none, 422, ERR_SDP_INVALID",
    "application/sdp,                 '*',    good, 415, ERR_UNSUPPORTED_MEDIA_TYPE",
  })
  void aFragmentThatIsNoneChangesNothing(
      String type, String ifMatch, String body, int status, String code) throws Exception {
    HttpResponse created = post("/whip/s", token("u"), offer("audio sendonly"));
    List<String> headers =
        new ArrayList<>(List.of("authorization", "Bearer " + token("u"), "content-type", type));
    if (!ifMatch.isEmpty()) {
      headers.addAll(List.of("if-match", ifMatch));
    }
    String text =
        switch (body) {
          case "bad" -> "hello";
          case "none" -> "a=ice-ufrag:efgh\r\n";
          default -> fragment("efgh");
        };
    HttpResponse answer =
        ask("PATCH", header(created, "location"), text, headers.toArray(new String[0]));
    assertEquals(status, answer.status(), text(answer));
    assertEquals(code, error(answer).get("code").textValue());
    assertTrue(loop.all(Command.RestartIce.class).isEmpty());
  }

  @Test
  void aResourceIsItsOwners() throws Exception {
    String resource = header(post("/whip/s", token("u"), offer("audio sendonly")), "location");
    assertEquals(401, ask("DELETE", resource, "").status());
    assertEquals(
        403, ask("DELETE", resource, "", "authorization", "Bearer " + token("v")).status());
    String asWatcher = resource.replace("/whip/", "/whep/");
    assertEquals(
        404, ask("DELETE", asWatcher, "", "authorization", "Bearer " + token("u")).status());
    String expired =
        SIGNER.sign(
            new CallToken(new SessionId("s"), "u", "u", null, true, true, NOW.minusSeconds(1)),
            NOW);
    assertEquals(200, ask("DELETE", resource, "", "authorization", "Bearer " + expired).status());
  }

  /// RFC 9725 §4.6. What lets somebody use a TURN server is for those alone who may come in.
  @Test
  void iceServersAreToldToWhoHasAToken() throws Exception {
    String authorization = "Bearer " + token("u");
    HttpResponse created = post("/whip/s", token("u"), offer("audio sendonly"));
    HttpResponse watching = post("/whep/s", token("u"), offer("audio recvonly"));
    HttpResponse asked = ask("OPTIONS", "/whip/s", "", "authorization", authorization);
    for (HttpResponse answer : List.of(created, watching, asked)) {
      List<String> links = header(answer, "link").lines().toList();
      assertEquals("<stun:stun.example.org>; rel=\"ice-server\"", links.get(0));
      String name = "username=\"" + NOW.plusSeconds(3600).getEpochSecond() + ":u\"";
      assertTrue(links.get(1).contains(name), links.get(1));
    }
    for (String who : List.of("none", "broken", "expired")) {
      String token = tokenOf(who);
      HttpResponse refused =
          token == null
              ? ask("OPTIONS", "/whip/s", "")
              : ask("OPTIONS", "/whip/s", "", "authorization", "Bearer " + token);
      assertEquals(200, refused.status());
      assertFalse(refused.headers().containsKey("link"));
    }
  }

  @Test
  void endpointsSayWhatTheyTake() throws Exception {
    HttpResponse endpoint = ask("OPTIONS", "/whip/s", "");
    assertEquals(200, endpoint.status());
    assertEquals(SDP, header(endpoint, "accept-post"));
    assertEquals(FRAGMENT, header(ask("OPTIONS", "/whep/s/x", ""), "accept-patch"));
    HttpResponse head = ask("HEAD", "/whep/s", "");
    assertEquals(200, head.status());
    assertEquals(SDP, header(head, "content-type"));
    assertEquals(0, head.body().length);
    assertTrue(routes.match("PUT", "/whip/s") instanceof Routes.Match.WrongMethod);
  }

  @Test
  void sectionsCarryWhoComesAndAreFreedForTheNext() throws Exception {
    HttpResponse watching = post("/whep/s", token("w"), offer("audio recvonly", "video recvonly"));
    assertEquals(201, watching.status(), text(watching));
    assertEquals(2, text(watching).split("a=sendonly", -1).length - 1, text(watching));
    assertTrue(loop.all(Command.Consume.class).isEmpty());

    HttpResponse first = post("/whip/s", token("a"), offer("audio sendonly", "video sendonly"));
    List<Integer> ssrcs = consumedSsrcs();
    assertEquals(2, ssrcs.size());
    for (int ssrc : ssrcs) {
      String line = "a=ssrc:" + Integer.toUnsignedString(ssrc) + " cname:";
      assertTrue(text(watching).contains(line), text(watching));
    }
    HttpResponse second = post("/whip/s", token("b"), offer("audio sendonly", "video sendonly"));
    assertEquals(201, second.status());
    assertEquals(2, consumedSsrcs().size(), "both sections are taken");

    String owner = "Bearer " + token("a");
    assertEquals(
        200, ask("DELETE", header(first, "location"), "", "authorization", owner).status());
    assertEquals(2, loop.all(Command.CloseConsumer.class).size());
    assertEquals(4, consumedSsrcs().size());
    assertEquals(ssrcs, consumedSsrcs().subList(2, 4));
    assertTrue(
        loop.all(Command.Consume.class).stream().allMatch(it -> it.consumer().isContinued()));
  }

  private List<Integer> consumedSsrcs() {
    return loop.all(Command.Consume.class).stream()
        .map(consume -> consume.consumer().plan().ssrc())
        .toList();
  }

  @Test
  void onlyTheParticipantsAskedForAreReceived() throws Exception {
    post("/whip/s", token("a"), offer("audio sendonly"));
    post("/whip/s", token("b"), offer("audio sendonly"));
    long b = loop.all(Command.Produce.class).get(1).producer().producerId();
    HttpResponse watching =
        post(
            "/whep/s?participant=b&participant=c",
            token("w"),
            offer("audio recvonly", "audio recvonly"));
    assertEquals(201, watching.status());
    assertEquals(
        List.of(b),
        loop.all(Command.Consume.class).stream()
            .map(consume -> consume.consumer().producerId())
            .toList());
  }

  @Test
  void whoIsHeardOnASeatIsSeenOnIt() throws Exception {
    post("/whip/s", token("a"), offer("audio sendonly"));
    post("/whip/s", token("b"), offer("video sendonly", "audio sendonly"));
    HttpResponse watching =
        post(
            "/whep/s",
            token("w"),
            offer("audio recvonly", "video recvonly", "audio recvonly", "video recvonly"));
    assertEquals(201, watching.status(), text(watching));
    List<Command.Consume> consumed = loop.all(Command.Consume.class);
    assertEquals(3, consumed.size());
    List<String> seats = consumed.stream().map(consume -> consume.consumer().cname()).toList();
    assertNotEquals(seats.get(0), seats.get(1));
    assertEquals(seats.get(1), seats.get(2));
  }
}
