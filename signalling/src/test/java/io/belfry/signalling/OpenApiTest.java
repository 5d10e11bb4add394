package io.belfry.signalling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.belfry.common.id.SessionId;
import io.belfry.common.media.MediaEvent;
import io.belfry.http.Json;
import io.belfry.signalling.timer.ManualTimers;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Holds openapi.yaml against the server: what is documented is there and answers as its schema
/// says, and what is there is documented.
final class OpenApiTest {
  @TempDir private Path data;
  private final ManualTimers time = new ManualTimers(Instant.ofEpochSecond(1_772_009_087L));
  private final FakeMediaNode media = new FakeMediaNode();
  private final Set<String> answered = new TreeSet<>();
  private TestNode node;
  private Receiver receiver;
  private String key;
  private ObjectNode document;

  @BeforeEach
  void start() throws Exception {
    receiver = new Receiver();
    key = TestNode.operatorKey(data, time);
    node =
        TestNode.start(
            data,
            time,
            media.expectOpens(10),
            Map.of("belfry.signalling.webhooks.allowPrivateAddresses", "true"));
    document = Json.readObject(node.http("GET", "/openapi.json", null).body());
  }

  @AfterEach
  void stop() {
    node.close();
    receiver.close();
  }

  // ---- the checked client

  private JsonNode operation(String method, String template) {
    JsonNode operation =
        document.path("paths").path(template).path(method.toLowerCase(Locale.ROOT));
    assertTrue(operation.isObject(), "not documented: " + method + " " + template);
    return operation;
  }

  /// Asks, and checks status and body against the document.
  private JsonNode ask(
      int status,
      String method,
      String template,
      String path,
      @Nullable Object body,
      String... headers)
      throws Exception {
    HttpResponse<String> response = node.http(method, path, body, headers);
    String what = method + " " + path;
    assertEquals(status, response.statusCode(), what + ": " + response.body());
    JsonNode documented = operation(method, template).path("responses");
    JsonNode answer = resolve(documented.path(Integer.toString(response.statusCode())));
    assertTrue(answer.isObject(), "status is not documented: " + what + " " + response.body());
    String type = response.headers().firstValue("content-type").orElse("");
    var content = answer.path("content").properties().iterator().next();
    assertTrue(
        type.toLowerCase(Locale.ROOT).startsWith(content.getKey().split(";", -1)[0]),
        what + " is " + type);
    if (status == 200) {
      answered.add(method + " " + template);
    }
    if (!type.contains("json")) {
      return Json.object().put("text", response.body());
    }
    JsonNode shown = new ObjectMapper().readTree(response.body());
    Set<ValidationMessage> problems = schema(content.getValue().get("schema")).validate(shown);
    assertTrue(problems.isEmpty(), what + ": " + problems + " " + shown);
    return shown.has("data") ? shown.get("data") : shown;
  }

  private JsonNode resolve(JsonNode node) {
    return node.has("$ref") ? document.at(node.get("$ref").textValue().substring(1)) : node;
  }

  private JsonSchema schema(JsonNode schema) {
    ObjectNode whole = schema.deepCopy();
    whole.set("components", document.get("components"));
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(whole);
  }

  private JsonNode operate(String method, String template, @Nullable Object body, String... ids)
      throws Exception {
    return ask(200, method, template, fill(template, ids), body, "apikey", key);
  }

  private static String fill(String template, String... ids) {
    String path = template;
    for (String id : ids) {
      path = path.replaceFirst("\\{[^}]*}", id);
    }
    return path;
  }

  // ---- the tests

  @Test
  void documentsEveryRouteAndNoOther() {
    Set<String> documented = new TreeSet<>();
    document
        .get("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .properties()
                .forEach(operation ->
                    documented.add(
                        operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey())));
    assertEquals(new TreeSet<>(node.routes.list()), documented);
  }

  @Test
  void isTheSameInYamlAndItsReferencesLeadSomewhere() throws Exception {
    String yaml = node.http("GET", "/openapi.yaml", null).body();
    assertTrue(yaml.startsWith("openapi: 3.1.0\n"), yaml.substring(0, 40));
    List<String> broken = new ArrayList<>();
    for (JsonNode reference : document.findValues("$ref")) {
      if (document.at(reference.textValue().substring(1)).isMissingNode()) {
        broken.add(reference.textValue());
      }
    }
    assertEquals(List.of(), broken);
    Set<String> ids = new TreeSet<>();
    for (JsonNode id : document.findValues("operationId")) {
      assertTrue(ids.add(id.textValue()), id.textValue());
    }
  }

