package io.belfry.common.id;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a/b", "ä", "x\n", "\""})
  void aSessionIdIsOneWordOfSafeCharacters(String text) {
    assertThrows(IllegalArgumentException.class, () -> new SessionId(text));
  }

  @Test
  void aSessionIdHasAtMost128Characters() {
    assertEquals(128, new SessionId("s".repeat(128)).value().length());
    assertThrows(IllegalArgumentException.class, () -> new SessionId("s".repeat(129)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "03DCF87D", "03dcf87", "03dcf87d0", "xxxxxxxx"})
  void aParticipantIdIsEightLowerCaseHexDigits(String text) {
    assertThrows(IllegalArgumentException.class, () -> new ParticipantId(text));
  }

  @Test
  void randomParticipantIdsKeepTheirLeadingZeros() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 1000; i++) {
      assertEquals(8, ParticipantId.random(random).value().length());
    }
  }
}
