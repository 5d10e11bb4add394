package io.belfry.app;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Bits per second as people write them: `32000`, `32k`, `1.5M`.
final class Bitrate implements ITypeConverter<Integer> {
  private static final Pattern NUMBER = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,3})?)([kM]?)");

  @Override
  public Integer convert(String value) {
    Matcher number = NUMBER.matcher(value);
    if (!number.matches()) {
      throw new TypeConversionException(
          "'" + value + "' is not a bit rate such as 32000, 32k or 1.5M");
    }
    int zeros =
        switch (number.group(2)) {
          case "k" -> 3;
          case "M" -> 6;
          default -> 0;
        };
    long bps = new BigDecimal(number.group(1)).scaleByPowerOfTen(zeros).longValue();
    return (int) Math.min(Integer.MAX_VALUE, bps);
  }
}
