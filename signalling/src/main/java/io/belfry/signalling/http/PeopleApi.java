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
import io.belfry.signalling.call.CallService;
import io.belfry.signalling.presence.Devices;
import io.belfry.signalling.protocol.Shapes;
import io.belfry.signalling.store.CredentialStore;
import io.belfry.signalling.store.CredentialStore.AuthTokenInfo;
import io.belfry.signalling.store.Group;
import io.belfry.signalling.store.User;
import io.belfry.signalling.store.UserStore;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Users, their auth tokens, groups and their members, as operators change them; and, where the
/// settings let them, users their own groups.
public final class PeopleApi {
  private static final Logger log = LoggerFactory.getLogger(PeopleApi.class);

  private static final int MAX_MEMBERS_AT_ONCE = 1000;

  /// Enough of a token's hash to tell a user's tokens apart.
  private static final int TOKEN_ID_CHARS = 16;

  private final Callers callers;
  private final Authenticator authenticator;
  private final CredentialStore credentials;
  private final UserStore users;
  private final Devices devices;
  private final CallService calls;
  private final boolean usersManageGroups;
  private final Clock clock;

  public PeopleApi(
      Callers callers,
      Authenticator authenticator,
      CredentialStore credentials,
      UserStore users,
      Devices devices,
      CallService calls,
      boolean usersManageGroups,
      Clock clock) {
    this.callers = callers;
    this.authenticator = authenticator;
    this.credentials = credentials;
    this.users = users;
    this.devices = devices;
    this.calls = calls;
    this.usersManageGroups = usersManageGroups;
    this.clock = clock;
  }

  public void contribute(Routes routes) {
    routes
        .post("/v1/users", this::createUser)
        .put("/v1/users/{uid}", this::updateUser)
        .delete("/v1/users/{uid}", this::deleteUser)
        .post("/v1/users/{uid}/auth_tokens", this::issueToken)
        .get("/v1/users/{uid}/auth_tokens", this::listTokens)
        .delete("/v1/users/{uid}/auth_tokens", this::revokeTokens)
        .delete("/v1/users/{uid}/auth_tokens/{tokenId}", this::revokeToken)
        .post("/v1/groups", this::createGroup)
        .put("/v1/groups/{guid}", this::updateGroup)
        .delete("/v1/groups/{guid}", this::deleteGroup)
        .post("/v1/groups/{guid}/members", this::addMembers)
        .delete("/v1/groups/{guid}/members/{uid}", this::removeMember);
  }

  // ---- users

  private HttpResponse createUser(HttpRequest request) {
    callers.operator(request);
    ObjectNode fields = request.json();
    String role = Fields.optionalText(fields, "role", Input.MAX_ID_CHARS);
    User user =
        new User(
            Input.id(fields, "uid"),
            Fields.text(fields, "name", Input.MAX_NAME_CHARS),
            Input.url(fields, "avatar"),
            role == null ? User.DEFAULT_ROLE : role,
            null);
    if (!users.createUser(user, clock.instant())) {
      throw new ApiException(409, "ERR_UID_ALREADY_EXISTS", "There is a user with this uid.");
    }
    log.info("user.created uid={}", user.uid());
    return answer(user);
  }

  /// Changes the fields that are there; `null` takes the avatar away.
  private HttpResponse updateUser(HttpRequest request) {
    callers.operator(request);
    User before = Input.requireUser(users, request.parameter("uid"));
    ObjectNode fields = request.json();
    User next =
        new User(
            before.uid(),
            orBefore(Fields.optionalText(fields, "name", Input.MAX_NAME_CHARS), before.name()),
            fields.has("avatar") ? Input.url(fields, "avatar") : before.avatar(),
            orBefore(Fields.optionalText(fields, "role", Input.MAX_ID_CHARS), before.role()),
            before.lastActiveAt());
    if (!users.updateUser(next)) {
      throw new ApiException(404, "ERR_UID_NOT_FOUND", "There is no such user.");
    }
    log.info("user.updated uid={}", next.uid());
    return answer(next);
  }

  private static String orBefore(@Nullable String given, String before) {
    if (given != null && given.isBlank()) {
      throw ApiException.badRequest("A field is empty that must not be.");
    }
    return given == null ? before : given;
  }

  /// Ends what the user is in, logs it out everywhere and forgets it; calls keep its uid.
  private HttpResponse deleteUser(HttpRequest request) {
    callers.operator(request);
    User user = Input.requireUser(users, request.parameter("uid"));
    calls.leaveAll(user.uid());
    users.deleteUser(user.uid());
    devices.closeLogins(user.uid(), null);
    log.info("user.deleted uid={}", user.uid());
    return HttpResponse.data(Map.of());
  }

  private HttpResponse answer(User user) {
    return HttpResponse.data(Map.of("user", Shapes.user(user, devices.isOnline(user.uid()))));
  }

  // ---- auth tokens

  private HttpResponse issueToken(HttpRequest request) {
    callers.operator(request);
    User user = Input.requireUser(users, request.parameter("uid"));
    return HttpResponse.data(
        Json.object().put("uid", user.uid()).put("authToken", authenticator.issue(user.uid())));
  }

  private HttpResponse listTokens(HttpRequest request) {
    callers.reader(request);
    User user = Input.requireUser(users, request.parameter("uid"));
    ArrayNode tokens = Json.array();
    for (AuthTokenInfo token : credentials.authTokensOf(user.uid(), clock.instant())) {
      tokens.add(
          Json.object()
              .put("id", idOf(token))
              .put("createdAt", token.createdAt().getEpochSecond())
              .put("expiresAt", token.expiresAt().getEpochSecond()));
    }
    return HttpResponse.data(Map.of("tokens", tokens));
  }

