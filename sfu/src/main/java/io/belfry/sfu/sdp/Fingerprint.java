package io.belfry.sfu.sdp;

import java.util.regex.Pattern;

/// The hash of a certificate (RFC 8122 §5).
///
/// @param algorithm in lower case: `sha-256`
/// @param value upper-case hex pairs with colons between
public record Fingerprint(String algorithm, String value) {
  private static final Pattern HEX_PAIRS = Pattern.compile("[0-9A-F]{2}(:[0-9A-F]{2})*");

  /// Whether it proves a certificate: well formed, and of an algorithm that nobody forges. RFC 8122
  /// §5 rules out MD2 and MD5 and leaves SHA-1 to old clients, of which there are none here.
  boolean isTrusted() {
    return hashBytes() > 0
        && value.length() == hashBytes() * 3 - 1
        && HEX_PAIRS.matcher(value).matches();
  }

  /// The length of the algorithm's hashes, 0 for algorithms not trusted.
  int hashBytes() {
    return switch (algorithm) {
      case "sha-256" -> 32;
      case "sha-384" -> 48;
      case "sha-512" -> 64;
      default -> 0;
    };
  }
}
