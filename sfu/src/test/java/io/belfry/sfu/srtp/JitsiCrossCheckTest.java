package io.belfry.sfu.srtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.belfry.common.bytes.Memory;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jitsi.srtp.SrtcpCryptoContext;
import org.jitsi.srtp.SrtpContextFactory;
import org.jitsi.srtp.SrtpCryptoContext;
import org.jitsi.srtp.SrtpErrorStatus;
import org.jitsi.srtp.SrtpPolicy;
import org.jitsi.utils.ByteArrayBuffer;
import org.jitsi.utils.logging2.LoggerImpl;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Against an independent implementation, in both directions, across a wrap of the sequence number.
class JitsiCrossCheckTest {
  private static final int SSRC = 0x1234_5678;
  private static final long FIRST_INDEX = 65_500;
  private static final int PACKETS = 100;
  private static final int ROOM_BYTES = 32;

  static Stream<Arguments> withEveryProfile() {
    return Cryptos.withEveryProfile();
  }

  @ParameterizedTest
  @MethodSource("withEveryProfile")
  void jitsiUnprotectsOurRtp(SrtpCrypto crypto, SrtpProfile profile)
      throws GeneralSecurityException {
    SplittableRandom random = new SplittableRandom(1);
    SrtpMasterKey key = Cryptos.masterKey(profile, random);
    SrtpCryptoContext jitsi = factory(key, false).deriveContext(SSRC, 0);
    try (SrtpSender sender = crypto.sender(key)) {
      for (long index = FIRST_INDEX; index < FIRST_INDEX + PACKETS; index++) {
        byte[] packet = packet(random, index);
        Memory target = Memory.allocate(packet.length + ROOM_BYTES);
        int length =
            sender.protectRtp(Memory.copyOf(packet), 0, packet.length, 24, target, 0, index);
        Buffer buffer = new Buffer(target.toArray(0, length));
        assertEquals(SrtpErrorStatus.OK, jitsi.reverseTransformPacket(buffer, false));
        assertArrayEquals(packet, buffer.content());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("withEveryProfile")
  void weUnprotectJitsisRtp(SrtpCrypto crypto, SrtpProfile profile)
      throws GeneralSecurityException {
    SplittableRandom random = new SplittableRandom(2);
    SrtpMasterKey key = Cryptos.masterKey(profile, random);
    SrtpCryptoContext jitsi = factory(key, true).deriveContext(SSRC, 0);
    ReplayWindow window = new ReplayWindow();
    try (SrtpReceiver receiver = crypto.receiver(key)) {
      for (long index = FIRST_INDEX; index < FIRST_INDEX + PACKETS; index++) {
        byte[] packet = packet(random, index);
        Buffer buffer = new Buffer(packet);
        assertEquals(SrtpErrorStatus.OK, jitsi.transformPacket(buffer));
        Memory memory = Memory.copyOf(buffer.content());
        int length = receiver.unprotectRtp(memory, 0, buffer.getLength(), 24, window);
        assertArrayEquals(packet, memory.toArray(0, length));
        assertEquals(index, window.lastIndex());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("withEveryProfile")
  void jitsiUnprotectsOurRtcp(SrtpCrypto crypto, SrtpProfile profile)
      throws GeneralSecurityException {
    SplittableRandom random = new SplittableRandom(3);
    SrtpMasterKey key = Cryptos.masterKey(profile, random);
    SrtcpCryptoContext jitsi = factory(key, false).deriveControlContext(SSRC);
    try (SrtpSender sender = crypto.sender(key)) {
      for (int i = 0; i < PACKETS; i++) {
        byte[] packet = RtpBytes.rtcp(SSRC, random);
        Memory memory = Memory.copyOf(Arrays.copyOf(packet, packet.length + ROOM_BYTES));
        int length = sender.protectRtcp(memory, 0, packet.length);
        Buffer buffer = new Buffer(memory.toArray(0, length));
        assertEquals(SrtpErrorStatus.OK, jitsi.reverseTransformPacket(buffer));
        assertArrayEquals(packet, buffer.content());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("withEveryProfile")
  void weUnprotectJitsisRtcp(SrtpCrypto crypto, SrtpProfile profile)
      throws GeneralSecurityException {
    SplittableRandom random = new SplittableRandom(4);
    SrtpMasterKey key = Cryptos.masterKey(profile, random);
    SrtcpCryptoContext jitsi = factory(key, true).deriveControlContext(SSRC);
    try (SrtpReceiver receiver = crypto.receiver(key)) {
      for (int i = 0; i < PACKETS; i++) {
        byte[] packet = RtpBytes.rtcp(SSRC, random);
        Buffer buffer = new Buffer(packet);
        assertEquals(SrtpErrorStatus.OK, jitsi.transformPacket(buffer));
        Memory memory = Memory.copyOf(buffer.content());
        int length = receiver.unprotectRtcp(memory, 0, buffer.getLength());
        assertArrayEquals(packet, memory.toArray(0, length));
      }
    }
  }

  private static byte[] packet(SplittableRandom random, long index) {
    byte[] payload = Cryptos.bytes(random, random.nextInt(1, 1200));
    return RtpBytes.rtpWithExtension(SSRC, (int) index, payload);
  }

  private static SrtpContextFactory factory(SrtpMasterKey key, boolean isSender) {
    SrtpProfile profile = key.profile();
    return new SrtpContextFactory(
        isSender,
        key.key().clone(),
        key.salt().clone(),
        policy(profile),
        policy(profile),
        new LoggerImpl("jitsi"));
  }

  private static SrtpPolicy policy(SrtpProfile profile) {
    return new SrtpPolicy(
        profile.isAead() ? SrtpPolicy.AESGCM_ENCRYPTION : SrtpPolicy.AESCM_ENCRYPTION,
        profile.keyBytes(),
        profile.isAead() ? SrtpPolicy.NULL_AUTHENTICATION : SrtpPolicy.HMACSHA1_AUTHENTICATION,
        profile.authenticationKeyBytes(),
        profile.tagBytes(),
        profile.saltBytes());
  }

  /// The least that jitsi-srtp needs of a packet.
  private static final class Buffer implements ByteArrayBuffer {
    private byte[] bytes;
    private int offset;
    private int length;

    Buffer(byte[] content) {
      bytes = Arrays.copyOf(content, content.length + ROOM_BYTES);
      length = content.length;
    }

    byte[] content() {
      return Arrays.copyOfRange(bytes, offset, offset + length);
    }

    @Override
    public byte[] getBuffer() {
      return bytes;
    }

    @Override
    public int getOffset() {
      return offset;
    }

    @Override
    public int getLength() {
      return length;
    }

    @Override
    public void setLength(int value) {
      length = value;
    }

    @Override
    public void setOffset(int value) {
      offset = value;
    }

    @Override
    public boolean isInvalid() {
      return false;
    }

    @Override
    public void readRegionToBuff(int from, int count, byte[] target) {
      System.arraycopy(bytes, offset + from, target, 0, count);
    }

    @Override
    public void grow(int count) {
      if (offset + length + count > bytes.length) {
        bytes = Arrays.copyOf(bytes, offset + length + count);
      }
    }

    @Override
    public void append(byte[] data, int count) {
      grow(count);
      System.arraycopy(data, 0, bytes, offset + length, count);
      length += count;
    }

    @Override
    public void shrink(int count) {
      length -= count;
    }
  }
}
