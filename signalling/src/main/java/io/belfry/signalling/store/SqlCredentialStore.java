package io.belfry.signalling.store;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

final class SqlCredentialStore implements CredentialStore {
  private final Jdbi jdbi;

  SqlCredentialStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  @Override
  public void addAuthToken(String tokenHash, String uid, Instant now, Instant expiresAt) {
    update(
        "INSERT INTO auth_tokens (token_hash, uid, created_at_ms, expires_at_ms)"
            + " VALUES (:hash, :uid, :now, :expires)",
        Map.of(
            "hash",
            tokenHash,
            "uid",
            uid,
            "now",
            now.toEpochMilli(),
            "expires",
            expiresAt.toEpochMilli()));
  }

  @Override
  public Optional<String> findAuthToken(String tokenHash, Instant now) {
    return find(
        "SELECT uid FROM auth_tokens WHERE token_hash = :hash AND expires_at_ms > :now",
        Map.of("hash", tokenHash, "now", now.toEpochMilli()));
  }

  @Override
  public void removeAuthToken(String tokenHash) {
    update("DELETE FROM auth_tokens WHERE token_hash = :hash", Map.of("hash", tokenHash));
  }

  @Override
  public void removeAuthTokensOf(String uid) {
    update("DELETE FROM auth_tokens WHERE uid = :uid", Map.of("uid", uid));
  }

  @Override
  public void removeExpiredAuthTokens(Instant now) {
    update(
        "DELETE FROM auth_tokens WHERE expires_at_ms <= :now", Map.of("now", now.toEpochMilli()));
  }

  @Override
  public Optional<String> findApiKey(String keyHash) {
    return find("SELECT scope FROM api_keys WHERE key_hash = :hash", Map.of("hash", keyHash));
  }

  @Override
  public boolean hasApiKeys(String scope) {
    return find("SELECT min(name) FROM api_keys WHERE scope = :scope", Map.of("scope", scope))
        .isPresent();
  }

  @Override
  public void putApiKey(String name, String keyHash, String scope, Instant now) {
    jdbi.useTransaction(handle -> {
      handle.createUpdate("DELETE FROM api_keys WHERE name = :name").bind("name", name).execute();
      handle
          .createUpdate(
              "INSERT INTO api_keys (key_hash, name, scope, created_at_ms)"
                  + " VALUES (:hash, :name, :scope, :now)")
          .bind("hash", keyHash)
          .bind("name", name)
          .bind("scope", scope)
          .bind("now", now.toEpochMilli())
          .execute();
    });
  }

  @Override
  public void removeApiKey(String name) {
    update("DELETE FROM api_keys WHERE name = :name", Map.of("name", name));
  }

  @Override
  public Optional<String> findSetting(String name) {
    return find("SELECT content FROM settings WHERE name = :name", Map.of("name", name));
  }

  @Override
  public String putSettingIfAbsent(String name, String value) {
    update(
        "INSERT INTO settings (name, content) VALUES (:name, :content) ON CONFLICT DO NOTHING",
        Map.of("name", name, "content", value));
    return findSetting(name).orElseThrow();
  }

  @Override
  public void removeSetting(String name) {
    update("DELETE FROM settings WHERE name = :name", Map.of("name", name));
  }

  private void update(String sql, Map<String, ?> values) {
    jdbi.useHandle(handle -> handle.createUpdate(sql).bindMap(values).execute());
  }

  private Optional<String> find(String sql, Map<String, ?> values) {
    return jdbi.withHandle(
        handle -> handle.createQuery(sql).bindMap(values).mapTo(String.class).findOne());
  }
}
