package io.belfry.signalling.auth;

import io.belfry.common.id.SessionId;
import io.belfry.common.token.CallToken;
import io.belfry.common.token.CallTokenSigner;
import io.belfry.common.token.CallTokenVerifier;
import io.belfry.common.token.GuestGrant;
import io.belfry.signalling.store.SigningKeys;
import io.belfry.signalling.store.User;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Signs call tokens and the grants of guests with the key of this system, which is made once and
/// kept.
public final class CallTokens {
  private final CallTokenSigner signer;
  private final CallTokenVerifier verifier;
  private final Duration lifetime;
  private final Clock clock;

  private CallTokens(CallTokenSigner signer, Duration lifetime, Clock clock) {
    this.signer = signer;
    this.verifier = new CallTokenVerifier(signer.toPublicJwks());
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

  /// A token for somebody who is no user.
  public String signGuest(SessionId sessionId, String uid, String name) {
    Instant now = clock.instant();
    return signer.sign(
        new CallToken(sessionId, uid, name, null, true, true, now.plus(lifetime)), now);
  }

  /// A token that opens a session of the user's own.
  public String signOpening(SessionId sessionId, User user, Duration goodFor) {
    Instant now = clock.instant();
    return signer.sign(
        new CallToken(
            sessionId, user.uid(), user.name(), user.avatar(), true, true, true, now.plus(goodFor)),
        now);
  }

  public String sign(GuestGrant grant) {
    return signer.sign(grant, clock.instant());
  }

  /// The grant, if it is good now.
  public Optional<GuestGrant> checkGrant(String compact) {
    return verifier.verifyGrant(compact, clock.instant());
  }

  /// The public keys as a JWK set (RFC 7517 §5).
  public String jwks() {
    return signer.toPublicJwks();
  }
}
