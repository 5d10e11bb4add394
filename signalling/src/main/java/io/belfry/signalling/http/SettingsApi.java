package io.belfry.signalling.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.belfry.config.BelfryConfig;
import io.belfry.http.HttpRequest;
import io.belfry.http.HttpResponse;
import io.belfry.http.Json;
import io.belfry.http.Routes;
import io.belfry.signalling.auth.CallTokens;
import io.belfry.signalling.demo.DemoPeople;
import io.belfry.signalling.presence.Devices;
import io.belfry.signalling.protocol.Shapes;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What anyone may know: how to speak to this server, and which keys sign call tokens.
public final class SettingsApi {
  private static final int PROTOCOL = 1;

  private final BelfryConfig config;
  private final CallTokens tokens;
  private final Devices devices;
  private final @Nullable DemoPeople demo;

  /// @param demo only in development mode
  public SettingsApi(
      BelfryConfig config, CallTokens tokens, Devices devices, @Nullable DemoPeople demo) {
    this.config = config;
    this.tokens = tokens;
    this.devices = devices;
    this.demo = demo;
  }

  public void contribute(Routes routes) {
    routes
        .get("/v1/settings", this::settings)
        .get(
            "/.well-known/jwks.json",
            request ->
                HttpResponse.text(200, "application/jwk-set+json", tokens.jwks())
                    .withHeader("cache-control", "public, max-age=300"));
  }

  private HttpResponse settings(HttpRequest request) {
    ObjectNode settings =
        Json.object()
            .put("appId", config.appId())
            .put("region", config.region())
            .put("protocol", PROTOCOL)
            .put("development", demo != null)
            .put("guestsAllowed", config.signalling().guestsAllowed());
    if (demo != null) {
      ArrayNode shapes = Json.array();
      demo.users().forEach(user -> shapes.add(Shapes.user(user, devices.isOnline(user.uid()))));
      settings.put("authKey", demo.authKey()).setAll(Map.of("users", shapes));
    }
    return HttpResponse.data(settings);
  }
}
