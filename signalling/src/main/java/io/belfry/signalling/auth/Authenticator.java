package io.belfry.signalling.auth;

import io.belfry.common.token.GuestGrant;
import io.belfry.http.ApiException;
import io.belfry.signalling.store.CredentialStore;
import io.belfry.signalling.store.User;
import io.belfry.signalling.store.UserStore;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Issues and checks auth tokens, and checks API keys.
public final class Authenticator {
  private static final Logger log = LoggerFactory.getLogger(Authenticator.class);

  /// The scope of keys that may do everything an operator may.
  public static final String FULL = "full";

  /// The scope of keys that may look at everything and change nothing.
  public static final String READ_ONLY = "read-only";

  /// The scope of keys that an app may ship: they log users in and do nothing else.
  public static final String AUTH = "auth";

  private static final int MAX_NAME_CHARS = 200;

  private final CredentialStore store;
  private final UserStore users;
  private final Secrets secrets;
  private final Duration tokenLifetime;
  private final LoginGuard guard;
  private final Optional<ForeignTokens> foreignTokens;
  private final Clock clock;

  /// A user whose token was accepted.
  ///
  /// @param tokenHash tells this login from the user's others
  /// @param foreignUntil when a token of the identity provider expires; null for our own
  public record Login(String uid, String tokenHash, @Nullable Instant foreignUntil) {}

  /// @param foreignTokens those of the operator's identity provider, if there is one
  public Authenticator(
      CredentialStore store,
      UserStore users,
      Secrets secrets,
      Duration tokenLifetime,
      LoginGuard guard,
      Optional<ForeignTokens> foreignTokens,
      Clock clock) {
    this.store = store;
    this.users = users;
    this.secrets = secrets;
    this.tokenLifetime = tokenLifetime;
    this.guard = guard;
    this.foreignTokens = foreignTokens;
    this.clock = clock;
  }

  /// A new auth token for a user that exists.
  public String issue(String uid) {
    String token = secrets.next();
    Instant now = clock.instant();
    store.addAuthToken(Secrets.hash(token), uid, now, now.plus(tokenLifetime));
    return token;
  }

  /// @param from who asks
  /// @throws ApiException 401 if the token is missing, unknown, revoked or expired; 429 if this
  ///   address was wrong too often
  public Login requireUser(@Nullable String authToken, InetAddress from) {
    if (authToken == null || authToken.isEmpty()) {
      throw noSuchToken();
    }
    guard.check(from);
    Optional<Login> login = login(authToken);
    if (login.isEmpty()) {
      guard.failed(from);
      throw noSuchToken();
    }
    return login.get();
  }

  private Optional<Login> login(String authToken) {
    String hash = Secrets.hash(authToken);
    if (foreignTokens.isPresent() && ForeignTokens.isJwt(authToken)) {
      return foreignTokens.get().check(authToken).flatMap(claims -> login(claims, hash));
    }
    return store.findAuthToken(hash, clock.instant()).map(uid -> new Login(uid, hash, null));
  }

  private Optional<Login> login(ForeignTokens.Claims claims, String hash) {
    String uid = claims.uid();
    if (!User.isValidUid(uid)) {
      throw new ApiException(
          403,
          "AUTH_ERR_NO_ACCESS",
          "The token's user id must have 1 to 100 characters of A-Z a-z 0-9 . _ -.");
    }
    if (store.isForeignTokenRevoked(hash)
        || store.areForeignTokensRevoked(uid, claims.issuedAt())) {
      return Optional.empty();
    }
    if (users.findUser(uid).isEmpty()) {
      if (!foreignTokens.orElseThrow().createsUsers()) {
        throw new ApiException(404, "ERR_UID_NOT_FOUND", "There is no such user.");
      }
      String name = claims.name() == null || claims.name().isBlank() ? uid : claims.name();
      String shown = name.length() > MAX_NAME_CHARS ? name.substring(0, MAX_NAME_CHARS) : name;
      if (users.createUser(new User(uid, shown, null, User.DEFAULT_ROLE, null), clock.instant())) {
        log.info("user.created uid={} by=identity-provider", uid);
      }
    }
    return Optional.of(new Login(uid, hash, claims.expiresAt()));
  }

  private static ApiException noSuchToken() {
    return new ApiException(
        401,
        "AUTH_ERR_AUTH_TOKEN_NOT_FOUND",
        "The auth token is missing, unknown or expired. Log in again.");
  }

  /// @param from who asks
  /// @param scopes any of which will do
  /// @throws ApiException 401 without a known key, 403 if it has none of these scopes, 429 if this
  ///   address was wrong too often
  public void requireKey(@Nullable String apiKey, InetAddress from, Set<String> scopes) {
    if (apiKey == null || apiKey.isEmpty()) {
      throw new ApiException(401, "AUTH_ERR_EMPTY_APIKEY", "The API key is missing.");
    }
    guard.check(from);
    Optional<String> scope = store.findApiKey(Secrets.hash(apiKey), clock.instant());
    if (scope.isEmpty()) {
      guard.failed(from);
      throw new ApiException(401, "AUTH_ERR_APIKEY_NOT_FOUND", "There is no such API key.");
    }
    if (!scopes.contains(scope.get())) {
      throw new ApiException(403, "AUTH_ERR_NO_ACCESS", "This API key does not allow that.");
    }
  }

  /// The grant of a guest, who needs no login.
  ///
  /// @param from who asks
  /// @throws ApiException 401 if it is not ours or expired; 429 if this address was wrong too often
  public GuestGrant requireGrant(String compact, CallTokens tokens, InetAddress from) {
    guard.check(from);
    Optional<GuestGrant> grant = tokens.checkGrant(compact);
    if (grant.isEmpty()) {
      guard.failed(from);
      throw new ApiException(
          401, "ERR_GUEST_LINK_INVALID", "The link is not valid, or no longer. Ask for a new one.");
    }
    return grant.get();
  }

  public void revoke(Login login) {
    if (login.foreignUntil() == null) {
      store.removeAuthToken(login.tokenHash());
    } else {
      store.revokeForeignToken(login.tokenHash(), login.foreignUntil());
    }
  }

  public void revokeAllOf(String uid) {
    store.removeAuthTokensOf(uid, clock.instant());
  }

  public void forgetExpired() {
    store.removeExpiredAuthTokens(clock.instant());
  }
}
