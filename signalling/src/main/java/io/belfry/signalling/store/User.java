package io.belfry.signalling.store;

import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A user, without presence: that is known to the running node only.
///
/// @param uid 1 to 100 characters of `A-Z a-z 0-9 . _ -`
/// @param lastActiveAt when the last device went; null for users who never connected
public record User(
    String uid, String name, @Nullable String avatar, String role, @Nullable Instant lastActiveAt) {
  public static final String DEFAULT_ROLE = "default";

  private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9._-]{1,100}");

  public User {
    if (!isValidUid(uid)) {
      throw new IllegalArgumentException("not a uid: " + uid);
    }
  }

  /// Holds for guids as well.
  public static boolean isValidUid(String uid) {
    return ALLOWED.matcher(uid).matches();
  }
}
