package io.belfry.sfu.dtls;

import io.belfry.common.bytes.Memory;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Predicate;
import org.bouncycastle.tls.DTLSClientProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.DatagramTransport;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/// A DTLS client joined to an endpoint in memory, over a link that may lose datagrams. Also the
/// endpoint's listener. The calling thread is both the client and the endpoint's owner.
class TestClient implements DtlsEndpoint.Listener {
  static final SecureRandom RANDOM = new SecureRandom();
  static final DtlsCertificate SERVER = DtlsCertificate.generate(RANDOM, Instant.EPOCH);
  static final DtlsCertificate CLIENT = DtlsCertificate.generate(RANDOM, Instant.EPOCH);

  private static final int RESEND_MILLIS = 30;
  private static final int TIMEOUT_MILLIS = 60_000;

  final DtlsEndpoint server;
  final CompletableFuture<KeyingMaterial> serverKeys = new CompletableFuture<>();
  final CompletableFuture<DtlsFailure> end = new CompletableFuture<>();
  final BlockingQueue<byte[]> sentByServer = new LinkedBlockingQueue<>();

  private final DatagramQueue transport;
  private final SrtpClient client;
  private final Options options;
  private final SplittableRandom random;

  /// @param lossPercent of both directions
  /// @param keepFromServer which datagrams of the server get through, besides
  /// @param sendLimitBytes the client's idea of the path, to make it fragment
  /// @param garbage whether random datagrams come between the client's own
  record Options(
      long seed,
      int lossPercent,
      Predicate<byte[]> keepFromServer,
      int sendLimitBytes,
      boolean garbage,
      List<Integer> profiles) {
    static Options offering(Integer... profiles) {
      return new Options(1, 0, _ -> true, DatagramQueue.SEND_LIMIT_BYTES, false, List.of(profiles));
    }

    Options losing(int percent, long withSeed) {
      return new Options(withSeed, percent, keepFromServer, sendLimitBytes, garbage, profiles);
    }

    Options keeping(Predicate<byte[]> filter) {
      return new Options(seed, lossPercent, filter, sendLimitBytes, garbage, profiles);
    }

    Options limitedTo(int bytes) {
      return new Options(seed, lossPercent, keepFromServer, bytes, garbage, profiles);
    }

    Options amidGarbage() {
      return new Options(seed, lossPercent, keepFromServer, sendLimitBytes, true, profiles);
    }
  }

  TestClient(DtlsContext context, Options options) {
    this.options = options;
    this.random = new SplittableRandom(options.seed);
    this.server = new DtlsEndpoint(context, this);
    this.transport = new DatagramQueue(this::toServer);
    this.client =
        new SrtpClient(new BcTlsCrypto(RANDOM), CLIENT, SERVER.fingerprint(), profileIds(options)) {
          @Override
          public int getHandshakeResendTimeMillis() {
            return RESEND_MILLIS;
          }

          @Override
          public int getHandshakeTimeoutMillis() {
            return TIMEOUT_MILLIS;
          }
        };
  }

  private static int[] profileIds(Options options) {
    return options.profiles.stream().mapToInt(Integer::intValue).toArray();
  }

  /// Shakes hands, from the client's side.
  DTLSTransport connect() throws IOException {
    DTLSTransport association = new DTLSClientProtocol().connect(client, new Link());
    transport.flush();
    return association;
  }

  KeyingMaterial clientKeys() {
    return client.keys().orElseThrow();
  }

  boolean send(byte[] datagram) {
    return server.onDatagram(Memory.copyOf(datagram), 0, datagram.length);
  }

  private boolean isLost() {
    synchronized (random) {
      return random.nextInt(100) < options.lossPercent;
    }
  }

  @Override
  public void onSend(byte[] datagram) {
    sentByServer.add(datagram);
    if (options.keepFromServer.test(datagram) && !isLost()) {
      boolean _ = transport.offer(datagram);
    }
  }

  @Override
  public void onKeys(KeyingMaterial keys) {
    serverKeys.complete(keys);
  }

  @Override
  public void onEnd(DtlsFailure reason) {
    end.complete(reason);
    serverKeys.completeExceptionally(new IllegalStateException(reason.toString()));
  }

  /// Carries a datagram of the client.
  void toServer(byte[] datagram) {
    if (options.garbage) {
      for (int i = 0; i < 3; i++) {
        send(garbage());
      }
    }
    if (!isLost()) {
      send(datagram);
    }
  }

  /// Bytes that pass for DTLS (RFC 7983 §7), and then are anything.
  private byte[] garbage() {
    synchronized (random) {
      byte[] bytes = new byte[random.nextInt(1, 200)];
      random.nextBytes(bytes);
      bytes[0] = (byte) random.nextInt(20, 64);
      return bytes;
    }
  }

  /// The client's transport, with its own limit.
  private final class Link implements DatagramTransport {
    @Override
    public int getReceiveLimit() {
      return transport.getReceiveLimit();
    }

    @Override
    public int getSendLimit() {
      return options.sendLimitBytes;
    }

    @Override
    public int receive(byte[] buffer, int offset, int length, int waitMillis)
        throws InterruptedIOException {
      return transport.receive(buffer, offset, length, waitMillis);
    }

    @Override
    public void send(byte[] buffer, int offset, int length) {
      transport.send(buffer, offset, length);
    }

    @Override
    public void close() {
      transport.close();
    }
  }
}
