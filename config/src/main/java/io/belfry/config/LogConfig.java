package io.belfry.config;

/// `belfry.log`: how the server's log looks and how much it says.
public record LogConfig(Format format, Level level) {
  /// The form of a log line.
  public enum Format {
    TEXT,
    JSON
  }

  /// The least level that is written.
  public enum Level {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
  }
}
