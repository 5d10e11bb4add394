package io.belfry.signalling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.belfry.signalling.timer.ManualTimers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The REST routes of docs/protocol.md §2.
final class RestApiTest {
  @TempDir private Path data;
  private final ManualTimers time = new ManualTimers(Instant.ofEpochSecond(1_772_009_087L));
  private final List<TestNode> nodes = new ArrayList<>();

  private TestNode start(boolean isDevelopment) throws IOException {
    TestNode node =
        TestNode.start(
            data,
            time,
            new FakeMediaNode(),
            Map.of("belfry.development", Boolean.toString(isDevelopment)));
    nodes.add(node);
    return node;
  }

  private void stop(TestNode node) {
    node.close();
    nodes.remove(node);
  }

  @AfterEach
  void stopAll() {
    nodes.forEach(TestNode::close);
  }

  @Test
  void offersDemoUsersAndTheirKeyInDevelopment() throws Exception {
    JsonNode settings = start(true).data("GET", "/v1/settings", null);
    assertEquals("belfry", settings.get("appId").textValue());
    assertEquals(1, settings.get("protocol").intValue());
    assertTrue(settings.get("development").booleanValue());
    assertEquals("anna", settings.at("/users/0/uid").textValue());
    assertEquals("offline", settings.at("/users/0/status").textValue());
    assertFalse(settings.get("users").get(0).has("avatar"));
  }

  @Test
  void keepsTheDevelopmentKeyFromRunToRunAndNoLonger() throws Exception {
    TestNode development = start(true);
    JsonNode key = development.data("GET", "/v1/settings", null).get("authKey");
    stop(development);
    development = start(true);
    assertEquals(key, development.data("GET", "/v1/settings", null).get("authKey"));
    stop(development);
    TestNode production = start(false);
    JsonNode settings = production.data("GET", "/v1/settings", null);
    assertFalse(settings.has("authKey"));
    assertFalse(settings.has("users"));
    assertEquals(
        "401 AUTH_ERR_APIKEY_NOT_FOUND",
        production.refusal("POST", "/v1/login", Map.of("uid", "anna", "authKey", key.textValue())));
  }

  @Test
  void makesOneAdminKeyAndNobodyElseOutsideOfDevelopment() throws Exception {
    TestNode first = start(false);
    String key = first.node.firstApiKey().orElseThrow();
    assertEquals(
        "404 ERR_UID_NOT_FOUND",
        first.refusal("POST", "/v1/users/anna/auth_tokens", null, "apikey", key));
    stop(first);
    TestNode second = start(false);
    assertTrue(second.node.firstApiKey().isEmpty());
    second.data("POST", "/v1/users", Map.of("uid", "zoe", "name", "Zoe"), "apikey", key);
  }

  @Test
  void storesNoSecretInTheClear() throws Exception {
    TestNode node = start(false);
    String key = node.node.firstApiKey().orElseThrow();
    node.data("POST", "/v1/users", Map.of("uid", "zoe", "name", "Zoe"), "apikey", key);
    String token =
        node.data("POST", "/v1/users/zoe/auth_tokens", null, "apikey", key)
            .get("authToken")
            .textValue();
    stop(node);
    try (var files = Files.list(data)) {
      for (Path file : files.toList()) {
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertFalse(bytes.contains(key), file.toString());
        assertFalse(bytes.contains(token), file.toString());
      }
    }
  }

  @Test
  void logsInWithAKeyOrConfirmsAToken() throws Exception {
    TestNode node = start(true);
    String token = node.logIn("anna");
    JsonNode confirmed = node.data("POST", "/v1/login", Map.of("authToken", token));
    assertEquals(token, confirmed.get("authToken").textValue());
    assertEquals("Anna Lindqvist", confirmed.at("/user/name").textValue());
    assertEquals(
        "anna", node.data("GET", "/v1/me", null, "authToken", token).at("/user/uid").textValue());
    assertEquals(
        "401 AUTH_ERR_APIKEY_NOT_FOUND",
        node.refusal("POST", "/v1/login", Map.of("uid", "anna", "authKey", "wrong")));
    assertEquals(
        "401 AUTH_ERR_EMPTY_APIKEY", node.refusal("POST", "/v1/login", Map.of("uid", "anna")));
    assertEquals("400 ERR_BAD_REQUEST", node.refusal("POST", "/v1/login", Map.of()));
    assertEquals("401 AUTH_ERR_AUTH_TOKEN_NOT_FOUND", node.refusal("GET", "/v1/me", null));
  }

