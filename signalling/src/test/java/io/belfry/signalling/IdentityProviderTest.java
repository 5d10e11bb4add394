package io.belfry.signalling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.belfry.http.Json;
import io.belfry.signalling.timer.ManualTimers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Auth tokens of the operator's own identity provider, whose keys are read over real HTTP.
final class IdentityProviderTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_772_009_087L);
  private static RSAKey goodKey;
  private static RSAKey otherKey;

  @TempDir private Path data;
  private final ManualTimers time = new ManualTimers(NOW);
  private Receiver provider;
  private TestNode node;

  @BeforeAll
  static void makeKeys() throws JOSEException {
    goodKey = new RSAKeyGenerator(2048).keyID("key-1").generate();
    otherKey = new RSAKeyGenerator(2048).keyID("key-2").generate();
  }

  @BeforeEach
  void start() throws Exception {
    provider = new Receiver();
    provider.serve("/jwks", new JWKSet(goodKey.toPublicJWK()).toString());
    node = startNode(true);
  }

  private TestNode startNode(boolean createUsers) throws Exception {
    Map<String, String> settings = new HashMap<>();
    String prefix = "belfry.signalling.identityProvider.";
    settings.put(prefix + "issuer", "https://id.example.org");
    settings.put(prefix + "audience", "belfry");
    settings.put(prefix + "jwksUrl", provider.url("/jwks"));
    settings.put(prefix + "timeout", "1s");
    settings.put(prefix + "createUsers", Boolean.toString(createUsers));
    return TestNode.start(data, time, new FakeMediaNode(), settings);
  }

  @AfterEach
  void stop() {
    node.close();
    provider.close();
  }

  private static JWTClaimsSet.Builder claims(String uid) {
    return new JWTClaimsSet.Builder()
        .issuer("https://id.example.org")
        .audience("belfry")
        .subject(uid)
        .claim("name", "Zoë of " + uid)
        .issueTime(Date.from(NOW))
        .expirationTime(Date.from(NOW.plusSeconds(3600)));
  }

  private static String sign(JWTClaimsSet claims, RSAKey key) throws JOSEException {
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), claims);
    jwt.sign(new RSASSASigner(key));
    return jwt.serialize();
  }

  private String whoIs(String token) throws Exception {
    var response = node.http("GET", "/v1/me", null, "authToken", token);
    var body = Json.readObject(response.body());
    return response.statusCode() == 200
        ? body.at("/data/user/name").textValue()
        : response.statusCode() + " " + body.at("/error/code").textValue();
  }

  @Test
  void makesAUserAtTheFirstLogin() throws Exception {
    String token = sign(claims("zoe").build(), goodKey);
    assertEquals("Zoë of zoe", whoIs(token));
    assertEquals(
        token,
        node.data("POST", "/v1/login", Map.of("authToken", token)).get("authToken").textValue());
    Phone zoe = node.open();
    zoe.ask("hello", TestNode.hello(token, "zoe", "one", null));
    assertEquals("Anna Lindqvist", whoIs(sign(claims("anna").build(), goodKey)));
    assertEquals(1, provider.requests.size(), "the keys are read once");
  }

  @Test
  void makesNoUserUnlessSet() throws Exception {
    node.close();
    node = startNode(false);
    assertEquals("404 ERR_UID_NOT_FOUND", whoIs(sign(claims("zoe").build(), goodKey)));
    assertEquals("Anna Lindqvist", whoIs(sign(claims("anna").build(), goodKey)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "expired",
        "no expiry",
        "not yet",
        "another issuer",
        "another audience",
        "no subject",
        "another's key under this key's name",
        "unknown key",
        "not signed",
        "HMAC with the public key",
        "changed",
        "garbage"
      })
  void refusesForgedAndForeignTokens(String what) throws Exception {
    JWTClaimsSet good = claims("anna").build();
    String token =
        switch (what) {
          case "expired" ->
              sign(claims("anna").expirationTime(Date.from(NOW.minusSeconds(31))).build(), goodKey);
          case "no expiry" -> sign(claims("anna").expirationTime(null).build(), goodKey);
          case "not yet" ->
              sign(claims("anna").notBeforeTime(Date.from(NOW.plusSeconds(31))).build(), goodKey);
          case "another issuer" -> sign(claims("anna").issuer("https://evil").build(), goodKey);
          case "another audience" -> sign(claims("anna").audience("mail").build(), goodKey);
          case "no subject" -> sign(claims("anna").subject(null).build(), goodKey);
          case "another's key under this key's name" ->
              sign(good, new RSAKey.Builder(otherKey).keyID("key-1").build());
          case "unknown key" -> sign(good, otherKey);
          case "not signed" -> new PlainJWT(good).serialize();
          case "HMAC with the public key" -> {
            SignedJWT jwt =
                new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("key-1").build(), good);
            jwt.sign(
                new MACSigner(goodKey.toPublicJWK().toString().getBytes(StandardCharsets.UTF_8)));
            yield jwt.serialize();
          }
          case "changed" -> {
            String[] parts = sign(good, goodKey).split("\\.", -1);
            String other = sign(claims("ben").build(), goodKey).split("\\.", -1)[1];
            yield parts[0] + "." + other + "." + parts[2];
          }
          default -> "a.b.c";
        };
    assertEquals("401 AUTH_ERR_AUTH_TOKEN_NOT_FOUND", whoIs(token));
  }

  @Test
  void refusesUserIdsThatAreNone() throws Exception {
    assertEquals("403 AUTH_ERR_NO_ACCESS", whoIs(sign(claims("zoe the first").build(), goodKey)));
  }

  @Test
  void readsRotatedKeys() throws Exception {
    assertEquals("Anna Lindqvist", whoIs(sign(claims("anna").build(), goodKey)));
    provider.serve("/jwks", new JWKSet(otherKey.toPublicJWK()).toString());
    assertEquals("Anna Lindqvist", whoIs(sign(claims("anna").build(), otherKey)));
    assertEquals(2, provider.requests.size());
  }

  @Test
  void forgedKeyNamesDoNotMakeItAskWithoutEnd() throws Exception {
    for (int i = 0; i < 20; i++) {
      whoIs(sign(claims("anna").build(), new RSAKey.Builder(otherKey).keyID("k" + i).build()));
    }
    assertEquals("Anna Lindqvist", whoIs(sign(claims("anna").build(), goodKey)));
    assertTrue(provider.requests.size() <= 3, "asked " + provider.requests.size() + " times");
  }

  @Test
  void saysWhenTheProviderIsAway() throws Exception {
    provider.fallSilent();
    assertEquals(
        "503 ERR_IDENTITY_PROVIDER_UNAVAILABLE", whoIs(sign(claims("anna").build(), goodKey)));
    assertEquals(
        "Anna Lindqvist",
        node.data("GET", "/v1/me", null, "authToken", node.logIn("anna"))
            .at("/user/name")
            .textValue(),
        "our own tokens do not depend on it");
  }

  @Test
  void logsOutOneTokenOrAllThatWereIssued() throws Exception {
    String token = sign(claims("anna").build(), goodKey);
    String second = sign(claims("anna").jwtID("2").build(), goodKey);
    node.data("POST", "/v1/logout", Map.of(), "authToken", token);
    assertEquals("401 AUTH_ERR_AUTH_TOKEN_NOT_FOUND", whoIs(token));
    assertEquals("Anna Lindqvist", whoIs(second));
    time.advance(Duration.ofSeconds(5));
    node.close();
    String key = TestNode.operatorKey(data, time);
    node = startNode(true);
    node.data("DELETE", "/v1/users/anna/auth_tokens", null, "apikey", key);
    assertEquals("401 AUTH_ERR_AUTH_TOKEN_NOT_FOUND", whoIs(second));
    String fresh = sign(claims("anna").issueTime(Date.from(NOW.plusSeconds(6))).build(), goodKey);
    assertEquals("Anna Lindqvist", whoIs(fresh));
  }
}
