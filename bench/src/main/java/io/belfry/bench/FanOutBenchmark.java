package io.belfry.bench;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.control.ConsumerSpec;
import io.belfry.sfu.control.ProducerSpec;
import io.belfry.sfu.route.Encoding;
import io.belfry.sfu.route.Producer;
import io.belfry.sfu.route.Room;
import io.belfry.sfu.route.RouteCounters;
import io.belfry.sfu.route.RouteLimits;
import io.belfry.sfu.route.Sink;
import io.belfry.sfu.rtp.ExtensionIds;
import io.belfry.sfu.rtp.HeaderExtension;
import io.belfry.sfu.rtp.HeaderPlan;
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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// All steps of a forwarded packet together: a video frame of eight packets to all receivers, from
/// the publisher's plaintext to protected packets ready to send. The caches of a core hold what a
/// hundred receivers need, and not what two thousand do.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FanOutBenchmark {
  private static final int MAX_RECEIVERS = 2000;
  private static final int FRAME_PACKETS = 8;
  private static final int PACKET_BYTES = 1200;
  private static final int SLOT_BYTES = 2048;
  private static final int OUTBOX_SLOTS = 512;
  private static final int VP8 = 96;
  private static final int SSRC = 7;
  private static final long MILLI = 1_000_000L;

  private static final ExtensionIds EXTENSIONS =
      ExtensionIds.of(
          Map.of(
              HeaderExtension.MID, 4,
              HeaderExtension.ABS_SEND_TIME, 2,
              HeaderExtension.TRANSPORT_WIDE_CC, 3));

  @Param({"100", "2000"})
  int receivers;

  private final Memory received = Memory.allocate(SLOT_BYTES);
  private final RtpPacket packet = new RtpPacket();
  private @Nullable Encoding encoding;
  private @Nullable Room room;
  private int sequence;
  private long nowNanos;

  /// One receiver: its keys and its place to write to.
  private static final class Receiver implements Sink {
    private final SrtpSender srtp;
    private final Memory slots;
    private int next;
    private int transportSequence;

    Receiver(int number, Memory slots) {
      this.slots = slots;
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
      next = (next + 1) % OUTBOX_SLOTS;
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
    Memory slots = Memory.allocate(OUTBOX_SLOTS * SLOT_BYTES);
    for (int i = 0; i < receivers; i++) {
      Receiver receiver = new Receiver(i, slots);
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
  @OperationsPerInvocation(FRAME_PACKETS * MAX_RECEIVERS)
  public void fanOut() {
    for (int sent = 0; sent < MAX_RECEIVERS; sent += receivers) {
      sendFrame(false);
    }
  }
}
