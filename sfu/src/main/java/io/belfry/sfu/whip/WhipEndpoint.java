package io.belfry.sfu.whip;

import io.belfry.common.id.SessionId;
import io.belfry.common.token.CallToken;
import io.belfry.common.token.CallTokenVerifier;
import io.belfry.http.ApiException;
import io.belfry.http.HttpHandler;
import io.belfry.http.HttpRequest;
import io.belfry.http.HttpResponse;
import io.belfry.http.Routes;
import io.belfry.sfu.ice.IceServers;
import io.belfry.sfu.participant.Access;
import io.belfry.sfu.participant.HttpAccess;
import io.belfry.sfu.participant.Participant;
import io.belfry.sfu.participant.Session;
import io.belfry.sfu.participant.Sessions;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// The HTTP resources of WHIP and WHEP: an endpoint for each session, and below it one resource for
/// each participant that came through it, under a name that nobody can guess.
public final class WhipEndpoint {
  private static final String SDP = "application/sdp";
  private static final String FRAGMENT = "application/trickle-ice-sdpfrag";
  private static final String RETRY_AFTER_SECONDS = "2";

  private final Sessions sessions;
  private final Supplier<CallTokenVerifier> tokens;
  private final IceServers iceServers;
  private final InstantSource clock;

  /// @param tokens checks call tokens; asked at every request, since keys are replaced
  public WhipEndpoint(
      Sessions sessions,
      Supplier<CallTokenVerifier> tokens,
      IceServers iceServers,
      InstantSource clock) {
    this.sessions = sessions;
    this.tokens = tokens;
    this.iceServers = iceServers;
    this.clock = clock;
  }

  public void contribute(Routes routes) {
    contribute(routes, "/whip", Access.WHIP);
    contribute(routes, "/whep", Access.WHEP);
  }

  private void contribute(Routes routes, String base, Access access) {
    String endpoint = base + "/{sessionId}";
    String resource = endpoint + "/{key}";
    routes
        .add("POST", endpoint, refusing(request -> create(base, access, request)))
        // An endpoint represents nothing (RFC 9725 §4.1), but players ask it what it is.
        .add("GET", endpoint, _ -> HttpResponse.empty(200).withHeader("content-type", SDP))
        .add("OPTIONS", endpoint, this::endpointOptions)
        .add("GET", resource, refusing(request -> look(access, request)))
        .add("PATCH", resource, refusing(request -> patch(access, request)))
        .add("DELETE", resource, refusing(request -> delete(access, request)))
        .add(
            "OPTIONS",
            resource,
            _ -> options("accept-patch", FRAGMENT, "DELETE, GET, HEAD, OPTIONS, PATCH"));
  }

  /// Who shows a call token learns the ICE servers before it makes its offer (RFC 9725 §4.6).
  /// Others, such as a browser's preflight request, which never has one, learn what can be done
  /// here.
  private HttpResponse endpointOptions(HttpRequest request) {
    HttpResponse answer = options("accept-post", SDP, "GET, HEAD, OPTIONS, POST");
    try {
      return withIceServers(answer, token(request, clock.instant()));
    } catch (ApiException e) {
      return answer;
    }
  }

  private HttpResponse withIceServers(HttpResponse answer, CallToken token) {
    String links = iceServers.links(token.uid(), clock.instant());
    return links.isEmpty() ? answer : answer.withHeader("link", links);
  }

  private static HttpResponse options(String accepting, String type, String allowed) {
    return HttpResponse.empty(200).withHeader(accepting, type).withHeader("allow", allowed);
  }

  /// Adds what HTTP wants to be said with a refusal.
  private static HttpHandler refusing(HttpHandler handler) {
    return request -> {
      try {
        return handler.handle(request);
      } catch (ApiException refusal) {
        HttpResponse answer = HttpResponse.error(refusal);
        return switch (refusal.status()) {
          case 401 -> answer.withHeader("www-authenticate", challenge(refusal));
          case 415 -> answer.withHeader(acceptHeader(request), acceptedType(request));
          case 503 -> answer.withHeader("retry-after", RETRY_AFTER_SECONDS);
          default -> answer;
        };
      }
    };
  }

  /// RFC 6750 §3: no error code for who brought no token at all.
  private static String challenge(ApiException refusal) {
    return refusal.code().equals("ERR_TOKEN_MISSING")
        ? "Bearer realm=\"belfry\""
        : "Bearer realm=\"belfry\", error=\"invalid_token\"";
  }

