package io.belfry.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/// Reads the settings: `reference.conf`, then a file, the environment and the command line, each of
/// which wins over those before it.
public final class ConfigReader {
  static final String REFERENCE = "io/belfry/config/reference.conf";

  private static final String HOST = "belfry.http.host";

  private ConfigReader() {}

  /// Where settings come from, besides the defaults.
  ///
  /// @param file HOCON or JSON
  /// @param environment of which only names that start with `BELFRY_` count
  /// @param overrides full keys to values, lists with commas
  public record Sources(
      Optional<Path> file, Map<String, String> environment, Map<String, String> overrides) {}

  /// @throws InvalidConfigException with everything that is wrong
  public static LoadedConfig read(Sources sources) {
    Layer reference = Layer.ofReference(reference());
    List<Layer> layers = new ArrayList<>();
    sources.file().ifPresent(file -> layers.add(Layer.ofFile(parse(file), reference)));
    layers.add(Layer.ofEnvironment(sources.environment(), reference));
    layers.add(Layer.ofOverrides(sources.overrides(), reference));

    Map<String, Layer.Entry> entries = new LinkedHashMap<>(reference.entries());
    List<InvalidConfigException.Problem> problems = new ArrayList<>();
    for (Layer layer : layers) {
      entries.putAll(layer.entries());
      problems.addAll(layer.problems());
    }
    keepDevelopmentAtHome(entries);
    Values values = new Values(entries, reference.entries());
    BelfryConfig config = values.record(ConfigReader::readBelfry);
    problems.addAll(values.problems());
    if (!problems.isEmpty()) {
      throw new InvalidConfigException(problems);
    }
    return new LoadedConfig(config, settings(entries));
  }

  /// The defaults with some settings changed, from nowhere else; for tests and tools.
  ///
  /// @param overrides full keys to values, lists with commas
  /// @throws InvalidConfigException with everything that is wrong
  public static BelfryConfig withOverrides(Map<String, String> overrides) {
    return read(new Sources(Optional.empty(), Map.of(), overrides)).config();
  }

