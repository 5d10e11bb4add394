package io.belfry.sfu.dtls;

import io.belfry.sfu.srtp.SrtpMasterKey;
import io.belfry.sfu.srtp.SrtpProfile;
import java.io.IOException;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.Optional;
import java.util.Vector;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.bouncycastle.tls.AlertDescription;
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
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCertificate;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;

/// Our answers to Bouncy Castle's questions during one handshake.
final class DtlsServer extends DefaultTlsServer {
  private static final int[] CIPHER_SUITES = {
    CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
    CipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
    CipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA, // RFC 8827 §6.5: older WebRTC endpoints
  };

  private final DtlsContext node;
  private final BcTlsCrypto bcCrypto;
  private final CompletableFuture<CertificateFingerprint> expected;
  private @Nullable SrtpProfile profile;
  private @Nullable KeyingMaterial keys;
  private DtlsFailure failure = DtlsFailure.PROTOCOL_ERROR;

  DtlsServer(DtlsContext context, CompletableFuture<CertificateFingerprint> expected) {
    this(context, expected, new BcTlsCrypto(context.random()));
  }

  private DtlsServer(
      DtlsContext context,
      CompletableFuture<CertificateFingerprint> expected,
      BcTlsCrypto bcCrypto) {
    super(bcCrypto);
    this.node = context;
    this.bcCrypto = bcCrypto;
    this.expected = expected;
  }

  /// The keys, once the handshake is complete.
  @Nullable KeyingMaterial keys() {
    return keys;
  }

  /// Why the handshake failed, if it did.
  DtlsFailure failure() {
    return failure;
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    return ProtocolVersion.DTLSv12.only();
  }

  @Override
  protected int[] getSupportedCipherSuites() {
    return CIPHER_SUITES.clone();
  }

  @Override
  public int getHandshakeTimeoutMillis() {
    return (int) node.handshakeTimeout().toMillis();
  }

  @Override
  public boolean requiresExtendedMasterSecret() {
    return true; // the exporter is not safe without (RFC 7627 §5.4), and every WebRTC client has it
  }

  @Override
  @SuppressWarnings("rawtypes") // Bouncy Castle's type for extensions
  public void processClientExtensions(Hashtable clientExtensions) throws IOException {
    super.processClientExtensions(clientExtensions);
    UseSRTPData offered =
        clientExtensions == null ? null : TlsSRTPUtils.getUseSRTPExtension(clientExtensions);
    Optional<SrtpProfile> common =
        node.profiles().stream()
            .filter(candidate -> offered != null && isOffered(offered, candidate))
            .findFirst();
    if (common.isEmpty()) {
      failure = DtlsFailure.NO_COMMON_PROFILE;
      throw new TlsFatalAlert(AlertDescription.handshake_failure);
    }
    profile = common.get();
  }

  private static boolean isOffered(UseSRTPData offered, SrtpProfile candidate) {
    return Arrays.stream(offered.getProtectionProfiles()).anyMatch(id -> id == candidate.id());
  }

  @Override
  @SuppressWarnings("unchecked") // a raw Hashtable is Bouncy Castle's type for extensions
  public Hashtable<Integer, byte[]> getServerExtensions() throws IOException {
    Hashtable<Integer, byte[]> extensions = super.getServerExtensions();
    if (extensions == null) {
      extensions = new Hashtable<>();
    }
    SrtpProfile chosen = profile;
    if (chosen != null) {
      TlsSRTPUtils.addUseSRTPExtension(
          extensions, new UseSRTPData(new int[] {chosen.id()}, TlsUtils.EMPTY_BYTES));
    }
    return extensions;
  }

  @Override
  protected TlsCredentialedSigner getECDSASignerCredentials() throws IOException {
    TlsCertificate own = new BcTlsCertificate(bcCrypto, node.certificate().encoded());
    return new BcDefaultTlsCredentialedSigner(
        new TlsCryptoParameters(context),
        bcCrypto,
        node.certificate().privateKey(),
        new Certificate(new TlsCertificate[] {own}),
        SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
  }

  @Override
  @SuppressWarnings("JdkObsolete") // a Vector is what Bouncy Castle takes
  public CertificateRequest getCertificateRequest() {
    Vector<SignatureAndHashAlgorithm> algorithms = new Vector<>();
    algorithms.add(
        SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
    algorithms.add(
        SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha384, SignatureAlgorithm.ecdsa));
    algorithms.add(SignatureAndHashAlgorithm.rsa_pss_rsae_sha256);
    algorithms.add(
        SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha256, SignatureAlgorithm.rsa));
    return new CertificateRequest(
        new short[] {ClientCertificateType.ecdsa_sign, ClientCertificateType.rsa_sign},
        algorithms,
        null);
  }

  /// The fingerprint binds the handshake to the signalling (RFC 8122 §6.2). It may come later than
  /// the certificate: the client's answer and its first flight race each other.
  @Override
  public void notifyClientCertificate(Certificate chain) throws IOException {
    if (chain == null || chain.isEmpty()) {
      failure = DtlsFailure.FINGERPRINT_MISMATCH;
      throw new TlsFatalAlert(AlertDescription.bad_certificate);
    }
    if (!fingerprint().matches(chain.getCertificateAt(0).getEncoded())) {
      failure = DtlsFailure.FINGERPRINT_MISMATCH;
      throw new TlsFatalAlert(AlertDescription.bad_certificate);
    }
  }

  private CertificateFingerprint fingerprint() throws IOException {
    try {
      return expected.get(node.handshakeTimeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TlsFatalAlert(AlertDescription.user_canceled);
    } catch (ExecutionException | TimeoutException e) {
      failure = DtlsFailure.TIMEOUT;
      throw new TlsFatalAlert(AlertDescription.certificate_unknown);
    }
  }

  /// Exports the SRTP keys (RFC 5764 §4.2): client key, server key, client salt, server salt. There
  /// is no context, which is not the same as an empty one (RFC 5705 §4).
  @Override
  public void notifyHandshakeComplete() throws IOException {
    super.notifyHandshakeComplete();
    SrtpProfile chosen = profile;
    if (chosen == null) {
      throw new TlsFatalAlert(AlertDescription.internal_error);
    }
    int key = chosen.keyBytes();
    int salt = chosen.saltBytes();
    byte[] material = context.exportKeyingMaterial(ExporterLabel.dtls_srtp, null, 2 * (key + salt));
    try {
      keys =
          new KeyingMaterial(
              masterKey(chosen, material, 0, 2 * key),
              masterKey(chosen, material, key, 2 * key + salt));
    } finally {
      Arrays.fill(material, (byte) 0);
    }
  }

  static SrtpMasterKey masterKey(SrtpProfile profile, byte[] material, int key, int salt) {
    byte[] keyBytes = Arrays.copyOfRange(material, key, key + profile.keyBytes());
    byte[] saltBytes = Arrays.copyOfRange(material, salt, salt + profile.saltBytes());
    SrtpMasterKey master = new SrtpMasterKey(profile, keyBytes, saltBytes);
    Arrays.fill(keyBytes, (byte) 0);
    Arrays.fill(saltBytes, (byte) 0);
    return master;
  }
}
