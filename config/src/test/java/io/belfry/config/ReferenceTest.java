package io.belfry.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValue;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Keeps `reference.conf` honest: it is the only list of settings there is.
class ReferenceTest {
  private static final Config REFERENCE = ConfigReader.reference();

  static Stream<String> keys() {
    return REFERENCE.entrySet().stream().map(Map.Entry::getKey).sorted();
  }

  @ParameterizedTest
  @MethodSource("keys")
  void everyKeyIsExplainedInASentence(String key) {
    ConfigValue value = REFERENCE.getValue(key);
    String comment = String.join(" ", value.origin().comments()).strip();
    assertTrue(comment.matches("[A-Z].{20,}\\."), key + ": \"" + comment + "\"");
  }

  @Test
  void everyKeyIsReadAndEveryKeyReadIsThere() {
    Layer reference = Layer.ofReference(REFERENCE);
    Values values = new Values(reference.entries(), reference.entries());
    values.record(ConfigReader::readBelfry);

    Set<String> keys = new TreeSet<>(reference.entries().keySet());
    assertEquals(keys, new TreeSet<>(values.keysRead()));
  }

  @Test
  void environmentNamesAreUnique() {
    Set<String> names = new TreeSet<>();
    keys().forEach(key -> assertTrue(names.add(Layer.environmentName(key)), key));
    assertTrue(names.contains("BELFRY_HTTP_MAX_BODY_BYTES"));
    assertTrue(names.contains("BELFRY_SFU_ANNOUNCED_ADDRESSES"));
  }
}
