package io.belfry.sfu.srtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.belfry.common.bytes.Memory;
import java.lang.management.ManagementFactory;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The media loop's promise: nothing is allocated per packet on the native path.
class SrtpAllocationTest {
  private static final int PACKETS = 20_000;
  private static final int SSRC = 0x1357_9BDF;
  private static final int PAYLOAD_BYTES = 1_100;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @ParameterizedTest
  @EnumSource
  void allocatesNothingPerPacket(SrtpProfile profile) {
    SrtpCrypto crypto = SrtpCrypto.choose(SrtpCrypto.Choice.AUTO);
    assumeTrue(crypto.isNative(), crypto.description());
    SrtpMasterKey key = Cryptos.masterKey(profile, new SplittableRandom(1));
    try (SrtpSender sender = crypto.sender(key);
        SrtpReceiver receiver = crypto.receiver(key)) {
      Memory payload = Memory.allocate(PAYLOAD_BYTES);
      Memory slot = Memory.allocate(1500);
      ReplayWindow window = new ReplayWindow();
      long index = roundTrips(sender, receiver, payload, slot, window, 1);
      long before = threads.getCurrentThreadAllocatedBytes();
      index = roundTrips(sender, receiver, payload, slot, window, index);
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertEquals(2 * PACKETS + 1, index);
      assertEquals(0, allocated, "bytes in " + PACKETS + " packets");
    }
  }

  /// Returns the next index; a negative number if a packet was refused.
  private static long roundTrips(
      SrtpSender sender,
      SrtpReceiver receiver,
      Memory payload,
      Memory slot,
      ReplayWindow window,
      long firstIndex) {
    long index = firstIndex;
    for (int i = 0; i < PACKETS; i++, index++) {
      slot.bytes().putInt(0, 0x8060_0000 | ((int) index & 0xFFFF));
      slot.bytes().putInt(8, SSRC);
      int length = sender.protectRtp(payload, 0, PAYLOAD_BYTES, slot, 0, 12, index);
      if (receiver.unprotectRtp(slot, 0, length, 12, window) != 12 + PAYLOAD_BYTES) {
        return -1;
      }
      slot.bytes().putInt(0, 0x81C9_0007);
      slot.bytes().putInt(4, SSRC);
      length = sender.protectRtcp(slot, 0, 32);
      if (receiver.unprotectRtcp(slot, 0, length) != 32) {
        return -1;
      }
    }
    return index;
  }
}
