package io.belfry.signalling.store;

import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

final class SqlPushTokenStore implements PushTokenStore {
  private final Jdbi jdbi;

  SqlPushTokenStore(Jdbi jdbi) {
    this.jdbi = jdbi;
  }

  @Override
  public void put(PushToken token, int max) {
    String hash = Sql.hash(token.token());
    jdbi.useTransaction(handle -> {
      handle
          .createUpdate("DELETE FROM push_tokens WHERE token_hash = :hash")
          .bind("hash", hash)
          .execute();
      handle
          .createUpdate(
              "INSERT INTO push_tokens (token_hash, uid, token, platform, provider_id,"
                  + " created_at_ms) VALUES (:hash, :uid, :token, :platform, :provider, :at)"
                  + " ON CONFLICT DO NOTHING")
          .bind("hash", hash)
          .bind("uid", token.uid())
          .bind("token", token.token())
          .bind("platform", token.platform())
          .bind("provider", token.providerId())
          .bind("at", token.createdAt().toEpochMilli())
          .execute();
      handle
          .createUpdate(
              "DELETE FROM push_tokens WHERE uid = :uid AND token_hash NOT IN"
                  + " (SELECT token_hash FROM push_tokens WHERE uid = :uid"
                  + " ORDER BY created_at_ms DESC, token_hash LIMIT :max)")
          .bind("uid", token.uid())
          .bind("max", max)
          .execute();
    });
  }

  @Override
  public List<PushToken> of(String uid) {
    return jdbi.withHandle(handle ->
        handle
            .createQuery(
                "SELECT * FROM push_tokens WHERE uid = :uid"
                    + " ORDER BY created_at_ms DESC, token_hash")
            .bind("uid", uid)
            .map((row, context) ->
                new PushToken(
                    row.getString("uid"),
                    row.getString("token"),
                    row.getString("platform"),
                    row.getString("provider_id"),
                    Sql.instant(row, "created_at_ms")))
            .list());
  }

  @Override
  public boolean remove(String token, @Nullable String uid) {
    return jdbi.withHandle(handle ->
        handle
            .createUpdate(
                "DELETE FROM push_tokens WHERE token_hash = :hash"
                    + (uid == null ? "" : " AND uid = :uid"))
            .bind("hash", Sql.hash(token))
            .bindMap(uid == null ? Map.of() : Map.of("uid", uid))
            .execute())
        == 1;
  }
}
