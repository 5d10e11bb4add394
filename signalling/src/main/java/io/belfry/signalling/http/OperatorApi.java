package io.belfry.signalling.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.belfry.http.ApiException;
import io.belfry.http.Fields;
import io.belfry.http.HttpRequest;
import io.belfry.http.HttpResponse;
import io.belfry.http.Json;
import io.belfry.http.Routes;
import io.belfry.signalling.auth.Authenticator;
import io.belfry.signalling.presence.Devices;
import io.belfry.signalling.protocol.Shapes;
import io.belfry.signalling.store.User;
import io.belfry.signalling.store.UserStore;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What operators and their servers ask for, with a key in the header `apikey`.
public final class OperatorApi {
  private static final Logger log = LoggerFactory.getLogger(OperatorApi.class);

  private static final int MAX_ID_CHARS = 100;
  private static final int MAX_NAME_CHARS = 200;
  private static final int MAX_URL_CHARS = 2048;
  private static final int MAX_MEMBERS_AT_ONCE = 1000;

  private final Authenticator authenticator;
  private final UserStore users;
  private final Devices devices;
  private final Clock clock;

  public OperatorApi(Authenticator authenticator, UserStore users, Devices devices, Clock clock) {
    this.authenticator = authenticator;
    this.users = users;
    this.devices = devices;
    this.clock = clock;
  }

  public void contribute(Routes routes) {
    routes
        .post("/v1/users", this::createUser)
        .post("/v1/users/{uid}/auth_tokens", this::issueToken)
        .delete("/v1/users/{uid}/auth_tokens", this::revokeTokens)
        .post("/v1/groups", this::createGroup)
        .post("/v1/groups/{guid}/members", this::addMembers);
  }

  private HttpResponse createUser(HttpRequest request) {
    requireOperator(request);
    ObjectNode fields = request.json();
    String role = Fields.optionalText(fields, "role", MAX_ID_CHARS);
    User user =
        new User(
            id(fields, "uid"),
            Fields.text(fields, "name", MAX_NAME_CHARS),
            url(fields, "avatar"),
            role == null ? User.DEFAULT_ROLE : role,
            null);
    if (!users.createUser(user, clock.instant())) {
      throw new ApiException(409, "ERR_UID_ALREADY_EXISTS", "There is a user with this uid.");
    }
    log.info("user.created uid={}", user.uid());
    return HttpResponse.data(Map.of("user", Shapes.user(user, devices.isOnline(user.uid()))));
  }

  private HttpResponse issueToken(HttpRequest request) {
    requireOperator(request);
    User user = UserApi.requireUser(users, request.parameter("uid"));
    return HttpResponse.data(
        Json.object().put("uid", user.uid()).put("authToken", authenticator.issue(user.uid())));
  }

  private HttpResponse revokeTokens(HttpRequest request) {
    requireOperator(request);
    User user = UserApi.requireUser(users, request.parameter("uid"));
    authenticator.revokeAllOf(user.uid());
    devices.closeLogins(user.uid(), null);
    log.info("user.logged_out uid={}", user.uid());
    return HttpResponse.data(Map.of());
  }

  private HttpResponse createGroup(HttpRequest request) {
    requireOperator(request);
    ObjectNode fields = request.json();
    String guid = id(fields, "guid");
    String name = Fields.text(fields, "name", MAX_NAME_CHARS);
    String type =
        fields.hasNonNull("type")
            ? Fields.oneOf(fields, "type", List.of("public", "private", "password"))
            : "public";
    if (!users.createGroup(guid, name, type, url(fields, "icon"), null, clock.instant())) {
      throw new ApiException(409, "ERR_GUID_ALREADY_EXISTS", "There is a group with this guid.");
    }
    log.info("group.created guid={}", guid);
    return HttpResponse.data(Map.of("group", Shapes.group(UserApi.requireGroup(users, guid))));
  }

  private HttpResponse addMembers(HttpRequest request) {
    requireOperator(request);
    String guid = UserApi.requireGroup(users, request.parameter("guid")).guid();
    List<String> uids = Fields.texts(request.json(), "uids", MAX_MEMBERS_AT_ONCE);
    Set<String> known = users.findUsers(uids).keySet();
    List<String> unknown = uids.stream().filter(uid -> !known.contains(uid)).toList();
    if (!unknown.isEmpty()) {
      throw new ApiException(
          404, "ERR_UID_NOT_FOUND", "Some users do not exist.", String.join(", ", unknown));
    }
    users.addMembers(guid, uids, clock.instant());
    return HttpResponse.data(Map.of());
  }

  private void requireOperator(HttpRequest request) {
    authenticator.requireKey(request.header("apikey"), Authenticator.FULL);
  }

  private static String id(ObjectNode fields, String name) {
    String id = Fields.text(fields, name, MAX_ID_CHARS);
    if (!User.isValidUid(id)) {
      throw ApiException.badRequest(
          "The field " + name + " must have 1 to 100 characters of A-Z a-z 0-9 . _ -.");
    }
    return id;
  }

  private static @Nullable String url(ObjectNode fields, String name) {
    String url = Fields.optionalText(fields, name, MAX_URL_CHARS);
    // Pages put it into an image: "javascript:" and the like have no business there.
    if (url != null && !url.startsWith("https://") && !url.startsWith("http://")) {
      throw ApiException.badRequest("The field " + name + " must be an http or https address.");
    }
    return url;
  }
}
