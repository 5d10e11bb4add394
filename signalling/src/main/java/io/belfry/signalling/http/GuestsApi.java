package io.belfry.signalling.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.belfry.common.id.SessionId;
import io.belfry.common.token.GuestGrant;
import io.belfry.config.SignallingConfig;
import io.belfry.http.ApiException;
import io.belfry.http.Fields;
import io.belfry.http.HttpRequest;
import io.belfry.http.HttpResponse;
import io.belfry.http.Json;
import io.belfry.http.Routes;
import io.belfry.signalling.auth.Authenticator;
import io.belfry.signalling.auth.CallTokens;
import io.belfry.signalling.call.CallService;
import io.belfry.signalling.limit.Limits;
import io.belfry.signalling.ring.RingCall;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Links for guests (docs/decisions/0014): somebody in a call asks for a grant, and whoever has it
/// gets a call token for that session while the call goes on. Guests are no users: they have no
/// login, no device socket and no place in the call log.
public final class GuestsApi {
  private static final Logger log = LoggerFactory.getLogger(GuestsApi.class);

  private static final int MAX_GRANT_CHARS = 4096;
  private static final int MAX_NAME_CHARS = 60;
  private static final int UID_BYTES = 8;

  /// So that nobody passes for somebody of the house.
  private static final String NAME_SUFFIX = " (guest)";

  private final Callers callers;
  private final Authenticator authenticator;
  private final CallService calls;
  private final CallTokens tokens;
  private final Limits limits;
  private final SignallingConfig config;
  private final String sessionUrl;
  private final RandomGenerator random;
  private final Clock clock;

  /// @param sessionUrl where participants join
  public GuestsApi(
      Callers callers,
      Authenticator authenticator,
      CallService calls,
      CallTokens tokens,
      Limits limits,
      SignallingConfig config,
      String sessionUrl,
      RandomGenerator random,
      Clock clock) {
    this.callers = callers;
    this.authenticator = authenticator;
    this.calls = calls;
    this.tokens = tokens;
    this.limits = limits;
    this.config = config;
    this.sessionUrl = sessionUrl;
    this.random = random;
    this.clock = clock;
  }

  public void contribute(Routes routes) {
    routes.post("/v1/calls/{sessionId}/guest_link", this::invite).post("/v1/guests", this::join);
  }

  private HttpResponse invite(HttpRequest request) {
    String caller = callers.user(request).uid();
    requireAllowed();
    RingCall call = calls.requireJoinable(request.parameter("sessionId"), caller);
    Instant expiresAt = clock.instant().plus(config.guestLinkLifetime());
    log.info("guest.invited session={} by={}", call.sessionId(), caller);
    return HttpResponse.data(
        Json.object()
            .put("sessionId", call.sessionId().value())
            .put("grant", tokens.sign(new GuestGrant(call.sessionId(), caller, expiresAt)))
            .put("expiresAt", expiresAt.getEpochSecond()));
  }

  private HttpResponse join(HttpRequest request) {
    requireAllowed();
    InetAddress from = request.remoteAddress().getAddress();
    limits.guest(from);
    ObjectNode fields = request.json();
    String compact = Fields.text(fields, "grant", MAX_GRANT_CHARS);
    String name = Fields.text(fields, "name", MAX_NAME_CHARS).strip();
    GuestGrant grant = authenticator.requireGrant(compact, tokens, from);
    RingCall call = calls.requireJoinable(grant.sessionId().value(), grant.invitedBy());
    SessionId sessionId = call.sessionId();
    limits.guest(sessionId);
    String uid = nextUid();
    String shown = name + NAME_SUFFIX;
    log.info("guest.admitted session={} uid={} by={}", sessionId, uid, grant.invitedBy());
    return HttpResponse.data(
        Json.object()
            .put("sessionId", sessionId.value())
            .put("token", tokens.signGuest(sessionId, uid, shown))
            .put("url", sessionUrl)
            .put("uid", uid)
            .put("name", shown)
            .put("callType", call.type().word()));
  }

  private void requireAllowed() {
    if (!config.guestsAllowed()) {
      throw new ApiException(
          403, "ERR_GUESTS_NOT_ALLOWED", "This server does not take guests into calls.");
    }
  }

  private String nextUid() {
    byte[] bytes = new byte[UID_BYTES];
    random.nextBytes(bytes);
    return "guest-" + HexFormat.of().formatHex(bytes);
  }
}
