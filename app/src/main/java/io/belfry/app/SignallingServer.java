package io.belfry.app;

import io.belfry.config.BelfryConfig;
import io.belfry.config.MediaConfig;
import io.belfry.http.Operations;
import io.belfry.http.Routes;
import io.belfry.http.StaticFiles;
import io.belfry.http.server.HttpServer;
import io.belfry.link.LinkSettings;
import io.belfry.link.RemoteMediaNode;
import io.belfry.signalling.SignallingNode;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/// The signalling node behind an HTTP port, with an SFU in another process.
final class SignallingServer implements RunningNode {
  private final BelfryConfig config;
  private final RemoteMediaNode media;
  private final SignallingNode signalling;
  private final HttpServer server;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  private SignallingServer(
      BelfryConfig config, RemoteMediaNode media, SignallingNode signalling, HttpServer server) {
    this.config = config;
    this.media = media;
    this.signalling = signalling;
    this.server = server;
  }

  /// Starts whether or not the SFU can be reached: rings need none, and it is looked for until it
  /// is there.
  ///
  /// @throws IOException if a port is taken or a file cannot be used, in words for the operator
  static SignallingServer start(BelfryConfig config) throws IOException {
    AtomicReference<String> keys = new AtomicReference<>("{\"keys\":[]}");
    CollectorRegistry registry = new CollectorRegistry();
    Routes routes = new Routes();
    Operations operations = new Operations(registry);
    operations.contribute(routes);
    StaticFiles page = new StaticFiles(SignallingServer.class.getClassLoader(), "web/");
    if (page.hasIndex()) {
      routes.fallback(page);
    }
    RemoteMediaNode media =
        new RemoteMediaNode(settings(config.signalling().media()), keys::get, Clock.systemUTC());
    try {
      operations.addReadiness("media", media::problem);
      SignallingNode signalling =
          SignallingNode.start(config, routes, operations, media, registry, Clock.systemUTC());
      try {
        keys.set(signalling.callTokenJwks());
        media.start();
        HttpServer server = HttpServer.start(config.http(), routes, registry);
        return new SignallingServer(config, media, signalling, server);
      } catch (IOException | RuntimeException e) {
        signalling.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      media.close();
      throw e;
    }
  }

  private static LinkSettings settings(MediaConfig media) {
    require(media.host(), "belfry.signalling.media.host");
    require(media.secret(), "belfry.signalling.media.secret");
    require(media.sessionUrl(), "belfry.signalling.media.sessionUrl");
    return new LinkSettings(
        media.host(),
        media.port(),
        media.secret(),
        media.trustFile(),
        media.sessionUrl(),
        media.lostAfter());
  }

  private static void require(String value, String key) {
    if (value.isEmpty()) {
      throw new StartupException("a signalling node that runs apart needs the setting " + key);
    }
  }

  @Override
  public String address() {
    return Addresses.of(config.http(), server.port());
  }

  @Override
  public Optional<String> firstApiKey() {
    return signalling.firstApiKey();
  }

  @Override
  public void close() {
    if (isClosed.compareAndSet(false, true)) {
      media.close();
      server.close();
      signalling.close();
    }
  }
}
