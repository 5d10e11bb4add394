package io.belfry.sfu.dtls;

import io.belfry.common.bytes.Memory;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.jspecify.annotations.Nullable;

/// The DTLS server of one transport. Its methods are for one owner, the media loop, and never wait;
/// what it has to say comes on a virtual thread of its own, which the first datagram starts.
///
/// Datagrams are to be passed on only from an address that ICE has verified: then nobody can make
/// this server send its certificate to a victim, or hold its handshakes, without our credentials.
public final class DtlsEndpoint implements AutoCloseable {
  private static final int RECORD_HEADER_BYTES = 13;
  private static final int HANDSHAKE_HEADER_BYTES = 12;
  private static final int CONTENT_TYPE_HANDSHAKE = 22;
  private static final int VERSION_MAJOR = 254;
  private static final int MESSAGE_TYPE_CLIENT_HELLO = 1;

  /// How long the thread sleeps at most when nothing arrives; any time will do.
  private static final int IDLE_MILLIS = 60_000;

  /// What comes of an association, on the endpoint's own thread: implementations hand it on.
  public interface Listener {
    /// A datagram is to be sent to the client, on the path that ICE has selected.
    ///
    /// @param datagram the callee's to keep, at most 1200 bytes
    void onSend(byte[] datagram);

    /// The handshake is complete and the client's certificate is the one of its description. Called
    /// at most once.
    ///
    /// @param keys the callee's to close
    void onKeys(KeyingMaterial keys);

    /// The association has failed or ended. Called at most once, and not for our own [#close()].
    void onEnd(DtlsFailure reason);
  }

  private final DtlsContext context;
  private final Listener listener;
  private final DatagramQueue queue;
  private final CipherChangeGuard guard = new CipherChangeGuard();
  private final CompletableFuture<CertificateFingerprint> expectedFingerprint =
      new CompletableFuture<>();
  private @Nullable Thread thread;

  /// Costs no thread before the first datagram.
  public DtlsEndpoint(DtlsContext context, Listener listener) {
    this.context = context;
    this.listener = listener;
    this.queue = new DatagramQueue(listener::onSend);
  }

  /// Says which certificate the peer must have, from its description. May come before, during or
  /// after the handshake, but no keys are given out without it. Only the first call counts.
  public void expect(CertificateFingerprint fingerprint) {
    expectedFingerprint.complete(fingerprint);
    queue.wakeUp();
  }

  /// Takes a received datagram; its bytes are copied.
  ///
  /// @return false if it was dropped: it begins no handshake and none is under way, too many are,
  ///   too many datagrams are waiting, or the association is over. A client sends it again
  public boolean onDatagram(Memory memory, int offset, int length) {
    if (queue.isClosing() || queue.isClosed() || queue.isFull()) {
      return false;
    }
    if (thread == null) {
      if (!isClientHello(memory, offset, length) || context.isCrowded()) {
        return false;
      }
      thread = Thread.ofVirtual().name("dtls").start(this::run);
    }
    byte[] datagram = memory.toArray(offset, length);
    int acceptable = guard.acceptable(datagram);
    return acceptable == 0 || queue.offer(Arrays.copyOf(datagram, acceptable));
  }

  /// Whether a datagram starts with a whole or a part of a ClientHello (RFC 6347 §4.1, §4.2.2). A
  /// hello with a post-quantum key share comes in two datagrams, and the second may be first.
  static boolean isClientHello(Memory memory, int offset, int length) {
    if (length < RECORD_HEADER_BYTES + HANDSHAKE_HEADER_BYTES) {
      return false;
    }
    ByteBuffer bytes = memory.bytes();
    return bytes.get(offset) == CONTENT_TYPE_HANDSHAKE
        && (bytes.get(offset + 1) & 0xFF) == VERSION_MAJOR
        && bytes.getShort(offset + 3) == 0
        && Short.toUnsignedInt(bytes.getShort(offset + 11)) <= length - RECORD_HEADER_BYTES
        && bytes.get(offset + RECORD_HEADER_BYTES) == MESSAGE_TYPE_CLIENT_HELLO;
  }