  /// The file of defaults as it is written, with what each setting means.
  public static String referenceText() {
    try (InputStream in = ConfigReader.class.getClassLoader().getResourceAsStream(REFERENCE)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Config reference() {
    return ConfigFactory.parseResources(
        ConfigReader.class.getClassLoader(),
        REFERENCE,
        ConfigParseOptions.defaults().setAllowMissing(false));
  }

  /// The demo users' key is public, so strangers are let in only where the operator names an
  /// address to listen on.
  private static void keepDevelopmentAtHome(Map<String, Layer.Entry> entries) {
    Layer.Entry development = Objects.requireNonNull(entries.get("belfry.development"));
    Layer.Entry host = Objects.requireNonNull(entries.get(HOST));
    if (development.show().equals("true") && host.origin().equals(Layer.DEFAULT_ORIGIN)) {
      entries.put(HOST, new Layer.Entry("127.0.0.1", "development mode"));
    }
  }

  private static Config parse(Path file) {
    if (!Files.isReadable(file)) {
      throw unusable(file, "there is no such file, or it cannot be read");
    }
    try {
      return ConfigFactory.parseFile(
              file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false))
          .resolve();
    } catch (ConfigException e) {
      throw unusable(file, String.valueOf(e.getMessage()));
    }
  }

  private static InvalidConfigException unusable(Path file, String why) {
    return new InvalidConfigException(
        List.of(
            new InvalidConfigException.Problem("--config", Optional.of(file.toString()), why, "")));
  }

  private static List<LoadedConfig.Setting> settings(Map<String, Layer.Entry> entries) {
    List<LoadedConfig.Setting> settings = new ArrayList<>();
    new TreeMap<>(entries)
        .forEach((key, entry) ->
            settings.add(
                new LoadedConfig.Setting(key, Secrets.show(key, entry.show()), entry.origin())));
    return settings;
  }

  static BelfryConfig readBelfry(Values values) {
    return new BelfryConfig(
        values.flag("belfry.development"),
        Path.of(values.text("belfry.dataDirectory")),
        values.text("belfry.appId"),
        values.text("belfry.region"),
        values.record(ConfigReader::readHttp),
        values.record(ConfigReader::readSignalling),
        values.record(ConfigReader::readSfu),
        values.record(ConfigReader::readLog));
  }

  private static HttpConfig readHttp(Values values) {
    return new HttpConfig(
        values.text("belfry.http.host"),
        values.integer("belfry.http.port"),
        values.record(ConfigReader::readTls),
        values.bytes("belfry.http.maxBodyBytes"),
        values.bytes("belfry.http.maxFrameBytes"),
        values.integer("belfry.http.maxConnections"),
        values.texts("belfry.http.allowedOrigins"),
        values.texts("belfry.http.trustedProxies"),
        values.integer("belfry.http.maxConnectionsPerAddress"),
        values.integer("belfry.http.requestsPerSecondPerAddress"));
  }

  private static Optional<TlsConfig> readTls(Values values) {
    String certificateFile = values.text("belfry.http.tls.certificateFile");
    String privateKeyFile = values.text("belfry.http.tls.privateKeyFile");
    if (certificateFile.isEmpty() && privateKeyFile.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new TlsConfig(Path.of(certificateFile), Path.of(privateKeyFile)));
  }

  private static SignallingConfig readSignalling(Values values) {
    return new SignallingConfig(
        values.duration("belfry.signalling.ringTimeout"),
        values.duration("belfry.signalling.ringTimeoutMin"),
        values.duration("belfry.signalling.ringTimeoutMax"),
        values.duration("belfry.signalling.disconnectGrace"),
        values.duration("belfry.signalling.joinTimeout"),
        values.duration("belfry.signalling.heartbeatInterval"),
        values.duration("belfry.signalling.greetingTimeout"),
        values.duration("belfry.signalling.authTokenLifetime"),
        values.duration("belfry.signalling.callTokenLifetime"),
        values.integer("belfry.signalling.maxParticipants"),
        values.integer("belfry.signalling.maxEventsKept"),
        values.flag("belfry.signalling.serverAnswersBusy"),
        values.flag("belfry.signalling.usersManageGroups"),
        values.flag("belfry.signalling.guestsAllowed"),
        values.duration("belfry.signalling.guestLinkLifetime"),
        values.record(ConfigReader::readDatabase),
        values.record(ConfigReader::readLimits),
        values.record(ConfigReader::readWebhooks),
        values.record(ConfigReader::readPush),
        values.record(ConfigReader::readIdentityProvider),
        values.record(ConfigReader::readMedia));
  }

  private static LimitsConfig readLimits(Values values) {
    return new LimitsConfig(
        values.integer("belfry.signalling.limits.devicesPerUser"),
        values.integer("belfry.signalling.limits.messagesPerSecondPerDevice"),
        values.integer("belfry.signalling.limits.messagesPerSecondPerUser"),
        values.integer("belfry.signalling.limits.messagesPerSecondPerAddress"),
        values.integer("belfry.signalling.limits.callsPerMinutePerUser"),
        values.integer("belfry.signalling.limits.callsPerMinutePerAddress"),
        values.integer("belfry.signalling.limits.failedLoginsPerMinutePerAddress"),
        values.integer("belfry.signalling.limits.guestsPerMinutePerCall"),
        values.integer("belfry.signalling.limits.guestsPerMinutePerAddress"),
        values.bytes("belfry.signalling.limits.maxOutboundBytes"));
  }

  private static WebhooksConfig readWebhooks(Values values) {
    return new WebhooksConfig(
        values.integer("belfry.signalling.webhooks.maxEndpoints"),
        values.integer("belfry.signalling.webhooks.maxPending"),
        values.integer("belfry.signalling.webhooks.parallelism"),
        values.duration("belfry.signalling.webhooks.timeout"),
        values.duration("belfry.signalling.webhooks.firstRetry"),
        values.duration("belfry.signalling.webhooks.maxRetry"),
        values.duration("belfry.signalling.webhooks.retryFor"),
        values.duration("belfry.signalling.webhooks.keep"),
        values.flag("belfry.signalling.webhooks.allowPrivateAddresses"));
  }

  private static PushConfig readPush(Values values) {
    return new PushConfig(
        values.text("belfry.signalling.push.url"),
        values.text("belfry.signalling.push.secret"),
        values.duration("belfry.signalling.push.timeout"),
        values.integer("belfry.signalling.push.maxTokensPerUser"));
  }

  private static Optional<IdentityProviderConfig> readIdentityProvider(Values values) {
    String prefix = "belfry.signalling.identityProvider.";
    String issuer = values.text(prefix + "issuer");
    String audience = values.text(prefix + "audience");
    String jwksUrl = values.text(prefix + "jwksUrl");
    boolean createUsers = values.flag(prefix + "createUsers");
    String uidClaim = values.text(prefix + "uidClaim");
    String nameClaim = values.text(prefix + "nameClaim");
    Duration timeout = values.duration(prefix + "timeout");
    Duration clockSkew = values.duration(prefix + "clockSkew");
    if (issuer.isEmpty() && audience.isEmpty() && jwksUrl.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new IdentityProviderConfig(
            issuer, audience, jwksUrl, createUsers, uidClaim, nameClaim, timeout, clockSkew));
  }

  private static DatabaseConfig readDatabase(Values values) {
    return new DatabaseConfig(
        values.text("belfry.signalling.database.url"),
        values.text("belfry.signalling.database.user"),
        values.text("belfry.signalling.database.password"),
        values.integer("belfry.signalling.database.poolSize"));
  }

  private static SfuConfig readSfu(Values values) {
    return new SfuConfig(
        values.integer("belfry.sfu.loops"),
        values.record(ConfigReader::readUdp),
        values.record(ConfigReader::readTcp),
        values.texts("belfry.sfu.announcedAddresses"),
        values.text("belfry.sfu.stunServer"),
        values.record(ConfigReader::readIceServers),
        values.choice("belfry.sfu.io", Implementation.class),
        values.choice("belfry.sfu.crypto", Implementation.class),
        values.duration("belfry.sfu.coalesce"),
        values.flag("belfry.sfu.warmUp"),
        values.record(ConfigReader::readDtls),
        values.constants("belfry.sfu.srtpProfiles", SrtpProfileName.class),
        values.duration("belfry.sfu.consentTimeout"),
        values.duration("belfry.sfu.resumeGrace"),
        values.duration("belfry.sfu.silentGrace"),
        values.integer("belfry.sfu.videoCachePackets"),
        values.integer("belfry.sfu.audioCachePackets"),
        values.integer("belfry.sfu.maxSessions"),
        values.integer("belfry.sfu.maxParticipantsPerSession"),
        values.duration("belfry.sfu.emptySessionTimeout"),
        values.integer("belfry.sfu.receiversBeforeSpread"),
        values.integer("belfry.sfu.maxTracksPerParticipant"),
        values.duration("belfry.sfu.heartbeatInterval"),
        values.record(ConfigReader::readControl));
  }

  private static MediaConfig readMedia(Values values) {
    return new MediaConfig(
        values.text("belfry.signalling.media.host"),
        values.integer("belfry.signalling.media.port"),
        values.text("belfry.signalling.media.secret"),
        optionalFile(values, "belfry.signalling.media.trustFile"),
        values.text("belfry.signalling.media.sessionUrl"),
        values.duration("belfry.signalling.media.lostAfter"));
  }

  private static ControlConfig readControl(Values values) {
    return new ControlConfig(
        values.text("belfry.sfu.control.host"),
        values.integer("belfry.sfu.control.port"),
        values.text("belfry.sfu.control.secret"),
        optionalFile(values, "belfry.sfu.control.certificateFile"),
        optionalFile(values, "belfry.sfu.control.privateKeyFile"));
  }

  private static Optional<Path> optionalFile(Values values, String key) {
    String file = values.text(key);
    return file.isEmpty() ? Optional.empty() : Optional.of(Path.of(file));
  }

  private static UdpConfig readUdp(Values values) {
    return new UdpConfig(
        values.text("belfry.sfu.udp.host"),
        values.integer("belfry.sfu.udp.port"),
        values.bytes("belfry.sfu.udp.receiveBufferBytes"),
        values.bytes("belfry.sfu.udp.sendBufferBytes"));
  }

  private static TcpConfig readTcp(Values values) {
    return new TcpConfig(
        values.flag("belfry.sfu.tcp.enabled"),
        values.integer("belfry.sfu.tcp.port"),
        values.integer("belfry.sfu.tcp.maxConnections"),
        values.integer("belfry.sfu.tcp.maxConnectionsPerAddress"));
  }

  private static DtlsConfig readDtls(Values values) {
    return new DtlsConfig(
        values.duration("belfry.sfu.dtls.handshakeTimeout"),
        values.integer("belfry.sfu.dtls.maxHandshakes"));
  }

  private static IceServersConfig readIceServers(Values values) {
    return new IceServersConfig(
        values.texts("belfry.sfu.iceServers.urls"),
        values.text("belfry.sfu.iceServers.secret"),
        values.duration("belfry.sfu.iceServers.lifetime"));
  }

  private static LogConfig readLog(Values values) {
    return new LogConfig(
        values.choice("belfry.log.format", LogConfig.Format.class),
        values.choice("belfry.log.level", LogConfig.Level.class));
  }
}
