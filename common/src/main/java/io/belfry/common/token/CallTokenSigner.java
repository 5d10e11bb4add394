package io.belfry.common.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;

/// Signs call tokens, and the grants of guests, with one RSA key. Immutable and thread-safe.
public final class CallTokenSigner {
  static final String ISSUER = "belfry";
  static final String AUDIENCE = "belfry-session";

  /// Another audience, so that neither is ever taken for the other (RFC 8725 §3.12).
  static final String GUEST_AUDIENCE = "belfry-guest";

  private final RSAKey key;
  private final RSASSASigner signer;

  private CallTokenSigner(RSAKey key) throws JOSEException {
    this.key = key;
    this.signer = new RSASSASigner(key);
  }

  /// A signer with a new 2048-bit key.
  public static CallTokenSigner generate() {
    try {
      return new CallTokenSigner(
          new RSAKeyGenerator(2048)
              .keyUse(KeyUse.SIGNATURE)
              .algorithm(JWSAlgorithm.RS256)
              .keyID("belfry-" + UUID.randomUUID().toString().substring(0, 8))
              .generate());
    } catch (JOSEException e) {
      throw new IllegalStateException("cannot make an RSA key", e);
    }
  }

  /// The signer that {@link #toPrivateJwk} described.
  ///
  /// @throws IllegalArgumentException if the text is not a private RSA key in JWK form
  public static CallTokenSigner fromPrivateJwk(String jwk) {
    try {
      RSAKey key = RSAKey.parse(jwk);
      if (!key.isPrivate()) {
        throw new IllegalArgumentException("the JWK holds no private key");
      }
      return new CallTokenSigner(key);
    } catch (ParseException | JOSEException e) {
      throw new IllegalArgumentException("not an RSA key in JWK form: " + e.getMessage(), e);
    }
  }

  /// The key with its private part, to be stored where only this node reads it.
  public String toPrivateJwk() {
    return key.toJSONString();
  }

  /// The public half as a JWK set, to be published (RFC 7517 §5).
  public String toPublicJwks() {
    return new JWKSet(key.toPublicJWK()).toString();
  }

  /// The token in compact form.
  public String sign(CallToken token, Instant now) {
    JWTClaimsSet claims =
        new JWTClaimsSet.Builder()
            .issuer(ISSUER)
            .audience(AUDIENCE)
            .subject(token.uid())
            .issueTime(Date.from(now))
            .expirationTime(Date.from(token.expiresAt()))
            .claim("sessionId", token.sessionId().value())
            .claim("name", token.name())
            .claim("avatar", token.avatar())
            .claim("publish", token.mayPublish())
            .claim("subscribe", token.maySubscribe())
            .claim("open", token.mayOpen() ? true : null)
            .build();
    return sign(claims);
  }

  /// The grant in compact form.
  public String sign(GuestGrant grant, Instant now) {
    return sign(
        new JWTClaimsSet.Builder()
            .issuer(ISSUER)
            .audience(GUEST_AUDIENCE)
            .subject(grant.invitedBy())
            .issueTime(Date.from(now))
            .expirationTime(Date.from(grant.expiresAt()))
            .claim("sessionId", grant.sessionId().value())
            .build());
  }

  private String sign(JWTClaimsSet claims) {
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256)
                .type(JOSEObjectType.JWT)
                .keyID(key.getKeyID())
                .build(),
            claims);
    try {
      jwt.sign(signer);
    } catch (JOSEException e) {
      throw new IllegalStateException("cannot sign a token", e);
    }
    return jwt.serialize();
  }
}
