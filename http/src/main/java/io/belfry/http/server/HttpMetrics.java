package io.belfry.http.server;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;

/// The shell's metrics. Labels are route templates and other words of ours, never a client's.
final class HttpMetrics {
  private final Gauge connections;
  private final Counter refusedConnections;
  private final Histogram requestSeconds;
  private final Counter requests;
  private final Gauge sockets;
  private final Counter frames;
  private final Counter closes;

  HttpMetrics(CollectorRegistry registry) {
    connections =
        Gauge.build("belfry_http_connections", "Open TCP connections.").register(registry);
    refusedConnections =
        Counter.build("belfry_http_connections_refused", "Connections beyond the limit.")
            .register(registry);
    requests =
        Counter.build("belfry_http_requests", "Requests answered, by route and status class.")
            .labelNames("route", "method", "status")
            .register(registry);
    requestSeconds =
        Histogram.build(
                "belfry_http_request_seconds", "From the request's last byte to its answer.")
            .labelNames("route")
            .buckets(.001, .0025, .005, .01, .025, .05, .1, .25, 1, 5)
            .register(registry);
    sockets =
        Gauge.build("belfry_http_sockets", "Open JSON sockets.")
            .labelNames("route")
            .register(registry);
    frames =
        Counter.build(
                "belfry_http_frames", "Frames received on JSON sockets, by what came of them.")
            .labelNames("route", "outcome")
            .register(registry);
    closes =
        Counter.build("belfry_http_socket_closes", "JSON sockets closed, by close code.")
            .labelNames("route", "code")
            .register(registry);
  }

  void connectionOpened() {
    connections.inc();
  }

  void connectionClosed() {
    connections.dec();
  }

  void connectionRefused() {
    refusedConnections.inc();
  }

  void answered(String route, String method, int status, long nanos) {
    requests.labels(route, knownMethod(method), status / 100 + "xx").inc();
    requestSeconds.labels(route).observe(nanos / 1e9);
  }

  void socketOpened(String route) {
    sockets.labels(route).inc();
  }

  void socketClosed(String route, int code) {
    sockets.labels(route).dec();
    // A client may send any code; only the protocol's own are told apart.
    boolean isKnown = code <= 1015 || (code >= 4400 && code <= 4430);
    closes.labels(route, isKnown ? Integer.toString(code) : "other").inc();
  }

  Counter.Child frames(String route, String outcome) {
    return frames.labels(route, outcome);
  }

  private static String knownMethod(String method) {
    return switch (method) {
      case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" -> method;
      default -> "other";
    };
  }
}
