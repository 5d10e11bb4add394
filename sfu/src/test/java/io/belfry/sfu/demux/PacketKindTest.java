package io.belfry.sfu.demux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.belfry.common.bytes.Memory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacketKindTest {
  @ParameterizedTest
  @CsvSource({
    "0, 1, STUN", "1, 1, STUN", "3, 255, STUN", "4, 0, UNKNOWN", "15, 0, UNKNOWN",
    "16, 0, UNKNOWN", "19, 0, UNKNOWN", "20, 254, DTLS", "22, 254, DTLS", "63, 254, DTLS",
    "64, 0, UNKNOWN", "79, 0, UNKNOWN", "127, 0, UNKNOWN", "128, 0, RTP", "128, 191, RTP",
    "128, 192, RTCP", "129, 200, RTCP", "191, 223, RTCP", "128, 224, RTP", "191, 255, RTP",
    "192, 200, UNKNOWN", "255, 255, UNKNOWN"
  })
  void tellsTheProtocolAtEveryEdgeOfItsRange(int first, int second, PacketKind expected) {
    assertEquals(expected, PacketKind.of((byte) first, (byte) second));
  }

  @Test
  void knowsNothingOfDatagramsWithoutASecondByte() {
    Memory memory = Memory.copyOf(new byte[] {(byte) 128, (byte) 200});
    assertEquals(PacketKind.UNKNOWN, PacketKind.of(memory, 0, 0));
    assertEquals(PacketKind.UNKNOWN, PacketKind.of(memory, 0, 1));
    assertEquals(PacketKind.RTCP, PacketKind.of(memory, 0, 2));
  }
}
