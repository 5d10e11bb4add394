package io.belfry.sfu.sim;

import java.util.SplittableRandom;
import java.util.function.Consumer;

/// One direction of a path. Jitter is also what reorders.
final class SimLink {
  int lossPercent;
  int duplicatePercent;
  long delayNanos = 10 * Simulation.MILLI;
  long jitterNanos;

  /// Sees every datagram that is sent.
  Consumer<byte[]> tap = _ -> {};

  private final SplittableRandom random;
  private long lost;

  SimLink(long seed) {
    random = new SplittableRandom(seed);
  }

  /// How many datagrams it has lost.
  long lost() {
    return lost;
  }

  void carry(Simulation simulation, byte[] datagram, Consumer<byte[]> receiver) {
    tap.accept(datagram);
    if (random.nextInt(100) < lossPercent) {
      lost++;
      return;
    }
    simulation.after(delay(), () -> receiver.accept(datagram));
    if (random.nextInt(100) < duplicatePercent) {
      simulation.after(delay(), () -> receiver.accept(datagram));
    }
  }

  private long delay() {
    return delayNanos + (jitterNanos == 0 ? 0 : random.nextLong(jitterNanos));
  }
}
