package io.belfry.sfu.session;

import io.belfry.common.bytes.Memory;
import org.jspecify.annotations.Nullable;

/// The datagrams that leave at the end of a loop's turn. Each is written straight into its place in
/// one block of memory; datagrams for one receiver that follow each other and are equally long (the
/// last may be shorter) form a run, which a socket with UDP segmentation offload sends as one
/// message.
///
/// When the block or the table of runs is full, what is there is sent at once.
public final class Outbox {
  /// The largest datagram that may be written: an Ethernet frame's worth and some.
  public static final int MAX_DATAGRAM_BYTES = 2048;

  /// The kernel takes at most this many segments in a message (UDP_MAX_SEGMENTS).
  static final int MAX_SEGMENTS = 64;

  /// A message with all its segments must fit one UDP datagram's 16-bit length.
  private static final int MAX_RUN_BYTES = 65_000;

  /// For a loop without streams, where no path is one.
  private static final Streams NO_STREAMS =
      new Streams() {
        @Override
        public void send(PeerAddress receiver, Memory memory, int offset, int length) {}

        @Override
        public void flush() {}
      };

  /// Sends what an outbox holds.
  public interface Drain {
    /// Sends every run; the outbox forgets them afterwards, sent or not.
    void drain(Outbox outbox);
  }

  /// Takes the datagrams of paths that are streams.
  public interface Streams {
    void send(PeerAddress receiver, Memory memory, int offset, int length);

    /// The turn is over.
    void flush();
  }

  private final Memory memory;
  private final Drain drain;
  private final Streams streams;
  private final @Nullable PeerAddress[] to;
  private final int[] offsets;
  private final int[] lengths;
  private final int[] segmentBytes;
  private final boolean[] closed;
  private int runs;
  private int end;

  /// @param sizeBytes of the block, at least 64 kB
  /// @param maxRuns messages held before they are sent, at least 1
  public Outbox(int sizeBytes, int maxRuns, Drain drain) {
    this(sizeBytes, maxRuns, drain, NO_STREAMS);
  }

  public Outbox(int sizeBytes, int maxRuns, Drain drain, Streams streams) {
    if (sizeBytes < 65_536 || maxRuns < 1) {
      throw new IllegalArgumentException("outbox too small: " + sizeBytes + " B, " + maxRuns);
    }
    this.memory = Memory.allocate(sizeBytes);
    this.drain = drain;
    this.streams = streams;
    this.to = new @Nullable PeerAddress[maxRuns];
    this.offsets = new int[maxRuns];
    this.lengths = new int[maxRuns];
    this.segmentBytes = new int[maxRuns];
    this.closed = new boolean[maxRuns];
  }

  public Memory memory() {
    return memory;
  }

  /// Where the next datagram may be written: {@link #MAX_DATAGRAM_BYTES} from the returned offset
  /// on are free. Reserving again without {@link #add} returns the same place.
  public int reserve() {
    if (end + MAX_DATAGRAM_BYTES > memory.sizeBytes()) {
      flush();
    }
    return end;
  }

  /// Adds the datagram that was written at the last reserved offset.
  ///
  /// @param length in [1, MAX_DATAGRAM_BYTES]
  public void add(PeerAddress receiver, int length) {
    int offset = end;
    if (receiver.isStream()) {
      streams.send(receiver, memory, offset, length);
      return;
    }
    int last = runs - 1;
    if (last >= 0 && continues(last, receiver, length)) {
      lengths[last] += length;
      closed[last] = length < segmentBytes[last];
      end += length;
      return;
    }
    if (runs == to.length) {
      flushKeeping(length);
      offset = 0;
    }
    to[runs] = receiver;
    offsets[runs] = offset;
    lengths[runs] = length;
    segmentBytes[runs] = length;
    closed[runs] = false;
    runs++;
    end = offset + length;
  }

  @SuppressWarnings("ReferenceEquality") // a path is one object
  private boolean continues(int run, PeerAddress receiver, int length) {
    return to[run] == receiver
        && !closed[run]
        && length <= segmentBytes[run]
        && lengths[run] + length <= MAX_RUN_BYTES
        && lengths[run] < (MAX_SEGMENTS - 1) * segmentBytes[run] + 1;
  }

  /// Sends all that is held.
  public void flush() {
    if (runs > 0) {
      drain.drain(this);
    }
    runs = 0;
    end = 0;
    streams.flush();
  }

  /// Sends all that is held while the datagram just written at the end is still to be added.
  private void flushKeeping(int length) {
    int written = end;
    flush();
    Memory.copy(memory, written, memory, 0, length);
  }

  public int runs() {
    return runs;
  }

  public PeerAddress receiver(int run) {
    PeerAddress receiver = to[run];
    if (receiver == null) {
      throw new IndexOutOfBoundsException(run);
    }
    return receiver;
  }

  public int offset(int run) {
    return offsets[run];
  }

  /// Bytes of the run, all its datagrams together.
  public int length(int run) {
    return lengths[run];
  }

  /// Bytes of each datagram of the run but the last, which may be shorter.
  public int segmentBytes(int run) {
    return segmentBytes[run];
  }

  public int segments(int run) {
    return (lengths[run] + segmentBytes[run] - 1) / segmentBytes[run];
  }
}
