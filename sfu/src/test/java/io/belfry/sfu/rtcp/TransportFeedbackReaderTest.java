package io.belfry.sfu.rtcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.common.bytes.Memory;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransportFeedbackReaderTest {
  private final TransportFeedbackReader reader = new TransportFeedbackReader();

  private boolean wrap(String content) {
    String hex = "8fcd0000" + "00000001" + "00000002" + content.replace(" ", "");
    byte[] bytes = HexFormat.of().parseHex(hex);
    return reader.wrap(Memory.copyOf(bytes), 0, bytes.length);
  }

  private String told() {
    var text = new StringBuilder();
    while (reader.next()) {
      text.append(reader.sequence());
      text.append(reader.isReceived() ? "@" + reader.arrivalMicros() : "-").append(' ');
    }
    return text.toString().strip();
  }

  /// Base sequence, status count, reference time and feedback count; chunks; deltas.
  @ParameterizedTest
  @CsvSource({
    "run of small deltas, 0005 0002 000001 00 2002 0401, 5@65000 6@65250",
    "run of losses and a vector, 0005 000a 000000 00 0007 8000 , 5- 6- 7- 8- 9- 10- 11- 12- 13- 14-",
    "one-bit vector, 0005 0003 000000 00 a800 0408, 5@1000 6- 7@3000",
    "two-bit vector, 0005 0003 000000 00 d200 04 fffc 0000, 5@1000 6- 7@0",
    "negative delta, ffff 0002 000002 00 d800 01 fff0, 65535@128250 0@124250",
    "negative reference, 0001 0001 ffffff 00 2001 0400, 1@-63000",
  })
  void readsChunksAndDeltas(String name, String content, String told) {
    assertTrue(wrap(content), name);
    assertEquals(told, told(), name);
  }

  @ParameterizedTest
  @CsvSource({
    "no status at all, 0005 0000 000000 00",
    "chunks missing, 0005 0001 000000 00",
    "fewer chunks than statuses, 0005 0010 000000 00 8000",
    "a delta missing, 0005 0002 000000 00 2002 04",
    "half a delta, 0005 0001 000000 00 4001 04",
    "an empty run, 0005 0001 000000 00 2000 0400",
    "too short, 0005 0001",
  })
  void refusesWhatDoesNotHoldWhatItAnnounces(String name, String content) {
    assertFalse(wrap(content), name);
  }

  @Test
  void takesTheReservedSymbolForNotReceived() {
    assertTrue(wrap("0005 0002 000000 00 f000 0400"));
    assertEquals("5- 6-", told());
  }

  @Test
  void ignoresSymbolsBeyondTheCount() {
    assertTrue(wrap("0005 0001 000000 07 bfff 0400"));
    assertEquals("5@1000", told());
    assertEquals(1, reader.statusCount());
    assertEquals(7, reader.feedbackCount());
  }
}
