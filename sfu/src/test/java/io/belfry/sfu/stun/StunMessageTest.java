package io.belfry.sfu.stun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.belfry.common.bytes.Memory;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StunMessageTest {
  private static final String COOKIE_AND_ID = "2112a442 000102030405060708090a0b";
  private static final byte[] TRANSACTION_ID = new byte[12];

  private final StunMessage message = new StunMessage();
  private final Memory memory = Memory.allocate(2048);

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "nothing, ''",
    "shorter than a header, 0001 0000 2112a442 0001020304050607 0809",
    "wrong cookie, 0001 0000 2112a443 000102030405060708090a0b",
    "first bits not zero, 4001 0000 2112a442 000102030405060708090a0b",
    "length too long, 0001 0004 2112a442 000102030405060708090a0b",
    "length too short, 0001 0000 2112a442 000102030405060708090a0b 00250000",
    "length not a multiple of four, 0001 0002 2112a442 000102030405060708090a0b 0025",
    "attribute beyond the end, 0001 0008 2112a442 000102030405060708090a0b 00060005 61616161",
    "attribute far beyond the end, 0001 0004 2112a442 000102030405060708090a0b 0006ffff",
    "fingerprint not last, 0001 000c 2112a442 000102030405060708090a0b 80280004 00000000 00250000",
    "fingerprint of two bytes, 0001 0008 2112a442 000102030405060708090a0b 80280002 00000000",
    "integrity of four bytes, 0001 0008 2112a442 000102030405060708090a0b 00080004 00000000",
    "priority of eight bytes, 0001 000c 2112a442 000102030405060708090a0b 00240008 0000000000000000",
    "use-candidate with a value, 0001 0008 2112a442 000102030405060708090a0b 00250001 00000000",
    "controlling of four bytes, 0001 0008 2112a442 000102030405060708090a0b 802a0004 00000000",
    "address of four bytes, 0001 0008 2112a442 000102030405060708090a0b 00200004 00000000",
    "empty error code, 0101 0004 2112a442 000102030405060708090a0b 00090000"
  })
  void refusesBadFraming(String name, String hex) {
    assertFalse(wrap(hex), name);
  }

  @Test
  void refusesMoreThanAPacketCanHold() {
    byte[] bytes = Arrays.copyOf(HexFormat.of().parseHex(strip("0001 05dc" + COOKIE_AND_ID)), 1520);
    bytes[20] = (byte) 0x80;
    bytes[22] = 5;
    bytes[23] = (byte) 0xD8;
    assertFalse(message.wrap(Memory.copyOf(bytes), 0, bytes.length));
  }

  @Test
  void takesTheFirstOfTwo() {
    assertTrue(wrap("0001 0010" + COOKIE_AND_ID + "00240004 00000001 00240004 00000002"));
    assertEquals(1, message.priority());
  }

  @Test
  void ignoresWhatStandsBehindIntegrity() {
    String integrity = "00080014" + "00".repeat(20);
    assertTrue(
        wrap("0001 0024" + COOKIE_AND_ID + integrity + "00250000" + "7fff0000" + "00060000"));
    assertFalse(message.isUseCandidate());
    assertFalse(message.hasUsername());
    assertEquals(0, message.unknownAttributeCount());
  }

  @Test
  void listsUnknownAttributesThatMustBeUnderstood() {
    assertTrue(wrap("0001 000c" + COOKIE_AND_ID + "7ffe0000" + "c0570000" + "00030000"));
    assertEquals(2, message.unknownAttributeCount());
    assertEquals(0x7FFE, message.unknownAttribute(0));
    assertEquals(0x0003, message.unknownAttribute(1));
  }

  @Test
  void keepsABoundedListOfUnknownAttributes() {
    assertTrue(wrap("0001 0190" + COOKIE_AND_ID + "7ffe0000".repeat(100)));
    assertEquals(8, message.unknownAttributeCount());
  }

  @Test
  void readsErrorCodes() {
    assertTrue(wrap("0111 0008" + COOKIE_AND_ID + "00090004 00000457"));
    assertEquals(487, message.errorCode());
  }

  @ParameterizedTest
  @CsvSource({
    "abcd1234:remote, true",
    "abcd1234:, true",
    "+/AZaz09:x, true",
    "abcd1234, false",
    "abcd123:remote, false",
    "abcd12345:remote, false",
    "'', false",
    ":, false",
    "abcd123é:x, false"
  })
  void findsItsFragmentInTheUsername(String username, boolean isOurs) {
    int length = request(username);
    assertTrue(message.wrap(memory, 0, length));
    long expected =
        isOurs ? StunMessage.packFragment(username.substring(0, 8)) : StunMessage.NO_FRAGMENT;
    assertEquals(expected, message.localFragment());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "abc", "abcd12345", "abcd123é"})
  void packsNoOtherFragments(String fragment) {
    assertThrows(IllegalArgumentException.class, () -> StunMessage.packFragment(fragment));
  }

  @Test
  void forgetsTheMessageBefore() {
    assertTrue(message.wrap(memory, 0, request("abcd1234:remote")));
    assertTrue(wrap("0001 0000" + COOKIE_AND_ID));
    assertFalse(message.hasUsername());
    assertEquals(StunMessage.NO_FRAGMENT, message.localFragment());
  }

  /// What a stranger's datagram goes through costs no memory.
  @Test
  void allocatesNothingForStrangers() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    int length = request("abcd1234:remote");
    long sum = readMany(length);
    long before = threads.getCurrentThreadAllocatedBytes();
    sum += readMany(length);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertEquals(2 * 20_000L, sum);
    assertEquals(0, allocated);
  }

  private long readMany(int length) {
    long count = 0;
    for (int i = 0; i < 20_000; i++) {
      if (message.wrap(memory, 0, length)
          && message.isFingerprintValid()
          && message.localFragment() > 0) {
        count++;
      }
    }
    return count;
  }

  private int request(String username) {
    return new StunWriter()
        .begin(memory, 0, StunMessage.BINDING_REQUEST, TRANSACTION_ID)
        .username(username)
        .fingerprint()
        .length();
  }

  private boolean wrap(String hex) {
    byte[] bytes = HexFormat.of().parseHex(strip(hex));
    return message.wrap(Memory.copyOf(bytes), 0, bytes.length);
  }

  private static String strip(String hex) {
    return hex.replace(" ", "");
  }
}
