package io.belfry.signalling.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.belfry.config.IdentityProviderConfig;
import io.belfry.http.ApiException;
import java.net.MalformedURLException;
import java.net.URI;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Checks the JWTs (RFC 7519) of the operator's identity provider against its keys, which are read
/// over HTTP, kept, and read again when they are old or a token names one that is not among them:
/// at most twice in half a minute, so that forged tokens cannot make this server ask without end.
public final class ForeignTokens {
  private static final Logger log = LoggerFactory.getLogger(ForeignTokens.class);

  private static final Duration KEEP_KEYS = Duration.ofMinutes(15);
  private static final Duration KEEP_KEYS_IN_OUTAGE = Duration.ofHours(4);
  private static final Duration MIN_REFRESH_INTERVAL = Duration.ofSeconds(30);
  private static final int MAX_KEYS_BYTES = 512 * 1024;

  /// Public-key algorithms only: with HMAC or "none" anyone could sign.
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512);

  private final IdentityProviderConfig config;
  private final Clock clock;
  private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

  /// Who a token speaks for.
  ///
  /// @param name null if it names none
  record Claims(String uid, @Nullable String name, Instant issuedAt, Instant expiresAt) {}

  public ForeignTokens(IdentityProviderConfig config, Clock clock) {
    this.config = config;
    this.clock = clock;
    int timeoutMillis = Math.toIntExact(config.timeout().toMillis());
    try {
      JWKSource<SecurityContext> keys =
          JWKSourceBuilder.<SecurityContext>create(
                  URI.create(config.jwksUrl()).toURL(),
                  new DefaultResourceRetriever(timeoutMillis, timeoutMillis, MAX_KEYS_BYTES))
              .cache(KEEP_KEYS.toMillis(), 2L * timeoutMillis)
              .refreshAheadCache(false)
              .rateLimited(MIN_REFRESH_INTERVAL.toMillis())
              .outageTolerant(KEEP_KEYS_IN_OUTAGE.toMillis())
              .build();
      processor.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys));
      // The claims are checked below, by our clock.
      processor.setJWTClaimsSetVerifier((claims, context) -> {});
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException("not an address: " + config.jwksUrl(), e);
    }
  }

  /// Whether this could be a JWT at all; our own tokens have no dots.
  static boolean isJwt(String token) {
    int first = token.indexOf('.');
    return first > 0 && token.indexOf('.', first + 1) > first;
  }

  /// What the token says, if it is good now.
  ///
  /// @throws ApiException 503 if the keys cannot be had
  Optional<Claims> check(String token) {
    try {
      return claims(processor.process(SignedJWT.parse(token), null));
    } catch (RateLimitReachedException e) {
      log.debug("identity_provider.unknown_key cause={}", e.getMessage());
      return Optional.empty();
    } catch (KeySourceException e) {
      log.warn("identity_provider.unavailable url={} cause={}", config.jwksUrl(), e.getMessage());
      throw new ApiException(
          503,
          "ERR_IDENTITY_PROVIDER_UNAVAILABLE",
          "The keys of the identity provider cannot be read. Try again.");
    } catch (BadJOSEException | JOSEException | ParseException e) {
      log.debug("identity_provider.refused cause={}", e.getMessage());
      return Optional.empty();
    }
  }

  private Optional<Claims> claims(JWTClaimsSet claims) throws ParseException {
    Instant now = clock.instant();
    Instant expiresAt = instant(claims.getExpirationTime());
    Instant notBefore = instant(claims.getNotBeforeTime());
    String uid = claims.getStringClaim(config.uidClaim());
    if (!config.issuer().equals(claims.getIssuer())
        || !claims.getAudience().contains(config.audience())
        || uid == null
        || expiresAt == null
        || !now.isBefore(expiresAt.plus(config.clockSkew()))
        || (notBefore != null && now.isBefore(notBefore.minus(config.clockSkew())))) {
      return Optional.empty();
    }
    Instant issuedAt = instant(claims.getIssueTime());
    return Optional.of(
        new Claims(
            uid,
            claims.getStringClaim(config.nameClaim()),
            // Without a time it cannot be told from those that were revoked.
            issuedAt == null ? Instant.EPOCH : issuedAt,
            expiresAt.plus(config.clockSkew())));
  }

  private static @Nullable Instant instant(@Nullable Date date) {
    return date == null ? null : date.toInstant();
  }

  boolean createsUsers() {
    return config.createUsers();
  }
}
