package io.belfry.signalling.auth;

import io.belfry.http.ApiException;
import io.belfry.signalling.store.CredentialStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Issues and checks auth tokens, and checks API keys.
public final class Authenticator {
  /// The scope of keys that may do everything an operator may.
  public static final String FULL = "full";

  /// The scope of keys that an app may ship: they log users in and do nothing else.
  public static final String AUTH = "auth";

  private final CredentialStore store;
  private final Secrets secrets;
  private final Duration tokenLifetime;
  private final Clock clock;

  /// A user whose token was accepted.
  ///
  /// @param tokenHash tells this login from the user's others
  public record Login(String uid, String tokenHash) {}

  public Authenticator(
      CredentialStore store, Secrets secrets, Duration tokenLifetime, Clock clock) {
    this.store = store;
    this.secrets = secrets;
    this.tokenLifetime = tokenLifetime;
    this.clock = clock;
  }

  /// A new auth token for a user that exists.
  public String issue(String uid) {
    String token = secrets.next();
    Instant now = clock.instant();
    store.addAuthToken(Secrets.hash(token), uid, now, now.plus(tokenLifetime));
    return token;
  }

  /// @throws ApiException 401 if the token is missing, unknown, revoked or expired
  public Login requireUser(@Nullable String authToken) {
    if (authToken != null && !authToken.isEmpty()) {
      String hash = Secrets.hash(authToken);
      var uid = store.findAuthToken(hash, clock.instant());
      if (uid.isPresent()) {
        return new Login(uid.get(), hash);
      }
    }
    throw new ApiException(
        401,
        "AUTH_ERR_AUTH_TOKEN_NOT_FOUND",
        "The auth token is missing, unknown or expired. Log in again.");
  }

  /// @throws ApiException 401 without a known key, 403 if it does not have this scope
  public void requireKey(@Nullable String apiKey, String scope) {
    if (apiKey == null || apiKey.isEmpty()) {
      throw new ApiException(401, "AUTH_ERR_EMPTY_APIKEY", "The API key is missing.");
    }
    String found =
        store
            .findApiKey(Secrets.hash(apiKey))
            .orElseThrow(() ->
                new ApiException(401, "AUTH_ERR_APIKEY_NOT_FOUND", "There is no such API key."));
    if (!found.equals(scope)) {
      throw new ApiException(403, "AUTH_ERR_NO_ACCESS", "This API key does not allow that.");
    }
  }

  public void revoke(Login login) {
    store.removeAuthToken(login.tokenHash());
  }

  public void revokeAllOf(String uid) {
    store.removeAuthTokensOf(uid);
  }

  public void forgetExpired() {
    store.removeExpiredAuthTokens(clock.instant());
  }
}
