package io.belfry.sfu.rtcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.rtp.RtpBytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RtcpTest {
  private static final int AT = 4;

  private final RtcpReader reader = new RtcpReader();
  private final RtcpWriter writer = new RtcpWriter();
  private final Memory target = Memory.allocate(2048);

  private void read(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    Memory memory = Memory.allocate(Math.max(1, bytes.length + AT));
    memory.bytes().put(AT, bytes);
    reader.wrap(memory, AT, bytes.length);
  }

  private void write(int maxBytes) {
    writer.wrap(target, AT, maxBytes);
  }

  private void readBack() {
    reader.wrap(target, AT, writer.length());
    assertTrue(reader.next());
  }

  private String written() {
    return RtpBytes.hex(target, AT, writer.length());
  }

  @Test
  void readsASenderReportWithABlock() {
    read(
        "81c8000c 11223344 e0000001 80000000 0000abcd 00000010 00000200"
            + "55667788 40fffffe 00010005 00000063 00018000 00008000");
    assertTrue(reader.next());
    assertEquals(RtcpReader.SR, reader.type());
    assertEquals(0x11223344, reader.senderSsrc());
    assertTrue(reader.hasSenderInfo());
    assertEquals(0xE000000180000000L, reader.ntp());
    assertEquals(0xABCD, reader.rtpTimestamp());
    assertEquals(1, reader.reportCount());
    assertEquals(0x55667788, reader.reportSsrc(0));
    assertEquals(0x40, reader.reportFractionLost(0));
    assertEquals(-2, reader.reportCumulativeLost(0));
    assertEquals(99, reader.reportJitter(0));
    assertEquals(0x18000, reader.reportLastSenderReport(0));
    assertEquals(0x8000, reader.reportDelay(0));
    assertFalse(reader.next());
    assertFalse(reader.isMalformed());
  }

  /// A compound as Chromium sends it: RR, SDES, NACK, REMB; then what is not known here.
  @Test
  void goesThroughACompound() {
    read(
        "80c90001 00000001"
            + "81ca0003 00000001 01026162 00000000"
            + "81cd0003 00000001 00000002 00640003"
            + "8fce0005 00000001 00000000 52454d42 010a1234 00000002"
            + "80cf0004 00000001 04000002 e0000001 80000000"
            + "81cb0001 00000001");
    var types = new ArrayList<Integer>();
    while (reader.next()) {
      types.add(reader.type());
      if (reader.type() == RtcpReader.RTPFB) {
        assertEquals(RtcpReader.NACK, reader.format());
        assertEquals(1, reader.nackCount());
        assertEquals(100, reader.nackPid(0));
        assertEquals(3, reader.nackBlp(0));
      } else if (reader.type() == RtcpReader.PSFB) {
        assertTrue(reader.isRemb());
        assertEquals(0x21234L << 2, reader.rembBitrateBps());
      } else if (reader.type() == RtcpReader.BYE) {
        assertEquals(1, reader.byeCount());
        assertEquals(1, reader.byeSsrc(0));
      }
    }
    assertEquals(List.of(201, 202, 205, 206, 207, 203), types);
    assertFalse(reader.isMalformed());
  }

  @Test
  void takesReducedSizePackets() {
    read("81ce0002 00000001 00000002");
    assertTrue(reader.next());
    assertEquals(RtcpReader.PLI, reader.format());
    assertEquals(2, reader.mediaSsrc());
  }

  @ParameterizedTest
  @CsvSource({
    "80c90001, cut off",
    "80c9, less than a header",
    "40c90000, another version",
    "80c90001 00000001 80, a rest",
    "a0c90001 00000005, more padding than content",
    "80c9ffff 00000001, a size past the end",
  })
  void saysWhenADatagramIsMalformed(String hex, String name) {
    read(hex);
    while (reader.next()) {
      // what comes before is good
    }
    assertTrue(reader.isMalformed(), name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9fc80001 00000001", // SR with 31 blocks and no room for one
        "9fc90000", // RR without even a sender
        "81cd0001 00000001", // NACK cut off
        "84ce0000", // FIR cut off
        "9fcb0000", // BYE of 31 sources, none there
        "8fce0002 00000001 00000000", // application feedback without a name
      })
  void findsNoEntriesInPacketsTooShortForThem(String hex) {
    read(hex);
    assertTrue(reader.next());
    assertEquals(0, reader.reportCount());
    assertEquals(0, reader.nackCount());
    assertEquals(0, reader.firCount());
    assertTrue(reader.type() != RtcpReader.BYE || reader.byeCount() == 0);
    assertFalse(reader.isRemb());
    assertFalse(reader.hasSenderInfo());
  }

  @Test
  void writesAReportOfASender() {
    write(1200);
    assertTrue(writer.senderReport(0x11, 0xE000000180000000L, 0xABCD, 16, 512));
    assertTrue(writer.sourceDescription(0x11, "ab"));
    assertEquals(
        "80c80006"
            + "00000011"
            + "e000000180000000"
            + "0000abcd"
            + "00000010"
            + "00000200"
            + "81ca0003"
            + "00000011"
            + "01026162"
            + "00000000",
        written());
  }

  @ParameterizedTest
  @CsvSource({"'', 8", "a, 8", "ab, 12", "abcd, 12", "abcde, 12", "abcdef, 16"})
  void endsACnameWithAZero(String cname, int chunkBytes) {
    write(1200);
    assertTrue(writer.sourceDescription(7, cname));
    assertEquals(4 + chunkBytes, writer.length());
    readBack();
    assertFalse(reader.next());
    assertFalse(reader.isMalformed());
    assertEquals(0, target.bytes().get(AT + writer.length() - 1));
  }

  @ParameterizedTest
  @CsvSource({
    "5, 00050000",
    "5 6 21, 00058001",
    "5 22, 00050000 00160000",
    "65535 0 15, ffff8001",
    "65530 10 26, fffa8000 001a0000",
  })
  void packsLossesInNacks(String sequences, String pairs) {
    int[] list = List.of(sequences.split(" ", -1)).stream().mapToInt(Integer::parseInt).toArray();
    write(1200);
    assertEquals(list.length, writer.nack(1, 2, list, list.length));
    assertEquals(pairs.replace(" ", ""), written().substring(24));
    assertEquals("81cd", written().substring(0, 4));
  }

  /// Goal: what is asked for is what is read. Method: random ascending lists, in any room.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void asksForExactlyWhatIsMissing(long seed) {
    var random = new SplittableRandom(seed);
    for (int round = 0; round < 500; round++) {
      int[] list = new int[random.nextInt(1, 200)];
      int sequence = random.nextInt(65_536);
      for (int i = 0; i < list.length; i++) {
        list[i] = sequence & 0xFFFF;
        sequence += random.nextInt(1, 30);
      }
      var read = new ArrayList<Integer>();
      int from = 0;
      while (from < list.length) {
        write(random.nextInt(16, 300));
        int[] rest = Arrays.copyOfRange(list, from, list.length);
        int taken = writer.nack(1, 2, rest, rest.length);
        assertTrue(taken > 0);
        from += taken;
        readBack();
        for (int i = 0; i < reader.nackCount(); i++) {
          read.add(reader.nackPid(i));
          for (int bit = 0; bit < 16; bit++) {
            if ((reader.nackBlp(i) >>> bit & 1) != 0) {
              read.add(reader.nackPid(i) + bit + 1 & 0xFFFF);
            }
          }
        }
      }
      assertEquals(Arrays.stream(list).boxed().toList(), read, "seed " + seed);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 262_143, 262_144, 2_500_000, 1L << 40, Long.MAX_VALUE})
  void writesBitratesOfAnySize(long bitrateBps) {
    write(1200);
    assertTrue(writer.receiverEstimatedMaximumBitrate(1, bitrateBps, 9));
    readBack();
    assertTrue(reader.isRemb());
    long error = bitrateBps - reader.rembBitrateBps();
    assertTrue(error >= 0 && error <= bitrateBps >>> 17, reader.rembBitrateBps() + " bit/s");
  }

  @Test
  void asksForKeyFramesAndSaysGoodbye() {
    write(1200);
    assertTrue(writer.pictureLossIndication(1, 2));
    assertTrue(writer.fullIntraRequest(1, 2, 7));
    assertTrue(writer.goodbye(3));
    assertEquals(
        "81ce0002"
            + "00000001"
            + "00000002"
            + "84ce0004"
            + "00000001"
            + "00000000"
            + "00000002"
            + "07000000"
            + "81cb0001"
            + "00000003",
        written());
  }

  @Test
  void leavesOutWhatDoesNotFit() {
    write(11);
    assertFalse(writer.senderReport(1, 2, 3, 4, 5));
    assertFalse(writer.sourceDescription(1, "abc"));
    assertFalse(writer.pictureLossIndication(1, 2));
    assertFalse(writer.fullIntraRequest(1, 2, 3));
    assertFalse(writer.receiverEstimatedMaximumBitrate(1, 2, 3));
    assertEquals(0, writer.nack(1, 2, new int[] {1}, 1));
    assertTrue(writer.receiverReport(1));
    assertFalse(writer.reportBlock(1, 2, 3, 4, 5, 6, 7));
    assertFalse(writer.goodbye(1));
    assertEquals(8, writer.length());
  }

  @Test
  void limitsAReportToThirtyOneBlocks() {
    write(2000);
    assertTrue(writer.receiverReport(1));
    int blocks = 0;
    while (writer.reportBlock(blocks, 0, -1 - (1 << 23), 0, 0, 0, 0)) {
      blocks++;
    }
    assertEquals(31, blocks);
    readBack();
    assertEquals(31, reader.reportCount());
    assertEquals(-(1 << 23), reader.reportCumulativeLost(30));
    assertEquals(30, reader.reportSsrc(30));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1000000000, 65536",
    "500000000, 32768",
    "15259, 1",
    "70000000000000000, 4294967295"
  })
  void countsSpansInUnitsOfReports(long nanos, long units) {
    assertEquals(units, Integer.toUnsignedLong(Ntp.units(nanos)));
  }

  static void readEverything(RtcpReader reader, Memory memory) {
    var feedback = new TransportFeedbackReader();
    while (reader.next()) {
      reader.senderSsrc();
      reader.mediaSsrc();
      reader.ntp();
      reader.rtpTimestamp();
      for (int i = 0; i < reader.reportCount(); i++) {
        reader.reportSsrc(i);
        reader.reportFractionLost(i);
        reader.reportCumulativeLost(i);
        reader.reportJitter(i);
        reader.reportLastSenderReport(i);
        reader.reportDelay(i);
      }
      for (int i = 0; i < reader.nackCount(); i++) {
        reader.nackPid(i);
        reader.nackBlp(i);
      }
      for (int i = 0; i < reader.firCount(); i++) {
        reader.firSsrc(i);
      }
      for (int i = 0; i < reader.byeCount(); i++) {
        reader.byeSsrc(i);
      }
      if (reader.isRemb()) {
        assertTrue(reader.rembBitrateBps() >= 0);
      }
      if (feedback.wrap(memory, reader.offset(), reader.length())) {
        int told = 0;
        while (feedback.next()) {
          told++;
        }
        assertEquals(feedback.statusCount(), told);
      }
    }
  }

  /// Goal: a datagram may be cut off anywhere. Method: every length of a compound of every type, at
  /// the end of the memory.
  @Test
  void survivesEveryTruncation() {
    write(2000);
    writer.senderReport(1, 2, 3, 4, 5);
    writer.sourceDescription(1, "cname");
    writer.receiverReport(7);
    writer.reportBlock(8, 9, 10, 11, 12, 13, 14);
    writer.nack(7, 8, new int[] {100, 101, 117}, 3);
    writer.pictureLossIndication(7, 8);
    writer.fullIntraRequest(7, 8, 9);
    writer.receiverEstimatedMaximumBitrate(7, 1_000_000, 8);
    writer.goodbye(1);
    byte[] compound = target.toArray(AT, writer.length());
    int[] ends = {28, 44, 76, 96, 108, 128, 152, 160};
    assertEquals(ends[ends.length - 1], compound.length);
    for (int length = 0; length <= compound.length; length++) {
      int end = length;
      Memory cut = Memory.copyOf(Arrays.copyOf(compound, length));
      reader.wrap(cut, 0, length);
      readEverything(reader, cut);
      assertEquals(
          length != 0 && Arrays.stream(ends).noneMatch(e -> e == end),
          reader.isMalformed(),
          length + " bytes");
    }
  }

  /// The field is wide enough for numbers that no bitrate has.
  @ParameterizedTest
  @CsvSource({
    "0, 262143, 262143",
    "45, 262143, 9223336852482686976",
    "46, 131072, 9223372036854775807",
    "62, 1, 4611686018427387904",
    "63, 1, 9223372036854775807",
    "63, 0, 0"
  })
  void readsBitratesOfAnySize(int exponent, int mantissa, long expected) {
    String word = String.format("%08x", 1 << 24 | exponent << 18 | mantissa);
    read("8fce0005 00000001 00000000 52454d42" + word + "00000002");
    assertTrue(reader.next());
    assertEquals(expected, reader.rembBitrateBps());
  }

  /// Goal: no bytes make the readers throw or read past the end. Method: random packets with a
  /// sound header, at the end of the memory.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void survivesRandomPackets(long seed) {
    var random = new SplittableRandom(seed);
    Memory memory = Memory.allocate(64);
    int[] types = {200, 201, 202, 203, 205, 206, 207};
    for (int round = 0; round < 50_000; round++) {
      byte[] bytes = new byte[4 * random.nextInt(1, 16)];
      random.nextBytes(bytes);
      bytes[0] = (byte) (0x80 | (bytes[0] & 0x3F));
      bytes[1] = (byte) types[random.nextInt(types.length)];
      bytes[2] = 0;
      bytes[3] = (byte) (random.nextInt(8) == 0 ? bytes[3] : bytes.length / 4 - 1);
      if (bytes.length > 24 && random.nextBoolean()) {
        bytes[14] = 0; // few enough statuses that feedback can be sound
        bytes[20] = (byte) (0xC0 | bytes[20]);
      }
      int offset = memory.sizeBytes() - bytes.length;
      memory.bytes().put(offset, bytes);
      reader.wrap(memory, offset, bytes.length);
      readEverything(reader, memory);
    }
  }
}