  /// Goal: every documented operation answers as documented. Method: one long story through all.
  @Test
  void answersAsDocumented() throws Exception {
    people();
    credentials();
    webhooks();
    calls();
    pages();
    Set<String> documented = new TreeSet<>(node.routes.list());
    documented.remove("GET /v1/connect");
    assertEquals(documented, answered);
  }

  private void people() throws Exception {
    operate("POST", "/v1/users", Map.of("uid", "zoe", "name", "Zoë"));
    operate("PUT", "/v1/users/{uid}", Map.of("avatar", "https://example.org/z.png"), "zoe");
    assertEquals(
        "https://example.org/z.png",
        operate("GET", "/v1/users/{uid}", null, "zoe").at("/user/avatar").textValue());
    ObjectNode without = Json.object().put("name", "Zoë Q.").put("role", "agent");
    without.putNull("avatar");
    JsonNode changed = operate("PUT", "/v1/users/{uid}", without, "zoe").get("user");
    assertTrue(!changed.has("avatar") && changed.get("role").textValue().equals("agent"));
    JsonNode agents =
        ask(200, "GET", "/v1/users", "/v1/users?role=agent&search=Q.", null, "apikey", key);
    assertEquals(1, agents.get("users").size());
    JsonNode first = ask(200, "GET", "/v1/users", "/v1/users?limit=2", null, "apikey", key);
    assertEquals("anna", first.at("/users/0/uid").textValue(), "an operator sees everybody");
    assertEquals(first.at("/users/1/uid"), first.get("next"));

    operate("POST", "/v1/groups", Map.of("guid", "desk", "name", "Desk", "owner", "zoe"));
    operate("PUT", "/v1/groups/{guid}", Map.of("type", "private"), "desk");
    operate("POST", "/v1/groups/{guid}/members", Map.of("uids", List.of("zoe", "ben")), "desk");
    JsonNode members = operate("GET", "/v1/groups/{guid}/members", null, "desk");
    assertEquals("ben", members.at("/members/0/uid").textValue());
    assertEquals(
        1,
        operate("DELETE", "/v1/groups/{guid}/members/{uid}", null, "desk", "ben")
            .at("/group/membersCount")
            .intValue());
    operate("GET", "/v1/groups/{guid}", null, "desk");
    assertEquals(2, operate("GET", "/v1/groups", null).get("groups").size());
    operate("DELETE", "/v1/groups/{guid}", null, "desk");
    ask(404, "GET", "/v1/groups/{guid}", "/v1/groups/desk", null, "apikey", key);
  }

  private void credentials() throws Exception {
    JsonNode made = operate("POST", "/v1/apikeys", Map.of("name", "reports", "scope", "read-only"));
    String reader = made.at("/apiKey/secret").textValue();
    ask(200, "GET", "/v1/users", "/v1/users", null, "apikey", reader);
    ask(403, "POST", "/v1/users", "/v1/users", Map.of("uid", "x"), "apikey", reader);
    String next =
        operate("POST", "/v1/apikeys/{name}/rotate", Map.of("overlapSeconds", 60), "reports")
            .at("/apiKey/secret")
            .textValue();
    ask(200, "GET", "/v1/apikeys", "/v1/apikeys", null, "apikey", reader);
    ask(200, "GET", "/v1/apikeys", "/v1/apikeys", null, "apikey", next);
    time.advance(Duration.ofSeconds(61));
    ask(401, "GET", "/v1/apikeys", "/v1/apikeys", null, "apikey", reader);
    ask(200, "GET", "/v1/apikeys", "/v1/apikeys", null, "apikey", next);
    operate("DELETE", "/v1/apikeys/{name}", null, "reports");
    ask(401, "GET", "/v1/apikeys", "/v1/apikeys", null, "apikey", next);
    ask(409, "DELETE", "/v1/apikeys/{name}", "/v1/apikeys/admin", null, "apikey", key);
    ask(
        409,
        "POST",
        "/v1/apikeys",
        "/v1/apikeys",
        Map.of("name", "admin", "scope", "full"),
        "apikey",
        key);

    operate("POST", "/v1/users/{uid}/auth_tokens", null, "zoe");
    String token =
        operate("POST", "/v1/users/{uid}/auth_tokens", null, "zoe").get("authToken").textValue();
    JsonNode tokens = operate("GET", "/v1/users/{uid}/auth_tokens", null, "zoe").get("tokens");
    assertEquals(2, tokens.size());
    ask(200, "GET", "/v1/me", "/v1/me", null, "authToken", token);
    for (JsonNode each : tokens) {
      operate(
          "DELETE",
          "/v1/users/{uid}/auth_tokens/{tokenId}",
          null,
          "zoe",
          each.get("id").textValue());
    }
    ask(401, "GET", "/v1/me", "/v1/me", null, "authToken", token);
    operate("DELETE", "/v1/users/{uid}/auth_tokens", null, "zoe");
  }

