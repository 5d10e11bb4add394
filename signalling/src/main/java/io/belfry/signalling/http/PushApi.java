package io.belfry.signalling.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.belfry.http.ApiException;
import io.belfry.http.HttpRequest;
import io.belfry.http.HttpResponse;
import io.belfry.http.Json;
import io.belfry.http.Routes;
import io.belfry.signalling.protocol.DeviceRequest;
import io.belfry.signalling.push.PushTokens;
import io.belfry.signalling.store.PushTokenStore.PushToken;
import java.util.Map;

/// A user's push tokens.
public final class PushApi {
  private final Callers callers;
  private final PushTokens tokens;

  public PushApi(Callers callers, PushTokens tokens) {
    this.callers = callers;
    this.tokens = tokens;
  }

  public void contribute(Routes routes) {
    routes
        .get("/v1/me/push_tokens", this::list)
        .post("/v1/me/push_tokens", this::register)
        .delete("/v1/me/push_tokens/{tokenId}", this::unregister);
  }

  private HttpResponse list(HttpRequest request) {
    String uid = callers.user(request).uid();
    ArrayNode shapes = Json.array();
    tokens.of(uid).forEach(token -> shapes.add(shape(token)));
    return HttpResponse.data(Map.of("pushTokens", shapes));
  }

  private HttpResponse register(HttpRequest request) {
    String uid = callers.user(request).uid();
    PushToken token = tokens.register(uid, DeviceRequest.registerPushToken(request.json()));
    return HttpResponse.data(Map.of("pushToken", shape(token)));
  }

  private HttpResponse unregister(HttpRequest request) {
    String uid = callers.user(request).uid();
    String id = request.parameter("tokenId");
    PushToken token =
        tokens.of(uid).stream()
            .filter(each -> PushTokens.idOf(each.token()).equals(id))
            .findFirst()
            .orElseThrow(
                () -> new ApiException(404, "ERR_PUSH_TOKEN_NOT_FOUND", "There is no such token."));
    tokens.unregister(uid, token.token());
    return HttpResponse.data(Map.of());
  }

  private static ObjectNode shape(PushToken token) {
    ObjectNode shape =
        Json.object()
            .put("id", PushTokens.idOf(token.token()))
            .put("platform", token.platform())
            .put("createdAt", token.createdAt().getEpochSecond());
    if (token.providerId() != null) {
      shape.put("providerId", token.providerId());
    }
    return shape;
  }
}
