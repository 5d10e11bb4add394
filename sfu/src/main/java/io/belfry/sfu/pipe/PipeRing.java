package io.belfry.sfu.pipe;

import io.belfry.common.bytes.Memory;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// A bounded queue of fixed-size records in off-heap memory, from one thread to one other.
///
/// The writer fills records between {@link #claim} and {@link #commit} and shows all of them to the
/// reader with one {@link #publish}; the reader takes them with {@link #poll} and gives their
/// places back with one {@link #release}.
final class PipeRing {
  /// Answer of {@link #claim} and {@link #poll}: no place, no record.
  static final int NONE = -1;

  /// Both counters are written often, each by one thread: kept on different cache lines.
  private static final int PUBLISHED = 16;

  private static final int RELEASED = 48;
  private static final int COUNTERS = 64;
  private static final VarHandle COUNTER = MethodHandles.arrayElementVarHandle(long[].class);

  private final Memory memory;
  private final int recordBytes;
  private final int mask;
  private final long[] counters = new long[COUNTERS];

  // The writer's own.
  private long committed;
  private long knownReleased;

  // The reader's own.
  private long polled;
  private long knownPublished;

  /// @param capacity records; a power of two
  PipeRing(int capacity, int recordBytes) {
    if (Integer.bitCount(capacity) != 1) {
      throw new IllegalArgumentException("capacity is not a power of two: " + capacity);
    }
    this.memory = Memory.allocate(Math.multiplyExact(capacity, recordBytes));
    this.recordBytes = recordBytes;
    this.mask = capacity - 1;
  }

  Memory memory() {
    return memory;
  }

  /// Where the next record may be written, or {@link #NONE} while the reader is a whole ring
  /// behind. Claiming again without {@link #commit} returns the same place.
  int claim() {
    if (committed - knownReleased > mask) {
      knownReleased = (long) COUNTER.getAcquire(counters, RELEASED);
      if (committed - knownReleased > mask) {
        return NONE;
      }
    }
    return ((int) committed & mask) * recordBytes;
  }

  /// The claimed record is filled.
  void commit() {
    committed++;
  }

  /// Shows the reader every committed record.
  ///
  /// @return whether there were any since the last time
  boolean publish() {
    if (counters[PUBLISHED] == committed) {
      return false;
    }
    // Volatile: what follows, a look at whether the reader sleeps, must not come before it.
    COUNTER.setVolatile(counters, PUBLISHED, committed);
    return true;
  }

  /// Where the next record is, or {@link #NONE}. It stays until {@link #release}.
  int poll() {
    if (polled == knownPublished) {
      knownPublished = (long) COUNTER.getAcquire(counters, PUBLISHED);
      if (polled == knownPublished) {
        return NONE;
      }
    }
    return ((int) polled++ & mask) * recordBytes;
  }

  /// Gives the places of all records polled so far back to the writer.
  void release() {
    COUNTER.setRelease(counters, RELEASED, polled);
  }

  /// Whether a record waits for the reader. Called by the reader.
  boolean hasRecords() {
    return polled != (long) COUNTER.getVolatile(counters, PUBLISHED);
  }
}
