package io.belfry.sfu.rewrite;

import io.belfry.sfu.rtp.Seq16;
import java.util.Arrays;

/// What the last outgoing packets of a stream were made of, so that a NACK finds the source packet
/// again: a ring indexed by outgoing sequence number.
public final class SentHistory {
  /// Answer of [#find]: never sent, or aged out.
  public static final int UNKNOWN = -1;

  private static final long EMPTY = -1;
  private static final int INDEX_BITS = 48;
  private static final long INDEX_MASK = (1L << INDEX_BITS) - 1;

  private final int mask;
  private final long[] outgoing;
  private final long[] sources;
  private final int[] timestampOffsets;
  private final int[] payloadDeltas;
  private final long[] resentNanos;
  private final boolean[] isResent;
  private long highest = EMPTY;

  /// @param capacityPackets a power of two in [2, 32768]
  SentHistory(int capacityPackets) {
    if (Integer.bitCount(capacityPackets) != 1 || capacityPackets < 2 || capacityPackets > 32768) {
      throw new IllegalArgumentException("capacity is not a power of two: " + capacityPackets);
    }
    mask = capacityPackets - 1;
    outgoing = new long[capacityPackets];
    sources = new long[capacityPackets];
    timestampOffsets = new int[capacityPackets];
    payloadDeltas = new int[capacityPackets];
    resentNanos = new long[capacityPackets];
    isResent = new boolean[capacityPackets];
    Arrays.fill(outgoing, EMPTY);
  }

  void clear() {
    Arrays.fill(outgoing, EMPTY);
    highest = EMPTY;
  }

  void put(long outgoingIndex, int source, long sourceIndex, int timestampOffset) {
    int entry = (int) outgoingIndex & mask;
    if (outgoing[entry] > outgoingIndex) {
      return;
    }
    outgoing[entry] = outgoingIndex;
    sources[entry] = (long) source << INDEX_BITS | (sourceIndex & INDEX_MASK);
    timestampOffsets[entry] = timestampOffset;
    payloadDeltas[entry] = 0;
    isResent[entry] = false;
    highest = Math.max(highest, outgoingIndex);
  }

  void payloadDeltas(long outgoingIndex, int deltas) {
    int entry = (int) outgoingIndex & mask;
    if (outgoing[entry] == outgoingIndex) {
      payloadDeltas[entry] = deltas;
    }
  }

  /// The entry of the newest packet sent with this sequence number, or [#UNKNOWN].
  ///
  /// @param outgoingSequence in [0, 65535]
  public int find(int outgoingSequence) {
    if (highest == EMPTY) {
      return UNKNOWN;
    }
    int behind = Seq16.distance(outgoingSequence, (int) highest & Seq16.MASK);
    if (behind < 0 || behind > mask) {
      return UNKNOWN;
    }
    long index = highest - behind;
    int entry = (int) index & mask;
    return outgoing[entry] == index ? entry : UNKNOWN;
  }

  /// The number of the source that the packet came from, in [0, 32767].
  public int source(int entry) {
    return (int) (sources[entry] >>> INDEX_BITS);
  }

  /// The packet's 48-bit index in its source.
  public long sourceIndex(int entry) {
    return sources[entry] & INDEX_MASK;
  }

  /// What to add to the source's timestamp.
  public int timestampOffset(int entry) {
    return timestampOffsets[entry];
  }

  /// What to add to the numbers in the payload descriptor, as given to
  /// [StreamRewriter#payloadDeltas].
  public int payloadDeltas(int entry) {
    return payloadDeltas[entry];
  }

  /// Whether the packet may be sent again: not yet repeated, or last repeated at least
  /// `minInterval` ago (one round-trip time: until then the repetition may be on its way). Counts
  /// it as repeated.
  public boolean claimResend(int entry, long nowNanos, long minIntervalNanos) {
    if (isResent[entry] && nowNanos - resentNanos[entry] < minIntervalNanos) {
      return false;
    }
    isResent[entry] = true;
    resentNanos[entry] = nowNanos;
    return true;
  }
}
