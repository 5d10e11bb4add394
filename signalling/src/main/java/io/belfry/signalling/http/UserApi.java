package io.belfry.signalling.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import io.belfry.signalling.presence.Devices;
import io.belfry.signalling.protocol.Shapes;
import io.belfry.signalling.ring.RingCall;
import io.belfry.signalling.store.Group;
import io.belfry.signalling.store.User;
import io.belfry.signalling.store.UserStore;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What users ask for, with their auth token in the header `authToken`.
public final class UserApi {
  private static final int MAX_CHARS = 4096;
  private static final int DEFAULT_LIMIT = 30;
  private static final int MAX_LIMIT = 100;

  private final Authenticator authenticator;
  private final UserStore users;
  private final Devices devices;
  private final CallService calls;
  private final CallTokens tokens;
  private final String sessionUrl;

  /// @param sessionUrl where participants join
  public UserApi(
      Authenticator authenticator,
      UserStore users,
      Devices devices,
      CallService calls,
      CallTokens tokens,
      String sessionUrl) {
    this.authenticator = authenticator;
    this.users = users;
    this.devices = devices;
    this.calls = calls;
    this.tokens = tokens;
    this.sessionUrl = sessionUrl;
  }

  public void contribute(Routes routes) {
    routes
        .post("/v1/login", this::login)
        .post("/v1/logout", this::logout)
        .get("/v1/me", this::me)
        .get("/v1/users", this::listUsers)
        .get("/v1/users/{uid}", this::user)
        .get("/v1/groups", this::listGroups)
        .get("/v1/groups/{guid}", this::group)
        .post("/v1/calls/{sessionId}/token", this::callToken);
  }

  /// Logs in with `{uid, authKey}`, or confirms `{authToken}`.
  private HttpResponse login(HttpRequest request) {
    ObjectNode fields = request.json();
    String authToken = Fields.optionalText(fields, "authToken", MAX_CHARS);
    String uid;
    if (authToken == null) {
      uid = Fields.text(fields, "uid", MAX_CHARS);
      authenticator.requireKey(
          Fields.optionalText(fields, "authKey", MAX_CHARS), Authenticator.AUTH);
      requireUser(uid);
      authToken = authenticator.issue(uid);
    } else {
      uid = authenticator.requireUser(authToken).uid();
    }
    ObjectNode data = Json.object();
    data.set("user", shape(requireUser(uid)));
    return HttpResponse.data(data.put("authToken", authToken));
  }

  private HttpResponse logout(HttpRequest request) {
    Login login = caller(request);
    authenticator.revoke(login);
    devices.closeLogins(login.uid(), login.tokenHash());
    return HttpResponse.data(Map.of());
  }

  private HttpResponse me(HttpRequest request) {
    return HttpResponse.data(Map.of("user", shape(requireUser(caller(request).uid()))));
  }

  private HttpResponse listUsers(HttpRequest request) {
    String caller = caller(request).uid();
    int limit = request.queryInteger("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
    List<User> page =
        users.listUsers(text(request, "after"), text(request, "search"), caller, limit + 1);
    boolean isMore = page.size() > limit;
    ArrayNode shapes = Json.array();
    page.stream().limit(limit).map(this::shape).forEach(shapes::add);
    ObjectNode data = Json.object();
    data.set("users", shapes);
    return HttpResponse.data(data.put("next", isMore ? page.get(limit - 1).uid() : null));
  }

  private HttpResponse user(HttpRequest request) {
    caller(request);
    return HttpResponse.data(Map.of("user", shape(requireUser(request.parameter("uid")))));
  }

  private HttpResponse listGroups(HttpRequest request) {
    List<ObjectNode> groups =
        users.groupsOf(caller(request).uid()).stream().map(Shapes::group).toList();
    return HttpResponse.data(Map.of("groups", groups));
  }

  private HttpResponse group(HttpRequest request) {
    String caller = caller(request).uid();
    Group group = requireGroup(users, request.parameter("guid"));
    if (!group.type().equals("public") && !users.isMember(group.guid(), caller)) {
      throw new ApiException(403, "ERR_NOT_A_MEMBER", "Only members see this group.");
    }
    return HttpResponse.data(Map.of("group", Shapes.group(group)));
  }

  private HttpResponse callToken(HttpRequest request) {
    User caller = requireUser(caller(request).uid());
    RingCall call = calls.requireJoinable(request.parameter("sessionId"), caller.uid());
    return HttpResponse.data(
        Json.object()
            .put("sessionId", call.sessionId().value())
            .put("token", tokens.sign(call.sessionId(), caller))
            .put("url", sessionUrl));
  }

  private Login caller(HttpRequest request) {
    return authenticator.requireUser(request.header("authToken"));
  }

  private User requireUser(String uid) {
    return requireUser(users, uid);
  }

  static User requireUser(UserStore users, String uid) {
    return users
        .findUser(uid)
        .orElseThrow(() -> new ApiException(404, "ERR_UID_NOT_FOUND", "There is no such user."));
  }

  static Group requireGroup(UserStore users, String guid) {
    return users
        .findGroup(guid)
        .orElseThrow(() -> new ApiException(404, "ERR_GUID_NOT_FOUND", "There is no such group."));
  }

  private ObjectNode shape(User user) {
    return Shapes.user(user, devices.isOnline(user.uid()));
  }

  private static String text(HttpRequest request, String name) {
    @Nullable String value = request.query(name);
    return value == null ? "" : value;
  }
}
