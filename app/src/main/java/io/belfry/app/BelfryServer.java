package io.belfry.app;

import io.belfry.common.token.CallTokenVerifier;
import io.belfry.config.BelfryConfig;
import io.belfry.config.HttpConfig;
import io.belfry.http.Operations;
import io.belfry.http.Routes;
import io.belfry.http.StaticFiles;
import io.belfry.http.server.HttpServer;
import io.belfry.sfu.SfuNode;
import io.belfry.signalling.SignallingNode;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/// Both nodes in one process behind one HTTP port, wired to each other in memory.
final class BelfryServer implements RunningNode {
  private final HttpConfig http;
  private final SfuNode sfu;
  private final SignallingNode signalling;
  private final HttpServer server;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  private BelfryServer(HttpConfig http, SfuNode sfu, SignallingNode signalling, HttpServer server) {
    this.http = http;
    this.sfu = sfu;
    this.signalling = signalling;
    this.server = server;
  }

  /// @throws IOException if a port is taken or a file cannot be used, in words for the operator
  static BelfryServer start(BelfryConfig config) throws IOException {
    CollectorRegistry registry = new CollectorRegistry();
    Routes routes = new Routes();
    Operations operations = new Operations(registry);
    operations.contribute(routes);
    StaticFiles page = new StaticFiles(BelfryServer.class.getClassLoader(), "web/");
    if (page.hasIndex()) {
      routes.fallback(page);
    }
    // The media node checks tokens with keys that the signalling node holds, which in turn opens
    // sessions on the media node: nobody can join before both are there.
    AtomicReference<CallTokenVerifier> tokens =
        new AtomicReference<>(new CallTokenVerifier("{\"keys\":[]}"));
    SfuNode sfu = SfuNode.start(config.sfu(), routes, tokens::get, registry, Clock.systemUTC());
    try {
      operations.addReadiness("media", sfu::problem);
      SignallingNode signalling =
          SignallingNode.start(
              config, routes, operations, sfu.mediaNode(), registry, Clock.systemUTC());
      try {
        tokens.set(new CallTokenVerifier(signalling.callTokenJwks()));
        HttpServer server = HttpServer.start(config.http(), routes, registry);
        return new BelfryServer(config.http(), sfu, signalling, server);
      } catch (IOException | RuntimeException e) {
        signalling.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      sfu.close();
      throw e;
    }
  }

  /// The UDP ports of the media loops.
  List<Integer> udpPorts() {
    return sfu.udpPorts();
  }

  @Override
  public Optional<String> firstApiKey() {
    return signalling.firstApiKey();
  }

  @Override
  public String address() {
    return Addresses.of(http, server.port());
  }

  @Override
  public void close() {
    if (isClosed.compareAndSet(false, true)) {
      // The sockets first: clients are told that the server goes away, and come back to the next.
      server.close();
      sfu.close();
      signalling.close();
    }
  }
}
