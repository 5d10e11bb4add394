package io.belfry.sfu.dtls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DtlsCertificateTest {
  private static final Instant NOW = Instant.parse("2026-01-15T12:00:00Z");

  private final SecureRandom random = new SecureRandom();

  /// Read by the JDK, which knows nothing of how it was made.
  @Test
  void isASoundSelfSignedCertificate() throws Exception {
    DtlsCertificate made = DtlsCertificate.generate(random, NOW);
    X509Certificate read =
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(made.encoded()));
    read.verify(read.getPublicKey());
    assertEquals(256, ((ECPublicKey) read.getPublicKey()).getParams().getOrder().bitLength());
    read.checkValidity(Date.from(NOW));
    assertEquals(NOW.minus(Duration.ofDays(1)), read.getNotBefore().toInstant());
    assertEquals(NOW.plus(Duration.ofDays(30)), read.getNotAfter().toInstant());
    assertEquals(1, read.getSerialNumber().signum());
  }

  @Test
  void isAnotherOneEachTime() {
    DtlsCertificate one = DtlsCertificate.generate(random, NOW);
    DtlsCertificate other = DtlsCertificate.generate(random, NOW);
    assertNotEquals(one.fingerprint(), other.fingerprint());
  }

  @Test
  void isKnownByItsFingerprint() {
    DtlsCertificate made = DtlsCertificate.generate(random, NOW);
    CertificateFingerprint fingerprint = made.fingerprint();
    assertEquals("sha-256", fingerprint.algorithm());
    assertTrue(fingerprint.value().matches("[0-9A-F]{2}(:[0-9A-F]{2}){31}"));
    assertTrue(fingerprint.matches(made.encoded()));
    assertFalse(fingerprint.matches(DtlsCertificate.generate(random, NOW).encoded()));
  }

  @ParameterizedTest
  @CsvSource({"SHA-256, SHA-256", "SHA-384, sha-384", "SHA-512, Sha-512"})
  void isFoundByOtherHashesInAnyCase(String jdkName, String sdpName) throws Exception {
    byte[] encoded = DtlsCertificate.generate(random, NOW).encoded();
    byte[] hash = MessageDigest.getInstance(jdkName).digest(encoded);
    String value = HexFormat.ofDelimiter(":").formatHex(hash);
    assertTrue(CertificateFingerprint.isSupported(sdpName));
    assertTrue(new CertificateFingerprint(sdpName, value).matches(encoded));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sha-1", "md5", "sha-224", ""})
  void trustsNoWeakHash(String algorithm) {
    assertFalse(CertificateFingerprint.isSupported(algorithm));
    assertThrows(
        IllegalArgumentException.class, () -> new CertificateFingerprint(algorithm, "00:11"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "00:11", "not hexadecimal"})
  void isNotFoundByNonsense(String value) {
    byte[] encoded = DtlsCertificate.generate(random, NOW).encoded();
    assertFalse(new CertificateFingerprint("sha-256", value).matches(encoded));
  }
}
