package io.belfry.common.bytes;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class MemoryTest {
  @Test
  void isZeroedAndBigEndian() {
    Memory memory = Memory.allocate(16);
    assertEquals(0, memory.bytes().getLong(8));
    memory.bytes().putInt(0, 0x01020304);
    assertArrayEquals(new byte[] {1, 2, 3, 4}, memory.toArray(0, 4));
  }

  @Test
  void copiesOverlappingRanges() {
    Memory memory = Memory.copyOf(new byte[] {1, 2, 3, 4, 5, 6});
    Memory.copy(memory, 0, memory, 2, 4);
    assertArrayEquals(new byte[] {1, 2, 1, 2, 3, 4}, memory.toArray(0, 6));
  }

  @Test
  void neverReachesPastItsEnd() {
    Memory memory = Memory.allocate(4);
    assertThrows(IndexOutOfBoundsException.class, () -> memory.bytes().getInt(1));
    assertThrows(IndexOutOfBoundsException.class, () -> Memory.copy(memory, 0, memory, 2, 3));
  }
}
