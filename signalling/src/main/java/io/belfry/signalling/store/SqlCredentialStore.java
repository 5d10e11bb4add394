package io.belfry.signalling.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
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
  public void removeAuthTokensOf(String uid, Instant now) {
    update("DELETE FROM auth_tokens WHERE uid = :uid", Map.of("uid", uid));
    update(
        "UPDATE users SET tokens_not_before_ms = :now WHERE uid = :uid",
        Map.of("uid", uid, "now", now.toEpochMilli()));
  }

  @Override
  public List<AuthTokenInfo> authTokensOf(String uid, Instant now) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                "SELECT token_hash, created_at_ms, expires_at_ms FROM auth_tokens"
                    + " WHERE uid = :uid AND expires_at_ms > :now"
                    + " ORDER BY created_at_ms DESC, token_hash")
            .bind("uid", uid)
            .bind("now", now.toEpochMilli())
            .map((row, context) ->
                new AuthTokenInfo(
                    row.getString("token_hash"),
                    Sql.instant(row, "created_at_ms"),
                    Sql.instant(row, "expires_at_ms")))
            .list());
  }

  @Override
  public void revokeForeignToken(String tokenHash, Instant expiresAt) {
    update(
        "INSERT INTO revoked_tokens (token_hash, expires_at_ms) VALUES (:hash, :expires)"
            + " ON CONFLICT DO NOTHING",
        Map.of("hash", tokenHash, "expires", expiresAt.toEpochMilli()));
  }

  @Override
  public boolean isForeignTokenRevoked(String tokenHash) {
    return find(
            "SELECT token_hash FROM revoked_tokens WHERE token_hash = :hash",
            Map.of("hash", tokenHash))
        .isPresent();
  }

  @Override
  public boolean areForeignTokensRevoked(String uid, Instant issuedAt) {
    return find(
            "SELECT uid FROM users WHERE uid = :uid AND tokens_not_before_ms >= :issuedAt",
            Map.of("uid", uid, "issuedAt", issuedAt.toEpochMilli()))
        .isPresent();
  }

  @Override
  public List<ApiKey> apiKeys() {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("SELECT * FROM api_keys ORDER BY name")
            .map((row, context) -> apiKey(row))
            .list());
  }

  @Override
  public Optional<ApiKey> apiKey(String name) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery("SELECT * FROM api_keys WHERE name = :name")
            .bind("name", name)
            .map((row, context) -> apiKey(row))
            .findOne());
  }

  private static ApiKey apiKey(ResultSet row) throws SQLException {
    return new ApiKey(
        row.getString("name"),
        row.getString("scope"),
        Sql.instant(row, "created_at_ms"),
        Sql.optionalInstant(row, "rotated_at_ms"),
        Sql.optionalInstant(row, "previous_until_ms"));
  }

  @Override
  public boolean createApiKey(String name, String keyHash, String scope, Instant now) {
    return update(
            "INSERT INTO api_keys (key_hash, name, scope, created_at_ms)"
                + " VALUES (:hash, :name, :scope, :now) ON CONFLICT DO NOTHING",
            Map.of("hash", keyHash, "name", name, "scope", scope, "now", now.toEpochMilli()))
        == 1;
  }

  @Override
  public boolean rotateApiKey(String name, String keyHash, Instant now, Instant previousUntil) {
    return update(
            "UPDATE api_keys SET previous_hash = key_hash, previous_until_ms = :until,"
                + " key_hash = :hash, rotated_at_ms = :now WHERE name = :name",
            Map.of(
                "hash",
                keyHash,
                "name",
                name,
                "now",
                now.toEpochMilli(),
                "until",
                previousUntil.toEpochMilli()))
        == 1;
  }

  @Override
  public void removeExpiredAuthTokens(Instant now) {
    Map<String, ?> values = Map.of("now", now.toEpochMilli());
    update("DELETE FROM auth_tokens WHERE expires_at_ms <= :now", values);
    update("DELETE FROM revoked_tokens WHERE expires_at_ms <= :now", values);
  }

  @Override
  public Optional<String> findApiKey(String keyHash, Instant now) {
    return find(
        "SELECT scope FROM api_keys WHERE key_hash = :hash"
            + " OR (previous_hash = :hash AND previous_until_ms > :now)",
        Map.of("hash", keyHash, "now", now.toEpochMilli()));
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

  private int update(String sql, Map<String, ?> values) {
    return jdbi.withHandle(handle -> handle.createUpdate(sql).bindMap(values).execute());
  }

  private Optional<String> find(String sql, Map<String, ?> values) {
    return jdbi.withHandle(
        handle -> handle.createQuery(sql).bindMap(values).mapTo(String.class).findOne());
  }
}