  private HttpResponse revokeTokens(HttpRequest request) {
    callers.operator(request);
    User user = Input.requireUser(users, request.parameter("uid"));
    authenticator.revokeAllOf(user.uid());
    devices.closeLogins(user.uid(), null);
    log.info("user.logged_out uid={}", user.uid());
    return HttpResponse.data(Map.of());
  }

  private HttpResponse revokeToken(HttpRequest request) {
    callers.operator(request);
    User user = Input.requireUser(users, request.parameter("uid"));
    AuthTokenInfo token =
        credentials.authTokensOf(user.uid(), clock.instant()).stream()
            .filter(each -> idOf(each).equals(request.parameter("tokenId")))
            .findFirst()
            .orElseThrow(() ->
                new ApiException(
                    404, "AUTH_ERR_AUTH_TOKEN_NOT_FOUND", "The user has no such token."));
    credentials.removeAuthToken(token.tokenHash());
    devices.closeLogins(user.uid(), token.tokenHash());
    return HttpResponse.data(Map.of());
  }

  private static String idOf(AuthTokenInfo token) {
    return token.tokenHash().substring(0, TOKEN_ID_CHARS);
  }

  // ---- groups

  /// The user who wants to change a group; null for an operator.
  private @Nullable String userOrOperator(HttpRequest request) {
    if (callers.isOperator(request)) {
      callers.operator(request);
      return null;
    }
    String uid = callers.user(request).uid();
    if (!usersManageGroups) {
      throw new ApiException(403, "AUTH_ERR_NO_ACCESS", "Only operators change groups here.");
    }
    return uid;
  }

  /// A user who makes one owns it and is its first member.
  private HttpResponse createGroup(HttpRequest request) {
    String user = userOrOperator(request);
    ObjectNode fields = request.json();
    String guid = Input.id(fields, "guid");
    String name = Fields.text(fields, "name", Input.MAX_NAME_CHARS);
    String type =
        fields.hasNonNull("type") ? Fields.oneOf(fields, "type", Input.GROUP_TYPES) : "public";
    if (user != null && type.equals("password")) {
      throw ApiException.badRequest("Groups with a password are not provided.");
    }
    String owner = user == null ? owner(fields, null) : user;
    if (!users.createGroup(guid, name, type, Input.url(fields, "icon"), owner, clock.instant())) {
      throw new ApiException(409, "ERR_GUID_ALREADY_EXISTS", "There is a group with this guid.");
    }
    if (user != null) {
      users.addMembers(guid, List.of(user), clock.instant());
    }
    log.info("group.created guid={}", guid);
    return answer(Input.requireGroup(users, guid));
  }

  private @Nullable String owner(ObjectNode fields, @Nullable String before) {
    if (!fields.has("owner")) {
      return before;
    }
    String owner = Fields.optionalText(fields, "owner", Input.MAX_ID_CHARS);
    if (owner != null) {
      Input.requireUser(users, owner);
    }
    return owner;
  }

  private HttpResponse updateGroup(HttpRequest request) {
    callers.operator(request);
    Group before = Input.requireGroup(users, request.parameter("guid"));
    ObjectNode fields = request.json();
    Group next =
        new Group(
            before.guid(),
            orBefore(Fields.optionalText(fields, "name", Input.MAX_NAME_CHARS), before.name()),
            fields.hasNonNull("type")
                ? Fields.oneOf(fields, "type", Input.GROUP_TYPES)
                : before.type(),
            fields.has("icon") ? Input.url(fields, "icon") : before.icon(),
            owner(fields, before.owner()),
            before.membersCount());
    if (!users.updateGroup(next)) {
      throw new ApiException(404, "ERR_GUID_NOT_FOUND", "There is no such group.");
    }
    log.info("group.updated guid={}", next.guid());
    return answer(next);
  }

  /// A call that the group has goes on: its participants are in it by themselves.
  private HttpResponse deleteGroup(HttpRequest request) {
    callers.operator(request);
    Group group = Input.requireGroup(users, request.parameter("guid"));
    users.deleteGroup(group.guid());
    log.info("group.deleted guid={}", group.guid());
    return HttpResponse.data(Map.of());
  }

  private static HttpResponse answer(Group group) {
    return HttpResponse.data(Map.of("group", Shapes.group(group)));
  }

  /// A user adds anybody to a group of its own, and itself to a public one.
  private HttpResponse addMembers(HttpRequest request) {
    String user = userOrOperator(request);
    Group group = Input.requireGroup(users, request.parameter("guid"));
    String guid = group.guid();
    List<String> uids = Fields.texts(request.json(), "uids", MAX_MEMBERS_AT_ONCE);
    if (user != null
        && !user.equals(group.owner())
        && !(group.type().equals("public") && uids.equals(List.of(user)))) {
      throw new ApiException(
          403, "AUTH_ERR_NO_ACCESS", "Only the owner adds others, or anybody to this group.");
    }
    Input.requireUsers(users, uids);
    users.addMembers(guid, uids, clock.instant());
    return answer(Input.requireGroup(users, guid));
  }

  /// A user takes anybody out of a group of its own, and itself out of any.
  private HttpResponse removeMember(HttpRequest request) {
    String user = userOrOperator(request);
    Group group = Input.requireGroup(users, request.parameter("guid"));
    String guid = group.guid();
    String uid = request.parameter("uid");
    if (user != null && !user.equals(group.owner()) && !user.equals(uid)) {
      throw new ApiException(403, "AUTH_ERR_NO_ACCESS", "Only the owner takes others out.");
    }
    if (!users.removeMember(guid, uid)) {
      throw new ApiException(404, "ERR_NOT_A_MEMBER", "The group has no such member.");
    }
    return answer(Input.requireGroup(users, guid));
  }
}
