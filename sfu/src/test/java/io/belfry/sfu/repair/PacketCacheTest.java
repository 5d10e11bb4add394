package io.belfry.sfu.repair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.common.bytes.Memory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacketCacheTest {
  private final PacketCache cache = new PacketCache(8, 64);
  private final Memory source = Memory.allocate(256);

  private int store(long index) {
    source.bytes().putLong(3, index);
    return cache.store(index, source, 3, 8, index * 10);
  }

  @Test
  void findsWhatWasStored() {
    int slot = store(70_000);
    assertEquals(slot, cache.find(70_000));
    assertEquals(slot, cache.findSequence(70_000 & 0xFFFF));
    assertEquals(70_000, cache.memory().bytes().getLong(cache.offset(slot)));
    assertEquals(8, cache.length(slot));
    assertEquals(70_000, cache.index(slot));
    assertEquals(700_000, cache.storedNanos(slot));
  }

  @Test
  void forgetsWhatAgedOut() {
    for (long index = 100; index < 200; index++) {
      store(index);
    }
    assertEquals(PacketCache.MISSING, cache.find(191));
    assertEquals(PacketCache.MISSING, cache.findSequence(191));
    assertTrue(cache.find(192) >= 0);
    assertTrue(cache.findSequence(199) >= 0);
    assertEquals(PacketCache.MISSING, cache.findSequence(200));
  }

  /// A slot that was not overwritten, because its packet was lost, does not answer for an old one.
  @Test
  void doesNotAnswerFromSlotsThatWereSkipped() {
    store(100);
    store(109);
    assertEquals(PacketCache.MISSING, cache.find(100));
    assertEquals(PacketCache.MISSING, cache.findSequence(108));
  }

  @Test
  void tellsApartTheSameSequenceOfAnotherCycle() {
    store(65_536);
    store(2 * 65_536);
    assertEquals(PacketCache.MISSING, cache.find(65_536));
    assertEquals(2 * 65_536, cache.index(cache.findSequence(0)));
  }

  @Test
  void findsSequencesAcrossTheWrap() {
    for (long index = 65_533; index <= 65_538; index++) {
      store(index);
    }
    for (int sequence : new int[] {65_533, 65_534, 65_535, 0, 1, 2}) {
      assertEquals(
          sequence, cache.index(cache.findSequence(sequence)) & 0xFFFF, "sequence " + sequence);
    }
  }

  @Test
  void takesLatePacketsOnce() {
    store(100);
    store(103);
    assertTrue(store(101) >= 0);
    assertEquals(PacketCache.DUPLICATE, store(101));
    assertEquals(PacketCache.TOO_OLD, store(95));
    assertEquals(PacketCache.TOO_OLD, store(92));
    assertEquals(103, cache.highest());
  }

  @Test
  void refusesPacketsLargerThanASlot() {
    assertEquals(PacketCache.TOO_LARGE, cache.store(5, source, 0, 65, 0));
    assertTrue(cache.store(5, source, 0, 64, 0) >= 0);
  }

  @Test
  void isEmptyAtFirstAndAfterClear() {
    assertEquals(PacketCache.MISSING, cache.findSequence(0));
    assertEquals(PacketCache.MISSING, cache.find(-1));
    store(100);
    cache.clear();
    assertEquals(PacketCache.MISSING, cache.find(100));
    assertTrue(store(3) >= 0);
  }

  @ParameterizedTest
  @CsvSource({"0, 64", "3, 64", "65536, 64", "8, 60", "8, 65"})
  void refusesUnfitDimensions(int capacity, int slotBytes) {
    assertThrows(IllegalArgumentException.class, () -> new PacketCache(capacity, slotBytes));
  }
}
