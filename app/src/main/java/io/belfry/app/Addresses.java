package io.belfry.app;

import io.belfry.config.HttpConfig;

final class Addresses {
  private Addresses() {}

  /// Where a browser on this machine finds a server.
  static String of(HttpConfig http, int port) {
    String scheme = http.tls().isPresent() ? "https" : "http";
    String host = http.host();
    // The wildcard is no address to go to; and 127.0.0.1 is a secure context, so cameras work.
    if (host.equals("0.0.0.0") || host.equals("::")) {
      host = "127.0.0.1";
    }
    return "%s://%s:%d".formatted(scheme, host.contains(":") ? "[" + host + "]" : host, port);
  }
}
