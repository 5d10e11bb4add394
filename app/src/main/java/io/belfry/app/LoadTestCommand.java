package io.belfry.app;

import io.belfry.common.id.SessionId;
import io.belfry.http.Json;
import io.belfry.load.LoadPlan;
import io.belfry.load.LoadReport;
import io.belfry.load.LoadTest;
import io.belfry.load.SentMedia;
import io.belfry.load.TrustedCertificates;
import io.belfry.sfu.rtp.codec.CodecKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Loads a running server with publishers and subscribers, and says what arrived.
@Command(
    name = "load-test",
    description =
        "Join a running Belfry many times by WHIP and WHEP, send media, and say what arrived: exit"
            + " code 1 if anybody failed or too much was lost.",
    mixinStandardHelpOptions = true)
final class LoadTestCommand implements Callable<Integer> {
  /// Longer than leaving may take.
  private static final Duration LEAVE_TIMEOUT = LoadTest.LEAVE_TIMEOUT.plusSeconds(5);

  /// What shells take for an end by Ctrl-C.
  private static final int EXIT_INTERRUPTED = 130;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private SettingsOptions settings = new SettingsOptions();

  @Option(
      names = "--server",
      defaultValue = "http://127.0.0.1:8080",
      paramLabel = "URL",
      description = "The server's HTTP address; default: ${DEFAULT-VALUE}.")
  private URI server = URI.create("");

  @Option(
      names = "--session",
      required = true,
      paramLabel = "ID",
      description = "The session to join; it is opened if it is not open.")
  private String session = "";

  @Option(
      names = "--publishers",
      defaultValue = "1",
      paramLabel = "N",
      description = "How many send; default: ${DEFAULT-VALUE}.")
  private int publishers;

  @Option(
      names = "--subscribers",
      defaultValue = "10",
      paramLabel = "N",
      description = "How many receive, each from all publishers; default: ${DEFAULT-VALUE}.")
  private int subscribers;

  @Option(
      names = "--duration",
      defaultValue = "30s",
      paramLabel = "TIME",
      converter = TimeSpan.class,
      description = "How long media flows once all have joined; default: ${DEFAULT-VALUE}.")
  private Duration duration = Duration.ZERO;

  @Option(
      names = "--ramp",
      defaultValue = "2s",
      paramLabel = "TIME",
      converter = TimeSpan.class,
      description = "Over how long the joins are spread; default: ${DEFAULT-VALUE}.")
  private Duration ramp = Duration.ZERO;

  @Option(names = "--no-audio", description = "Without Opus.")
  private boolean noAudio;

  @Option(
      names = "--audio-bitrate",
      defaultValue = "32k",
      paramLabel = "BPS",
      converter = Bitrate.class,
      description = "Of Opus; default: ${DEFAULT-VALUE}.")
  private int audioBitrateBps;

  @Option(
      names = "--video",
      defaultValue = "VP8",
      paramLabel = "CODEC",
      description = "VP8, VP9, H264, AV1 or none; default: ${DEFAULT-VALUE}.")
  private String video = "";

  @Option(
      names = "--video-bitrate",
      defaultValue = "1M",
      paramLabel = "BPS",
      converter = Bitrate.class,
      description = "Of video; default: ${DEFAULT-VALUE}.")
  private int videoBitrateBps;

  @Option(
      names = "--fps",
      defaultValue = "30",
      paramLabel = "N",
      description = "Frames of video a second; default: ${DEFAULT-VALUE}.")
  private int framesPerSecond;

  @Option(
      names = "--packet-size",
      defaultValue = "1200",
      paramLabel = "BYTES",
      description = "Of the largest RTP packet of video; default: ${DEFAULT-VALUE}.")
  private int packetBytes;

