package io.belfry.sfu.dtls;

import io.belfry.sfu.srtp.SrtpProfile;
import java.io.IOException;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.AlertLevel;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.CipherSuite;
import org.bouncycastle.tls.ClientCertificateType;
import org.bouncycastle.tls.DefaultTlsServer;
import org.bouncycastle.tls.ExporterLabel;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsTimeoutException;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;

/// Our side of one handshake, as Bouncy Castle asks for it.
final class SrtpServer extends DefaultTlsServer {
  /// RFC 8827 §6.5 has the first; the others are as good, and spare old clients.
  private static final int[] CIPHER_SUITES = {
    CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
    CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384
  };

  private static final byte[] NO_MASTER_KEY_IDENTIFIER = {};

  /// RFC 5764 §4.2 exports without a context value, which RFC 5705 §4 sets apart from an empty one:
  /// with that, no browser would have the same keys.
  static final byte @Nullable [] NO_CONTEXT = null;

  private final DtlsContext dtls;
  private final CompletableFuture<CertificateFingerprint> expectedFingerprint;
  private @Nullable SrtpProfile profile;
  private @Nullable KeyingMaterial keys;
  private byte[] peerCertificate = {};
  private @Nullable DtlsFailure cause;

  SrtpServer(DtlsContext dtls, CompletableFuture<CertificateFingerprint> expectedFingerprint) {
    super(dtls.crypto());
    this.dtls = dtls;
    this.expectedFingerprint = expectedFingerprint;
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    return ProtocolVersion.DTLSv12.only();
  }

  @Override
  protected int[] getSupportedCipherSuites() {
    return TlsUtils.getSupportedCipherSuites(getCrypto(), CIPHER_SUITES);
  }

  /// Ours, not the client's, decides which suite is used.
  @Override
  protected boolean preferLocalCipherSuites() {
    return true;
  }

  /// Without it RFC 7627 §5.4 forbids to export keys.
  @Override
  public boolean requiresExtendedMasterSecret() {
    return true;
  }

  @Override
  public int getHandshakeTimeoutMillis() {
    return (int) dtls.handshakeTimeout().toMillis();
  }

  @Override
  public int getHandshakeResendTimeMillis() {
    return (int) dtls.resendDelay().toMillis();
  }

  @Override
  @SuppressWarnings("rawtypes") // so is the interface
  public void processClientExtensions(Hashtable clientExtensions) throws IOException {
    super.processClientExtensions(clientExtensions);
    UseSRTPData offer = TlsSRTPUtils.getUseSRTPExtension(clientExtensions);
    profile = offer == null ? null : choose(offer.getProtectionProfiles());
    if (profile == null) {
      throw failure(DtlsFailure.NO_COMMON_PROFILE, AlertDescription.handshake_failure);
    }
  }

  /// The first of ours that the client offers (RFC 5764 §4.1.1).
  private @Nullable SrtpProfile choose(int[] offered) {
    for (SrtpProfile ours : dtls.profiles()) {
      if (Arrays.stream(offered).anyMatch(id -> id == ours.id())) {
        return ours;
      }
    }
    return null;
  }

  @Override
  @SuppressWarnings({"rawtypes", "unchecked", "JdkObsolete"}) // so is the interface
  public Hashtable getServerExtensions() throws IOException {
    Hashtable extensions = super.getServerExtensions();
    if (extensions == null) {
      extensions = new Hashtable();
    }
    int[] chosen = {chosenProfile().id()};
    TlsSRTPUtils.addUseSRTPExtension(extensions, new UseSRTPData(chosen, NO_MASTER_KEY_IDENTIFIER));
    return extensions;
  }

  @Override
  protected TlsCredentialedSigner getECDSASignerCredentials() throws IOException {
    BcTlsCrypto crypto = dtls.crypto();
    TlsCertificate certificate = crypto.createCertificate(dtls.certificate().encoded());
    return new BcDefaultTlsCredentialedSigner(
        new TlsCryptoParameters(context),
        crypto,
        dtls.certificate().privateKey(),
        new Certificate(new TlsCertificate[] {certificate}),
        SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
  }

  /// The client must show its certificate too (RFC 8827 §6.5); some still have RSA keys.
  @Override
  public CertificateRequest getCertificateRequest() {
    return new CertificateRequest(
        new short[] {ClientCertificateType.ecdsa_sign, ClientCertificateType.rsa_sign},
        TlsUtils.getDefaultSupportedSignatureAlgorithms(context),
        null);
  }

  /// That the peer owns the certificate's key is proven later, by CertificateVerify.
  @Override
  public void notifyClientCertificate(Certificate chain) throws IOException {
    if (chain == null || chain.isEmpty()) {
      throw failure(DtlsFailure.CERTIFICATE_MISSING, AlertDescription.certificate_required);
    }
    peerCertificate = chain.getCertificateAt(0).getEncoded();
    CertificateFingerprint expected = expectedFingerprint.getNow(null);
    if (expected != null && !expected.matches(peerCertificate)) {
      throw failure(DtlsFailure.FINGERPRINT_MISMATCH, AlertDescription.bad_certificate);
    }
  }

  @Override
  public void notifyHandshakeComplete() throws IOException {
    super.notifyHandshakeComplete();
    SrtpProfile chosen = chosenProfile();
    byte[] exported =
        context.exportKeyingMaterial(
            ExporterLabel.dtls_srtp, NO_CONTEXT, KeyingMaterial.exportedBytes(chosen));
    keys = KeyingMaterial.of(chosen, exported);
    Arrays.fill(exported, (byte) 0);
  }

  @Override
  public void notifyAlertReceived(short level, short description) {
    boolean isEnd = level == AlertLevel.fatal || description == AlertDescription.close_notify;
    if (isEnd && cause == null) {
      cause = DtlsFailure.ALERT_RECEIVED;
    }
  }

  private SrtpProfile chosenProfile() throws TlsFatalAlert {
    if (profile == null) {
      throw new TlsFatalAlert(AlertDescription.internal_error);
    }
    return profile;
  }

  private TlsFatalAlert failure(DtlsFailure reason, short alert) {
    cause = reason;
    return new TlsFatalAlert(alert);
  }

  /// What an exception from the handshake means.
  DtlsFailure failureOf(Exception thrown) {
    if (cause != null) {
      return cause;
    }
    return thrown instanceof TlsTimeoutException ? DtlsFailure.TIMEOUT : DtlsFailure.PROTOCOL_ERROR;
  }

  /// Sends close_notify, after user_canceled if the handshake still runs (RFC 5246 §7.2).
  void sayFarewell() {
    try {
      cancel();
    } catch (IOException e) {
      // Nobody is left to hear it.
    }
  }

  /// The keys, once the handshake is complete.
  Optional<KeyingMaterial> keys() {
    return Optional.ofNullable(keys);
  }

  /// The peer's certificate in DER; empty before it came.
  byte[] peerCertificate() {
    return peerCertificate;
  }
}
