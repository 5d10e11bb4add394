package io.belfry.sfu.repair;

import io.belfry.sfu.rtp.Seq16;

/// What is missing from one incoming stream, and when to ask for it (RFC 4585 §6.2.1).
///
/// A gap is asked for at once and again after each round-trip time, up to [#MAX_TRIES] times. When
/// that fails, or more is missing than the list holds, only a key frame can help:
/// [#takeKeyFrameNeed] says so. The list is kept sorted; it is short, so plain arrays win.
public final class NackGenerator {
  public static final int MAX_TRIES = 10;

  /// A round-trip time not yet measured is taken for this.
  public static final long DEFAULT_RTT_NANOS = 100_000_000L;

  public static final long NEVER = Long.MAX_VALUE;

  private static final long MIN_RETRY_NANOS = 20_000_000L;

  private final long[] missing;
  private final byte[] tries;
  private final long[] lastTryNanos;
  private int count;
  private long highest = -1;
  private long lastKeyFrame = -1;
  private boolean isKeyFrameNeeded;

  /// @param capacityPackets how many missing packets are remembered, at most
  public NackGenerator(int capacityPackets) {
    missing = new long[capacityPackets];
    tries = new byte[capacityPackets];
    lastTryNanos = new long[capacityPackets];
  }

  /// Notes the arrival of a packet, also of one that a retransmission brought.
  ///
  /// @param index 48-bit packet index
  /// @param isKeyFrameStart whether decoding can begin here, so that older losses can be forgotten
  ///   when the list is full
  /// @return whether the packet was on the list: a loss repaired, or a late arrival
  public boolean onPacket(long index, boolean isKeyFrameStart) {
    if (isKeyFrameStart && index > lastKeyFrame) {
      lastKeyFrame = index;
    }
    if (highest < 0) {
      highest = index;
      return false;
    }
    if (index <= highest) {
      return remove(index);
    }
    addGap(highest + 1, index);
    highest = index;
    return false;
  }

  /// Writes the sequence numbers that are due into `target`, oldest first, and counts a try for
  /// each.
  ///
  /// @param rttNanos the measured round-trip time, or 0 when unknown
  /// @return how many were written, at most `target.length`; the rest stays due
  public int poll(long nowNanos, long rttNanos, int[] target) {
    long retryNanos = retryNanos(rttNanos);
    int due = 0;
    int kept = 0;
    for (int i = 0; i < count; i++) {
      boolean isDue = tries[i] == 0 || nowNanos - lastTryNanos[i] >= retryNanos;
      if (isDue && tries[i] >= MAX_TRIES) {
        isKeyFrameNeeded |= missing[i] > lastKeyFrame;
        continue;
      }
      if (isDue && due < target.length) {
        target[due++] = (int) missing[i] & Seq16.MASK;
        tries[i]++;
        lastTryNanos[i] = nowNanos;
      }
      move(i, kept++);
    }
    count = kept;
    return due;
  }

  /// When [#poll] is due, or [#NEVER] while nothing is missing. New gaps are due at once.
  ///
  /// @return an instant on the time line of `nowNanos`
  public long deadlineNanos(long nowNanos, long rttNanos) {
    if (count == 0) {
      return NEVER;
    }
    long retryNanos = retryNanos(rttNanos);
    long soonest = retryNanos;
    for (int i = 0; i < count; i++) {
      long wait = tries[i] == 0 ? 0 : lastTryNanos[i] + retryNanos - nowNanos;
      soonest = Math.min(soonest, wait);
    }
    return nowNanos + Math.max(0, soonest);
  }

  /// Whether packets were given up since the last call and no key frame came after them.
  public boolean takeKeyFrameNeed() {
    boolean isNeeded = isKeyFrameNeeded;
    isKeyFrameNeeded = false;
    return isNeeded;
  }

  /// Packets on the list.
  public int missingCount() {
    return count;
  }

  /// Forgets everything; for a stream that pauses or starts anew.
  public void clear() {
    count = 0;
    highest = -1;
    lastKeyFrame = -1;
    isKeyFrameNeeded = false;
  }

  private static long retryNanos(long rttNanos) {
    return Math.max(MIN_RETRY_NANOS, rttNanos > 0 ? rttNanos : DEFAULT_RTT_NANOS);
  }

  private void addGap(long from, long to) {
    long gap = to - from;
    if (count + gap > missing.length) {
      forgetBeforeKeyFrame();
    }
    if (count + gap > missing.length) {
      count = 0;
      isKeyFrameNeeded = true;
      return;
    }
    for (long index = from; index < to; index++) {
      missing[count] = index;
      tries[count] = 0;
      count++;
    }
  }

  private void forgetBeforeKeyFrame() {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (missing[i] > lastKeyFrame) {
        move(i, kept++);
      }
    }
    count = kept;
  }

  private boolean remove(long index) {
    for (int i = 0; i < count; i++) {
      if (missing[i] == index) {
        int after = count - i - 1;
        System.arraycopy(missing, i + 1, missing, i, after);
        System.arraycopy(tries, i + 1, tries, i, after);
        System.arraycopy(lastTryNanos, i + 1, lastTryNanos, i, after);
        count--;
        return true;
      }
    }
    return false;
  }

  private void move(int from, int to) {
    missing[to] = missing[from];
    tries[to] = tries[from];
    lastTryNanos[to] = lastTryNanos[from];
  }
}
