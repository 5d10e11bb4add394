package io.belfry.bench;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.control.ConsumerSpec;
import io.belfry.sfu.control.ProducerSpec;
import io.belfry.sfu.demux.PacketKind;
import io.belfry.sfu.repair.PacketCache;
import io.belfry.sfu.route.Encoding;
import io.belfry.sfu.route.Producer;
import io.belfry.sfu.route.Room;
import io.belfry.sfu.route.RouteCounters;
import io.belfry.sfu.route.RouteLimits;
import io.belfry.sfu.route.Sink;
import io.belfry.sfu.rtp.ExtensionIds;
import io.belfry.sfu.rtp.HeaderExtension;
import io.belfry.sfu.rtp.HeaderPlan;
import io.belfry.sfu.rtp.RtpHeaderWriter;
import io.belfry.sfu.rtp.RtpPacket;
import io.belfry.sfu.rtp.codec.CodecKind;
import io.belfry.sfu.srtp.SrtpCrypto;
import io.belfry.sfu.srtp.SrtpMasterKey;
import io.belfry.sfu.srtp.SrtpProfile;
import io.belfry.sfu.srtp.SrtpSender;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// The steps of a forwarded packet, and all of them together: a video frame of eight packets to a
/// hundred receivers, from the publisher's plaintext to protected packets ready to send.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ForwardBenchmark {
  private static final int RECEIVERS = 100;
  private static final int FRAME_PACKETS = 8;
  private static final int PACKET_BYTES = 1200;
  private static final int SLOT_BYTES = 2048;
  private static final int VP8 = 96;
  private static final int SSRC = 7;
  private static final long MILLI = 1_000_000L;

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
  private @Nullable Encoding encoding;
  private @Nullable Room room;
  private int sequence;
  private long index;
  private long nowNanos;

  /// One receiver: its keys and its place to write to.
  private static final class Receiver implements Sink {
    private final SrtpSender srtp;
    private final Memory slots = Memory.allocate(FRAME_PACKETS * SLOT_BYTES);
    private int next;
    private int transportSequence;

    Receiver(int number) {
      SplittableRandom random = new SplittableRandom(number);
      byte[] key = new byte[SrtpProfile.AEAD_AES_128_GCM.keyBytes()];
      byte[] salt = new byte[SrtpProfile.AEAD_AES_128_GCM.saltBytes()];
      random.nextBytes(key);
      random.nextBytes(salt);
      srtp =
          SrtpCrypto.choose(SrtpCrypto.Choice.AUTO)
              .sender(new SrtpMasterKey(SrtpProfile.AEAD_AES_128_GCM, key, salt));
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public Memory memory() {
      return slots;
    }

    @Override
    public int reserve() {
      return next * SLOT_BYTES;
    }

    @Override
    public int nextTransportSequence() {
      return transportSequence++ & 0xFFFF;
    }

    @Override
    public void send(
        int at, int headerLength, Memory payload, int payloadOffset, int length, long packetIndex) {
      srtp.protectRtp(payload, payloadOffset, length, slots, at, headerLength, packetIndex);
      next = (next + 1) % FRAME_PACKETS;
    }
  }

  private static HeaderPlan plan(int ssrc) {
    HeaderPlan plan = new HeaderPlan(ssrc);
    plan.mapPayloadType(VP8, 100);
    plan.extensions(EXTENSIONS, EXTENSIONS, "1", true);
    return plan;
  }

  @Setup
  public void fillRoom() {
    Room made =
        new Room(
            1,
            new RouteLimits(512, 64, 500 * MILLI, MILLI),
            new SplittableRandom(1),
            new RouteCounters());
    Producer producer =
        made.addProducer(
            new ProducerSpec(
                1,
                "0",
                true,
                List.of(new ProducerSpec.Codec(CodecKind.VP8, VP8, -1, true)),
                EXTENSIONS,
                List.of(new ProducerSpec.Encoding("", SSRC, 0))));
    encoding = producer.addEncoding("", SSRC);
    for (int i = 0; i < RECEIVERS; i++) {
      Receiver receiver = new Receiver(i);
      int slot = made.addSink(receiver);
      made.addConsumer(
          producer, slot, receiver, new ConsumerSpec(i, 1, plan(1000 + i), null, "cname"), 0);
    }
    room = made;
    sendFrame(true);
  }

  private void sendFrame(boolean isKey) {
    Encoding into = Objects.requireNonNull(encoding);
    Room through = Objects.requireNonNull(room);
    nowNanos += 33 * MILLI;
    for (int i = 0; i < FRAME_PACKETS; i++) {
      write(isKey && i == 0, i == 0, i == FRAME_PACKETS - 1);
      boolean _ = packet.wrap(received, 0, PACKET_BYTES) && packet.parsePadding(PACKET_BYTES);
      into.onPacket(packet, nowNanos);
    }
    through.flushIfDue(nowNanos);
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

  /// Nanoseconds for each packet and receiver.
  @Benchmark
  @OperationsPerInvocation(FRAME_PACKETS * RECEIVERS)
  public void fanOut() {
    sendFrame(false);
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
