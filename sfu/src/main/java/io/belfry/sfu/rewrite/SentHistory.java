package io.belfry.sfu.rewrite;

import io.belfry.sfu.rtp.Seq16;
import java.util.Arrays;

/// What the last outgoing packets of a stream were made of, so that a NACK finds the source packet
/// again. Kept as stretches of packets that were all mapped in the same way: in a stream that runs
/// on, a packet costs no write but the newest number.
public final class SentHistory {
  /// Answer of [#find]: never sent, or aged out.
  public static final long UNKNOWN = -1;

  /// Stretches remembered. One ends where the source changes or something is held back.
  private static final int STRETCHES = 128;

  private static final int NEWEST = -1;

  private final int capacity;

  // The newest stretch.
  private long begin;
  private long toSource;
  private int source;
  private int timestampOffset;
  private int payloadDeltas;

  private long highest = UNKNOWN;

  // The stretches before the newest, in a ring; made when the first one ends.
  private long[] begins = {};
  private long[] toSources = {};
  private int[] sources = {};
  private int[] timestampOffsets = {};
  private int[] deltas = {};
  private int endedCount;

  /// When a packet was sent again, by outgoing index; made at the first time.
  private long[] resentIndices = {};

  private long[] resentNanos = {};

  /// @param capacityPackets a power of two in [2, 32768]
  SentHistory(int capacityPackets) {
    if (Integer.bitCount(capacityPackets) != 1 || capacityPackets < 2 || capacityPackets > 32768) {
      throw new IllegalArgumentException("capacity is not a power of two: " + capacityPackets);
    }
    capacity = capacityPackets;
  }

  /// Forgets everything sent.
  void clear() {
    highest = UNKNOWN;
    endedCount = 0;
    payloadDeltas = 0;
    Arrays.fill(resentIndices, UNKNOWN);
  }

  /// Remembers a packet. One that is late belongs to the stretch in which its number fell.
  void put(long outgoingIndex, int source, long sourceIndex, int timestampOffset) {
    if (outgoingIndex <= highest) {
      return;
    }
    if (highest == UNKNOWN) {
      begin = outgoingIndex;
      describe(source, sourceIndex - outgoingIndex, timestampOffset);
    } else if (source != this.source
        || sourceIndex - outgoingIndex != toSource
        || timestampOffset != this.timestampOffset) {
      endStretch(outgoingIndex);
      describe(source, sourceIndex - outgoingIndex, timestampOffset);
    }
    highest = outgoingIndex;
  }

  private void describe(int source, long toSource, int timestampOffset) {
    this.source = source;
    this.toSource = toSource;
    this.timestampOffset = timestampOffset;
  }

  private void endStretch(long next) {
    if (endedCount == 0) {
      begins = new long[STRETCHES];
      toSources = new long[STRETCHES];
      sources = new int[STRETCHES];
      timestampOffsets = new int[STRETCHES];
      deltas = new int[STRETCHES];
    }
    int slot = endedCount++ & STRETCHES - 1;
    begins[slot] = begin;
    toSources[slot] = toSource;
    sources[slot] = source;
    timestampOffsets[slot] = timestampOffset;
    deltas[slot] = payloadDeltas;
    begin = next;
  }

  /// What was added to the payload descriptor's numbers of the packet put last.
  void payloadDeltas(long outgoingIndex, int deltas) {
    if (deltas == payloadDeltas || outgoingIndex != highest) {
      return;
    }
    if (outgoingIndex != begin) {
      endStretch(outgoingIndex);
    }
    payloadDeltas = deltas;
  }

  /// The 48-bit outgoing index of the newest packet sent with this sequence number, or [#UNKNOWN].
  ///
  /// @param outgoingSequence in [0, 65535]
  public long find(int outgoingSequence) {
    if (highest == UNKNOWN) {
      return UNKNOWN;
    }
    int behind = Seq16.distance(outgoingSequence, (int) highest & Seq16.MASK);
    long index = highest - behind;
    boolean isKept = behind >= 0 && behind < capacity && index >= oldest();
    return isKept ? index : UNKNOWN;
  }

  private long oldest() {
    return endedCount == 0 ? begin : begins[Math.max(0, endedCount - STRETCHES) & STRETCHES - 1];
  }

  /// The slot of the ended stretch that has a packet, or [#NEWEST].
  private int slotOf(long index) {
    int last = endedCount - 1;
    while (index < begin && last >= 0 && last > endedCount - 1 - STRETCHES) {
      int slot = last-- & STRETCHES - 1;
      if (index >= begins[slot]) {
        return slot;
      }
    }
    return NEWEST;
  }

  /// The number of the source that the packet came from, in [0, 32767].
  ///
  /// @param index an answer of [#find], as for all that follow
  public int source(long index) {
    int slot = slotOf(index);
    return slot == NEWEST ? source : sources[slot];
  }

  /// The packet's 48-bit index in its source.
  public long sourceIndex(long index) {
    int slot = slotOf(index);
    return index + (slot == NEWEST ? toSource : toSources[slot]);
  }

  /// What to add to the source's timestamp.
  public int timestampOffset(long index) {
    int slot = slotOf(index);
    return slot == NEWEST ? timestampOffset : timestampOffsets[slot];
  }

  /// What to add to the numbers in the payload descriptor, as given to
  /// [StreamRewriter#payloadDeltas].
  public int payloadDeltas(long index) {
    int slot = slotOf(index);
    return slot == NEWEST ? payloadDeltas : deltas[slot];
  }

  /// Whether the packet may be sent again: not yet repeated, or last repeated at least
  /// `minInterval` ago (one round-trip time: until then the repetition may be on its way). Counts
  /// it as repeated.
  public boolean claimResend(long index, long nowNanos, long minIntervalNanos) {
    if (resentIndices.length == 0) {
      resentIndices = new long[capacity];
      resentNanos = new long[capacity];
      Arrays.fill(resentIndices, UNKNOWN);
    }
    int entry = (int) index & capacity - 1;
    if (resentIndices[entry] == index && nowNanos - resentNanos[entry] < minIntervalNanos) {
      return false;
    }
    resentIndices[entry] = index;
    resentNanos[entry] = nowNanos;
    return true;
  }
}
