package io.belfry.sfu.dtls;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.srtp.SrtpProfile;
import java.io.IOException;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.concurrent.CompletableFuture;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSTransport;
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
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.UseSRTPData;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCertificate;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;

/// A DTLS-SRTP client that speaks with one of our endpoints in memory: for warming up at the start,
/// and for tests.
class InMemoryClient extends DefaultTlsClient {
  private final DtlsContext own;
  private final BcTlsCrypto bcCrypto;
  private final int[] profiles;
  private final CompletableFuture<KeyingMaterial> keys = new CompletableFuture<>();
  private final DatagramQueue queue;
  private @Nullable DtlsEndpoint server;
  private @Nullable SrtpProfile chosen;
  private volatile @Nullable DTLSTransport transport;

  /// @param own the client's certificate and profiles
  InMemoryClient(DtlsContext own) {
    this(own, own.profiles().stream().mapToInt(SrtpProfile::id).toArray());
  }

  InMemoryClient(DtlsContext own, int[] profiles) {
    this(own, profiles, new BcTlsCrypto(own.random()));
  }

  private InMemoryClient(DtlsContext own, int[] profiles, BcTlsCrypto bcCrypto) {
    super(bcCrypto);
    this.own = own;
    this.bcCrypto = bcCrypto;
    this.profiles = profiles.clone();
    this.queue = new DatagramQueue(this::sendToServer);
  }

  /// Begins the handshake, on a thread of its own.
  void connect(DtlsEndpoint endpoint) {
    server = endpoint;
    Thread.startVirtualThread(() -> {
      try {
        transport = new DTLSClientProtocol().connect(this, queue);
      } catch (IOException | RuntimeException e) {
        keys.completeExceptionally(e);
      }
    });
  }

  /// The keys, once the handshake is done.
  CompletableFuture<KeyingMaterial> keys() {
    return keys;
  }

  /// Takes a datagram of the server.
  void deliver(byte[] datagram) {
    queue.offer(datagram);
  }

  /// What the client sends goes to the server's endpoint.
  void sendToServer(byte[] datagram) {
    DtlsEndpoint endpoint = server;
    if (endpoint != null) {
      endpoint.onDatagram(Memory.copyOf(datagram), 0, datagram.length);
    }
  }

  void closeConnection() throws IOException {
    DTLSTransport open = transport;
    if (open != null) {
      open.close();
    }
  }

  @Override
  protected ProtocolVersion[] getSupportedVersions() {
    return ProtocolVersion.DTLSv12.only();
  }

  @Override
  public int getHandshakeTimeoutMillis() {
    return (int) own.handshakeTimeout().toMillis();
  }

  @Override
  @SuppressWarnings("unchecked") // a raw Hashtable is Bouncy Castle's type for extensions
  public Hashtable<Integer, byte[]> getClientExtensions() throws IOException {
    Hashtable<Integer, byte[]> extensions = super.getClientExtensions();
    if (extensions == null) {
      extensions = new Hashtable<>();
    }
    TlsSRTPUtils.addUseSRTPExtension(extensions, new UseSRTPData(profiles, TlsUtils.EMPTY_BYTES));
    return extensions;
  }

  @Override
  @SuppressWarnings("rawtypes") // Bouncy Castle's type for extensions
  public void processServerExtensions(Hashtable extensions) throws IOException {
    super.processServerExtensions(extensions);
    UseSRTPData answered = TlsSRTPUtils.getUseSRTPExtension(extensions);
    chosen =
        answered == null
            ? null
            : SrtpProfile.ofId(answered.getProtectionProfiles()[0]).orElse(null);
  }

  @Override
  public TlsAuthentication getAuthentication() {
    return new TlsAuthentication() {
      @Override
      public void notifyServerCertificate(TlsServerCertificate certificate) {
        // The warm-up speaks with itself; tests look at the fingerprint of the other direction.
      }

      @Override
      public TlsCredentials getClientCredentials(CertificateRequest request) throws IOException {
        TlsCertificate certificate = new BcTlsCertificate(bcCrypto, own.certificate().encoded());
        return new BcDefaultTlsCredentialedSigner(
            new TlsCryptoParameters(context),
            bcCrypto,
            own.certificate().privateKey(),
            new Certificate(new TlsCertificate[] {certificate}),
            SignatureAndHashAlgorithm.getInstance(HashAlgorithm.sha256, SignatureAlgorithm.ecdsa));
      }
    };
  }

  @Override
  public void notifyHandshakeComplete() throws IOException {
    super.notifyHandshakeComplete();
    SrtpProfile profile = chosen;
    if (profile == null) {
      throw new TlsFatalAlert(AlertDescription.illegal_parameter);
    }
    int key = profile.keyBytes();
    int salt = profile.saltBytes();
    byte[] material = context.exportKeyingMaterial(ExporterLabel.dtls_srtp, null, 2 * (key + salt));
    keys.complete(
        new KeyingMaterial(
            DtlsServer.masterKey(profile, material, 0, 2 * key),
            DtlsServer.masterKey(profile, material, key, 2 * key + salt)));
    Arrays.fill(material, (byte) 0);
  }
}
