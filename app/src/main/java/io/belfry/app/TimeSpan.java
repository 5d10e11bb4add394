package io.belfry.app;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// A duration as people write it, such as `30s`, `1m30s` or `500ms`, or as ISO 8601 has it.
final class TimeSpan implements ITypeConverter<Duration> {
  @Override
  public Duration convert(String value) {
    try {
      if (value.endsWith("ms")) {
        return Duration.ofMillis(Long.parseLong(value.substring(0, value.length() - 2)));
      }
      String upper = value.toUpperCase(Locale.ROOT);
      return Duration.parse(upper.startsWith("P") ? upper : "PT" + upper);
    } catch (DateTimeParseException | NumberFormatException e) {
      throw new TypeConversionException("'" + value + "' is not a time such as 30s, 5m or 500ms");
    }
  }
}
