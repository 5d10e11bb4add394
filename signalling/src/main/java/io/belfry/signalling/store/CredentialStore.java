package io.belfry.signalling.store;

import java.time.Instant;
import java.util.Optional;

/// Hashes of tokens and keys, and the node's own secrets.
public interface CredentialStore {

  void addAuthToken(String tokenHash, String uid, Instant now, Instant expiresAt);

  /// The uid of a token that is valid now.
  Optional<String> findAuthToken(String tokenHash, Instant now);

  void removeAuthToken(String tokenHash);

  void removeAuthTokensOf(String uid);

  void removeExpiredAuthTokens(Instant now);

  /// What a key allows: `full`, `auth`.
  Optional<String> findApiKey(String keyHash);

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
