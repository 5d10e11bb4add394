package io.belfry.common.token;

import io.belfry.common.id.SessionId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a call token grants. It opens exactly one session for one user.
///
/// @param uid the user, claim `sub`
/// @param name the user's display name
/// @param avatar address of the user's picture, if any
/// @param mayOpen claim `open`: the session begins with the first who comes, if it has not begun;
///   else only whoever carries a call out opens its session
/// @param expiresAt claim `exp`: the token is refused from this instant on; who is in stays in
public record CallToken(
    SessionId sessionId,
    String uid,
    String name,
    @Nullable String avatar,
    boolean mayPublish,
    boolean maySubscribe,
    boolean mayOpen,
    Instant expiresAt) {

  /// A token for a session that somebody else opens.
  public CallToken(
      SessionId sessionId,
      String uid,
      String name,
      @Nullable String avatar,
      boolean mayPublish,
      boolean maySubscribe,
      Instant expiresAt) {
    this(sessionId, uid, name, avatar, mayPublish, maySubscribe, false, expiresAt);
  }
}
