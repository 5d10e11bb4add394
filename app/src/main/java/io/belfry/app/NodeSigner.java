package io.belfry.app;

import io.belfry.common.id.SessionId;
import io.belfry.common.token.CallToken;
import io.belfry.common.token.CallTokenSigner;
import io.belfry.config.BelfryConfig;
import io.belfry.signalling.store.Database;
import io.belfry.signalling.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Signs call tokens for one session with the key of the node on these settings, whether or not
/// anybody rang for it: the first who comes with one opens the session.
final class NodeSigner {
  static final String SESSION_RULE = "--session is 1 to 128 characters of A-Z a-z 0-9 . _ -";

  private final CallTokenSigner signer;
  private final SessionId session;
  private final Instant now;
  private final Instant expiresAt;

  /// @param session valid, see {@link #SESSION_RULE}
  /// @throws StartupException if there is no key yet, or no getting at it
  NodeSigner(BelfryConfig config, String session, Instant now, Duration lifetime) {
    this.signer = signer(config);
    this.session = new SessionId(session);
    this.now = now;
    this.expiresAt = now.plus(lifetime);
  }

  String sign(String uid, String name, boolean mayPublish, boolean maySubscribe) {
    CallToken token =
        new CallToken(session, uid, name, null, mayPublish, maySubscribe, true, expiresAt);
    return signer.sign(token, now);
  }

  private static CallTokenSigner signer(BelfryConfig config) {
    try {
      Optional<String> key =
          Database.findSigningKey(config.signalling().database(), config.dataDirectory());
      return CallTokenSigner.fromPrivateJwk(
          key.orElseThrow(() ->
              new StartupException(
                  "there is no key to sign with (dataDirectory is "
                      + config.dataDirectory().toAbsolutePath()
                      + "); the first start of the server makes it")));
    } catch (StoreException e) {
      throw new StartupException(String.valueOf(e.getMessage()), e);
    }
  }
}
