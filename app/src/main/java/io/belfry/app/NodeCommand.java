package io.belfry.app;

import io.belfry.config.BelfryConfig;
import io.belfry.config.LoadedConfig;
import io.belfry.signalling.store.StoreException;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// A command that starts something and stays until it is told to stop.
abstract class NodeCommand implements Callable<Integer> {
  @Mixin private SettingsOptions settings = new SettingsOptions();

  @Option(names = "--check", description = "Start, say whether everything works, and stop at once.")
  private boolean checkOnly;

  private final PrintWriter out;

  NodeCommand(PrintWriter out) {
    this.out = out;
  }

  /// @throws IOException if a port is taken or a file cannot be used, in words for the operator
  abstract RunningNode start(BelfryConfig config) throws IOException;

  @Override
  public Integer call() throws InterruptedException {
    LoadedConfig loaded = settings.read();
    Logging.configure(loaded.config().log());
    Logger log = LoggerFactory.getLogger(NodeCommand.class);
    log.info("belfry.starting version={} java={}", Main.Version.number(), Runtime.version());
    for (LoadedConfig.Setting setting : loaded.settings()) {
      if (!setting.isDefault()) {
        log.info(
            "belfry.setting {}={} from=\"{}\"", setting.key(), setting.value(), setting.origin());
      }
    }
    try (RunningNode node = started(loaded.config())) {
      CountDownLatch stopped = stopOnSignal(node);
      log.info("belfry.ready uptimeMillis={}", uptimeMillis());
      node.firstApiKey().ifPresent(key -> out.println("Admin API key, shown this once: " + key));
      out.println("Belfry is ready: " + node.address());
      out.flush();
      if (!checkOnly) {
        stopped.await();
      }
    }
    return 0;
  }

  private RunningNode started(BelfryConfig config) {
    try {
      return start(config);
    } catch (IOException | StoreException e) {
      throw new StartupException(String.valueOf(e.getMessage()), e);
    }
  }

  /// SIGTERM and Ctrl-C: says goodbye to the clients before the JVM ends.
  private static CountDownLatch stopOnSignal(RunningNode node) {
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("stop")
                .unstarted(() -> {
                  node.close();
                  stopped.countDown();
                }));
    return stopped;
  }

  private static long uptimeMillis() {
    return ManagementFactory.getRuntimeMXBean().getUptime();
  }
}
