package io.belfry.app;

import io.belfry.common.id.SessionId;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Signs call tokens for a session, whether or not anybody rang for it.
@Command(
    name = "token",
    description =
        "Print call tokens for tests and operators, one a line, signed with the node's key.",
    mixinStandardHelpOptions = true)
final class TokenCommand implements Callable<Integer> {
  private static final int MAX_COUNT = 100_000;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private SettingsOptions settings = new SettingsOptions();

  @Option(
      names = "--session",
      required = true,
      paramLabel = "ID",
      description = "The session; the first who comes with such a token opens it.")
  private String session = "";

  @Option(
      names = "--user",
      required = true,
      paramLabel = "UID",
      description = "Who the token is for.")
  private String user = "";

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "As many tokens, for the users UID-1 to UID-N.")
  private @Nullable Integer count;

  @Option(names = "--name", description = "The name that others see; default: the user's id.")
  private @Nullable String name;

  @Option(
      names = "--lifetime",
      defaultValue = "PT1H",
      paramLabel = "TIME",
      description = "How long one may join with it, such as PT1H; default: an hour.")
  private Duration lifetime = Duration.ofHours(1);

  @Option(names = "--watch-only", description = "The token does not allow publishing.")
  private boolean watchOnly;

  @Option(names = "--publish-only", description = "The token does not allow receiving.")
  private boolean publishOnly;

  private final PrintWriter out;
  private final InstantSource clock;

  TokenCommand(PrintWriter out, InstantSource clock) {
    this.out = out;
    this.clock = clock;
  }

  @Override
  public Integer call() {
    requireSense();
    NodeSigner signer =
        new NodeSigner(settings.read().config(), session, clock.instant(), lifetime);
    for (String uid : uids()) {
      out.println(signer.sign(uid, name == null ? uid : name, !watchOnly, !publishOnly));
    }
    out.flush();
    return 0;
  }

  private void requireSense() {
    require(SessionId.isValid(session), NodeSigner.SESSION_RULE);
    require(!user.isBlank(), "--user must not be empty");
    require(
        count == null || (count >= 1 && count <= MAX_COUNT), "--count is from 1 to " + MAX_COUNT);
    require(!watchOnly || !publishOnly, "--watch-only and --publish-only leave nothing to do");
    require(lifetime.isPositive(), "--lifetime must be longer than nothing");
  }

  private void require(boolean holds, String rule) {
    if (!holds && spec != null) {
      throw new CommandLine.ParameterException(spec.commandLine(), rule);
    }
  }

  private List<String> uids() {
    return count == null
        ? List.of(user)
        : IntStream.rangeClosed(1, count).mapToObj(i -> user + "-" + i).toList();
  }
}
