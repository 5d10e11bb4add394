package io.belfry.signalling.ws;

import io.belfry.config.SignallingConfig;
import io.belfry.http.HttpRequest;
import io.belfry.http.Routes;
import io.belfry.http.socket.JsonSocket;
import io.belfry.http.socket.JsonSocketEndpoint;
import io.belfry.http.socket.JsonSocketHandler;
import io.belfry.http.socket.SocketOptions;
import io.belfry.signalling.auth.Authenticator;
import io.belfry.signalling.call.CallService;
import io.belfry.signalling.limit.Limits;
import io.belfry.signalling.presence.Devices;
import io.belfry.signalling.protocol.DeviceRequest;
import io.belfry.signalling.push.PushTokens;
import io.belfry.signalling.store.UserStore;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;

/// Where devices connect: `/v1/connect`.
public final class DeviceEndpoint implements JsonSocketEndpoint {
  public static final String PATH = "/v1/connect";

  final Authenticator authenticator;
  final UserStore users;
  final Devices devices;
  final CallService calls;
  final Limits limits;
  final PushTokens pushTokens;
  final long heartbeatSeconds;
  final Counter requests;

  public DeviceEndpoint(
      SignallingConfig config,
      Authenticator authenticator,
      UserStore users,
      Devices devices,
      CallService calls,
      Limits limits,
      PushTokens pushTokens,
      CollectorRegistry registry) {
    this.authenticator = authenticator;
    this.users = users;
    this.devices = devices;
    this.calls = calls;
    this.limits = limits;
    this.pushTokens = pushTokens;
    this.heartbeatSeconds = config.heartbeatInterval().toSeconds();
    this.requests =
        Counter.build("belfry_signalling_requests", "Device requests, by what came of them.")
            .labelNames("type", "outcome")
            .register(registry);
    Gauge.build("belfry_signalling_devices", "Connected devices.")
        .create()
        .setChild(
            new Gauge.Child() {
              @Override
              public double get() {
                return devices.connectedCount();
              }
            })
        .register(registry);
  }

  /// Adds the socket to the routes.
  public void contribute(Routes routes, SignallingConfig config) {
    routes.socket(
        PATH,
        new SocketOptions(DeviceRequest.HELLO, config.greetingTimeout(), config.heartbeatInterval())
            .withLimits(
                config.limits().maxOutboundBytes(), config.limits().messagesPerSecondPerDevice()),
        this);
  }

  @Override
  public JsonSocketHandler onOpen(JsonSocket socket, HttpRequest upgrade) {
    return new DeviceSocket(this, socket);
  }
}
