package io.belfry.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValueFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Gives settings their types. A value of the wrong type is noted, and its default returned, so
/// that reading goes on and finds the other mistakes too.
final class Values {
  private final Map<String, Layer.Entry> entries;
  private final Map<String, Layer.Entry> defaults;
  private final List<InvalidConfigException.Problem> problems = new ArrayList<>();
  private final Set<String> keysRead = new HashSet<>();

  Values(Map<String, Layer.Entry> entries, Map<String, Layer.Entry> defaults) {
    this.entries = entries;
    this.defaults = defaults;
  }

  String text(String key) {
    return convert(key, "a text", Values::toText);
  }

  boolean flag(String key) {
    return convert(
        key,
        "true or false",
        value ->
            switch (value.toString()) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new IllegalArgumentException();
            });
  }

  int integer(String key) {
    return convert(key, "a whole number", value -> Integer.parseInt(value.toString().strip()));
  }

  int bytes(String key) {
    return convert(
        key,
        "a size below 2 GiB, such as 262144 or 256 KiB",
        value -> Math.toIntExact(alone(value).getBytes("v")));
  }

  Duration duration(String key) {
    return convert(
        key,
        "a time with its unit, such as 500ms, 45s or 10m",
        value -> {
          // HOCON would take a bare number as milliseconds; nobody who writes "45" means that.
          if (Character.isDigit(value.toString().strip().charAt(value.toString().length() - 1))) {
            throw new IllegalArgumentException();
          }
          return alone(value).getDuration("v");
        });
  }

  <E extends Enum<E>> E choice(String key, Class<E> type) {
    return convert(
        key,
        "one of " + names(type).toLowerCase(Locale.ROOT),
        value -> Enum.valueOf(type, toText(value).toUpperCase(Locale.ROOT)));
  }

  List<String> texts(String key) {
    return convert(
        key, "a list of texts", value -> toList(value).stream().map(Values::toText).toList());
  }

  /// A list of constants that are written as they are named.
  <E extends Enum<E>> List<E> constants(String key, Class<E> type) {
    return convert(
        key,
        "a list of " + names(type),
        value -> toList(value).stream().map(item -> Enum.valueOf(type, toText(item))).toList());
  }

  /// Makes a record, whose constructor checks its values. Where they do not hold this is noted, and
  /// the record made of defaults.
  <T> T record(Function<Values, T> reader) {
    try {
      return reader.apply(this);
    } catch (InvalidConfigException invalid) {
      for (InvalidConfigException.Problem problem : invalid.problems()) {
        Layer.Entry entry = entries.get(problem.key());
        problems.add(entry == null ? problem : problem.from(entry.origin()));
      }
      return reader.apply(new Values(defaults, defaults));
    }
  }

  List<InvalidConfigException.Problem> problems() {
    return problems;
  }

  Set<String> keysRead() {
    return keysRead;
  }

  private <T> T convert(String key, String allowed, Function<Object, T> conversion) {
    keysRead.add(key);
    Layer.Entry entry = entry(entries, key);
    try {
      return conversion.apply(entry.value());
    } catch (IllegalArgumentException
        | ArithmeticException
        | StringIndexOutOfBoundsException
        | ConfigException e) {
      problems.add(
          new InvalidConfigException.Problem(
              key, Optional.of(entry.show()), "must be " + allowed, entry.origin()));
      return conversion.apply(entry(defaults, key).value());
    }
  }

  private static Layer.Entry entry(Map<String, Layer.Entry> entries, String key) {
    Layer.Entry entry = entries.get(key);
    if (entry == null) {
      throw new IllegalStateException("reference.conf lacks " + key);
    }
    return entry;
  }

  private static String toText(Object value) {
    if (value instanceof List) {
      throw new IllegalArgumentException();
    }
    return value.toString();
  }

  private static List<?> toList(Object value) {
    return value instanceof List<?> list ? list : List.of(value);
  }

  private static Config alone(Object value) {
    return ConfigValueFactory.fromAnyRef(value).atKey("v");
  }

  private static String names(Class<? extends Enum<?>> type) {
    return String.join(", ", Arrays.stream(type.getEnumConstants()).map(Enum::name).toList());
  }
}
