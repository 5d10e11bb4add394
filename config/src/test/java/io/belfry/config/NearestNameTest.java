package io.belfry.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {
  @ParameterizedTest
  @CsvSource({"'', '', 0", "a, '', 1", "'', ab, 2", "kitten, sitting, 3", "port, prot, 2"})
  void distanceCountsEdits(String from, String to, int edits) {
    assertEquals(edits, NearestName.distance(from, to));
    assertEquals(edits, NearestName.distance(to, from));
  }

  @Test
  void nothingIsSuggestedForANameThatIsLikeNone() {
    assertEquals(Optional.empty(), NearestName.of("banana", List.of("belfry.http.port")));
  }
}
