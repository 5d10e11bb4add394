package io.belfry.sfu.srtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.belfry.common.bytes.Memory;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The examples of RFC 3711 appendix B, RFC 6188 §7 and RFC 7714 §16 and §17.
class SrtpVectorsTest {
  private static final long RTP_INDEX = 0xF17B;
  private static final long RTCP_INDEX = 0x5D4;

  static List<SrtpCrypto> cryptos() {
    return Cryptos.all();
  }

  static Stream<Arguments> withRfc7714(String section) {
    return cryptos().stream()
        .flatMap(c ->
            Stream.of("128", "256")
                .map(bits ->
                    Arguments.of(c, "/rfc7714/section-" + section + "-aes-" + bits + "-gcm.hex")));
  }

  static Stream<Arguments> rfc7714Section16() {
    return withRfc7714("16");
  }

  static Stream<Arguments> rfc7714Section17() {
    return withRfc7714("17");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/rfc3711/b3-key-derivation.hex", "/rfc3711/rfc6188-7-key-derivation.hex"})
  void derivesSessionKeys(String resource) {
    Vectors vectors = Vectors.read(resource);
    byte[] key = vectors.get("master-key");
    byte[] salt = vectors.get("master-salt");
    int label = 0;
    for (String name : List.of("cipher-key", "auth-key", "cipher-salt")) {
      byte[] expected = vectors.get(name);
      assertArrayEquals(expected, SessionKeys.derive(key, salt, label++, expected.length), name);
    }
  }

  @ParameterizedTest
  @MethodSource("cryptos")
  void makesTheCounterModeKeyStream(SrtpCrypto crypto) {
    Vectors vectors = Vectors.read("/rfc3711/b2-aes-counter-mode.hex");
    SessionKeys keys = new SessionKeys(vectors.get("key"), new byte[20], vectors.get("salt"));
    int length = 1_044_512;
    Memory zeroes = Memory.allocate(length);
    Memory target = Memory.allocate(12 + length + 10);
    try (PacketCipher cipher = crypto.cipher(SrtpProfile.AES128_CM_SHA1_80, keys, false, true)) {
      cipher.seal(0, 0, 0, zeroes, 0, length, target, 0, 12, 12 + length);
    }
    assertArrayEquals(vectors.get("first-48"), target.toArray(12, 48));
    assertArrayEquals(vectors.get("last-48"), target.toArray(12 + length - 48, 48));
  }

  @ParameterizedTest
  @MethodSource("rfc7714Section16")
  void protectsAndUnprotectsRtp(SrtpCrypto crypto, String resource) {
    Vectors vectors = Vectors.read(resource);
    byte[] plaintext = vectors.get("plaintext");
    byte[] expected = vectors.get("protected");
    Memory source = Memory.copyOf(plaintext);
    Memory target = Memory.allocate(expected.length);
    try (SrtpSender sender = sender(crypto, vectors)) {
      int length = sender.protectRtp(source, 0, plaintext.length, 12, target, 0, RTP_INDEX);
      assertArrayEquals(expected, target.toArray(0, length));
    }
    try (SrtpReceiver receiver = receiver(crypto, vectors)) {
      ReplayWindow window = new ReplayWindow();
      int length = receiver.unprotectRtp(target, 0, expected.length, 12, window);
      assertArrayEquals(plaintext, target.toArray(0, length));
      assertEquals(RTP_INDEX, window.lastIndex());
    }
  }

  @ParameterizedTest
  @MethodSource("rfc7714Section17")
  void protectsAndUnprotectsRtcp(SrtpCrypto crypto, String resource) {
    Vectors vectors = Vectors.read(resource);
    byte[] plaintext = vectors.get("plaintext");
    byte[] expected = vectors.get("protected");
    Memory memory = Memory.copyOf(Arrays.copyOf(plaintext, expected.length));
    try (SrtpSender sender = sender(crypto, vectors)) {
      sender.rtcpIndex(RTCP_INDEX);
      int length = sender.protectRtcp(memory, 0, plaintext.length);
      assertArrayEquals(expected, memory.toArray(0, length));
    }
    try (SrtpReceiver receiver = receiver(crypto, vectors)) {
      int length = receiver.unprotectRtcp(memory, 0, expected.length);
      assertArrayEquals(plaintext, memory.toArray(0, length));
    }
  }

  private static SrtpSender sender(SrtpCrypto crypto, Vectors vectors) {
    SrtpProfile profile = profile(vectors);
    return new SrtpSender(
        profile,
        crypto.cipher(profile, keys(vectors), false, true),
        crypto.cipher(profile, keys(vectors), true, true));
  }

  private static SrtpReceiver receiver(SrtpCrypto crypto, Vectors vectors) {
    SrtpProfile profile = profile(vectors);
    return new SrtpReceiver(
        profile,
        crypto.cipher(profile, keys(vectors), false, false),
        crypto.cipher(profile, keys(vectors), true, false));
  }

  private static SrtpProfile profile(Vectors vectors) {
    return SrtpProfile.ofId(vectors.get("profile-id")[0]).orElseThrow();
  }

  private static SessionKeys keys(Vectors vectors) {
    return new SessionKeys(vectors.get("key"), new byte[0], vectors.get("salt"));
  }
}