  private void webhooks() throws Exception {
    operate(
        "POST",
        "/v1/webhooks",
        Map.of("id", "crm", "url", receiver.url("/"), "triggers", List.of("call_initiated")));
    operate("PUT", "/v1/webhooks/{id}", Map.of("enabled", true), "crm");
    operate("POST", "/v1/webhooks/{id}/secret", null, "crm");
    operate("GET", "/v1/webhooks/{id}", null, "crm");
    operate("GET", "/v1/webhooks", null);
    ask(
        409,
        "POST",
        "/v1/webhooks",
        "/v1/webhooks",
        Map.of("id", "crm", "url", "https://example.org"),
        "apikey",
        key);
  }

  private void calls() throws Exception {
    String anna = node.logIn("anna");
    JsonNode call =
        operate(
                "POST",
                "/v1/calls",
                Map.of(
                    "caller",
                    "anna",
                    "receiverId",
                    "ben",
                    "receiverType",
                    "user",
                    "callType",
                    "audio",
                    "metadata",
                    Map.of("ticket", 7)))
            .get("call");
    String first = call.get("sessionId").textValue();
    ask(
        409,
        "POST",
        "/v1/calls/{sessionId}/end",
        "/v1/calls/" + first + "/end",
        null,
        "apikey",
        key);
    assertEquals(
        "cancelled",
        operate("POST", "/v1/calls/{sessionId}/cancel", null, first)
            .at("/call/status")
            .textValue());

    Phone ben = node.phone("ben", "one");
    time.advance(Duration.ofSeconds(1)); // calls are listed by the time they began
    JsonNode second =
        ask(
                200,
                "POST",
                "/v1/calls",
                "/v1/calls",
                TestNode.video("ben"),
                "apikey",
                key,
                "onBehalfOf",
                "anna")
            .get("call");
    String sessionId = second.get("sessionId").textValue();
    ben.event("onIncomingCallReceived");
    ben.ask("acceptCall", TestNode.session(second));
    ask(
        200,
        "POST",
        "/v1/calls/{sessionId}/token",
        "/v1/calls/" + sessionId + "/token",
        null,
        "authToken",
        anna);
    JsonNode link =
        ask(
            200,
            "POST",
            "/v1/calls/{sessionId}/guest_link",
            "/v1/calls/" + sessionId + "/guest_link",
            null,
            "authToken",
            anna);
    ask(
        200,
        "POST",
        "/v1/guests",
        "/v1/guests",
        Map.of("grant", link.get("grant").textValue(), "name", "Greta"));
    ask(401, "POST", "/v1/guests", "/v1/guests", Map.of("grant", "x", "name", "Greta"));
    ask(200, "POST", "/v1/me/test_session", "/v1/me/test_session", null, "authToken", anna);
    join(sessionId, "anna", 1);
    join(sessionId, "ben", 2);
    time.advance(Duration.ofSeconds(90));
    operate("GET", "/v1/calls/{sessionId}", null, sessionId);
    operate("POST", "/v1/calls/{sessionId}/end", Map.of("uid", "ben"), sessionId);
    JsonNode log = operate("GET", "/v1/calls/{sessionId}", null, sessionId).get("call");
    assertEquals("00:01:30", log.get("totalDuration").textValue());
    assertEquals(3.0, log.get("totalVideoMinutes").doubleValue());

    ask(200, "GET", "/v1/calls", "/v1/calls?status=canceled", null, "apikey", key);
    ask(400, "GET", "/v1/calls", "/v1/calls?status=lost", null, "apikey", key);
    JsonNode mine =
        ask(
            200,
            "GET",
            "/v1/calls",
            "/v1/calls?per_page=1&direction=outgoing&uid=ben",
            null,
            "authToken",
            anna);
    assertEquals(sessionId, mine.at("/calls/0/sessionId").textValue());
    assertEquals(2, mine.at("/pagination/total_pages").intValue());
    JsonNode missed =
        ask(
            200,
            "GET",
            "/v1/calls",
            "/v1/calls?status=missed",
            null,
            "authToken",
            node.logIn("ben"));
    assertEquals(first, missed.at("/calls/0/sessionId").textValue());
    assertEquals("missed", missed.at("/calls/0/status").textValue());
    assertEquals(1, missed.get("calls").size());
    ask(200, "GET", "/v1/calls/{sessionId}", "/v1/calls/" + sessionId, null, "authToken", anna);
    ask(
        403,
        "GET",
        "/v1/calls/{sessionId}",
        "/v1/calls/" + sessionId,
        null,
        "authToken",
        node.logIn("emi"));
    JsonNode me =
        ask(
            200,
            "PUT",
            "/v1/me",
            "/v1/me",
            Map.of("name", "Anna L.", "role", "admin"),
            "authToken",
            anna);
    assertEquals("Anna L.", me.at("/user/name").textValue());
    assertEquals("default", me.at("/user/role").textValue(), "roles are the operator's to give");
    JsonNode events =
        ask(200, "GET", "/v1/events", "/v1/events?after=0&limit=3", null, "apikey", key);
    assertEquals(3, events.get("events").size());
    assertEquals(events.at("/events/2/id"), events.get("next"));

    deliveries();
    JsonNode registered =
        ask(
            200,
            "POST",
            "/v1/me/push_tokens",
            "/v1/me/push_tokens",
            Map.of("token", "t", "platform", "fcm_web"),
            "authToken",
            anna);
    ask(200, "GET", "/v1/me/push_tokens", "/v1/me/push_tokens", null, "authToken", anna);
    ask(
        200,
        "DELETE",
        "/v1/me/push_tokens/{tokenId}",
        "/v1/me/push_tokens/" + registered.at("/pushToken/id").textValue(),
        null,
        "authToken",
        anna);
    ask(200, "POST", "/v1/logout", "/v1/logout", null, "authToken", anna);
    operate("DELETE", "/v1/users/{uid}", null, "zoe");
  }

