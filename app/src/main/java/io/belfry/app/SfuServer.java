package io.belfry.app;

import io.belfry.common.token.CallTokenVerifier;
import io.belfry.config.BelfryConfig;
import io.belfry.config.ControlConfig;
import io.belfry.http.Operations;
import io.belfry.http.Routes;
import io.belfry.http.server.HttpServer;
import io.belfry.link.LinkServer;
import io.belfry.sfu.SfuNode;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/// The media node with its session socket, and a control port for a signalling node in another
/// process.
final class SfuServer implements RunningNode {
  private final BelfryConfig config;
  private final SfuNode sfu;
  private final LinkServer link;
  private final HttpServer server;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  private SfuServer(BelfryConfig config, SfuNode sfu, LinkServer link, HttpServer server) {
    this.config = config;
    this.sfu = sfu;
    this.link = link;
    this.server = server;
  }

  /// @throws IOException if a port is taken or a file cannot be used, in words for the operator
  static SfuServer start(BelfryConfig config) throws IOException {
    ControlConfig control = config.sfu().control();
    if (control.secret().isEmpty()) {
      throw new StartupException(
          "a media node that runs apart needs the setting belfry.sfu.control.secret");
    }
    CollectorRegistry registry = new CollectorRegistry();
    Routes routes = new Routes();
    Operations operations = new Operations(registry);
    operations.contribute(routes);
    // The signalling node brings the keys when it connects; until then nobody can join.
    AtomicReference<CallTokenVerifier> tokens =
        new AtomicReference<>(new CallTokenVerifier("{\"keys\":[]}"));
    SfuNode sfu = SfuNode.start(config.sfu(), routes, tokens::get, registry, Clock.systemUTC());
    try {
      operations.addReadiness("media", sfu::problem);
      LinkServer link =
          LinkServer.start(
              control.host(),
              control.port(),
              control.secret(),
              tls(control),
              sfu.mediaNode(),
              jwks -> tokens.set(new CallTokenVerifier(jwks)));
      try {
        HttpServer server = HttpServer.start(config.http(), routes, registry);
        return new SfuServer(config, sfu, link, server);
      } catch (IOException | RuntimeException e) {
        link.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      sfu.close();
      throw e;
    }
  }

  private static Optional<LinkServer.Tls> tls(ControlConfig control) {
    return control
        .certificateFile()
        .flatMap(certificate ->
            control.privateKeyFile().map(key -> new LinkServer.Tls(certificate, key)));
  }

  /// The port of its signalling node.
  int controlPort() {
    return link.port();
  }

  @Override
  public String address() {
    return Addresses.of(config.http(), server.port());
  }

  @Override
  public Optional<String> firstApiKey() {
    return Optional.empty();
  }

  @Override
  public void close() {
    if (isClosed.compareAndSet(false, true)) {
      server.close();
      link.close();
      sfu.close();
    }
  }
}
