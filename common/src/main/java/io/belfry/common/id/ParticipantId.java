package io.belfry.common.id;

import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/// Names one presence in a session: a user who joins twice has two.
///
/// @param value 8 lower-case hexadecimal digits, as the calling API shows it (`03dcf87d`)
public record ParticipantId(String value) {
  private static final Pattern ALLOWED = Pattern.compile("[0-9a-f]{8}");

  public ParticipantId {
    if (!ALLOWED.matcher(value).matches()) {
      throw new IllegalArgumentException("not a participant id: " + value);
    }
  }

  public static ParticipantId random(RandomGenerator random) {
    return new ParticipantId(String.format("%08x", random.nextInt()));
  }

  @Override
  public String toString() {
    return value;
  }
}
