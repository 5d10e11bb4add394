package io.belfry.bench;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.srtp.ReplayWindow;
import io.belfry.sfu.srtp.SrtpCrypto;
import io.belfry.sfu.srtp.SrtpMasterKey;
import io.belfry.sfu.srtp.SrtpProfile;
import io.belfry.sfu.srtp.SrtpReceiver;
import io.belfry.sfu.srtp.SrtpSender;
import java.util.ArrayList;
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
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What it costs to protect one RTP packet for one receiver, as forwarding does it: from a shared
/// plaintext into the receiver's own slot; and to unprotect one where it was received, with the
/// copy that puts it there.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SrtpBenchmark {
  private static final int HEADER_BYTES = 12;
  private static final int SEQUENCE_OFFSET = 2;
  private static final int SLOT_BYTES = 1500;

  /// As many as have a sequence number of their own before the window starts anew.
  private static final int RECEIVED_PACKETS = 1000;

  @Param({"NATIVE", "PORTABLE"})
  SrtpCrypto.Choice implementation = SrtpCrypto.Choice.PORTABLE;

  @Param SrtpProfile profile = SrtpProfile.AEAD_AES_128_GCM;

  /// The RTP packet's length: an audio packet's, and a full video packet's.
  @Param({"100", "1200"})
  int packetBytes;

  private final Memory plaintext = Memory.allocate(SLOT_BYTES);
  private final Memory slot = Memory.allocate(SLOT_BYTES);
  private @Nullable SrtpSender sender;
  private long packetIndex;

  private final List<Memory> received = new ArrayList<>();
  private @Nullable SrtpReceiver receiver;
  private ReplayWindow window = new ReplayWindow();
  private int next;

  @Setup
  public void makeContexts() {
    sender = SrtpCrypto.choose(implementation).sender(key());
    receiver = SrtpCrypto.choose(implementation).receiver(key());
    slot.bytes().putShort(0, (short) 0x8060);
    for (int i = 0; i < RECEIVED_PACKETS; i++) {
      int length = protect();
      received.add(Memory.copyOf(slot.toArray(0, length)));
    }
  }

  @TearDown
  public void closeContexts() {
    Objects.requireNonNull(sender).close();
    Objects.requireNonNull(receiver).close();
  }

  private SrtpMasterKey key() {
    SplittableRandom random = new SplittableRandom(1);
    byte[] key = new byte[profile.keyBytes()];
    byte[] salt = new byte[profile.saltBytes()];
    random.nextBytes(key);
    random.nextBytes(salt);
    return new SrtpMasterKey(profile, key, salt);
  }

  @Benchmark
  public int protect() {
    packetIndex++;
    slot.bytes().putShort(SEQUENCE_OFFSET, (short) packetIndex);
    return Objects.requireNonNull(sender)
        .protectRtp(
            plaintext,
            HEADER_BYTES,
            packetBytes - HEADER_BYTES,
            slot,
            0,
            HEADER_BYTES,
            packetIndex);
  }

  @Benchmark
  public int unprotect() {
    if (next == RECEIVED_PACKETS) {
      next = 0;
      window = new ReplayWindow();
    }
    Memory packet = received.get(next++);
    Memory.copy(packet, 0, slot, 0, packet.sizeBytes());
    return Objects.requireNonNull(receiver)
        .unprotectRtp(slot, 0, packet.sizeBytes(), HEADER_BYTES, window);
  }
}
