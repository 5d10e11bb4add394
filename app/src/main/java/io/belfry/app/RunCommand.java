package io.belfry.app;

import io.belfry.config.LoadedConfig;
import io.belfry.signalling.store.StoreException;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Starts both nodes in this process and stays until it is told to stop.
@Command(
    name = "run",
    description = "Start the server: ringing and media in one process.",
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  @Mixin private SettingsOptions settings = new SettingsOptions();

  @Option(names = "--check", description = "Start, say whether everything works, and stop at once.")
  private boolean checkOnly;

  private final PrintWriter out;

  RunCommand(PrintWriter out) {
    this.out = out;
  }

  @Override
  public Integer call() throws InterruptedException {
    LoadedConfig loaded = settings.read();
    Logging.configure(loaded.config().log());
    Logger log = LoggerFactory.getLogger(RunCommand.class);
    log.info("belfry.starting version={} java={}", Main.Version.number(), Runtime.version());
    for (LoadedConfig.Setting setting : loaded.settings()) {
      if (!setting.isDefault()) {
        log.info(
            "belfry.setting {}={} from=\"{}\"", setting.key(), setting.value(), setting.origin());
      }
    }
    try (BelfryServer server = start(loaded)) {
      CountDownLatch stopped = stopOnSignal(server);
      log.info("belfry.ready uptimeMillis={}", uptimeMillis());
      server.firstApiKey().ifPresent(key -> out.println("Admin API key, shown this once: " + key));
      out.println("Belfry is ready: " + server.address());
      out.flush();
      if (!checkOnly) {
        stopped.await();
      }
    }
    return 0;
  }

  private static BelfryServer start(LoadedConfig loaded) {
    try {
      return BelfryServer.start(loaded.config());
    } catch (IOException | StoreException e) {
      throw new StartupException(String.valueOf(e.getMessage()), e);
    }
  }

  /// SIGTERM and Ctrl-C: says goodbye to the clients before the JVM ends.
  private static CountDownLatch stopOnSignal(BelfryServer server) {
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("stop")
                .unstarted(() -> {
                  server.close();
                  stopped.countDown();
                }));
    return stopped;
  }

  private static long uptimeMillis() {
    return ManagementFactory.getRuntimeMXBean().getUptime();
  }
}
