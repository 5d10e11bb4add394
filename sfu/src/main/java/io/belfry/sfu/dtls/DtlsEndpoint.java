package io.belfry.sfu.dtls;

import io.belfry.common.bytes.Memory;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.bouncycastle.tls.DTLSServerProtocol;
import org.bouncycastle.tls.DTLSTransport;
import org.bouncycastle.tls.TlsTimeoutException;
import org.jspecify.annotations.Nullable;

/// One DTLS association, as the server. Never blocks its caller: the handshake runs on a virtual
/// thread of its own, and later datagrams (a repeated last flight, a closing alert) are read on
/// another one only while there are any.
public final class DtlsEndpoint {
  private static final int MIN_WAIT_MILLIS = 1;

  /// What comes of an association. Called on a virtual thread.
  public interface Listener {
    /// A datagram is to be sent to the client.
    void onSend(byte[] datagram);

    /// The handshake is complete and the client is who the description says. Called at most once;
    /// the keys are the listener's to wipe.
    void onKeys(KeyingMaterial keys);

    /// The association is over. Called at most once, unless {@link DtlsEndpoint#close} came first.
    void onEnd(DtlsFailure reason);
  }

  private enum State {
    NEW,
    HANDSHAKING,
    /// Complete; nobody reads.
    IDLE,
    /// Complete; a thread reads.
    READING,
    ENDED
  }

  private final DtlsContext context;
  private final Listener listener;
  private final DatagramQueue queue;
  private final CompletableFuture<CertificateFingerprint> expected = new CompletableFuture<>();
  private final AtomicReference<State> state = new AtomicReference<>(State.NEW);
  private volatile @Nullable DTLSTransport transport;
  private volatile @Nullable Thread handshake;

  public DtlsEndpoint(DtlsContext context, Listener listener) {
    this.context = context;
    this.listener = listener;
    this.queue = new DatagramQueue(listener::onSend);
  }

  /// Tells the certificate that the client must show. May come before or during the handshake,
  /// which waits for it. The first one counts.
  public void expect(CertificateFingerprint fingerprint) {
    expected.complete(fingerprint);
  }

  /// Takes a received datagram; its bytes are copied.
  ///
  /// @return false if it was dropped: too many are waiting, too many handshakes are under way, or
  ///   the association is over. The client sends it again.
  public boolean onDatagram(Memory memory, int offset, int length) {
    State now = state.get();
    if (now == State.ENDED) {
      return false;
    }
    if (now == State.NEW) {
      if (!context.handshakes().tryAcquire()) {
        return false;
      }
      state.set(State.HANDSHAKING);
      boolean isTaken = queue.offer(memory.toArray(offset, length));
      context.threads().execute(this::shakeHands);
      return isTaken;
    }
    boolean isTaken = queue.offer(memory.toArray(offset, length));
    readIfIdle();
    return isTaken;
  }

  private void shakeHands() {
    DtlsServer server = new DtlsServer(context, expected);
    handshake = Thread.currentThread();
    try {
      transport = new DTLSServerProtocol().accept(server, queue);
    } catch (IOException | RuntimeException e) {
      // RuntimeException: Bouncy Castle has met bytes it did not expect. Same thing to us.
      Thread.interrupted();
      boolean isTimeout = e instanceof TlsTimeoutException || e instanceof InterruptedIOException;
      end(isTimeout ? DtlsFailure.TIMEOUT : server.failure());
      return;
    } finally {
      handshake = null;
      context.handshakes().release();
    }
    KeyingMaterial keys = server.keys();
    if (keys == null || !state.compareAndSet(State.HANDSHAKING, State.IDLE)) {
      if (keys != null) {
        keys.close();
      }
      closeTransport();
      return;
    }
    listener.onKeys(keys);
    readIfIdle();
  }

  private void readIfIdle() {
    if (!queue.isEmpty() && state.compareAndSet(State.IDLE, State.READING)) {
      context.threads().execute(this::read);
    }
  }

  /// Lets Bouncy Castle see what came after the handshake. It answers by itself; application data
  /// has no meaning here.
  private void read() {
    DTLSTransport open = transport;
    byte[] ignored = new byte[queue.getReceiveLimit()];
    try {
      while (open != null && !queue.isEmpty() && !queue.isClosed()) {
        open.receive(ignored, 0, ignored.length, MIN_WAIT_MILLIS);
      }
    } catch (IOException | RuntimeException e) {
      end(DtlsFailure.PROTOCOL_ERROR);
      return;
    }
    if (queue.isClosed()) {
      end(DtlsFailure.CLOSED_BY_PEER);
      return;
    }
    state.compareAndSet(State.READING, State.IDLE);
    readIfIdle(); // for a datagram that came between the last look and the change of state
  }

  private void end(DtlsFailure reason) {
    if (state.getAndSet(State.ENDED) != State.ENDED) {
      listener.onEnd(reason);
    }
  }

  /// Ends the association: tells the client, if a handshake was completed, and stops one under way.
  /// The listener hears of nothing any more but the closing alert to send.
  public void close() {
    State before = state.getAndSet(State.ENDED);
    Thread running = handshake;
    if (before == State.HANDSHAKING && running != null) {
      running.interrupt();
    }
    if (before == State.IDLE || before == State.READING) {
      context.threads().execute(this::closeTransport);
    }
  }

  private void closeTransport() {
    DTLSTransport open = transport;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // The alert could not be sent; the client will notice by consent (RFC 7675).
      }
    }
  }
}
