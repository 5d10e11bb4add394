package io.belfry.app;

import io.belfry.config.ConfigReader;
import io.belfry.config.ConfigReader.Sources;
import io.belfry.config.LoadedConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options by which every subcommand is told its settings.
final class SettingsOptions {
  private static final Path DEFAULT_FILE = Path.of("belfry.conf");

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "A settings file (HOCON); default: ./belfry.conf, if there is one.")
  private @Nullable Path file;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "One setting, such as belfry.http.port=9090; may be repeated.")
  private Map<String, String> overrides = new LinkedHashMap<>();

  @Option(
      names = "--dev",
      description = "Development mode: demo users, and only this machine may connect.")
  private boolean development;

  LoadedConfig read() {
    return read(System.getenv());
  }

  LoadedConfig read(Map<String, String> environment) {
    Map<String, String> set = new LinkedHashMap<>(overrides);
    if (development) {
      set.put("belfry.development", "true");
    }
    return ConfigReader.read(new Sources(file(), environment, set));
  }

  private Optional<Path> file() {
    return file != null
        ? Optional.of(file)
        : Optional.of(DEFAULT_FILE).filter(Files::isRegularFile);
  }
}
