package io.belfry.sfu.repair;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.rtp.Seq16;
import java.util.Arrays;

/// The last packets of one incoming stream as plaintext, in a power-of-two ring of equal slots.
///
/// One copy serves every receiver: a lookup names a slot, and the sender encrypts from there into
/// its own buffer. A slot stays valid until [#store] is given the packet one capacity later.
public final class PacketCache {
  /// The UDP payload of a 1500-byte IPv4 packet; nothing larger arrives over the Internet.
  public static final int DEFAULT_SLOT_BYTES = 1472;

  /// Answer of [#store]: the packet is larger than a slot.
  public static final int TOO_LARGE = -1;

  /// Answer of [#store]: the packet is already there.
  public static final int DUPLICATE = -2;

  /// Answer of [#store]: the packet's place was given to a newer one.
  public static final int TOO_OLD = -3;

  /// Answer of [#find] and [#findSequence]: never stored, or aged out.
  public static final int MISSING = -1;

  private static final long EMPTY = -1;

  private final Memory memory;
  private final int slotBytes;
  private final int mask;
  private final long[] indices;
  private final int[] lengths;
  private final long[] storedNanos;
  private long highest = EMPTY;

  /// @param capacityPackets a power of two in [2, 32768]
  /// @param slotBytes a multiple of 8, so that slots are aligned
  public PacketCache(int capacityPackets, int slotBytes) {
    if (Integer.bitCount(capacityPackets) != 1 || capacityPackets < 2 || capacityPackets > 32768) {
      throw new IllegalArgumentException("capacity is not a power of two: " + capacityPackets);
    }
    if (slotBytes < 64 || slotBytes % 8 != 0) {
      throw new IllegalArgumentException("slot size is not a multiple of 8: " + slotBytes);
    }
    this.memory = Memory.allocate(Math.multiplyExact(capacityPackets, slotBytes));
    this.slotBytes = slotBytes;
    this.mask = capacityPackets - 1;
    this.indices = new long[capacityPackets];
    this.lengths = new int[capacityPackets];
    this.storedNanos = new long[capacityPackets];
    Arrays.fill(indices, EMPTY);
  }

  /// Copies a packet in.
  ///
  /// @param index 48-bit packet index, from a [SequenceUnwrapper]
  /// @return its slot, or [#TOO_LARGE], [#DUPLICATE] or [#TOO_OLD]
  public int store(long index, Memory source, int offset, int length, long nowNanos) {
    if (length > slotBytes) {
      return TOO_LARGE;
    }
    int slot = (int) index & mask;
    if (indices[slot] >= index) {
      return indices[slot] == index ? DUPLICATE : TOO_OLD;
    }
    if (index <= highest - capacityPackets()) {
      return TOO_OLD;
    }
    Memory.copy(source, offset, memory, slot * slotBytes, length);
    indices[slot] = index;
    lengths[slot] = length;
    storedNanos[slot] = nowNanos;
    highest = Math.max(highest, index);
    return slot;
  }

  /// The slot that holds the packet with this index, or [#MISSING].
  public int find(long index) {
    int slot = (int) index & mask;
    boolean isHere = index >= 0 && indices[slot] == index && index > highest - capacityPackets();
    return isHere ? slot : MISSING;
  }

  /// The slot that holds the newest packet with this 16-bit sequence number, or [#MISSING].
  ///
  /// @param sequence in [0, 65535]
  public int findSequence(int sequence) {
    if (highest == EMPTY) {
      return MISSING;
    }
    int behind = Seq16.distance(sequence, (int) highest & Seq16.MASK);
    return behind < 0 ? MISSING : find(highest - behind);
  }

  /// The memory that [#offset] points into.
  public Memory memory() {
    return memory;
  }

  /// Where a slot's packet starts in [#memory].
  public int offset(int slot) {
    return slot * slotBytes;
  }

  /// Bytes of a slot's packet.
  public int length(int slot) {
    return lengths[slot];
  }

  /// The 48-bit index of a slot's packet.
  public long index(int slot) {
    return indices[slot];
  }

  /// When a slot's packet was stored, as told to [#store].
  public long storedNanos(int slot) {
    return storedNanos[slot];
  }

  /// The newest index stored, or -1.
  public long highest() {
    return highest;
  }

  public int capacityPackets() {
    return mask + 1;
  }

  public int slotBytes() {
    return slotBytes;
  }

  /// Forgets every packet; for a stream that starts anew.
  public void clear() {
    Arrays.fill(indices, EMPTY);
    highest = EMPTY;
  }
}
