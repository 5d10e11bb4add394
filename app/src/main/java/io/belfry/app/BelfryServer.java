package io.belfry.app;

import io.belfry.config.BelfryConfig;
import io.belfry.config.HttpConfig;
import io.belfry.http.Operations;
import io.belfry.http.Routes;
import io.belfry.http.StaticFiles;
import io.belfry.http.server.HttpServer;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/// Both nodes in one process behind one HTTP port, wired to each other in memory.
final class BelfryServer implements AutoCloseable {
  private final HttpConfig http;
  private final HttpServer server;
  private final AtomicBoolean isClosed = new AtomicBoolean();

  private BelfryServer(HttpConfig http, HttpServer server) {
    this.http = http;
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
    return new BelfryServer(config.http(), HttpServer.start(config.http(), routes, registry));
  }

  /// Where a browser on this machine finds the page.
  String address() {
    String scheme = http.tls().isPresent() ? "https" : "http";
    String host = http.host();
    // The wildcard is no address to go to; and 127.0.0.1 is a secure context, so cameras work.
    if (host.equals("0.0.0.0") || host.equals("::")) {
      host = "127.0.0.1";
    }
    return "%s://%s:%d"
        .formatted(scheme, host.contains(":") ? "[" + host + "]" : host, server.port());
  }

  @Override
  public void close() {
    if (isClosed.compareAndSet(false, true)) {
      server.close();
    }
  }
}
