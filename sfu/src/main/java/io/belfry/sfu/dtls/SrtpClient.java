package io.belfry.sfu.dtls;

import io.belfry.sfu.srtp.SrtpProfile;
import java.io.IOException;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.Optional;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.ExporterLabel;
import org.bouncycastle.tls.HashAlgorithm;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsSRTPUtils;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.UseSRTPData;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;

/// A peer as far as the handshake goes: warms ours up, and tests it.
class SrtpClient extends DefaultTlsClient implements TlsAuthentication {
  private final DtlsCertificate certificate;
  private final CertificateFingerprint serverFingerprint;
  private final int[] profiles;
  private @Nullable KeyingMaterial keys;
  private int chosenProfile = -1;

  /// @param profiles offered in `use_srtp`, by id; none for no such extension
  SrtpClient(
      BcTlsCrypto crypto,
      DtlsCertificate certificate,
      CertificateFingerprint serverFingerprint,
      int... profiles) {
    super(crypto);
    this.certificate = certificate;
    this.serverFingerprint = serverFingerprint;
    this.profiles = profiles;
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    return ProtocolVersion.DTLSv12.only();
  }

  @Override
  public TlsAuthentication getAuthentication() {
    return this;
  }

  @Override
  public void notifyServerCertificate(TlsServerCertificate server) throws IOException {
    if (!serverFingerprint.matches(server.getCertificate().getCertificateAt(0).getEncoded())) {
      throw new TlsFatalAlert(AlertDescription.bad_certificate);
    }
  }

  @Override
  public @Nullable TlsCredentials getClientCredentials(CertificateRequest request)
      throws IOException {
    BcTlsCrypto crypto = (BcTlsCrypto) getCrypto();
    TlsCertificate encoded = crypto.createCertificate(certificate.encoded());
    return new BcDefaultTlsCredentialedSigner(
        new TlsCryptoParameters(context),
        crypto,
        certificate.privateKey(),
        new Certificate(new TlsCertificate[] {encoded}),
        SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
  }

  @Override
  @SuppressWarnings({"rawtypes", "JdkObsolete"}) // so is the interface
  public Hashtable getClientExtensions() throws IOException {
    Hashtable extensions = super.getClientExtensions();
    if (profiles.length > 0) {
      TlsSRTPUtils.addUseSRTPExtension(extensions, new UseSRTPData(profiles, new byte[0]));
    }
    return extensions;
  }

  @Override
  @SuppressWarnings("rawtypes") // so is the interface
  public void processServerExtensions(Hashtable serverExtensions) throws IOException {
    super.processServerExtensions(serverExtensions);
    UseSRTPData answer = TlsSRTPUtils.getUseSRTPExtension(serverExtensions);
    chosenProfile = answer == null ? -1 : answer.getProtectionProfiles()[0];
  }

  @Override
  public void notifyHandshakeComplete() throws IOException {
    super.notifyHandshakeComplete();
    SrtpProfile profile = SrtpProfile.ofId(chosenProfile).orElseThrow();
    byte[] exported =
        context.exportKeyingMaterial(
            ExporterLabel.dtls_srtp, SrtpServer.NO_CONTEXT, KeyingMaterial.exportedBytes(profile));
    keys = KeyingMaterial.of(profile, exported);
    Arrays.fill(exported, (byte) 0);
  }

  /// The keys, once the handshake is complete.
  Optional<KeyingMaterial> keys() {
    return Optional.ofNullable(keys);
  }
}
