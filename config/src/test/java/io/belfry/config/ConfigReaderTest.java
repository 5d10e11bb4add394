package io.belfry.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.config.ConfigReader.Sources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigReaderTest {
  @TempDir Path folder;

  @Test
  void defaultsAreValid() {
    BelfryConfig config = ConfigReader.withOverrides(Map.of());

    assertFalse(config.development());
    assertEquals(8080, config.http().port());
    assertEquals(256 * 1024, config.http().maxFrameBytes());
    assertEquals(Duration.ofSeconds(45), config.signalling().ringTimeout());
    assertEquals(Duration.ofDays(30), config.signalling().authTokenLifetime());
    assertEquals(Duration.ofMillis(1), config.sfu().coalesce());
    assertEquals(4 * 1024 * 1024, config.sfu().udp().sendBufferBytes());
    assertEquals(List.of(), config.sfu().announcedAddresses());
    assertEquals(SrtpProfileName.AEAD_AES_128_GCM, config.sfu().srtpProfiles().getFirst());
    assertEquals(Optional.empty(), config.http().tls());
    assertEquals(LogConfig.Format.TEXT, config.log().format());
  }

  @Test
  void laterSourcesWin() throws IOException {
    Path file =
        write("belfry { http { port = 1001, maxBodyBytes = 2 MiB }, region = file, appId = file }");
    LoadedConfig loaded =
        ConfigReader.read(
            new Sources(
                Optional.of(file),
                Map.of("BELFRY_HTTP_PORT", "1002", "BELFRY_REGION", "environment"),
                Map.of("belfry.http.port", "1003")));

    assertEquals(1003, loaded.config().http().port());
    assertEquals("environment", loaded.config().region());
    assertEquals("file", loaded.config().appId());
    assertEquals(2 * 1024 * 1024, loaded.config().http().maxBodyBytes());
    assertEquals("command line", setting(loaded, "belfry.http.port").origin());
    assertEquals("environment BELFRY_REGION", setting(loaded, "belfry.region").origin());
    assertEquals(file + " line 1", setting(loaded, "belfry.appId").origin());
    assertTrue(setting(loaded, "belfry.http.host").isDefault());
  }

  @Test
  void developmentModeListensOnThisMachineOnlyUnlessToldOtherwise() {
    LoadedConfig loaded = read(Map.of("BELFRY_DEVELOPMENT", "true"));
    assertEquals("127.0.0.1", loaded.config().http().host());
    assertEquals("development mode", setting(loaded, "belfry.http.host").origin());

    loaded = read(Map.of("BELFRY_DEVELOPMENT", "true", "BELFRY_HTTP_HOST", "0.0.0.0"));
    assertEquals("0.0.0.0", loaded.config().http().host());
  }

  @Test
  void listsInTheEnvironmentHaveCommas() {
    BelfryConfig config =
        read(Map.of("BELFRY_SFU_ANNOUNCED_ADDRESSES", "203.0.113.7, 2001:db8::7")).config();
    assertEquals(List.of("203.0.113.7", "2001:db8::7"), config.sfu().announcedAddresses());

    config = read(Map.of("BELFRY_HTTP_ALLOWED_ORIGINS", "")).config();
    assertEquals(List.of(), config.http().allowedOrigins());
  }

  @Test
  void otherVariablesAreLeftAlone() {
    read(
        Map.of(
            "PATH", "/bin",
            "BELFRY_SERVICE_HOST", "10.0.0.1",
            "BELFRY_SERVICE_PORT_HTTP", "8080",
            "BELFRY_PORT_8080_TCP_ADDR", "10.0.0.1",
            "BELFRY_PORT", "tcp://10.0.0.1:8080"));
  }

  @ParameterizedTest
  @CsvSource({
    "stun.example.org, stun.example.org, 3478",
    "stun.example.org:19302, stun.example.org, 19302",
    "203.0.113.7, 203.0.113.7, 3478",
    "203.0.113.7:80, 203.0.113.7, 80",
    "2001:db8::7, 2001:db8::7, 3478",
    "[2001:db8::7], 2001:db8::7, 3478",
    "[2001:db8::7]:80, 2001:db8::7, 80",
  })
  void aStunServerIsAHostWithOrWithoutAPort(String server, String host, int port) {
    SfuConfig sfu = ConfigReader.withOverrides(Map.of("belfry.sfu.stunServer", server)).sfu();

    assertEquals(host, sfu.stunHost());
    assertEquals(port, sfu.stunPort());
  }

  @Test
  void announcedAddressesMayBeNamesAndOwn() {
    SfuConfig sfu =
        ConfigReader.withOverrides(
                Map.of("belfry.sfu.announcedAddresses", "own,calls.example.org,2001:db8::7"))
            .sfu();

    assertEquals(List.of("own", "calls.example.org", "2001:db8::7"), sfu.announcedAddresses());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          belfry.http.port                        | 80800     | a number from 0 to 65535
          belfry.http.port                        | http      | a whole number
          belfry.http.port                        | 80.5      | a whole number
          belfry.http.maxBodyBytes                | many      | a size below 2 GiB
          belfry.http.maxBodyBytes                | 3 GiB     | a size below 2 GiB
          belfry.http.maxFrameBytes               | 1 KiB     | a number from 16384 to 16777216
          belfry.http.allowedOrigins              | https://a/| without a path
          belfry.http.trustedProxies              | proxy.lan | IP addresses or blocks
          belfry.http.trustedProxies              | 10.0.0.0/33 | IP addresses or blocks
          belfry.http.tls.certificateFile         | none.pem  | both files of belfry.http.tls
          belfry.development                      | yes       | true or false
          belfry.appId                            | My App    | 1 to 32 characters
          belfry.signalling.ringTimeout           | 4s        | a time from 5s to 5m
          belfry.signalling.ringTimeout           | 45        | a time with its unit
          belfry.signalling.ringTimeout           | ''        | a time with its unit
          belfry.signalling.ringTimeoutMin        | 301s      | not above ringTimeoutMax (5m)
          belfry.signalling.database.url          | mysql://x | jdbc:postgresql:
          belfry.signalling.limits.devicesPerUser | 0         | a number from 1 to 1000
          belfry.signalling.webhooks.firstRetry   | 2h        | a time from 1s to 1h
          belfry.signalling.push.url              | ftp://x   | an http(s) address
          belfry.signalling.identityProvider.jwksUrl | ftp://x | an http(s) address
          belfry.sfu.udp.port                     | 65535     | low enough for 4 loops
          belfry.sfu.udp.host                     | media.lan | an IP address of this host
          belfry.sfu.announcedAddresses           | my_host   | IP addresses
          belfry.sfu.announcedAddresses           | 10.0.0.300| IP addresses
          belfry.sfu.stunServer                   | :3478     | host or host:port
          belfry.sfu.stunServer                   | stun.a:x  | host or host:port
          belfry.sfu.stunServer                   | [::1]:0   | host or host:port
          belfry.sfu.iceServers.urls              | stun.a.example | URLs such as stun:
          belfry.sfu.iceServers.urls              | turn:t?transport=sctp | URLs such as stun:
          belfry.sfu.iceServers.urls              | turn:t    | unless belfry.sfu.iceServers.secret
          belfry.sfu.iceServers.lifetime          | 1s        | a time from 1m to 30d
          belfry.sfu.tcp.port                     | -2        | a number from -1 to 65535
          belfry.sfu.tcp.maxConnections           | 0         | a number from 1 to 1000000
          belfry.sfu.io                           | fast      | one of auto, native, portable
          belfry.sfu.srtpProfiles                 | ROT13     | a list of AEAD_AES_128_GCM
          belfry.sfu.srtpProfiles                 | ''        | at least one profile
          belfry.sfu.videoCachePackets            | 500       | a power of two from 16 to 16384
          belfry.sfu.coalesce                     | 1s        | a time from 0s to 20ms
          belfry.log.level                        | loud      | one of error, warn, info
          """)
  void wrongValuesAreNamedWithWhatIsAllowed(String key, String value, String allowed) {
    InvalidConfigException e =
        assertThrows(
            InvalidConfigException.class,
            () ->
                ConfigReader.read(
                    new Sources(
                        Optional.empty(),
                        Map.of("BELFRY_SFU_LOOPS", "4"),
                        Map.of(key, value == null ? "" : value))));

    String message = String.valueOf(e.getMessage());
    assertTrue(message.contains(key + " = \""), message);
    assertTrue(message.contains("(command line): must be "), message);
    assertTrue(message.contains(allowed), message);
  }

  @ParameterizedTest
  @CsvSource({
    "belfry.htpp.port, belfry.http.port",
    "http.port, belfry.http.port",
    "belfry.sfu.announcedAddress, belfry.sfu.announcedAddresses",
    "belfry.signalling.ringtimeout, belfry.signalling.ringTimeout",
  })
  void unknownKeysInTheFileAreRefusedWithWhatWasMeant(String key, String meant) throws IOException {
    Path file = write(key + " = 1");
    InvalidConfigException e =
        assertThrows(
            InvalidConfigException.class,
            () -> ConfigReader.read(new Sources(Optional.of(file), Map.of(), Map.of())));

    assertEquals(
        "%s (%s line 1): there is no such setting; did you mean %s?".formatted(key, file, meant),
        e.getMessage());
  }

  @Test
  void unknownVariablesAreRefusedWithWhatWasMeant() {
    InvalidConfigException e =
        assertThrows(InvalidConfigException.class, () -> read(Map.of("BELFRY_HTPP_PORT", "8080")));
    assertEquals(
        "BELFRY_HTPP_PORT (environment): there is no such setting;"
            + " did you mean BELFRY_HTTP_PORT?",
        e.getMessage());

    e =
        assertThrows(
            InvalidConfigException.class, () -> read(Map.of("BELFRY_FAVOURITE_COLOUR", "red")));
    assertEquals("BELFRY_FAVOURITE_COLOUR (environment): there is no such setting", e.getMessage());
  }

  @Test
  void allProblemsAreListedAtOnce() {
    InvalidConfigException e =
        assertThrows(
            InvalidConfigException.class,
            () ->
                read(
                    Map.of(
                        "BELFRY_HTTP_PORT", "-1",
                        "BELFRY_HTTP_MAX_CONNECTIONS", "none",
                        "BELFRY_SFU_UDP_PORT", "70000",
                        "BELFRY_SFU_DTLS_MAX_HANDSHAKES", "0",
                        "BELFRY_SFU_MAX_SESSIONS", "0",
                        "BELFRY_REGION", "Über",
                        "BELFRY_COLOUR", "red")));

    assertEquals(
        List.of(
            "BELFRY_COLOUR",
            "belfry.http.maxConnections",
            "belfry.http.port",
            "belfry.region",
            "belfry.sfu.dtls.maxHandshakes",
            "belfry.sfu.maxSessions",
            "belfry.sfu.udp.port"),
        e.problems().stream().map(InvalidConfigException.Problem::key).sorted().toList());
  }

  @Test
  void fileThatIsMissingOrBrokenIsNamed() throws IOException {
    Path missing = folder.resolve("missing.conf");
    InvalidConfigException e =
        assertThrows(
            InvalidConfigException.class,
            () -> ConfigReader.read(new Sources(Optional.of(missing), Map.of(), Map.of())));
    assertTrue(String.valueOf(e.getMessage()).contains(missing.toString()));

    Path broken = write("belfry {\n  http {");
    e =
        assertThrows(
            InvalidConfigException.class,
            () -> ConfigReader.read(new Sources(Optional.of(broken), Map.of(), Map.of())));
    assertTrue(String.valueOf(e.getMessage()).contains(broken.toString()));
  }

  @Test
  void secretsAreNeverShown() {
    LoadedConfig loaded =
        read(
            Map.of(
                "BELFRY_SIGNALLING_DATABASE_PASSWORD", "hunter2",
                "BELFRY_SFU_ICE_SERVERS_SECRET", "hunter2",
                "BELFRY_SIGNALLING_DATABASE_URL", "jdbc:postgresql://db/b?password=hunter2&ssl=1"));

    assertEquals("hunter2", loaded.config().signalling().database().password());
    assertFalse(loaded.settings().toString().contains("hunter2"));
    assertFalse(loaded.config().toString().contains("hunter2"));
    InvalidConfigException e =
        assertThrows(
            InvalidConfigException.class,
            () -> read(Map.of("BELFRY_SIGNALLING_DATABASE_PASWORD", "hunter2")));
    assertFalse(String.valueOf(e.getMessage()).contains("hunter2"));
  }

  private LoadedConfig.Setting setting(LoadedConfig loaded, String key) {
    return loaded.settings().stream()
        .filter(setting -> setting.key().equals(key))
        .findFirst()
        .orElseThrow();
  }

  private LoadedConfig read(Map<String, String> environment) {
    return ConfigReader.read(new Sources(Optional.empty(), environment, Map.of()));
  }

  private Path write(String content) throws IOException {
    return Files.writeString(folder.resolve("belfry.conf"), content);
  }
}
