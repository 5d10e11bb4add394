package io.belfry.sfu.ice;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The STUN and TURN servers that clients are told to use.
///
/// TURN servers share a secret with us and take any user name that begins with a time to come, with
/// the HMAC of that name as password (draft-uberti-behave-turn-rest-00 §2.2, which coturn and
/// others implement): what one client learns is of no use to others for long.
///
/// @param urls `stun:`, `stuns:`, `turn:` and `turns:` URLs (RFC 7064, RFC 7065)
/// @param secret needed by TURN servers; else empty
/// @param lifetime of TURN credentials
public record IceServers(List<String> urls, String secret, Duration lifetime) {
  public static final IceServers NONE = new IceServers(List.of(), "", Duration.ZERO);

  /// HMAC-SHA1 is what TURN servers compute; nothing here depends on the hash being free of
  /// collisions.
  private static final String HMAC = "HmacSHA1";

  public IceServers {
    urls = List.copyOf(urls);
  }

  /// Servers as a client gets them.
  ///
  /// @param login for TURN servers only
  public record Offered(List<String> urls, Optional<Login> login) {}

  public record Login(String username, String credential) {}

  /// For one user, from now on.
  public List<Offered> offered(String uid, Instant now) {
    List<String> relays = urls.stream().filter(IceServers::isTurn).toList();
    List<String> others = urls.stream().filter(url -> !isTurn(url)).toList();
    Optional<Offered> stun =
        others.isEmpty() ? Optional.empty() : Optional.of(new Offered(others, Optional.empty()));
    Optional<Offered> turn =
        relays.isEmpty()
            ? Optional.empty()
            : Optional.of(new Offered(relays, Optional.of(login(uid, now))));
    return List.of(stun, turn).stream().flatMap(Optional::stream).toList();
  }

  /// The values of the `Link` headers of RFC 9725 §4.6, one a line; empty without servers.
  public String links(String uid, Instant now) {
    return offered(uid, now).stream()
        .flatMap(server -> server.urls().stream().map(url -> link(url, server.login())))
        .collect(Collectors.joining("\n"));
  }

  private static String link(String url, Optional<Login> login) {
    String server = "<" + url + ">; rel=\"ice-server\"";
    return login
        .map(known ->
            "%s; username=\"%s\"; credential=\"%s\"; credential-type=\"password\""
                .formatted(server, known.username(), known.credential()))
        .orElse(server);
  }

  private Login login(String uid, Instant now) {
    // The name goes into a quoted string and into other servers' logs.
    String who = uid.replaceAll("[^A-Za-z0-9._@-]", "_");
    String username = now.plus(lifetime).getEpochSecond() + ":" + who;
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), HMAC));
      byte[] tag = mac.doFinal(username.getBytes(StandardCharsets.UTF_8));
      return new Login(username, Base64.getEncoder().encodeToString(tag));
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every JDK has " + HMAC, e);
    }
  }

  private static boolean isTurn(String url) {
    return url.startsWith("turn");
  }

  /// The secret is not for logs.
  @Override
  public String toString() {
    return "IceServers" + urls;
  }
}