  @Option(
      names = "--max-loss",
      defaultValue = "0",
      paramLabel = "PERCENT",
      description = "How many packets may be lost; default: none.")
  private double maxLossPercent;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description =
          "Call tokens, one a line, those of the publishers first; default: signed with the key of"
              + " the node on these settings.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--trust",
      paramLabel = "FILE",
      description =
          "PEM file with the certificates that an https server's is checked with, such as its own;"
              + " default: those that Java trusts.")
  private @Nullable Path trustFile;

  @Option(names = "--json", description = "Print the result as JSON, and no progress.")
  private boolean isJson;

  private final PrintWriter out;
  private final InstantSource clock;

  LoadTestCommand(PrintWriter out, InstantSource clock) {
    this.out = out;
    this.clock = clock;
  }

  @Override
  public Integer call() {
    CountDownLatch left = new CountDownLatch(1);
    Thread hook = leaveOnSignal(Thread.currentThread(), left);
    try {
      LoadPlan plan = plan();
      Optional<SSLContext> trusted = trust();
      LoadReport report = LoadTest.run(plan, tokens(plan), trusted, this::tell);
      out.print(isJson ? Json.toTree(report) + "\n" : report.table());
      out.flush();
      return report.isPassed() ? 0 : CommandLine.ExitCode.SOFTWARE;
    } catch (IllegalArgumentException e) {
      throw misuse(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new StartupException(String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      tell("stopped: everybody has left");
      return EXIT_INTERRUPTED;
    } finally {
      left.countDown();
      forget(hook);
    }
  }

  /// Ctrl-C and SIGTERM: whoever has joined leaves before the JVM ends, or the server would keep
  /// their places until it misses their checks.
  private static Thread leaveOnSignal(Thread runner, CountDownLatch left) {
    Thread hook =
        Thread.ofPlatform()
            .name("stop")
            .unstarted(() -> {
              runner.interrupt();
              try {
                var _ = left.await(LEAVE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    Runtime.getRuntime().addShutdownHook(hook);
    return hook;
  }

  private static void forget(Thread hook) {
    try {
      var _ = Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // It is at work: the JVM ends.
    }
  }

  private Optional<SSLContext> trust() throws IOException {
    Path file = trustFile;
    if (file == null) {
      return Optional.empty();
    }
    if (!Files.isReadable(file)) {
      throw misuse("--trust cannot be read: " + file);
    }
    return Optional.of(TrustedCertificates.of(file));
  }

  private void tell(String line) {
    if (!isJson) {
      out.println(line);
      out.flush();
    }
  }

  private LoadPlan plan() {
    if (!SessionId.isValid(session)) {
      throw misuse(NodeSigner.SESSION_RULE);
    }
    SentMedia media =
        new SentMedia(
            !noAudio, audioBitrateBps, codec(), videoBitrateBps, framesPerSecond, packetBytes);
    return new LoadPlan(
        server, session, publishers, subscribers, media, ramp, duration, maxLossPercent);
  }

  private Optional<CodecKind> codec() {
    if (video.equals("none")) {
      return Optional.empty();
    }
    for (CodecKind kind : CodecKind.values()) {
      if (kind.isVideo() && kind.isNamed(video)) {
        return Optional.of(kind);
      }
    }
    throw misuse("--video is VP8, VP9, H264, AV1 or none, not " + video);
  }

  private List<String> tokens(LoadPlan plan) throws IOException {
    Path file = tokenFile;
    if (file != null) {
      if (!Files.isReadable(file)) {
        throw misuse("--token-file cannot be read: " + file);
      }
      return Files.readAllLines(file).stream()
          .map(String::strip)
          .filter(line -> !line.isEmpty())
          .toList();
    }
    Duration lifetime = plan.ramp().plus(Duration.ofHours(1));
    NodeSigner signer =
        new NodeSigner(settings.read().config(), session, clock.instant(), lifetime);
    return IntStream.range(0, publishers + subscribers)
        .mapToObj(number -> {
          boolean isPublisher = number < publishers;
          String uid =
              isPublisher ? "load-publisher-" + number : "load-subscriber-" + (number - publishers);
          return signer.sign(uid, uid, isPublisher, !isPublisher);
        })
        .toList();
  }

  private RuntimeException misuse(String rule) {
    return spec == null
        ? new IllegalStateException(rule)
        : new CommandLine.ParameterException(spec.commandLine(), rule);
  }
}
