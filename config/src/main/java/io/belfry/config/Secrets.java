package io.belfry.config;

import java.util.Locale;
import java.util.regex.Pattern;

/// Keeps passwords out of logs and error messages.
final class Secrets {
  private static final String MASK = "********";
  private static final Pattern PASSWORD_PARAMETER = Pattern.compile("(?i)(password=)[^&;]*");
  private static final Pattern USER_INFO = Pattern.compile("(//[^/@:]*:)[^/@]*@");

  private Secrets() {}

  /// The value of a setting as it may be shown to anyone.
  static String show(String key, String value) {
    String name = key.toLowerCase(Locale.ROOT);
    if (name.endsWith("password") || name.endsWith("secret")) {
      return value.isEmpty() ? value : MASK;
    }
    return mask(value);
  }

  /// A JDBC address with the password in it, if any, replaced.
  static String mask(String url) {
    String masked = PASSWORD_PARAMETER.matcher(url).replaceAll("$1" + MASK);
    return USER_INFO.matcher(masked).replaceAll("$1" + MASK + "@");
  }
}
