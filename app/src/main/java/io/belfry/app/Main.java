package io.belfry.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.belfry.config.InvalidConfigException;
import java.io.PrintWriter;
import java.time.InstantSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParseResult;

/// The `belfry` command.
@Command(
    name = "belfry",
    description = "A self-hosted calling server: ringing and media forwarding.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND")
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    PrintWriter out = new PrintWriter(System.out, true, UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, UTF_8);
    int exitCode = commandLine(out, err).execute(arguments);
    // Zero means that the server runs on, on threads of its own, or that there is nothing left.
    if (exitCode != 0) {
      System.exit(exitCode);
    }
  }

  static CommandLine commandLine(PrintWriter out, PrintWriter err) {
    return new CommandLine(new Main())
        .addSubcommand(new RunCommand(out))
        .addSubcommand(new SignallingCommand(out))
        .addSubcommand(new SfuCommand(out))
        .addSubcommand(new ConfigCommand(out))
        .addSubcommand(new TokenCommand(out, InstantSource.system()))
        .addSubcommand(new LoadTestCommand(out, InstantSource.system()))
        .setOut(out)
        .setErr(err)
        .setExecutionExceptionHandler(Main::explain);
  }

  /// Mistakes of the operator are told in words, everything else with its stack trace.
  private static int explain(Exception e, CommandLine commandLine, ParseResult parsed)
      throws Exception {
    PrintWriter err = commandLine.getErr();
    switch (e) {
      case InvalidConfigException invalid -> {
        err.println("belfry: these settings cannot be used, nothing was started:");
        invalid.problems().forEach(problem -> err.println("  " + problem));
        err.println("All settings and their defaults: belfry config --reference");
      }
      case StartupException failed -> err.println("belfry: " + failed.getMessage());
      default -> throw e;
    }
    err.flush();
    return CommandLine.ExitCode.SOFTWARE;
  }

  /// What the jar's manifest says.
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"belfry " + number(), "Java " + Runtime.version()};
    }

    static String number() {
      String version = Main.class.getPackage().getImplementationVersion();
      return version == null ? "unpackaged" : version;
    }
  }
}
