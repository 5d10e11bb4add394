package io.belfry.config;

import java.util.List;

/// The settings in effect, and where each came from.
///
/// @param settings one for each key of `reference.conf`, ordered by key
public record LoadedConfig(BelfryConfig config, List<Setting> settings) {
  public LoadedConfig {
    settings = List.copyOf(settings);
  }

  /// One setting as an operator may see it.
  ///
  /// @param value with secrets masked
  /// @param origin `default`, or the file and line, variable or option that set it
  public record Setting(String key, String value, String origin) {
    public boolean isDefault() {
      return origin.equals(Layer.DEFAULT_ORIGIN);
    }
  }
}