  /// Ends the association, or the handshake: close_notify is sent, then the listener hears nothing
  /// more.
  @Override
  public void close() {
    queue.beginClosing();
  }

  /// Waits until the endpoint's thread, if it has one, has ended; for tests.
  void awaitEnd() throws InterruptedException {
    if (thread != null) {
      thread.join();
    }
  }

  private void run() {
    if (!context.awaitHandshake()) {
      fail(DtlsFailure.TIMEOUT);
      return;
    }
    if (queue.isClosing()) {
      context.endHandshake();
      queue.close();
      return;
    }
    SrtpServer server = new SrtpServer(context, expectedFingerprint);
    queue.onFarewell(server::sayFarewell);
    long startNanos = context.clock().nanoTime();
    DTLSTransport association = accept(server);
    if (association != null) {
      serve(server, association, startNanos);
    }
    queue.close();
  }

  private @Nullable DTLSTransport accept(SrtpServer server) {
    try {
      return new DTLSServerProtocol().accept(server, queue);
    } catch (IOException | RuntimeException e) {
      // Runtime exceptions too: a peer's bytes must not end this thread without a word.
      server.keys().ifPresent(KeyingMaterial::close);
      fail(server.failureOf(e));
      return null;
    } finally {
      context.endHandshake();
    }
  }

  private void serve(SrtpServer server, DTLSTransport association, long startNanos) {
    queue.flush(); // our last flight
    queue.makeWakeable();
    byte[] ignored = new byte[DatagramQueue.RECEIVE_LIMIT_BYTES];
    awaitFingerprint(association, startNanos, ignored);
    KeyingMaterial keys = server.keys().orElseThrow();
    DtlsFailure failure = failureAfterHandshake(server);
    if (failure != null) {
      keys.close();
      server.sayFarewell();
      fail(failure);
      return;
    }
    listener.onKeys(keys);
    while (!queue.isClosed()) {
      receive(association, ignored, IDLE_MILLIS);
    }
    if (!queue.isClosing()) {
      listener.onEnd(DtlsFailure.CLOSED_BY_PEER);
    }
  }

  /// Keeps answering the peer while its description is on its way.
  private void awaitFingerprint(DTLSTransport association, long startNanos, byte[] ignored) {
    long timeoutNanos = context.handshakeTimeout().toNanos();
    while (!expectedFingerprint.isDone() && !queue.isClosed()) {
      long remainingNanos = timeoutNanos - (context.clock().nanoTime() - startNanos);
      if (remainingNanos <= 0) {
        return;
      }
      long remainingMillis = TimeUnit.NANOSECONDS.toMillis(remainingNanos) + 1;
      receive(association, ignored, (int) Math.min(remainingMillis, IDLE_MILLIS));
    }
  }

  private @Nullable DtlsFailure failureAfterHandshake(SrtpServer server) {
    if (queue.isClosed()) {
      return DtlsFailure.ALERT_RECEIVED;
    }
    CertificateFingerprint expected = expectedFingerprint.getNow(null);
    if (expected == null) {
      return DtlsFailure.FINGERPRINT_MISSING;
    }
    return expected.matches(server.peerCertificate()) ? null : DtlsFailure.FINGERPRINT_MISMATCH;
  }

  /// Lets Bouncy Castle answer a repeated last flight (RFC 6347 §4.2.4) and notice alerts. What
  /// else arrives is application data, for which there is no use.
  private void receive(DTLSTransport association, byte[] ignored, int waitMillis) {
    try {
      association.receive(ignored, 0, ignored.length, waitMillis);
    } catch (InterruptedIOException woken) {
      // The caller looks why.
    } catch (IOException | RuntimeException e) {
      queue.close();
    }
  }

  private void fail(DtlsFailure failure) {
    queue.close();
    if (!queue.isClosing()) {
      listener.onEnd(failure);
    }
  }
}
