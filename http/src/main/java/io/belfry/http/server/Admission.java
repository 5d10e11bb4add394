package io.belfry.http.server;

import io.belfry.config.HttpConfig;
import io.belfry.http.ApiException;
import io.belfry.http.limit.AddressLimiter;
import io.belfry.http.limit.ClientAddresses;
import io.belfry.http.limit.ConnectionCounts;
import io.belfry.http.limit.RateLimiter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whom the server hears: of which origins, from behind which proxies, and how much of each
/// address.
final class Admission {
  private static final int BURST_SECONDS = 5;
  private static final long RETRY_NANOS = 10_000_000_000L;

  final Origins origins;
  private final ClientAddresses addresses;
  private final AddressLimiter requests;
  private final ConnectionCounts sockets;

  Admission(HttpConfig config) {
    origins = new Origins(config.allowedOrigins());
    addresses = new ClientAddresses(config.trustedProxies());
    int rate = config.requestsPerSecondPerAddress();
    requests =
        new AddressLimiter(
            RateLimiter.perSecond(rate, rate * BURST_SECONDS),
            "Too many requests come from this address.");
    sockets = new ConnectionCounts(config.maxConnectionsPerAddress());
  }

  InetSocketAddress clientOf(InetSocketAddress peer, @Nullable List<String> forwardedFor) {
    InetAddress client = addresses.clientOf(peer.getAddress(), forwardedFor);
    return client.equals(peer.getAddress()) ? peer : new InetSocketAddress(client, peer.getPort());
  }

  /// @throws ApiException 429 if the address asks too often
  void admitRequest(InetSocketAddress client, long nowNanos) {
    requests.take(client.getAddress(), nowNanos);
  }

  /// Counts a WebSocket of this address.
  ///
  /// @throws ApiException 429 if it has too many
  void admitSocket(InetSocketAddress client) {
    if (!sockets.tryAdd(client.getAddress())) {
      throw ApiException.tooManyRequests(
          "Too many connections are open from this address.", RETRY_NANOS);
    }
  }

  /// The WebSocket is gone.
  void socketClosed(InetSocketAddress client) {
    sockets.remove(client.getAddress());
  }
}
