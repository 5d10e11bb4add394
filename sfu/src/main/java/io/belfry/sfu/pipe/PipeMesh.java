package io.belfry.sfu.pipe;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The rings between all media loops of a node. A ring takes memory once it is first written to.
public final class PipeMesh {
  /// Packets of 100 ms when 40,000 a second come in on one loop; six megabytes.
  public static final int DEFAULT_RECORDS = 4096;

  private final int loops;
  private final int records;
  private final AtomicReferenceArray<@Nullable PipeRing> rings;
  private final AtomicReferenceArray<@Nullable Runnable> wakers;

  /// @param records each ring holds, a power of two; one takes {@link PipeRecord#BYTES}
  public PipeMesh(int loops, int records) {
    this.loops = loops;
    this.records = records;
    this.rings = new AtomicReferenceArray<>(loops * loops);
    this.wakers = new AtomicReferenceArray<>(loops);
  }

  /// A mesh for a loop that is alone.
  public static PipeMesh single() {
    return new PipeMesh(1, 2);
  }

  /// How to end the wait of a loop; to be told before any loop starts. Must be cheap while it is
  /// not waiting.
  public void onWake(int loop, Runnable waker) {
    wakers.set(loop, waker);
  }

  /// One loop's ends of all rings.
  public PipeEnds ends(int loop) {
    return new PipeEnds(this, loop);
  }

  int loops() {
    return loops;
  }

  /// Called by the writing loop only.
  PipeRing open(int from, int to) {
    PipeRing ring = rings.get(from * loops + to);
    if (ring == null) {
      ring = new PipeRing(records, PipeRecord.BYTES);
      rings.set(from * loops + to, ring);
    }
    return ring;
  }

  @Nullable PipeRing find(int from, int to) {
    return rings.get(from * loops + to);
  }

  void wake(int loop) {
    Runnable waker = wakers.get(loop);
    if (waker != null) {
      waker.run();
    }
  }
}
