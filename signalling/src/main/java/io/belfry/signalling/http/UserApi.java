package io.belfry.signalling.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.belfry.common.id.SessionId;
import io.belfry.http.ApiException;
import io.belfry.http.Fields;
import io.belfry.http.HttpRequest;
import io.belfry.http.HttpResponse;
import io.belfry.http.Json;
import io.belfry.http.Routes;
import io.belfry.signalling.auth.Authenticator;
import io.belfry.signalling.auth.Authenticator.Login;
import io.belfry.signalling.auth.CallTokens;
import io.belfry.signalling.call.CallService;
import io.belfry.signalling.call.JoinGrants;
import io.belfry.signalling.limit.Limits;
import io.belfry.signalling.presence.Devices;
import io.belfry.signalling.protocol.Shapes;
import io.belfry.signalling.ring.RingCall;
import io.belfry.signalling.store.Group;
import io.belfry.signalling.store.User;
import io.belfry.signalling.store.UserStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// What users ask for, with their auth token in the header `authToken`. Operators may ask for users
/// and groups here as well, with the header `apikey`.
public final class UserApi {
  private static final int MAX_CHARS = 16_384;

  /// Long enough to try devices and connection, too short to hold a meeting by it.
  private static final Duration TEST_SESSION_LIFETIME = Duration.ofMinutes(1);

  private final Callers callers;
  private final Authenticator authenticator;
  private final UserStore users;
  private final Devices devices;
  private final CallService calls;
  private final CallTokens tokens;
  private final JoinGrants grants;
  private final String sessionUrl;
  private final Limits limits;

  /// @param sessionUrl where participants join
  public UserApi(
      Callers callers,
      Authenticator authenticator,
      UserStore users,
      Devices devices,
      CallService calls,
      CallTokens tokens,
      JoinGrants grants,
      String sessionUrl,
      Limits limits) {
    this.callers = callers;
    this.authenticator = authenticator;
    this.users = users;
    this.devices = devices;
    this.calls = calls;
    this.tokens = tokens;
    this.grants = grants;
    this.sessionUrl = sessionUrl;
    this.limits = limits;
  }

  public void contribute(Routes routes) {
    routes
        .post("/v1/login", this::login)
        .post("/v1/logout", this::logout)
        .get("/v1/me", this::me)
        .put("/v1/me", this::updateMe)
        .post("/v1/me/test_session", this::testSession)
        .get("/v1/users", this::listUsers)
        .get("/v1/users/{uid}", this::user)
        .get("/v1/groups", this::listGroups)
        .get("/v1/groups/{guid}", this::group)
        .get("/v1/groups/{guid}/members", this::members)
        .post("/v1/calls/{sessionId}/token", this::callToken);
  }

  /// Logs in with `{uid, authKey}`, or confirms `{authToken}`.
  private HttpResponse login(HttpRequest request) {
    ObjectNode fields = request.json();
    var from = request.remoteAddress().getAddress();
    String authToken = Fields.optionalText(fields, "authToken", MAX_CHARS);
    String uid;
    if (authToken == null) {
      uid = Fields.text(fields, "uid", MAX_CHARS);
      authenticator.requireKey(
          Fields.optionalText(fields, "authKey", MAX_CHARS), from, Set.of(Authenticator.AUTH));
      Input.requireUser(users, uid);
      authToken = authenticator.issue(uid);
    } else {
      uid = authenticator.requireUser(authToken, from).uid();
    }
    ObjectNode data = Json.object();
    data.set("user", shape(Input.requireUser(users, uid)));
    return HttpResponse.data(data.put("authToken", authToken));
  }

  private HttpResponse logout(HttpRequest request) {
    Login login = callers.user(request);
    authenticator.revoke(login);
    devices.closeLogins(login.uid(), login.tokenHash());
    return HttpResponse.data(Map.of());
  }

  private HttpResponse me(HttpRequest request) {
    String caller = callers.user(request).uid();
    return HttpResponse.data(Map.of("user", shape(Input.requireUser(users, caller))));
  }