  @Test
  void letsTokensExpire() throws Exception {
    TestNode node = start(true);
    String token = node.logIn("anna");
    time.advance(Duration.ofDays(30).minusSeconds(1));
    node.data("GET", "/v1/me", null, "authToken", token);
    time.advance(Duration.ofSeconds(1));
    assertEquals(
        "401 AUTH_ERR_AUTH_TOKEN_NOT_FOUND",
        node.refusal("GET", "/v1/me", null, "authToken", token));
  }

  @Test
  void listsUsersInPages() throws Exception {
    TestNode node = start(true);
    String token = node.logIn("ben");
    JsonNode first = node.data("GET", "/v1/users?limit=2", null, "authToken", token);
    assertEquals(List.of("anna", "chiara"), uids(first));
    JsonNode second =
        node.data(
            "GET",
            "/v1/users?limit=2&after=" + first.get("next").textValue(),
            null,
            "authToken",
            token);
    assertEquals(List.of("cometchat-uid-1", "cometchat-uid-2"), uids(second));
    JsonNode found = node.data("GET", "/v1/users?search=TANAKA", null, "authToken", token);
    assertEquals(List.of("emi"), uids(found));
    assertTrue(found.get("next").isNull());
    assertEquals(
        List.of(), uids(node.data("GET", "/v1/users?search=%25", null, "authToken", token)));
    assertEquals(
        "400 ERR_BAD_REQUEST", node.refusal("GET", "/v1/users?limit=0", null, "authToken", token));
  }

  private static List<String> uids(JsonNode page) {
    List<String> uids = new ArrayList<>();
    page.get("users").forEach(user -> uids.add(user.get("uid").textValue()));
    return uids;
  }

  @Test
  void showsUsersAndGroups() throws Exception {
    TestNode node = start(true);
    String token = node.logIn("anna");
    assertEquals(
        "Henry Marino",
        node.data("GET", "/v1/users/henry", null, "authToken", token).at("/user/name").textValue());
    assertEquals(
        "404 ERR_UID_NOT_FOUND", node.refusal("GET", "/v1/users/nobody", null, "authToken", token));
    JsonNode group = node.data("GET", "/v1/groups", null, "authToken", token).at("/groups/0");
    assertEquals("team", group.get("guid").textValue());
    assertEquals(5, group.get("membersCount").intValue());
    assertEquals(group, node.data("GET", "/v1/groups/team", null, "authToken", token).get("group"));
    assertEquals(
        "404 ERR_GUID_NOT_FOUND", node.refusal("GET", "/v1/groups/none", null, "authToken", token));
  }

  @Test
  void letsOperatorsManageUsersAndGroups() throws Exception {
    TestNode node = start(false);
    String key = node.node.firstApiKey().orElseThrow();
    Map<String, Object> zoe =
        Map.of("uid", "zoe", "name", "Zoe", "avatar", "https://example.org/z.png", "role", "agent");
    JsonNode made = node.data("POST", "/v1/users", zoe, "apikey", key).get("user");
    assertEquals("agent", made.get("role").textValue());
    assertEquals(
        "409 ERR_UID_ALREADY_EXISTS", node.refusal("POST", "/v1/users", zoe, "apikey", key));
    for (Map<String, Object> bad :
        List.<Map<String, Object>>of(
            Map.of("uid", "a b", "name", "x"),
            Map.of("uid", "x"),
            Map.of("uid", "x", "name", "x", "avatar", "javascript:alert(1)"))) {
      assertEquals("400 ERR_BAD_REQUEST", node.refusal("POST", "/v1/users", bad, "apikey", key));
    }
    String token =
        node.data("POST", "/v1/users/zoe/auth_tokens", null, "apikey", key)
            .get("authToken")
            .textValue();
    node.data(
        "POST",
        "/v1/groups",
        Map.of("guid", "desk", "name", "Desk", "type", "private"),
        "apikey",
        key);
    assertEquals(
        "403 ERR_NOT_A_MEMBER", node.refusal("GET", "/v1/groups/desk", null, "authToken", token));
    assertEquals(
        "404 ERR_UID_NOT_FOUND",
        node.refusal(
            "POST", "/v1/groups/desk/members", Map.of("uids", List.of("zoe", "y")), "apikey", key));
    node.data(
        "POST", "/v1/groups/desk/members", Map.of("uids", List.of("zoe", "zoe")), "apikey", key);
    assertEquals(
        1,
        node.data("GET", "/v1/groups/desk", null, "authToken", token)
            .at("/group/membersCount")
            .intValue());
    node.data("DELETE", "/v1/users/zoe/auth_tokens", null, "apikey", key);
    assertEquals(
        "401 AUTH_ERR_AUTH_TOKEN_NOT_FOUND",
        node.refusal("GET", "/v1/me", null, "authToken", token));
  }

