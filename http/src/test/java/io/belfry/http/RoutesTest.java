package io.belfry.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RoutesTest {
  private final Routes routes =
      new Routes()
          .get("/v1/users", request -> HttpResponse.empty(200))
          .get("/v1/users/{uid}", request -> HttpResponse.empty(200))
          .delete("/v1/users/{uid}/auth_tokens", request -> HttpResponse.empty(200))
          .get("/v1/users/me", request -> HttpResponse.empty(200))
          .post("/v1/login", request -> HttpResponse.empty(200));

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/users, /v1/users",
    "HEAD, /v1/users, /v1/users",
    "GET, /v1/users/anna, /v1/users/{uid}",
    "GET, /v1/users/me, /v1/users/me",
    "DELETE, /v1/users/anna/auth_tokens, /v1/users/{uid}/auth_tokens",
    "POST, /v1/login, /v1/login",
  })
  void findsTheMostLiteralRoute(String method, String path, String template) {
    var found = assertInstanceOf(Routes.Match.Handler.class, routes.match(method, path));
    assertEquals(template, found.template());
  }

  @Test
  void decodesWhatTheParametersMatched() {
    var found =
        assertInstanceOf(
            Routes.Match.Handler.class, routes.match("GET", "/v1/users/a%2Fb+c%C3%A9"));
    assertEquals(Map.of("uid", "a/b+cé"), found.parameters());
  }

  @ParameterizedTest
  @CsvSource({"POST, /v1/users, GET", "GET, /v1/login, POST", "PUT, /v1/users/me, GET"})
  void namesTheAllowedMethods(String method, String path, String allowed) {
    var wrong = assertInstanceOf(Routes.Match.WrongMethod.class, routes.match(method, path));
    assertEquals(allowed, wrong.allowed());
  }

  @ParameterizedTest
  @CsvSource({"/", "/v1", "/v1/users/", "/v1/users/anna/more", "/v2/users"})
  void leavesOtherPathsToTheFiles(String path) {
    assertInstanceOf(Routes.Match.Nothing.class, routes.match("GET", path));
  }

  @Test
  void refusesTheSameRouteTwice() {
    assertThrows(
        IllegalArgumentException.class,
        () -> routes.get("/v1/users/{name}", request -> HttpResponse.empty(200)));
  }

  @Test
  void refusesABrokenEscape() {
    ApiException refusal =
        assertThrows(ApiException.class, () -> routes.match("GET", "/v1/users/%zz"));
    assertEquals(400, refusal.status());
  }
}
