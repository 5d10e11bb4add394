package io.belfry.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;

/// The command as an operator uses it beside a running server.
final class BelfryCommand {
  private BelfryCommand() {}

  /// What `belfry token` prints.
  static List<String> tokens(Path data, String session, String user, int count) {
    return run(
            "token",
            "--session",
            session,
            "--user",
            user,
            "--count",
            Integer.toString(count),
            "--set",
            "belfry.dataDirectory=" + data)
        .lines()
        .toList();
  }

  private static String run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Main.commandLine(new PrintWriter(out, true), new PrintWriter(err, true)).execute(arguments);
    assertEquals(0, exitCode, err::toString);
    return out.toString();
  }
}
