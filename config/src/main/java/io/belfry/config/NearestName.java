package io.belfry.config;

import java.util.Locale;
import java.util.Optional;

/// Finds what somebody meant who wrote a name that does not exist.
final class NearestName {
  private NearestName() {}

  /// The known name with the least edit distance to `name`, if any is near enough to be meant. A
  /// name that lacks only its leading groups (`http.port`) counts as near.
  static Optional<String> of(String name, Iterable<String> known) {
    String wanted = normal(name);
    String best = null;
    int bestDistance = Math.max(2, wanted.length() / 5) + 1;
    for (String candidate : known) {
      String normalCandidate = normal(candidate);
      int distance = normalCandidate.endsWith("." + wanted) ? 0 : distance(wanted, normalCandidate);
      if (distance < bestDistance) {
        best = candidate;
        bestDistance = distance;
      }
    }
    return Optional.ofNullable(best);
  }

  private static String normal(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /// Levenshtein's: insertions, deletions and replacements, one each.
  static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int column = 0; column <= to.length(); column++) {
      row[column] = column;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
