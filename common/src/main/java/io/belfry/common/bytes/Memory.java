package io.belfry.common.bytes;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// A fixed block of off-heap memory: a big-endian {@link ByteBuffer} to Java code, an address to
/// native code. Packets are named by a block and an offset in it, so that none is allocated.
///
/// The buffer's position and limit are never used: all access is absolute. Not thread-safe; one
/// owner at a time.
public final class Memory {
  private final MemorySegment segment;
  private final ByteBuffer bytes;

  private Memory(MemorySegment segment) {
    this.segment = segment;
    this.bytes = segment.asByteBuffer(); // big-endian, as every network format here
  }

  /// A zeroed block that lives as long as this object does.
  ///
  /// @param sizeBytes in [1, 2^31-1]
  public static Memory allocate(int sizeBytes) {
    return new Memory(Arena.ofAuto().allocate(sizeBytes, 64));
  }

  /// A block holding a copy of `content`; for tests and for data that arrives on the heap.
  public static Memory copyOf(byte[] content) {
    Memory memory = allocate(Math.max(1, content.length));
    memory.bytes.put(0, content);
    return memory;
  }

  /// The block as a buffer, for absolute big-endian access.
  public ByteBuffer bytes() {
    return bytes;
  }

  /// The address of the first byte, for native calls made while this object is reachable.
  public long address() {
    return segment.address();
  }

  /// The block as a segment, for bulk copies and native calls.
  public MemorySegment segment() {
    return segment;
  }

  public int sizeBytes() {
    return bytes.capacity();
  }

  /// Copies bytes between blocks (or within one; ranges may overlap) without allocating.
  public static void copy(
      Memory source, int sourceOffset, Memory target, int targetOffset, int length) {
    MemorySegment.copy(source.segment, sourceOffset, target.segment, targetOffset, length);
  }

  /// A heap copy of a range.
  public byte[] toArray(int offset, int length) {
    byte[] copy = new byte[length];
    bytes.get(offset, copy);
    return copy;
  }
}