  /// A user may change its name and avatar; roles are the operator's to give.
  private HttpResponse updateMe(HttpRequest request) {
    User before = Input.requireUser(users, callers.user(request).uid());
    ObjectNode fields = request.json();
    User next =
        new User(
            before.uid(),
            fields.hasNonNull("name")
                ? Fields.text(fields, "name", Input.MAX_NAME_CHARS)
                : before.name(),
            fields.has("avatar") ? Input.url(fields, "avatar") : before.avatar(),
            before.role(),
            before.lastActiveAt());
    users.updateUser(next);
    return HttpResponse.data(Map.of("user", shape(next)));
  }

  private HttpResponse listUsers(HttpRequest request) {
    String without = callerOrOperator(request);
    int limit = Input.limit(request);
    List<User> page =
        users.listUsers(
            Input.queryText(request, "after"),
            Input.queryText(request, "search"),
            without,
            Input.queryText(request, "role"),
            limit + 1);
    return HttpResponse.data(page("users", page, limit));
  }

  /// The caller's uid; empty for an operator, who is no user.
  private String callerOrOperator(HttpRequest request) {
    if (callers.isOperator(request)) {
      callers.reader(request);
      return "";
    }
    return callers.user(request).uid();
  }

  /// @param found one more than the page has, if there is one
  private ObjectNode page(String name, List<User> found, int limit) {
    ArrayNode shapes = Json.array();
    found.stream().limit(limit).map(this::shape).forEach(shapes::add);
    ObjectNode data = Json.object();
    data.set(name, shapes);
    return data.put("next", found.size() > limit ? found.get(limit - 1).uid() : null);
  }

  private HttpResponse user(HttpRequest request) {
    callerOrOperator(request);
    return HttpResponse.data(
        Map.of("user", shape(Input.requireUser(users, request.parameter("uid")))));
  }

  /// An operator sees all groups, a user those it is in.
  private HttpResponse listGroups(HttpRequest request) {
    String caller = callerOrOperator(request);
    if (!caller.isEmpty()) {
      List<ObjectNode> groups = users.groupsOf(caller).stream().map(Shapes::group).toList();
      ObjectNode data = Json.object();
      data.set("groups", Json.toTree(groups));
      return HttpResponse.data(data.putNull("next"));
    }
    int limit = Input.limit(request);
    List<Group> found =
        users.listGroups(
            Input.queryText(request, "after"), Input.queryText(request, "search"), limit + 1);
    ObjectNode data = Json.object();
    data.set("groups", Json.toTree(found.stream().limit(limit).map(Shapes::group).toList()));
    return HttpResponse.data(
        data.put("next", found.size() > limit ? found.get(limit - 1).guid() : null));
  }

  private HttpResponse group(HttpRequest request) {
    return HttpResponse.data(Map.of("group", Shapes.group(visibleGroup(request))));
  }

  private HttpResponse members(HttpRequest request) {
    Group group = visibleGroup(request);
    int limit = Input.limit(request);
    return HttpResponse.data(
        page(
            "members",
            users.listMembers(group.guid(), Input.queryText(request, "after"), limit + 1),
            limit));
  }

  private Group visibleGroup(HttpRequest request) {
    String caller = callerOrOperator(request);
    Group group = Input.requireGroup(users, request.parameter("guid"));
    if (!caller.isEmpty()
        && !group.type().equals("public")
        && !users.isMember(group.guid(), caller)) {
      throw new ApiException(403, "ERR_NOT_A_MEMBER", "Only members see this group.");
    }
    return group;
  }

  private HttpResponse callToken(HttpRequest request) {
    User caller = Input.requireUser(users, callers.user(request).uid());
    RingCall call = calls.requireJoinable(request.parameter("sessionId"), caller.uid());
    return HttpResponse.data(grants.grant(call.sessionId(), caller));
  }

  /// A session of the user's own, to try devices and connection in.
  private HttpResponse testSession(HttpRequest request) {
    User caller = Input.requireUser(users, callers.user(request).uid());
    limits.call(caller.uid());
    SessionId sessionId = new SessionId("test." + UUID.randomUUID());
    return HttpResponse.data(
        Json.object()
            .put("sessionId", sessionId.value())
            .put("token", tokens.signOpening(sessionId, caller, TEST_SESSION_LIFETIME))
            .put("url", sessionUrl));
  }

  private ObjectNode shape(User user) {
    return Shapes.user(user, devices.isOnline(user.uid()));
  }
}
