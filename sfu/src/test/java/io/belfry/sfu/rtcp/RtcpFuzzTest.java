package io.belfry.sfu.rtcp;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.belfry.common.bytes.Memory;

/// Goal: nothing that comes as RTCP makes the readers throw or read past the end. Method: any
/// bytes, as a compound and as the rest of one packet of each type, which ends with the memory.
final class RtcpFuzzTest {
  @FuzzTest(maxDuration = "30s")
  void compounds(byte[] bytes) {
    read(bytes);
  }

  /// RFC 3550 §6.4.1.
  @FuzzTest(maxDuration = "30s")
  void senderReports(byte[] rest) {
    readPacket(200, rest);
  }

  /// RFC 3550 §6.4.2.
  @FuzzTest(maxDuration = "30s")
  void receiverReports(byte[] rest) {
    readPacket(201, rest);
  }

  /// RFC 3550 §6.5.
  @FuzzTest(maxDuration = "30s")
  void sourceDescriptions(byte[] rest) {
    readPacket(202, rest);
  }

  /// RFC 3550 §6.6.
  @FuzzTest(maxDuration = "30s")
  void goodbyes(byte[] rest) {
    readPacket(203, rest);
  }

  /// RFC 4585 §6.2.1.
  @FuzzTest(maxDuration = "30s")
  void negativeAcknowledgements(byte[] rest) {
    readFeedback(205, 1, rest);
  }

  /// draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1.
  @FuzzTest(maxDuration = "30s")
  void transportFeedback(byte[] rest) {
    readFeedback(205, 15, rest);
  }

  /// RFC 4585 §6.3.1.
  @FuzzTest(maxDuration = "30s")
  void pictureLossIndications(byte[] rest) {
    readFeedback(206, 1, rest);
  }

  /// RFC 5104 §4.3.1.
  @FuzzTest(maxDuration = "30s")
  void fullIntraRequests(byte[] rest) {
    readFeedback(206, 4, rest);
  }

  /// draft-alvestrand-rmcat-remb-03 §2.2.
  @FuzzTest(maxDuration = "30s")
  void receiverEstimatedMaximumBitrates(byte[] rest) {
    readFeedback(206, 15, rest);
  }

  /// RFC 3611 §2.
  @FuzzTest(maxDuration = "30s")
  void extendedReports(byte[] rest) {
    readPacket(207, rest);
  }

  /// @param rest its first byte has the padding bit and the count
  private static void readPacket(int type, byte[] rest) {
    if (rest.length > 0) {
      read(packet(rest[0] & 0x3F, type, rest, 1));
    }
  }

  private static void readFeedback(int type, int format, byte[] rest) {
    read(packet(format, type, rest, 0));
  }

  private static byte[] packet(int paddingAndCount, int type, byte[] rest, int from) {
    int words = Math.min((rest.length - from) / 4, 0xFFFF);
    byte[] packet = new byte[4 + 4 * words];
    packet[0] = (byte) (0x80 | paddingAndCount);
    packet[1] = (byte) type;
    packet[2] = (byte) (words >> 8);
    packet[3] = (byte) words;
    System.arraycopy(rest, from, packet, 4, 4 * words);
    return packet;
  }

  private static void read(byte[] bytes) {
    Memory memory = Memory.copyOf(bytes);
    RtcpReader reader = new RtcpReader();
    reader.wrap(memory, 0, bytes.length);
    RtcpTest.readEverything(reader, memory);
  }
}
