package io.belfry.app;

import io.belfry.config.BelfryConfig;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;

@Command(
    name = "signalling",
    description =
        "Start the signalling node alone, with the SFU that belfry.signalling.media names.",
    mixinStandardHelpOptions = true)
final class SignallingCommand extends NodeCommand {
  SignallingCommand(PrintWriter out) {
    super(out);
  }

  @Override
  RunningNode start(BelfryConfig config) throws IOException {
    return SignallingServer.start(config);
  }
}
