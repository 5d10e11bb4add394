package io.belfry.bench;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.demux.PacketKind;
import io.belfry.sfu.repair.PacketCache;
import io.belfry.sfu.rtp.ExtensionIds;
import io.belfry.sfu.rtp.HeaderExtension;
import io.belfry.sfu.rtp.HeaderPlan;
import io.belfry.sfu.rtp.RtpHeaderWriter;
import io.belfry.sfu.rtp.RtpPacket;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// The steps of a forwarded packet, one by one; {@link FanOutBenchmark} has all of them together.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ForwardBenchmark {
  private static final int PACKET_BYTES = 1200;
  private static final int SLOT_BYTES = 2048;
  private static final int VP8 = 96;
  private static final int SSRC = 7;

  private static final ExtensionIds EXTENSIONS =
      ExtensionIds.of(
          Map.of(
              HeaderExtension.MID, 4,
              HeaderExtension.ABS_SEND_TIME, 2,
              HeaderExtension.TRANSPORT_WIDE_CC, 3));

  private final Memory received = Memory.allocate(SLOT_BYTES);
  private final Memory target = Memory.allocate(SLOT_BYTES);
  private final RtpPacket packet = new RtpPacket();
  private final PacketCache cache = new PacketCache(512, PacketCache.DEFAULT_SLOT_BYTES);
  private final HeaderPlan plan = plan(1);
  private int sequence;
  private long index;
  private long nowNanos;

  private static HeaderPlan plan(int ssrc) {
    HeaderPlan plan = new HeaderPlan(ssrc);
    plan.mapPayloadType(VP8, 100);
    plan.extensions(EXTENSIONS, EXTENSIONS, "1", true);
    return plan;
  }

  @Setup
  public void writePacket() {
    write(false, false, false);
  }

  /// A VP8 packet with the extensions that browsers send.
  private void write(boolean isKey, boolean isStart, boolean isEnd) {
    ByteBuffer out = received.bytes();
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

  @Benchmark
  public PacketKind demux() {
    return PacketKind.of(received.bytes().get(0), received.bytes().get(1));
  }

  @Benchmark
  public int rewriteHeader() {
    boolean _ = packet.wrap(received, 0, PACKET_BYTES);
    return RtpHeaderWriter.write(packet, plan, sequence++, 5, 6, 7, target, 0);
  }

  @Benchmark
  public int cache() {
    return cache.store(index++, received, 0, PACKET_BYTES, nowNanos);
  }
}
