package io.belfry.signalling.http;

import io.belfry.http.ApiException;
import io.belfry.http.HttpRequest;
import io.belfry.signalling.auth.Authenticator;
import io.belfry.signalling.auth.Authenticator.Login;
import io.belfry.signalling.limit.Limits;
import java.util.Set;

/// Tells who asks over REST: a user with the header `authToken`, or an operator with `apikey`.
public final class Callers {
  private static final String API_KEY = "apikey";
  private static final Set<String> MAY_CHANGE = Set.of(Authenticator.FULL);
  private static final Set<String> MAY_READ = Set.of(Authenticator.FULL, Authenticator.READ_ONLY);

  private final Authenticator authenticator;
  private final Limits limits;

  public Callers(Authenticator authenticator, Limits limits) {
    this.authenticator = authenticator;
    this.limits = limits;
  }

  /// @throws ApiException 401 if it is nobody, 429 if this user asks too often
  Login user(HttpRequest request) {
    Login login =
        authenticator.requireUser(
            request.header("authToken"), request.remoteAddress().getAddress());
    limits.message(login.uid());
    return login;
  }

  boolean isOperator(HttpRequest request) {
    return request.header(API_KEY) != null;
  }

  /// @throws ApiException 401 or 403 unless it is an operator who may change things
  void operator(HttpRequest request) {
    authenticator.requireKey(
        request.header(API_KEY), request.remoteAddress().getAddress(), MAY_CHANGE);
  }

  /// @throws ApiException 401 or 403 unless it is an operator
  void reader(HttpRequest request) {
    authenticator.requireKey(
        request.header(API_KEY), request.remoteAddress().getAddress(), MAY_READ);
  }
}
