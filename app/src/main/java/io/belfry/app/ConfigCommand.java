package io.belfry.app;

import io.belfry.config.ConfigReader;
import io.belfry.config.LoadedConfig;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Shows the settings in effect, or all there are.
@Command(
    name = "config",
    description = "Print the settings in effect and where each came from; secrets are masked.",
    mixinStandardHelpOptions = true)
final class ConfigCommand implements Callable<Integer> {
  @Mixin private SettingsOptions settings = new SettingsOptions();

  @Option(
      names = "--reference",
      description = "Print the file of defaults, in which every setting is explained.")
  private boolean reference;

  @Option(names = "--changed", description = "Only the settings that are not at their default.")
  private boolean changed;

  private final PrintWriter out;

  ConfigCommand(PrintWriter out) {
    this.out = out;
  }

  @Override
  public Integer call() {
    if (reference) {
      out.print(ConfigReader.referenceText());
    } else {
      for (LoadedConfig.Setting setting : settings.read().settings()) {
        if (!changed || !setting.isDefault()) {
          out.printf("%s = %s  # %s%n", setting.key(), setting.value(), setting.origin());
        }
      }
    }
    out.flush();
    return 0;
  }
}
