package io.belfry.signalling.push;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.belfry.http.Json;
import io.belfry.signalling.webhook.Outbound;
import io.belfry.signalling.webhook.Signature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Hands pushes to the operator's own server, signed like webhooks, with the message in the shape
/// that Firebase Cloud Messaging (HTTP v1) or the Apple Push Notification service takes, so that
/// the server needs to add its credentials only.
public final class WebhookPushProvider implements PushProvider, AutoCloseable {
  private static final int GONE = 410;

  private final String url;
  private final String secret;
  private final Outbound outbound;
  private final Clock clock;

  /// @param secret empty: not signed
  public WebhookPushProvider(String url, String secret, Duration timeout, Clock clock) {
    this.url = url;
    this.secret = secret;
    // The address is in the settings: nobody but the operator chose it.
    this.outbound = new Outbound(timeout, true);
    this.clock = clock;
  }

  @Override
  public Outcome send(PushMessage message) throws IOException, InterruptedException {
    String body = new String(Json.toBytes(body(message, clock)), StandardCharsets.UTF_8);
    Map<String, String> headers = new HashMap<>();
    String timestamp = Long.toString(clock.instant().getEpochSecond());
    headers.put("x-belfry-timestamp", timestamp);
    if (!secret.isEmpty()) {
      headers.put("x-belfry-signature", Signature.of(secret, timestamp, body));
    }
    int status = outbound.post(url, headers, body);
    if (status / 100 == 2) {
      return Outcome.SENT;
    }
    return status == GONE ? Outcome.TOKEN_GONE : Outcome.FAILED;
  }

  static ObjectNode body(PushMessage message, Clock clock) {
    ObjectNode body =
        Json.object()
            .put("event", message.kind().word())
            .put("uid", message.token().uid())
            .put("token", message.token().token())
            .put("platform", message.token().platform());
    if (message.token().providerId() != null) {
      body.put("providerId", message.token().providerId());
    }
    body.set("call", message.call());
    if (message.token().platform().startsWith("apns")) {
      body.set("apns", apns(message));
    } else if (message.token().platform().startsWith("fcm")) {
      body.set("fcm", fcm(message, clock));
    }
    return body;
  }

  /// A data message: the app decides what to show, also when it does not run.
  private static ObjectNode fcm(PushMessage message, Clock clock) {
    long seconds = Math.max(0, Duration.between(clock.instant(), message.expiresAt()).toSeconds());
    ObjectNode fields = Json.object().put("token", message.token().token());
    ObjectNode data = fields.putObject("data");
    flatten(message, data);
    fields.set(
        "android",
        Json.object()
            .put("priority", "HIGH")
            .put("ttl", seconds + "s")
            .put("collapse_key", message.collapseKey()));
    fields
        .putObject("webpush")
        .putObject("headers")
        .put("TTL", Long.toString(seconds))
        .put("Urgency", "high");
    return Json.object().set("message", fields);
  }

  /// FCM takes texts only.
  private static void flatten(PushMessage message, ObjectNode data) {
    data.put("event", message.kind().word());
    for (Map.Entry<String, JsonNode> field : message.call().properties()) {
      JsonNode value = field.getValue();
      data.put(field.getKey(), value.isTextual() ? value.textValue() : value.toString());
    }
  }

  /// A VoIP push has to be shown as a call at once, so only a ring is one; a cancellation is a
  /// background push, and what an app in CallKit does about it is its own business.
  private static ObjectNode apns(PushMessage message) {
    boolean isVoip = message.kind() == Kind.RING && message.token().platform().endsWith("_voip");
    boolean isRing = message.kind() == Kind.RING;
    ObjectNode headers =
        Json.object()
            .put("apns-push-type", isVoip ? "voip" : isRing ? "alert" : "background")
            .put("apns-priority", isRing ? "10" : "5")
            .put("apns-expiration", Long.toString(message.expiresAt().getEpochSecond()))
            .put("apns-collapse-id", message.collapseKey());
    ObjectNode payload = Json.object();
    ObjectNode aps = payload.putObject("aps");
    if (!isRing) {
      aps.put("content-available", 1);
    } else if (!isVoip) {
      aps.putObject("alert").put("title", message.call().at("/callInitiator/name").asText());
      aps.put("sound", "default");
    }
    payload.put("event", message.kind().word());
    payload.set("call", message.call());
    ObjectNode apns = Json.object();
    apns.set("headers", headers);
    apns.set("payload", payload);
    return apns;
  }

  @Override
  public void close() {
    outbound.close();
  }
}