  @Test
  void keepsOperatorsRoutesToOperators() throws Exception {
    TestNode node = start(true);
    String authKey = node.data("GET", "/v1/settings", null).get("authKey").textValue();
    Map<String, Object> zoe = Map.of("uid", "zoe", "name", "Zoe");
    assertEquals("401 AUTH_ERR_EMPTY_APIKEY", node.refusal("POST", "/v1/users", zoe));
    assertEquals(
        "401 AUTH_ERR_APIKEY_NOT_FOUND", node.refusal("POST", "/v1/users", zoe, "apikey", "wrong"));
    assertEquals(
        "403 AUTH_ERR_NO_ACCESS", node.refusal("POST", "/v1/users", zoe, "apikey", authKey));
    String token = node.logIn("anna");
    assertEquals(
        "401 AUTH_ERR_EMPTY_APIKEY", node.refusal("POST", "/v1/users", zoe, "authToken", token));
  }

  @Test
  void isReadyWithItsStore() throws Exception {
    TestNode node = start(true);
    assertEquals(200, node.http("GET", "/readyz", null).statusCode());
  }

  @Test
  void usersMakeGroupsAndJoinPublicOnes() throws Exception {
    TestNode node = start(true);
    String anna = node.logIn("anna");
    String ben = node.logIn("ben");
    Map<String, String> desk = Map.of("guid", "desk", "name", "Desk", "owner", "ben");
    JsonNode made = node.data("POST", "/v1/groups", desk, "authToken", anna).get("group");
    assertEquals("anna", made.get("owner").textValue());
    assertEquals(1, made.get("membersCount").intValue());
    String members = "/v1/groups/desk/members";
    node.data("POST", members, Map.of("uids", List.of("chiara")), "authToken", anna);
    node.data("POST", members, Map.of("uids", List.of("ben")), "authToken", ben);
    assertEquals(
        "403 AUTH_ERR_NO_ACCESS",
        node.refusal("POST", members, Map.of("uids", List.of("ben", "david")), "authToken", ben));
    assertEquals(
        "403 AUTH_ERR_NO_ACCESS",
        node.refusal("DELETE", members + "/chiara", null, "authToken", ben));
    node.data("DELETE", members + "/ben", null, "authToken", ben);
    node.data("DELETE", members + "/chiara", null, "authToken", anna);
    Map<String, String> quiet = Map.of("guid", "quiet", "name", "Quiet", "type", "private");
    node.data("POST", "/v1/groups", quiet, "authToken", anna);
    assertEquals(
        "403 AUTH_ERR_NO_ACCESS",
        node.refusal(
            "POST", "/v1/groups/quiet/members", Map.of("uids", List.of("ben")), "authToken", ben));
    assertEquals(
        "400 ERR_BAD_REQUEST",
        node.refusal(
            "POST",
            "/v1/groups",
            Map.of("guid", "safe", "name", "Safe", "type", "password"),
            "authToken",
            anna));
    stop(node);
    TestNode strict =
        TestNode.start(
            data,
            time,
            new FakeMediaNode(),
            Map.of("belfry.development", "true", "belfry.signalling.usersManageGroups", "false"));
    nodes.add(strict);
    assertEquals(
        "403 AUTH_ERR_NO_ACCESS",
        strict.refusal("POST", "/v1/groups", desk, "authToken", strict.logIn("anna")));
  }
}
