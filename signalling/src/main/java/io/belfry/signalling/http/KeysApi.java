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
import io.belfry.signalling.auth.Secrets;
import io.belfry.signalling.store.CredentialStore;
import io.belfry.signalling.store.CredentialStore.ApiKey;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// API keys: made, listed, rotated and revoked. A key's secret is shown once, when it is made.
public final class KeysApi {
  private static final Logger log = LoggerFactory.getLogger(KeysApi.class);

  private static final int MAX_KEYS = 1000;
  private static final long MAX_OVERLAP_SECONDS = 30L * 86_400;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,100}");
  private static final List<String> SCOPES =
      List.of(Authenticator.FULL, Authenticator.READ_ONLY, Authenticator.AUTH);

  private final Callers callers;
  private final CredentialStore credentials;
  private final Secrets secrets;
  private final Clock clock;

  public KeysApi(Callers callers, CredentialStore credentials, Secrets secrets, Clock clock) {
    this.callers = callers;
    this.credentials = credentials;
    this.secrets = secrets;
    this.clock = clock;
  }

  public void contribute(Routes routes) {
    routes
        .get("/v1/apikeys", this::list)
        .post("/v1/apikeys", this::create)
        .post("/v1/apikeys/{name}/rotate", this::rotate)
        .delete("/v1/apikeys/{name}", this::revoke);
  }

  private HttpResponse list(HttpRequest request) {
    callers.reader(request);
    ArrayNode keys = Json.array();
    credentials.apiKeys().stream().map(this::shape).forEach(keys::add);
    return HttpResponse.data(Map.of("apiKeys", keys));
  }

  private HttpResponse create(HttpRequest request) {
    callers.operator(request);
    ObjectNode fields = request.json();
    String name = Fields.text(fields, "name", Input.MAX_ID_CHARS);
    if (!NAME.matcher(name).matches()) {
      throw ApiException.badRequest(
          "The field name must have 1 to 100 characters of A-Z a-z 0-9 . _ -.");
    }
    String scope = Fields.oneOf(fields, "scope", SCOPES);
    if (credentials.apiKeys().size() >= MAX_KEYS) {
      throw new ApiException(409, "ERR_TOO_MANY_APIKEYS", "There are too many API keys.");
    }
    String secret = secrets.next();
    if (!credentials.createApiKey(name, Secrets.hash(secret), scope, clock.instant())) {
      throw new ApiException(
          409, "ERR_APIKEY_ALREADY_EXISTS", "There is an API key with this name.");
    }
    log.info("api_key.created name={} scope={}", name, scope);
    return answer(name, secret);
  }

  /// The old secret stays good for `overlapSeconds`, so that its holders can change it in peace.
  private HttpResponse rotate(HttpRequest request) {
    callers.operator(request);
    Long overlap = Fields.optionalInteger(request.json(), "overlapSeconds", 0, MAX_OVERLAP_SECONDS);
    String name = require(request).name();
    String secret = secrets.next();
    Instant now = clock.instant();
    credentials.rotateApiKey(
        name, Secrets.hash(secret), now, now.plusSeconds(overlap == null ? 0 : overlap));
    log.info("api_key.rotated name={}", name);
    return answer(name, secret);
  }

  private HttpResponse revoke(HttpRequest request) {
    callers.operator(request);
    ApiKey key = require(request);
    long fullKeys =
        credentials.apiKeys().stream()
            .filter(each -> each.scope().equals(Authenticator.FULL))
            .count();
    if (key.scope().equals(Authenticator.FULL) && fullKeys == 1) {
      throw new ApiException(
          409, "ERR_LAST_APIKEY", "Without this key nobody could manage the server.");
    }
    credentials.removeApiKey(key.name());
    log.info("api_key.revoked name={}", key.name());
    return HttpResponse.data(Map.of());
  }

  private ApiKey require(HttpRequest request) {
    String name = request.parameter("name");
    return (NAME.matcher(name).matches() ? credentials.apiKey(name) : Optional.<ApiKey>empty())
        .orElseThrow(() ->
            new ApiException(404, "ERR_APIKEY_NOT_FOUND", "There is no API key of this name."));
  }

  private HttpResponse answer(String name, String secret) {
    ApiKey key = credentials.apiKey(name).orElseThrow();
    return HttpResponse.data(Map.of("apiKey", shape(key).put("secret", secret)));
  }

  private ObjectNode shape(ApiKey key) {
    ObjectNode shape =
        Json.object()
            .put("name", key.name())
            .put("scope", key.scope())
            .put("createdAt", key.createdAt().getEpochSecond());
    if (key.rotatedAt() != null) {
      shape.put("rotatedAt", key.rotatedAt().getEpochSecond());
    }
    if (key.previousUntil() != null && key.previousUntil().isAfter(clock.instant())) {
      shape.put("previousUntil", key.previousUntil().getEpochSecond());
    }
    return shape;
  }
}