  private void join(String sessionId, String uid, int number) {
    media.raise(
        new MediaEvent.UserJoined(
            new SessionId(sessionId), FakeMediaNode.participant(uid, number), time.instant()));
  }

  private void deliveries() throws Exception {
    receiver.next();
    receiver.next();
    String path = "/v1/webhooks/deliveries?state=delivered&limit=1";
    JsonNode page = ask(200, "GET", "/v1/webhooks/deliveries", path, null, "apikey", key);
    for (int i = 0; page.get("deliveries").isEmpty() && i < 2000; i++) {
      page = ask(200, "GET", "/v1/webhooks/deliveries", path, null, "apikey", key);
    }
    String id = page.at("/deliveries/0/id").asText();
    operate("GET", "/v1/webhooks/deliveries/{deliveryId}", null, id);
    operate("POST", "/v1/webhooks/deliveries/{deliveryId}/replay", null, id);
    operate("POST", "/v1/webhooks/{id}/replay", null, "crm");
    operate("DELETE", "/v1/webhooks/{id}", null, "crm");
  }

  private void pages() throws Exception {
    for (String path :
        List.of(
            "/v1/settings",
            "/.well-known/jwks.json",
            "/openapi.json",
            "/openapi.yaml",
            "/healthz",
            "/readyz",
            "/metrics")) {
      ask(200, "GET", path, path, null);
    }
    ask(200, "POST", "/v1/login", "/v1/login", Map.of("authToken", node.logIn("anna")));
  }

