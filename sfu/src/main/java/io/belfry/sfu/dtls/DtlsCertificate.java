package io.belfry.sfu.dtls;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.util.PrivateKeyFactory;

/// The node's self-signed certificate with its private key: ECDSA on P-256, as RFC 8827 §6.5 asks.
/// Nobody checks its names; peers know it by its fingerprint.
public final class DtlsCertificate {
  private static final Duration BACKDATED = Duration.ofDays(1);
  private static final Duration VALIDITY = Duration.ofDays(30);

  /// RFC 5280 §4.1.2.2 allows 20 bytes.
  private static final int SERIAL_BITS = 128;

  private final byte[] encoded;
  private final AsymmetricKeyParameter privateKey;
  private final CertificateFingerprint fingerprint;

  private DtlsCertificate(byte[] encoded, AsymmetricKeyParameter privateKey) {
    this.encoded = encoded;
    this.privateKey = privateKey;
    this.fingerprint = CertificateFingerprint.of("sha-256", encoded);
  }

  /// Makes a key and a certificate, valid from a day before `now` (clocks differ) for 30 days.
  public static DtlsCertificate generate(SecureRandom random, Instant now) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      KeyPair pair = generator.generateKeyPair();
      return new DtlsCertificate(
          selfSigned(pair, random, now),
          PrivateKeyFactory.createKey(pair.getPrivate().getEncoded()));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("cannot make a certificate", e);
    }
  }

  private static byte[] selfSigned(KeyPair pair, SecureRandom random, Instant now)
      throws GeneralSecurityException, IOException {
    AlgorithmIdentifier algorithm = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
    // The name says nothing on purpose: DTLS 1.2 sends certificates in the clear.
    X500Name name = new X500Name("CN=WebRTC");
    V3TBSCertificateGenerator content = new V3TBSCertificateGenerator();
    content.setSerialNumber(new ASN1Integer(new BigInteger(SERIAL_BITS, random).setBit(0)));
    content.setSignature(algorithm);
    content.setIssuer(name);
    content.setSubject(name);
    content.setStartDate(time(now.minus(BACKDATED)));
    content.setEndDate(time(now.plus(VALIDITY)));
    content.setSubjectPublicKeyInfo(
        SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()));
    TBSCertificate toBeSigned = content.generateTBSCertificate();

    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(pair.getPrivate(), random);
    signature.update(toBeSigned.getEncoded(ASN1Encoding.DER));
    return new DERSequence(
            new ASN1Encodable[] {toBeSigned, algorithm, new DERBitString(signature.sign())})
        .getEncoded(ASN1Encoding.DER);
  }

  private static Time time(Instant instant) {
    return new Time(Date.from(instant));
  }

  /// The SHA-256 fingerprint for our descriptions.
  public CertificateFingerprint fingerprint() {
    return fingerprint;
  }

  /// The certificate in DER.
  byte[] encoded() {
    return encoded;
  }

  AsymmetricKeyParameter privateKey() {
    return privateKey;
  }
}
