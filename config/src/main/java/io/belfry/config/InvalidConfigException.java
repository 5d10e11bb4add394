package io.belfry.config;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The settings cannot be used. The message lists every problem, one a line, in words for the
/// operator: it is to be printed without a stack trace.
public final class InvalidConfigException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  // Transient: exceptions are serializable by inheritance only, nobody does it.
  private final transient List<Problem> problems;

  public InvalidConfigException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  public List<Problem> problems() {
    return problems;
  }

  /// One thing that is wrong.
  ///
  /// @param key the setting, or the file or variable that names none
  /// @param value what it was set to; empty where that may not be shown: a name that is no setting
  ///   may be a password's, mistyped
  /// @param rule what it breaks: "must be …"
  /// @param origin where the value came from; empty if not known
  public record Problem(String key, Optional<String> value, String rule, String origin) {
    Problem from(String newOrigin) {
      return new Problem(key, value, rule, newOrigin);
    }

    @Override
    public String toString() {
      String where = origin.isEmpty() ? "" : " (" + origin + ")";
      String set = value.map(text -> " = \"" + Secrets.show(key, text) + "\"").orElse("");
      return key + set + where + ": " + rule;
    }
  }
}
