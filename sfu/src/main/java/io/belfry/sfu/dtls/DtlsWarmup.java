package io.belfry.sfu.dtls;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.srtp.SrtpProfile;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.bouncycastle.tls.DTLSClientProtocol;

/// One handshake of the node with itself, in memory, at start. The first one in a cold JVM takes
/// some hundred milliseconds of loading and interpreting classes, while browsers repeat their hello
/// after 50: so let it not be the first call's. It is a self-test as well.
public final class DtlsWarmup {
  private DtlsWarmup() {}

  /// Shakes hands once; blocks until that is done.
  ///
  /// @return whether it succeeded; if not, no call would succeed either
  public static boolean run(DtlsContext context) {
    DtlsCertificate certificate = context.certificate();
    int[] profiles = context.profiles().stream().mapToInt(SrtpProfile::id).toArray();
    SrtpClient client =
        new SrtpClient(
            context.crypto(), certificate, context.certificate().fingerprint(), profiles);
    Peer peer = new Peer();
    try (DtlsEndpoint server = new DtlsEndpoint(context, peer)) {
      peer.server.complete(server);
      server.expect(certificate.fingerprint());
      new DTLSClientProtocol().connect(client, peer.queue);
      client.keys().ifPresent(KeyingMaterial::close);
      long timeoutMillis = context.handshakeTimeout().toMillis();
      peer.keys.get(timeoutMillis, TimeUnit.MILLISECONDS).close();
      return true;
    } catch (IOException | ExecutionException | TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// The client's end, joined to the server's.
  private static final class Peer implements DtlsEndpoint.Listener {
    final CompletableFuture<DtlsEndpoint> server = new CompletableFuture<>();
    final CompletableFuture<KeyingMaterial> keys = new CompletableFuture<>();
    final DatagramQueue queue = new DatagramQueue(this::toServer);

    private void toServer(byte[] datagram) {
      server.join().onDatagram(Memory.copyOf(datagram), 0, datagram.length);
    }

    @Override
    public void onSend(byte[] datagram) {
      // A full queue is a lost datagram, which is sent again.
      boolean _ = queue.offer(datagram);
    }

    @Override
    public void onKeys(KeyingMaterial material) {
      keys.complete(material);
    }

    @Override
    public void onEnd(DtlsFailure failure) {
      keys.completeExceptionally(new IllegalStateException(failure.toString()));
    }
  }
}
