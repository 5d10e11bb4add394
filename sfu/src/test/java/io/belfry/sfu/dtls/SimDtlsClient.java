package io.belfry.sfu.dtls;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/// A DTLS client for simulated peers: datagrams in and out, keys at the end. Runs on a thread of
/// its own.
public final class SimDtlsClient {
  private final CompletableFuture<KeyingMaterial> keys = new CompletableFuture<>();
  private final DatagramQueue queue;
  private final SrtpClient client;

  /// @param sender carries what the client sends; called on the client's thread
  public SimDtlsClient(DtlsContext server, Consumer<byte[]> sender) {
    queue = new DatagramQueue(sender);
    client =
        new SrtpClient(
            new BcTlsCrypto(TestClient.RANDOM),
            TestClient.CLIENT,
            server.certificate().fingerprint(),
            server.profiles().getFirst().id());
  }

  public CertificateFingerprint fingerprint() {
    return TestClient.CLIENT.fingerprint();
  }

  /// Begins the handshake.
  public void connect() {
    Thread.startVirtualThread(() -> {
      try {
        new DTLSClientProtocol().connect(client, queue);
        queue.flush();
        keys.complete(client.keys().orElseThrow());
      } catch (IOException | RuntimeException e) {
        keys.completeExceptionally(e);
      }
    });
  }

  public void deliver(byte[] datagram) {
    // A full queue is a lost datagram, which is sent again.
    boolean _ = queue.offer(datagram);
  }

  public CompletableFuture<KeyingMaterial> keys() {
    return keys;
  }
}
