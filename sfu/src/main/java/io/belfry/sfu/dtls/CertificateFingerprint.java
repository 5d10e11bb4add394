package io.belfry.sfu.dtls;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;

/// The hash of a certificate, as descriptions carry it in `a=fingerprint` (RFC 8122 §5).
///
/// @param algorithm `sha-256`, `sha-384` or `sha-512`
/// @param value upper-case hexadecimal bytes with colons between
public record CertificateFingerprint(String algorithm, String value) {
  private static final Set<String> ALGORITHMS = Set.of("sha-256", "sha-384", "sha-512");
  private static final HexFormat COLONS = HexFormat.ofDelimiter(":").withUpperCase();

  /// @throws IllegalArgumentException for another algorithm: MD5 and SHA-1 prove nothing any more
  public CertificateFingerprint {
    algorithm = algorithm.toLowerCase(Locale.ROOT);
    value = value.toUpperCase(Locale.ROOT);
    if (!isSupported(algorithm)) {
      throw new IllegalArgumentException("unsupported fingerprint algorithm: " + algorithm);
    }
  }

  /// Whether certificates can be checked by hashes of this name, in any case.
  public static boolean isSupported(String algorithm) {
    return ALGORITHMS.contains(algorithm.toLowerCase(Locale.ROOT));
  }

  static CertificateFingerprint of(String algorithm, byte[] certificate) {
    return new CertificateFingerprint(algorithm, COLONS.formatHex(hash(algorithm, certificate)));
  }

  /// Whether this is the hash of the certificate.
  ///
  /// @param certificate in DER
  boolean matches(byte[] certificate) {
    return of(algorithm, certificate).equals(this);
  }

  private static byte[] hash(String algorithm, byte[] content) {
    try {
      return MessageDigest.getInstance(algorithm.toUpperCase(Locale.ROOT)).digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }
}
