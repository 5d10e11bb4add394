package io.belfry.common.id;

import java.util.regex.Pattern;

/// Names one call session on the signalling node, on the SFU and in call tokens, for example
/// `v1.eu.belfry.17720090877f3c…`.
///
/// @param value 1 to 128 characters of `A-Z a-z 0-9 . _ -`
public record SessionId(String value) {
  private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9._-]{1,128}");

  public SessionId {
    if (!isValid(value)) {
      throw new IllegalArgumentException("not a session id: " + value);
    }
  }

  public static boolean isValid(String value) {
    return ALLOWED.matcher(value).matches();
  }

  @Override
  public String toString() {
    return value;
  }
}
