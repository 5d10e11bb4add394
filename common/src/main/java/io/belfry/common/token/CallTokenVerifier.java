package io.belfry.common.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.belfry.common.id.SessionId;
import java.text.ParseException;
import java.time.Instant;
import java.util.Optional;

/// Checks call tokens, and the grants of guests, against a JWK set. Immutable and thread-safe.
public final class CallTokenVerifier {
  private final JWKSet keys;

  /// @param jwks a JWK set as JSON (RFC 7517 §5)
  /// @throws IllegalArgumentException if it is not one
  public CallTokenVerifier(String jwks) {
    try {
      this.keys = JWKSet.parse(jwks);
    } catch (ParseException e) {
      throw new IllegalArgumentException("not a JWK set: " + e.getMessage(), e);
    }
  }

  /// What came of checking a token.
  public sealed interface Result {
    record Accepted(CallToken token) implements Result {}

    /// @param code `ERR_TOKEN_MALFORMED`, `ERR_TOKEN_SIGNATURE` or `ERR_TOKEN_EXPIRED`
    record Refused(String code, String message) implements Result {}
  }

  public Result verify(String compact, Instant now) {
    try {
      SignedJWT jwt = SignedJWT.parse(compact);
      JWTClaimsSet claims = jwt.getJWTClaimsSet();
      // Only RS256: "none" and HMAC with the public key as secret are the classic forgeries.
      if (!JWSAlgorithm.RS256.equals(jwt.getHeader().getAlgorithm()) || !isSigned(jwt)) {
        return new Result.Refused(
            "ERR_TOKEN_SIGNATURE", "The call token was not signed by this system.");
      }
      if (!CallTokenSigner.ISSUER.equals(claims.getIssuer())
          || !claims.getAudience().contains(CallTokenSigner.AUDIENCE)) {
        return new Result.Refused("ERR_TOKEN_MALFORMED", "This token is not a call token.");
      }
      if (claims.getExpirationTime() == null
          || !now.isBefore(claims.getExpirationTime().toInstant())) {
        return new Result.Refused("ERR_TOKEN_EXPIRED", "The call token has expired.");
      }
      String sessionId = claims.getStringClaim("sessionId");
      if (sessionId == null || !SessionId.isValid(sessionId) || claims.getSubject() == null) {
        return new Result.Refused("ERR_TOKEN_MALFORMED", "The call token names no session.");
      }
      String name = claims.getStringClaim("name");
      return new Result.Accepted(
          new CallToken(
              new SessionId(sessionId),
              claims.getSubject(),
              name == null ? claims.getSubject() : name,
              claims.getStringClaim("avatar"),
              Boolean.TRUE.equals(claims.getBooleanClaim("publish")),
              Boolean.TRUE.equals(claims.getBooleanClaim("subscribe")),
              Boolean.TRUE.equals(claims.getBooleanClaim("open")),
              claims.getExpirationTime().toInstant()));
    } catch (ParseException e) {
      return new Result.Refused("ERR_TOKEN_MALFORMED", "The call token is not a JWT.");
    }
  }

  /// The grant, if it is one, good now, and signed by this system.
  public Optional<GuestGrant> verifyGrant(String compact, Instant now) {
    try {
      SignedJWT jwt = SignedJWT.parse(compact);
      JWTClaimsSet claims = jwt.getJWTClaimsSet();
      String sessionId = claims.getStringClaim("sessionId");
      if (!JWSAlgorithm.RS256.equals(jwt.getHeader().getAlgorithm())
          || !isSigned(jwt)
          || !CallTokenSigner.ISSUER.equals(claims.getIssuer())
          || !claims.getAudience().contains(CallTokenSigner.GUEST_AUDIENCE)
          || claims.getSubject() == null
          || claims.getExpirationTime() == null
          || !now.isBefore(claims.getExpirationTime().toInstant())
          || sessionId == null
          || !SessionId.isValid(sessionId)) {
        return Optional.empty();
      }
      return Optional.of(
          new GuestGrant(
              new SessionId(sessionId),
              claims.getSubject(),
              claims.getExpirationTime().toInstant()));
    } catch (ParseException e) {
      return Optional.empty();
    }
  }

  private boolean isSigned(SignedJWT jwt) {
    JWK key = keys.getKeyByKeyId(jwt.getHeader().getKeyID());
    if (!(key instanceof RSAKey rsa)) {
      return false;
    }
    try {
      return jwt.verify(new RSASSAVerifier(rsa.toRSAPublicKey()));
    } catch (JOSEException e) {
      return false;
    }
  }
}
