package io.belfry.signalling.auth;

import io.belfry.common.id.SessionId;
import io.belfry.common.token.CallToken;
import io.belfry.common.token.CallTokenSigner;
import io.belfry.signalling.store.SigningKeys;
import io.belfry.signalling.store.User;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/// Signs call tokens with the key of this system, which is made once and kept.
public final class CallTokens {
  private final CallTokenSigner signer;
  private final Duration lifetime;
  private final Clock clock;

  private CallTokens(CallTokenSigner signer, Duration lifetime, Clock clock) {
    this.signer = signer;
    this.lifetime = lifetime;
    this.clock = clock;
  }

  public static CallTokens open(SigningKeys keys, Duration lifetime, Clock clock) {
    String jwk = keys.findOrStore(() -> CallTokenSigner.generate().toPrivateJwk());
    return new CallTokens(CallTokenSigner.fromPrivateJwk(jwk), lifetime, clock);
  }

  public String sign(SessionId sessionId, User user) {
    Instant now = clock.instant();
    return signer.sign(
        new CallToken(
            sessionId, user.uid(), user.name(), user.avatar(), true, true, now.plus(lifetime)),
        now);
  }

  /// The public keys as a JWK set (RFC 7517 §5).
  public String jwks() {
    return signer.toPublicJwks();
  }
}
