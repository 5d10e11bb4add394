package io.belfry.app;

import io.belfry.config.BelfryConfig;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;

@Command(
    name = "run",
    description = "Start the server: ringing and media in one process.",
    mixinStandardHelpOptions = true)
final class RunCommand extends NodeCommand {
  RunCommand(PrintWriter out) {
    super(out);
  }

  @Override
  RunningNode start(BelfryConfig config) throws IOException {
    return BelfryServer.start(config);
  }
}
