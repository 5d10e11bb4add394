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
import io.belfry.sfu.rtp.RtpPacket;
import io.belfry.sfu.rtp.codec.CodecKind;
import io.belfry.sfu.srtp.SrtpCrypto;
import io.belfry.sfu.srtp.SrtpMasterKey;
import io.belfry.sfu.srtp.SrtpProfile;
import io.belfry.sfu.srtp.SrtpSender;
import java.util.List;
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
  private static final int OUTBOX_SLOTS = 512;
  private static final long MILLI = 1_000_000L;

  @Param({"100", "2000"})
  int receivers;

  private final Vp8Stream stream = new Vp8Stream();
  private final RtpPacket packet = new RtpPacket();
  private @Nullable Encoding encoding;
  private @Nullable Room room;
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
      return next * Vp8Stream.SLOT_BYTES;
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
                List.of(new ProducerSpec.Codec(CodecKind.VP8, Vp8Stream.VP8, -1, true)),
                Vp8Stream.EXTENSIONS,
                List.of(new ProducerSpec.Encoding("", Vp8Stream.SSRC, 0))));
    encoding = producer.addEncoding("", Vp8Stream.SSRC);
    Memory slots = Memory.allocate(OUTBOX_SLOTS * Vp8Stream.SLOT_BYTES);
    for (int i = 0; i < receivers; i++) {
      Receiver receiver = new Receiver(i, slots);
      int slot = made.addSink(receiver);
      made.addConsumer(
          producer,
          slot,
          receiver,
          new ConsumerSpec(i, 1, Vp8Stream.plan(1000 + i), null, "cname"),
          0);
    }
    room = made;
    sendFrame(true);
  }

  private void sendFrame(boolean isKey) {
    Encoding into = Objects.requireNonNull(encoding);
    Room through = Objects.requireNonNull(room);
    nowNanos += 33 * MILLI;
    for (int i = 0; i < FRAME_PACKETS; i++) {
      stream.write(nowNanos, isKey && i == 0, i == 0, i == FRAME_PACKETS - 1);
      boolean _ =
          packet.wrap(stream.memory(), 0, Vp8Stream.PACKET_BYTES)
              && packet.parsePadding(Vp8Stream.PACKET_BYTES);
      into.onPacket(packet, nowNanos);
    }
    through.flushIfDue(nowNanos);
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