  /// Every operation that needs somebody to ask says so, as documented.
  @Test
  void refusesStrangersAsDocumented() throws Exception {
    for (String route : node.routes.list()) {
      String method = route.split(" ", -1)[0];
      String template = route.split(" ", -1)[1];
      if (operation(method, template).path("security").isEmpty()) {
        continue;
      }
      String path = fill(template, "x", "y");
      boolean isUsers = operation(method, template).at("/security/0").has("authToken");
      ask(401, method, template, path, null, isUsers ? "authToken" : "apikey", "wrong");
      ask(401, method, template, path, null);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          POST   | /v1/users                | {"uid":"a b","name":"x"}               | 400 ERR_BAD_REQUEST
          POST   | /v1/users                | {"uid":"a","name":""}                  | 400 ERR_BAD_REQUEST
          POST   | /v1/users                | {"uid":"a","name":"x\\u0000y"}         | 400 ERR_BAD_REQUEST
          POST   | /v1/users                | {"uid":"a","name":"x\\ud800"}          | 400 ERR_BAD_REQUEST
          POST   | /v1/users                | {"uid":"a","name":7}                   | 400 ERR_BAD_REQUEST
          POST   | /v1/users                | {"uid":"a","name":"x","avatar":"javascript:1"} | 400 ERR_BAD_REQUEST
          POST   | /v1/users                | {"uid":"anna","name":"x"}              | 409 ERR_UID_ALREADY_EXISTS
          POST   | /v1/users                | {"uid":"a","uid":"b","name":"x"}       | 400 ERR_BAD_REQUEST
          POST   | /v1/users                | [1]                                    | 400 ERR_BAD_REQUEST
          POST   | /v1/users                | {                                      | 400 ERR_BAD_REQUEST
          PUT    | /v1/users/none           | {"name":"x"}                           | 404 ERR_UID_NOT_FOUND
          PUT    | /v1/users/a%00b          | {"name":"x"}                           | 404 ERR_UID_NOT_FOUND
          PUT    | /v1/users/anna           | {"name":" "}                           | 400 ERR_BAD_REQUEST
          DELETE | /v1/users/%2e%2e         |                                        | 404 ERR_UID_NOT_FOUND
          GET    | /v1/users?limit=0        |                                        | 400 ERR_BAD_REQUEST
          GET    | /v1/users?limit=1e9      |                                        | 400 ERR_BAD_REQUEST
          GET    | /v1/users?search=%00     |                                        | 400 ERR_BAD_REQUEST
          GET    | /v1/users?search=%25%27  |                                        | 200 null
          POST   | /v1/groups               | {"guid":"g","name":"x","type":"open"}  | 400 ERR_BAD_REQUEST
          POST   | /v1/groups               | {"guid":"g","name":"x","owner":"none"} | 404 ERR_UID_NOT_FOUND
          POST   | /v1/groups/none/members  | {"uids":[]}                            | 404 ERR_GUID_NOT_FOUND
          POST   | /v1/groups/team/members  | {"uids":"anna"}                        | 400 ERR_BAD_REQUEST
          DELETE | /v1/groups/team/members/none |                                    | 404 ERR_NOT_A_MEMBER
          GET    | /v1/calls?page=0         |                                        | 400 ERR_BAD_REQUEST
          GET    | /v1/calls?startedAt=now  |                                        | 400 ERR_BAD_REQUEST
          GET    | /v1/calls?startedAt=99999999999999999 |                           | 400 ERR_BAD_REQUEST
          GET    | /v1/calls?uid=%00        |                                        | 400 ERR_BAD_REQUEST
          GET    | /v1/calls/none           |                                        | 404 ERR_CALL_SESSION_NOT_FOUND
          GET    | /v1/calls/a%00b          |                                        | 404 ERR_CALL_SESSION_NOT_FOUND
          POST   | /v1/calls/none/cancel    |                                        | 404 ERR_CALL_SESSION_NOT_FOUND
          POST   | /v1/calls/none/end       |                                        | 404 ERR_CALL_SESSION_NOT_FOUND
          POST   | /v1/calls                | {"receiverId":"ben","receiverType":"user","callType":"video"} | 400 ERR_BAD_REQUEST
          POST   | /v1/calls                | {"caller":"none","receiverId":"ben","receiverType":"user","callType":"video"} | 404 ERR_UID_NOT_FOUND
          POST   | /v1/calls                | {"caller":"ben","receiverId":"ben","receiverType":"user","callType":"video"} | 409 ERR_CALLING_SELF
          POST   | /v1/calls                | {"caller":"ben","receiverId":"none","receiverType":"user","callType":"video"} | 404 ERR_UID_NOT_FOUND
          POST   | /v1/calls                | {"caller":"ben","receiverId":"none","receiverType":"group","callType":"video"} | 404 ERR_GUID_NOT_FOUND
          POST   | /v1/calls                | {"caller":"henry","receiverId":"team","receiverType":"group","callType":"video"} | 403 ERR_NOT_A_MEMBER
          POST   | /v1/calls                | {"caller":"ben","receiverId":"anna","receiverType":"user","callType":"fax"} | 400 ERR_BAD_REQUEST
          POST   | /v1/calls                | {"caller":"ben","receiverId":"anna","receiverType":"user","callType":"video","timeoutSeconds":1} | 400 ERR_BAD_REQUEST
          GET    | /v1/events?after=-1      |                                        | 400 ERR_BAD_REQUEST
          GET    | /v1/events?after=99999999999999999999 |                           | 400 ERR_BAD_REQUEST
          POST   | /v1/apikeys              | {"name":"a/b","scope":"full"}          | 400 ERR_BAD_REQUEST
          POST   | /v1/apikeys              | {"name":"a","scope":"everything"}      | 400 ERR_BAD_REQUEST
          POST   | /v1/apikeys/none/rotate  |                                        | 404 ERR_APIKEY_NOT_FOUND
          POST   | /v1/apikeys/admin/rotate | {"overlapSeconds":-1}                  | 400 ERR_BAD_REQUEST
          DELETE | /v1/apikeys/none         |                                        | 404 ERR_APIKEY_NOT_FOUND
          POST   | /v1/webhooks             | {"id":"a","url":"ftp://x"}             | 400 ERR_BAD_REQUEST
          POST   | /v1/webhooks             | {"id":"a","url":"https://u:p@x"}       | 400 ERR_BAD_REQUEST
          POST   | /v1/webhooks             | {"id":"a","url":"https://"}            | 400 ERR_BAD_REQUEST
          POST   | /v1/webhooks             | {"id":"a","url":"file:///etc/passwd"}  | 400 ERR_BAD_REQUEST
          POST   | /v1/webhooks             | {"id":"deliveries","url":"https://x"}  | 400 ERR_BAD_REQUEST
          POST   | /v1/webhooks             | {"id":"a","url":"https://x","triggers":["all"]} | 400 ERR_BAD_REQUEST
          PUT    | /v1/webhooks/none        | {"enabled":true}                       | 404 ERR_WEBHOOK_NOT_FOUND
          GET    | /v1/webhooks/a%00b       |                                        | 404 ERR_WEBHOOK_NOT_FOUND
          GET    | /v1/webhooks/deliveries?state=lost |                              | 400 ERR_BAD_REQUEST
          GET    | /v1/webhooks/deliveries/x |                                       | 404 ERR_DELIVERY_NOT_FOUND
          POST   | /v1/webhooks/deliveries/9/replay |                                | 404 ERR_DELIVERY_NOT_FOUND
          """)
  void answersBadInputWithACodeAndChangesNothing(
      String method, String path, @Nullable String body, String answer) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.server.port() + path))
            .header("apikey", key)
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    HttpResponse<String> response =
        node.client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    JsonNode shown = Json.readObject(response.body());
    assertEquals(
        answer, response.statusCode() + " " + shown.at("/error/code").textValue(), response.body());
    if (response.statusCode() != 200) {
      assertTrue(shown.at("/error/message").textValue().matches("[A-Z].*\\."), response.body());
      assertTrue(!response.body().contains("Exception"), response.body());
    }
    assertEquals(
        0,
        node.data("GET", "/v1/events", null, "apikey", key).get("events").size(),
        "no call was made");
  }
}
