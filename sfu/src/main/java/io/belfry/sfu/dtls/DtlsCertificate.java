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
import org.bouncycastle.asn1.ASN1EncodableVector;
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

/// The node's self-signed certificate: ECDSA on P-256, made anew at every start. Nobody verifies
/// anything but its fingerprint (RFC 8827 §5.5).
public final class DtlsCertificate {
  private static final Duration BACK_DATED = Duration.ofDays(1); // clients' clocks run slow
  private static final Duration VALID_FOR = Duration.ofDays(365);
  private static final int SERIAL_BITS = 63;

  private final byte[] encoded;
  private final AsymmetricKeyParameter privateKey;
  private final CertificateFingerprint fingerprint;

  private DtlsCertificate(byte[] encoded, AsymmetricKeyParameter privateKey) {
    this.encoded = encoded;
    this.privateKey = privateKey;
    this.fingerprint = CertificateFingerprint.of("sha-256", encoded);
  }

  public static DtlsCertificate generate(SecureRandom random, Instant now) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), random);
      KeyPair keys = generator.generateKeyPair();
      AlgorithmIdentifier algorithm =
          new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
      TBSCertificate content = content(keys, algorithm, random, now);
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(keys.getPrivate(), random);
      signature.update(content.getEncoded("DER"));
      ASN1EncodableVector certificate = new ASN1EncodableVector();
      certificate.add(content);
      certificate.add(algorithm);
      certificate.add(new DERBitString(signature.sign()));
      return new DtlsCertificate(
          new DERSequence(certificate).getEncoded("DER"),
          PrivateKeyFactory.createKey(keys.getPrivate().getEncoded()));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("cannot make an ECDSA P-256 certificate", e);
    }
  }

  private static TBSCertificate content(
      KeyPair keys, AlgorithmIdentifier algorithm, SecureRandom random, Instant now) {
    // The name says nothing on purpose: certificates are sent in the clear in DTLS 1.2.
    X500Name name = new X500Name("CN=WebRTC");
    V3TBSCertificateGenerator generator = new V3TBSCertificateGenerator();
    generator.setSerialNumber(
        new ASN1Integer(new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE)));
    generator.setSignature(algorithm);
    generator.setIssuer(name);
    generator.setSubject(name);
    generator.setStartDate(new Time(Date.from(now.minus(BACK_DATED))));
    generator.setEndDate(new Time(Date.from(now.plus(VALID_FOR))));
    generator.setSubjectPublicKeyInfo(
        SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()));
    return generator.generateTBSCertificate();
  }

  /// For `a=fingerprint`.
  public CertificateFingerprint fingerprint() {
    return fingerprint;
  }

  byte[] encoded() {
    return encoded.clone();
  }

  AsymmetricKeyParameter privateKey() {
    return privateKey;
  }
}
