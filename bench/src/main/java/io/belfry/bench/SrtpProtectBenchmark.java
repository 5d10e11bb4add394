package io.belfry.bench;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.srtp.SrtpCrypto;
import io.belfry.sfu.srtp.SrtpMasterKey;
import io.belfry.sfu.srtp.SrtpProfile;
import io.belfry.sfu.srtp.SrtpSender;
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
/// plaintext into the receiver's own slot.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SrtpProtectBenchmark {
  private static final int HEADER_BYTES = 12;
  private static final int SEQUENCE_OFFSET = 2;
  private static final int SLOT_BYTES = 1500;

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

  @Setup
  public void makeSender() {
    sender = SrtpCrypto.choose(implementation).sender(key());
    slot.bytes().putShort(0, (short) 0x8060);
  }

  @TearDown
  public void closeSender() {
    Objects.requireNonNull(sender).close();
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
}
