package io.belfry.sfu.srtp;

/// The receiver's memory of one RTP stream: its highest packet index, from which the roll-over
/// counter of the next packet is guessed (RFC 3711 §3.3.1, Appendix A), and which of the last
/// [#SIZE_PACKETS] indices have been received (§3.3.2). Held by whoever holds the stream.
///
/// Also serves SRTCP, whose indices are sent and need no guess. Not thread-safe.
public final class ReplayWindow {
  /// RFC 3711 §3.3.2 asks for 64 at least; a burst of 100 packets may overtake one late packet.
  public static final int SIZE_PACKETS = 128;

  private static final long NONE = -1;

  private long highestIndex = NONE;
  private long lastIndex = NONE;

  // Bit n of `recent` is index highest - n, bit n of `older` is highest - 64 - n.
  private long recent;
  private long older;

  /// The 48-bit index of the newest packet so far, or -1.
  public long highestIndex() {
    return highestIndex;
  }

  /// The 48-bit index of the packet that was accepted last, or -1: the roll-over counter above the
  /// 16 bits of the sequence number.
  public long lastIndex() {
    return lastIndex;
  }

  /// The likely 48-bit index of a packet with this sequence number: the one nearest to the highest
  /// index so far (RFC 3711 §3.3.1, Appendix A). Negative for a packet from before the first
  /// roll-over counter, which cannot be genuine.
  ///
  /// @param sequence in [0, 65535]
  long estimate(int sequence) {
    if (highestIndex == NONE) {
      return sequence;
    }
    int last = (int) highestIndex & 0xFFFF;
    long rolloverCounter = highestIndex >>> 16;
    if (last < 0x8000) {
      rolloverCounter -= sequence - last > 0x8000 ? 1 : 0;
    } else {
      rolloverCounter += last - 0x8000 > sequence ? 1 : 0;
    }
    return rolloverCounter << 16 | sequence;
  }

  /// Whether the index was accepted before, or is so old that nobody can tell.
  boolean isReplay(long index) {
    if (index < 0) {
      return true;
    }
    if (highestIndex == NONE || index > highestIndex) {
      return false;
    }
    long age = highestIndex - index;
    if (age >= SIZE_PACKETS) {
      return true;
    }
    long word = age < 64 ? recent : older;
    return (word >>> (age & 63) & 1) != 0;
  }

  /// Marks the index as received. Only for packets that have been authenticated.
  void accept(long index) {
    lastIndex = index;
    if (highestIndex == NONE || index > highestIndex) {
      shift(highestIndex == NONE ? SIZE_PACKETS : index - highestIndex);
      highestIndex = index;
      recent |= 1;
      return;
    }
    long age = highestIndex - index;
    if (age < 64) {
      recent |= 1L << age;
    } else {
      older |= 1L << (age - 64);
    }
  }

  private void shift(long packets) {
    if (packets >= SIZE_PACKETS) {
      older = 0;
      recent = 0;
    } else if (packets >= 64) {
      older = recent << (packets - 64);
      recent = 0;
    } else {
      older = older << packets | recent >>> (64 - packets);
      recent <<= packets;
    }
  }

  /// Becomes a copy of another window: how the scratch window of an unknown SSRC is adopted once
  /// its first packet turned out to be genuine.
  public void copyFrom(ReplayWindow other) {
    highestIndex = other.highestIndex;
    lastIndex = other.lastIndex;
    recent = other.recent;
    older = other.older;
  }

  /// Forgets everything.
  public void reset() {
    highestIndex = NONE;
    lastIndex = NONE;
    recent = 0;
    older = 0;
  }
}
