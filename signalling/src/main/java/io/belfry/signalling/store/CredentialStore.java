package io.belfry.signalling.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Hashes of tokens and keys, and the node's own secrets.
public interface CredentialStore {

  void addAuthToken(String tokenHash, String uid, Instant now, Instant expiresAt);

  /// The uid of a token that is valid now.
  Optional<String> findAuthToken(String tokenHash, Instant now);

  void removeAuthToken(String tokenHash);

  /// Those of an identity provider that were issued until now count as revoked, too.
  void removeAuthTokensOf(String uid, Instant now);

  void removeExpiredAuthTokens(Instant now);

  /// An auth token without its secret.
  record AuthTokenInfo(String tokenHash, Instant createdAt, Instant expiresAt) {}

  /// The user's valid tokens, the newest first.
  List<AuthTokenInfo> authTokensOf(String uid, Instant now);

  /// Remembers that a token of an identity provider is no longer good.
  void revokeForeignToken(String tokenHash, Instant expiresAt);

  boolean isForeignTokenRevoked(String tokenHash);

  /// Whether a user's foreign tokens were revoked at or after the time when this one was issued.
  boolean areForeignTokensRevoked(String uid, Instant issuedAt);

  /// An API key without its secret.
  ///
  /// @param previousUntil how long the secret before the last rotation is still good; null if not
  record ApiKey(
      String name,
      String scope,
      Instant createdAt,
      @Nullable Instant rotatedAt,
      @Nullable Instant previousUntil) {}

  /// By name.
  List<ApiKey> apiKeys();

  Optional<ApiKey> apiKey(String name);

  /// @return whether the name was free
  boolean createApiKey(String name, String keyHash, String scope, Instant now);

  /// Gives a key another secret.
  ///
  /// @param previousUntil how long the present one stays good
  /// @return whether there is such a key
  boolean rotateApiKey(String name, String keyHash, Instant now, Instant previousUntil);

  /// What a key allows: `full`, `read-only`, `auth`.
  Optional<String> findApiKey(String keyHash, Instant now);

  boolean hasApiKeys(String scope);

  /// Stores a key under a name, instead of one that had it.
  void putApiKey(String name, String keyHash, String scope, Instant now);

  void removeApiKey(String name);

  Optional<String> findSetting(String name);

  /// Stores a value unless there is one.
  ///
  /// @return the one that is stored now
  String putSettingIfAbsent(String name, String value);

  void removeSetting(String name);
}
