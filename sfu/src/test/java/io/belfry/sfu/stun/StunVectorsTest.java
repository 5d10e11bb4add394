package io.belfry.sfu.stun;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.common.bytes.Memory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The four messages of RFC 5769, read and (where the padding is zero, as ours is) written.
class StunVectorsTest {
  private final StunIntegrity integrity = new StunIntegrity(StunVectors.PASSWORD);

  @Test
  void readsTheRequest() {
    StunMessage message = StunVectors.message(StunVectors.read("2.1-request"));
    assertEquals(StunMessage.BINDING_REQUEST, message.type());
    assertTrue(message.isFingerprintValid());
    assertTrue(integrity.isValid(message));
    assertEquals(0x6e0001ffL, message.priority());
    assertTrue(message.isIceControlled());
    assertFalse(message.isIceControlling());
    assertFalse(message.isUseCandidate());
    assertTrue(message.hasUsername());
    assertEquals(StunMessage.NO_FRAGMENT, message.localFragment(), "evtj is not eight characters");
    assertEquals(0, message.unknownAttributeCount());
  }

  @ParameterizedTest
  @CsvSource({
    "2.2-ipv4-response, 192.0.2.1",
    "2.3-ipv6-response, 2001:db8:1234:5678:11:2233:4455:6677"
  })
  void readsTheResponses(String name, String address) {
    StunMessage message = StunVectors.message(StunVectors.read(name));
    assertEquals(StunMessage.BINDING_SUCCESS_RESPONSE, message.type());
    assertTrue(message.isFingerprintValid());
    assertTrue(integrity.isValid(message));
    assertEquals(new InetSocketAddress(address, 32853), message.xorMappedAddress().orElseThrow());
  }

  /// The RFC pads SOFTWARE with a space, we with zero: so all but the hashes and that byte.
  @ParameterizedTest
  @CsvSource({
    "2.2-ipv4-response, 192.0.2.1",
    "2.3-ipv6-response, 2001:db8:1234:5678:11:2233:4455:6677"
  })
  void writesTheResponses(String name, String address) {
    byte[] expected = StunVectors.read(name);
    StunMessage request = StunVectors.message(StunVectors.read("2.1-request"));
    Memory target = Memory.allocate(200);
    int length =
        new StunWriter()
            .beginResponse(target, 3, StunMessage.BINDING_SUCCESS_RESPONSE, request)
            .attribute(StunAttribute.SOFTWARE, "test vector".getBytes(StandardCharsets.US_ASCII))
            .xorMappedAddress(new InetSocketAddress(address, 32853))
            .messageIntegrity(integrity)
            .fingerprint()
            .length();
    byte[] written = target.toArray(3, length);
    StunMessage message = StunVectors.message(written);
    assertTrue(message.isFingerprintValid());
    assertTrue(integrity.isValid(message));
    int hashes = 20 + 4 + 8;
    expected[20 + 4 + 11] = 0;
    assertEquals(expected.length, written.length);
    assertArrayEquals(
        Arrays.copyOf(expected, length - hashes), Arrays.copyOf(written, length - hashes));
  }

  /// A long-term key is only another key for the same HMAC.
  @Test
  void verifiesAnyKey() throws GeneralSecurityException {
    StunMessage message = StunVectors.message(StunVectors.read("2.4-long-term-request"));
    String user = "\u30DE\u30C8\u30EA\u30C3\u30AF\u30B9";
    byte[] key =
        MessageDigest.getInstance("MD5")
            .digest((user + ":example.org:TheMatrIX").getBytes(StandardCharsets.UTF_8));
    assertTrue(new StunIntegrity(key).isValid(message));
    assertFalse(message.hasFingerprint());
    assertFalse(message.isFingerprintValid());
    assertEquals(2, message.unknownAttributeCount(), "REALM and NONCE are not for ICE");
  }

  @Test
  void noticesEveryFlippedBit() {
    byte[] bytes = StunVectors.read("2.1-request");
    int integrityEnd = bytes.length - 8;
    StunMessage message = new StunMessage();
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] forged = bytes.clone();
      forged[bit / 8] ^= (byte) (1 << bit % 8);
      String where = "bit " + bit;
      if (message.wrap(Memory.copyOf(forged), 0, forged.length)) {
        assertFalse(message.isFingerprintValid(), where);
        if (bit / 8 < integrityEnd) {
          assertFalse(integrity.isValid(message), where);
        }
      }
    }
  }
}
