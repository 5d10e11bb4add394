package io.belfry.sfu.whip;

import io.belfry.common.id.ParticipantId;
import io.belfry.common.id.SessionId;
import io.belfry.common.token.CallToken;
import io.belfry.common.token.CallTokenVerifier;
import io.belfry.http.ApiException;
import io.belfry.http.HttpHandler;
import io.belfry.http.HttpRequest;
import io.belfry.http.HttpResponse;
import io.belfry.http.Routes;
import io.belfry.sfu.participant.Participant;
import io.belfry.sfu.participant.Session;
import io.belfry.sfu.participant.Sessions;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// The HTTP resources of WHIP and WHEP: an endpoint for each session, and below it one resource for
/// each participant that came through it.
public final class WhipEndpoint {
  private static final String SDP = "application/sdp";
  private static final String RETRY_AFTER_SECONDS = "2";
  private static final Pattern PARTICIPANT_ID = Pattern.compile("[0-9a-f]{8}");

  /// The two protocols, which differ in the direction of media only.
  private enum Protocol {
    WHIP,
    WHEP;

    String path() {
      return "/" + name().toLowerCase(Locale.ROOT);
    }
  }

  private final Sessions sessions;
  private final Supplier<CallTokenVerifier> tokens;
  private final InstantSource clock;

  public WhipEndpoint(Sessions sessions, Supplier<CallTokenVerifier> tokens, InstantSource clock) {
    this.sessions = sessions;
    this.tokens = tokens;
    this.clock = clock;
  }

  public void contribute(Routes routes) {
    for (Protocol protocol : Protocol.values()) {
      String endpoint = protocol.path() + "/{sessionId}";
      String resource = endpoint + "/{participantId}";
      routes.add("POST", endpoint, told(request -> create(protocol, request)));
      routes.add("DELETE", resource, told(this::delete));
    }
  }

  /// Adds what HTTP wants to be said with a refusal.
  private static HttpHandler told(HttpHandler handler) {
    return request -> {
      try {
        return handler.handle(request);
      } catch (ApiException refusal) {
        HttpResponse answer = HttpResponse.error(refusal);
        return switch (refusal.status()) {
          case 401 -> answer.withHeader("www-authenticate", "Bearer realm=\"belfry\"");
          case 503 -> answer.withHeader("retry-after", RETRY_AFTER_SECONDS);
          default -> answer;
        };
      }
    };
  }

  private HttpResponse create(Protocol protocol, HttpRequest request) {
    CallToken token = token(request, clock.instant());
    String type = request.header("content-type");
    if (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase(SDP)) {
      throw new ApiException(
          415, "ERR_UNSUPPORTED_MEDIA_TYPE", "The body must be of the type " + SDP + ".");
    }
    String offer = new String(request.body(), StandardCharsets.UTF_8);
    Session.Entry entry =
        switch (protocol) {
          case WHIP -> {
            requireRight(token.mayPublish(), "publishing");
            yield sessions.enter(token).ingest(token, offer);
          }
          case WHEP -> {
            requireRight(token.maySubscribe(), "receiving");
            Set<String> wantedFrom = new HashSet<>(request.queryAll("participant"));
            yield sessions.enter(token).play(token, offer, wantedFrom);
          }
        };
    return new HttpResponse(
        201,
        Map.of(
            "content-type",
            SDP,
            "location",
            protocol.path() + "/" + token.sessionId() + "/" + entry.participant().id()),
        entry.answer().getBytes(StandardCharsets.UTF_8));
  }

  private static void requireRight(boolean isGiven, String doing) {
    if (!isGiven) {
      throw new ApiException(
          403, "ERR_NOT_PERMITTED", "The call token does not allow " + doing + ".");
    }
  }

  private HttpResponse delete(HttpRequest request) {
    Participant participant = participant(request);
    participant.session().leave(participant);
    return HttpResponse.empty(200);
  }

  /// Whose resource this is. Its token may have expired since: who is in stays in.
  private Participant participant(HttpRequest request) {
    CallToken token = token(request, Instant.EPOCH);
    String id = request.parameter("participantId");
    if (!PARTICIPANT_ID.matcher(id).matches()) {
      throw Routes.notFound(request.path());
    }
    Participant participant = sessions.get(token.sessionId()).participant(new ParticipantId(id));
    if (!participant.token().uid().equals(token.uid())) {
      throw new ApiException(403, "ERR_NOT_PERMITTED", "The call token is another user's.");
    }
    return participant;
  }

  /// The call token of a request, which must be for the session in its path (RFC 6750 §2.1).
  private CallToken token(HttpRequest request, Instant validAt) {
    String authorization = request.header("authorization");
    if (authorization == null || !authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
      throw new ApiException(
          401, "ERR_TOKEN_MISSING", "A call token is needed: Authorization: Bearer ….");
    }
    CallToken token =
        switch (tokens.get().verify(authorization.substring(7).strip(), validAt)) {
          case CallTokenVerifier.Result.Accepted(var accepted) -> accepted;
          case CallTokenVerifier.Result.Refused(var code, var message) ->
              throw new ApiException(401, code, message);
        };
    String session = request.parameter("sessionId");
    if (!SessionId.isValid(session) || !token.sessionId().equals(new SessionId(session))) {
      throw new ApiException(403, "ERR_NOT_PERMITTED", "The call token is for another session.");
    }
    return token;
  }
}
