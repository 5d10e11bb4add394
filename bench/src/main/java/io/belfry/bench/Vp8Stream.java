package io.belfry.bench;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.rtp.ExtensionIds;
import io.belfry.sfu.rtp.HeaderExtension;
import io.belfry.sfu.rtp.HeaderPlan;
import java.nio.ByteBuffer;
import java.util.Map;

/// A browser's video stream as the benchmarks send it: VP8 (RFC 7741) with the header extensions
/// that browsers send, one packet at a time in the same memory.
final class Vp8Stream {
  static final int PACKET_BYTES = 1200;
  static final int SLOT_BYTES = 2048;
  static final int VP8 = 96;
  static final int SSRC = 7;

  static final ExtensionIds EXTENSIONS =
      ExtensionIds.of(
          Map.of(
              HeaderExtension.MID, 4,
              HeaderExtension.ABS_SEND_TIME, 2,
              HeaderExtension.TRANSPORT_WIDE_CC, 3));

  private final Memory memory = Memory.allocate(SLOT_BYTES);
  private int sequence;

  /// Where the packet stands, from 0 to [#PACKET_BYTES].
  Memory memory() {
    return memory;
  }

  /// How a receiver gets it.
  static HeaderPlan plan(int ssrc) {
    HeaderPlan plan = new HeaderPlan(ssrc);
    plan.mapPayloadType(VP8, 100);
    plan.extensions(EXTENSIONS, EXTENSIONS, "1", true);
    return plan;
  }

  /// Writes the next packet.
  void write(long nowNanos, boolean isKey, boolean isStart, boolean isEnd) {
    ByteBuffer out = memory.bytes();
    out.putShort(0, (short) (0x9000 | (isEnd ? 0x80 : 0) | VP8));
    out.putShort(2, (short) sequence++);
    out.putInt(4, (int) (nowNanos / 11_111));
    out.putInt(8, SSRC);
    out.putInt(12, 0xBEDE_0003);
    out.putShort(16, (short) (0x4000 | '0'));
    out.putInt(18, 0x2200_0000);
    out.putInt(22, 0x3100_0000);
    out.putShort(26, (short) 0);
    out.putInt(28, isStart ? 0x90C0_8001 : 0x80C0_8001);
    out.put(32, (byte) 1);
    out.put(33, (byte) (isKey ? 0 : 1));
  }
}
