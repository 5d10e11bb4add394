package io.belfry.sfu.whip;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The value of an `If-Match` (RFC 9110 §13.1.1): tags, or any.
///
/// @param tags without their quotes
record EntityTags(boolean isAny, Set<String> tags) {
  private static final Pattern TAG = Pattern.compile("(W/)?\"([^\"]*)\"");

  /// @param header null when there is none
  static EntityTags of(@Nullable String header) {
    if (header == null) {
      return new EntityTags(false, Set.of());
    }
    // RFC 9725 shows the asterisk in quotes in its example, and so some clients send it.
    String value = header.strip();
    if (value.equals("*") || value.equals("\"*\"")) {
      return new EntityTags(true, Set.of());
    }
    Set<String> tags = new HashSet<>();
    Matcher found = TAG.matcher(value);
    while (found.find()) {
      // A weak tag never matches here: the comparison is strong.
      tags.add(found.group(1) == null ? found.group(2) : "");
    }
    return new EntityTags(false, tags);
  }

  boolean isEmpty() {
    return !isAny && tags.isEmpty();
  }

  boolean match(String tag) {
    return isAny || tags.contains(tag);
  }
}
