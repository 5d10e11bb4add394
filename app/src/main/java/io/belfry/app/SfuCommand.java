package io.belfry.app;

import io.belfry.config.BelfryConfig;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;

@Command(
    name = "sfu",
    description = "Start the media node alone, for a signalling node in another process.",
    mixinStandardHelpOptions = true)
final class SfuCommand extends NodeCommand {
  SfuCommand(PrintWriter out) {
    super(out);
  }

  @Override
  RunningNode start(BelfryConfig config) throws IOException {
    return SfuServer.start(config);
  }
}
