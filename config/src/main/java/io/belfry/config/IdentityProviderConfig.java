package io.belfry.config;

import java.time.Duration;

/// `belfry.signalling.identityProvider`: whose JWTs count as auth tokens, besides our own.
///
/// @param createUsers whether a user is made at the first login
public record IdentityProviderConfig(
    String issuer,
    String audience,
    String jwksUrl,
    boolean createUsers,
    String uidClaim,
    String nameClaim,
    Duration timeout,
    Duration clockSkew) {

  public IdentityProviderConfig {
    String prefix = "belfry.signalling.identityProvider.";
    Checks checks = new Checks();
    checks.that(!issuer.isBlank(), prefix + "issuer", issuer, "there when jwksUrl is");
    checks.that(!audience.isBlank(), prefix + "audience", audience, "there when jwksUrl is");
    checks.that(HttpUrls.isUrl(jwksUrl), prefix + "jwksUrl", jwksUrl, "an http(s) address");
    checks.that(!uidClaim.isBlank(), prefix + "uidClaim", uidClaim, "the name of a claim");
    checks.that(!nameClaim.isBlank(), prefix + "nameClaim", nameClaim, "the name of a claim");
    checks.range(prefix + "timeout", timeout, Duration.ofMillis(100), Duration.ofSeconds(30));
    checks.range(prefix + "clockSkew", clockSkew, Duration.ZERO, Duration.ofMinutes(10));
    checks.done();
  }
}
