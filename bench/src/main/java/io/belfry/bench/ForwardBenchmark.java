package io.belfry.bench;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.demux.PacketKind;
import io.belfry.sfu.repair.PacketCache;
import io.belfry.sfu.rtp.HeaderPlan;
import io.belfry.sfu.rtp.RtpHeaderWriter;
import io.belfry.sfu.rtp.RtpPacket;
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
  private final Vp8Stream stream = new Vp8Stream();
  private final Memory received = stream.memory();
  private final Memory target = Memory.allocate(Vp8Stream.SLOT_BYTES);
  private final RtpPacket packet = new RtpPacket();
  private final PacketCache cache = new PacketCache(512, PacketCache.DEFAULT_SLOT_BYTES);
  private final HeaderPlan plan = Vp8Stream.plan(1);
  private int sequence;
  private long index;
  private long nowNanos;

  @Setup
  public void writePacket() {
    stream.write(nowNanos, false, false, false);
  }

  @Benchmark
  public PacketKind demux() {
    return PacketKind.of(received.bytes().get(0), received.bytes().get(1));
  }

  @Benchmark
  public int rewriteHeader() {
    boolean _ = packet.wrap(received, 0, Vp8Stream.PACKET_BYTES);
    return RtpHeaderWriter.write(packet, plan, sequence++, 5, 6, 7, target, 0);
  }

  @Benchmark
  public int cache() {
    return cache.store(index++, received, 0, Vp8Stream.PACKET_BYTES, nowNanos);
  }
}