  private static String acceptHeader(HttpRequest request) {
    return request.method().equals("PATCH") ? "accept-patch" : "accept-post";
  }

  private static String acceptedType(HttpRequest request) {
    return request.method().equals("PATCH") ? FRAGMENT : SDP;
  }

  private HttpResponse create(String base, Access access, HttpRequest request) {
    CallToken token = token(request, clock.instant());
    boolean isPublishing = access == Access.WHIP;
    if (isPublishing ? !token.mayPublish() : !token.maySubscribe()) {
      throw new ApiException(
          403,
          "ERR_NOT_PERMITTED",
          "The call token does not allow " + (isPublishing ? "publishing." : "receiving."));
    }
    requireType(request);
    requireAccepted(access, request);
    String offer = new String(request.body(), StandardCharsets.UTF_8);
    Session session = sessions.enter(token);
    HttpAccess.Entry entry;
    if (isPublishing) {
      entry = session.http().ingest(token, offer);
    } else {
      Set<String> wantedFrom = new HashSet<>(request.queryAll("participant"));
      entry = session.http().play(token, offer, wantedFrom);
    }
    Participant participant = entry.participant();
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("content-type", SDP);
    headers.put("location", base + "/" + token.sessionId() + "/" + participant.resumeKey());
    headers.put("etag", quoted(entry.iceTag()));
    headers.put("accept-patch", FRAGMENT);
    headers.put("cache-control", "no-store");
    byte[] answer = entry.answer().getBytes(StandardCharsets.UTF_8);
    return withIceServers(new HttpResponse(201, headers, answer), token);
  }

  private HttpResponse look(Access access, HttpRequest request) {
    Participant guest = guest(access, request);
    return HttpResponse.empty(204)
        .withHeader("etag", quoted(guest.session().http().iceTag(guest)))
        .withHeader("cache-control", "no-store");
  }

  /// RFC 9725 §4.3: candidates, or a restart of ICE.
  private HttpResponse patch(Access access, HttpRequest request) {
    Participant guest = guest(access, request);
    requireType(request);
    EntityTags expected = EntityTags.of(request.header("if-match"));
    if (expected.isEmpty()) {
      throw new ApiException(
          428, "ERR_PRECONDITION_REQUIRED", "The header If-Match must name the ICE session.");
    }
    String fragment = new String(request.body(), StandardCharsets.UTF_8);
    HttpAccess.IceResult result =
        guest.session().http().updateIce(guest, fragment, expected::match);
    if (result.answer().isEmpty()) {
      return HttpResponse.empty(204);
    }
    return new HttpResponse(
        200,
        Map.of("content-type", FRAGMENT, "etag", quoted(result.tag()), "cache-control", "no-store"),
        result.answer().get().getBytes(StandardCharsets.UTF_8));
  }

  private HttpResponse delete(Access access, HttpRequest request) {
    Participant guest = guest(access, request);
    guest.session().leave(guest);
    return HttpResponse.empty(200);
  }

  /// Whose resource this is. Its token may have expired since: who is in stays in.
  private Participant guest(Access access, HttpRequest request) {
    CallToken token = token(request, Instant.EPOCH);
    Participant guest =
        sessions.get(token.sessionId()).http().find(access, request.parameter("key"));
    if (!guest.token().uid().equals(token.uid())) {
      throw new ApiException(403, "ERR_NOT_PERMITTED", "The call token is another user's.");
    }
    return guest;
  }

  private static void requireType(HttpRequest request) {
    String type = request.header("content-type");
    String wanted = acceptedType(request);
    if (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase(wanted)) {
      throw new ApiException(
          415, "ERR_UNSUPPORTED_MEDIA_TYPE", "The body must be of the type " + wanted + ".");
    }
  }

  /// Only for WHIP: to a WHEP player, 406 means that an offer of the server follows.
  private static void requireAccepted(Access access, HttpRequest request) {
    String accept = request.header("accept");
    if (access == Access.WHIP
        && accept != null
        && !accept.contains(SDP)
        && !accept.contains("application/*")
        && !accept.contains("*/*")) {
      throw new ApiException(406, "ERR_NOT_ACCEPTABLE", "The answer is of the type " + SDP + ".");
    }
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

  private static String quoted(String tag) {
    return '"' + tag + '"';
  }
}
