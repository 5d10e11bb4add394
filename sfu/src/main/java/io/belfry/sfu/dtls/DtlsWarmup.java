package io.belfry.sfu.dtls;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/// A handshake with itself, in memory: the first one of a cold JVM takes some 200 ms, and the first
/// caller of the day is not to wait for it.
public final class DtlsWarmup {
  private static final long LIMIT_SECONDS = 20;

  private DtlsWarmup() {}

  /// Runs one handshake. Blocks until it is done.
  ///
  /// @return whether it succeeded, which also says that DTLS works here at all
  public static boolean run(DtlsContext context) {
    CountDownLatch done = new CountDownLatch(1);
    AtomicBoolean isComplete = new AtomicBoolean();
    InMemoryClient client = new InMemoryClient(context);
    DtlsEndpoint server =
        new DtlsEndpoint(
            context,
            new DtlsEndpoint.Listener() {
              @Override
              public void onSend(byte[] datagram) {
                client.deliver(datagram);
              }

              @Override
              public void onKeys(KeyingMaterial keys) {
                keys.close();
                isComplete.set(true);
                done.countDown();
              }

              @Override
              public void onEnd(DtlsFailure reason) {
                done.countDown();
              }
            });
    server.expect(context.certificate().fingerprint());
    client.connect(server);
    try {
      if (!done.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        return false;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      server.close();
    }
    return isComplete.get();
  }
}
