package io.belfry.signalling.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.belfry.config.WebhooksConfig;
import io.belfry.http.ApiException;
import io.belfry.http.Fields;
import io.belfry.http.HttpRequest;
import io.belfry.http.HttpResponse;
import io.belfry.http.Json;
import io.belfry.http.Routes;
import io.belfry.signalling.auth.Secrets;
import io.belfry.signalling.store.User;
import io.belfry.signalling.store.WebhookStore;
import io.belfry.signalling.store.WebhookStore.Delivery;
import io.belfry.signalling.store.WebhookStore.DeliveryState;
import io.belfry.signalling.store.WebhookStore.Webhook;
import io.belfry.signalling.webhook.Webhooks;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Webhook endpoints, and what was and was not delivered to them.
public final class WebhooksApi {
  private static final Logger log = LoggerFactory.getLogger(WebhooksApi.class);

  private static final List<String> STATES = List.of("pending", "delivered", "failed");

  /// Is a path of its own.
  private static final String RESERVED_ID = "deliveries";

  private final Callers callers;
  private final WebhooksConfig config;
  private final WebhookStore store;
  private final Webhooks webhooks;
  private final Secrets secrets;
  private final Clock clock;

  public WebhooksApi(
      Callers callers,
      WebhooksConfig config,
      WebhookStore store,
      Webhooks webhooks,
      Secrets secrets,
      Clock clock) {
    this.callers = callers;
    this.config = config;
    this.store = store;
    this.webhooks = webhooks;
    this.secrets = secrets;
    this.clock = clock;
  }

  public void contribute(Routes routes) {
    routes
        .get("/v1/webhooks", this::list)
        .post("/v1/webhooks", this::create)
        .get("/v1/webhooks/{id}", this::find)
        .put("/v1/webhooks/{id}", this::update)
        .delete("/v1/webhooks/{id}", this::remove)
        .post("/v1/webhooks/{id}/secret", this::renewSecret)
        .post("/v1/webhooks/{id}/replay", this::replayFailed)
        .get("/v1/webhooks/deliveries", this::deliveries)
        .get("/v1/webhooks/deliveries/{deliveryId}", this::delivery)
        .post("/v1/webhooks/deliveries/{deliveryId}/replay", this::replay);
  }

  // ---- endpoints

  private HttpResponse list(HttpRequest request) {
    callers.reader(request);
    ArrayNode shapes = Json.array();
    store.list().forEach(webhook -> shapes.add(shape(webhook)));
    return HttpResponse.data(Map.of("webhooks", shapes));
  }

  private HttpResponse find(HttpRequest request) {
    callers.reader(request);
    return HttpResponse.data(Map.of("webhook", shape(require(request))));
  }

  /// The answer is the only one that shows the secret.
  private HttpResponse create(HttpRequest request) {
    callers.operator(request);
    ObjectNode fields = request.json();
    String id = Input.id(fields, "id");
    if (id.equals(RESERVED_ID)) {
      throw ApiException.badRequest("The field id must not be " + RESERVED_ID + ".");
    }
    String url = url(Fields.text(fields, "url", Input.MAX_URL_CHARS));
    Set<String> triggers = fields.hasNonNull("triggers") ? triggers(fields) : Set.of();
    Boolean isEnabled = Fields.optionalBool(fields, "enabled");
    if (store.list().size() >= config.maxEndpoints()) {
      throw new ApiException(409, "ERR_TOO_MANY_WEBHOOKS", "There are too many endpoints.");
    }
    Webhook webhook =
        new Webhook(
            id, url, triggers, secrets.next(), isEnabled == null || isEnabled, clock.instant());
    if (!store.create(webhook)) {
      throw new ApiException(409, "ERR_WEBHOOK_ALREADY_EXISTS", "There is a webhook with this id.");
    }
    log.info("webhook.created id={} url={}", id, url);
    webhooks.refresh();
    return HttpResponse.data(Map.of("webhook", shape(webhook).put("secret", webhook.secret())));
  }

  /// Changes the fields that are there.
  private HttpResponse update(HttpRequest request) {
    callers.operator(request);
    Webhook before = require(request);
    ObjectNode fields = request.json();
    String url = Fields.optionalText(fields, "url", Input.MAX_URL_CHARS);
    Boolean isEnabled = Fields.optionalBool(fields, "enabled");
    Webhook next =
        new Webhook(
            before.id(),
            url == null ? before.url() : url(url),
            fields.hasNonNull("triggers") ? triggers(fields) : before.triggers(),
            before.secret(),
            isEnabled == null ? before.isEnabled() : isEnabled,
            before.createdAt());
    return HttpResponse.data(Map.of("webhook", shape(store(next))));
  }

  private HttpResponse renewSecret(HttpRequest request) {
    callers.operator(request);
    Webhook before = require(request);
    Webhook next =
        store(
            new Webhook(
                before.id(),
                before.url(),
                before.triggers(),
                secrets.next(),
                before.isEnabled(),
                before.createdAt()));
    return HttpResponse.data(Map.of("webhook", shape(next).put("secret", next.secret())));
  }

  private Webhook store(Webhook next) {
    if (!store.update(next)) {
      throw notFound();
    }
    log.info("webhook.updated id={} url={} enabled={}", next.id(), next.url(), next.isEnabled());
    webhooks.refresh();
    return next;
  }

  private HttpResponse remove(HttpRequest request) {
    callers.operator(request);
    String id = require(request).id();
    store.remove(id);
    webhooks.refresh();
    log.info("webhook.removed id={}", id);
    return HttpResponse.data(Map.of());
  }

  private Webhook require(HttpRequest request) {
    String id = request.parameter("id");
    return (User.isValidUid(id) ? store.find(id) : Optional.<Webhook>empty())
        .orElseThrow(WebhooksApi::notFound);
  }

  private static ApiException notFound() {
    return new ApiException(404, "ERR_WEBHOOK_NOT_FOUND", "There is no such webhook.");
  }

  private static String url(String text) {
    try {
      URI uri = new URI(text);
      boolean isWeb = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
      if (isWeb && uri.getHost() != null && uri.getUserInfo() == null && uri.getPort() != 0) {
        return text;
      }
    } catch (URISyntaxException e) {
      // Answered below.
    }
    throw ApiException.badRequest("The field url must be an http or https address.");
  }

  private static Set<String> triggers(ObjectNode fields) {
    List<String> triggers = Fields.texts(fields, "triggers", Webhooks.triggers().size());
    for (String trigger : triggers) {
      if (!Webhooks.triggers().contains(trigger)) {
        throw ApiException.badRequest(
            "The field triggers must have some of " + String.join(", ", Webhooks.triggers()) + ".");
      }
    }
    return Set.copyOf(triggers);
  }

  private ObjectNode shape(Webhook webhook) {
    ObjectNode shape = Json.object().put("id", webhook.id()).put("url", webhook.url());
    ArrayNode triggers = shape.putArray("triggers");
    Webhooks.triggers().stream().filter(webhook.triggers()::contains).forEach(triggers::add);
    return shape
        .put("enabled", webhook.isEnabled())
        .put("pending", store.pending(webhook.id()))
        .put("createdAt", webhook.createdAt().getEpochSecond());
  }

  // ---- deliveries

  private HttpResponse deliveries(HttpRequest request) {
    callers.reader(request);
    String state = Input.queryOneOf(request, "state", STATES);
    String webhook = Input.queryText(request, "webhook");
    int limit = Input.limit(request);
    List<Delivery> found =
        store.deliveries(
            state == null ? null : DeliveryState.valueOf(state.toUpperCase(Locale.ROOT)),
            webhook.isEmpty() ? null : webhook,
            Input.queryLong(request, "before", Long.MAX_VALUE),
            limit + 1);
    ArrayNode shapes = Json.array();
    found.stream().limit(limit).map(WebhooksApi::shape).forEach(shapes::add);
    ObjectNode data = Json.object();
    data.set("deliveries", shapes);
    if (found.size() > limit) {
      data.put("next", found.get(limit - 1).id());
    } else {
      data.putNull("next");
    }
    return HttpResponse.data(data);
  }

  private HttpResponse delivery(HttpRequest request) {
    callers.reader(request);
    Delivery delivery = store.delivery(deliveryId(request)).orElseThrow(WebhooksApi::noDelivery);
    ObjectNode shape = shape(delivery);
    shape.set("body", Json.readObject(delivery.body()));
    return HttpResponse.data(Map.of("delivery", shape));
  }

  private HttpResponse replay(HttpRequest request) {
    callers.operator(request);
    long id = deliveryId(request);
    Delivery delivery = store.delivery(id).orElseThrow(WebhooksApi::noDelivery);
    Instant now = clock.instant();
    if (!store.replay(id, now, now.plus(config.retryFor()))) {
      throw new ApiException(409, "ERR_DELIVERY_PENDING", "The delivery is still being tried.");
    }
    log.info("webhook.replayed webhook={} delivery={}", delivery.webhookId(), id);
    webhooks.refresh();
    return HttpResponse.data(
        Map.of("delivery", shape(store.delivery(id).orElseThrow(WebhooksApi::noDelivery))));
  }

  private HttpResponse replayFailed(HttpRequest request) {
    callers.operator(request);
    Webhook webhook = require(request);
    Instant now = clock.instant();
    int count = store.replayFailed(webhook.id(), now, now.plus(config.retryFor()));
    log.info("webhook.replayed webhook={} count={}", webhook.id(), count);
    webhooks.refresh();
    return HttpResponse.data(Map.of("replayed", count));
  }

  private static long deliveryId(HttpRequest request) {
    try {
      return Long.parseLong(request.parameter("deliveryId"));
    } catch (NumberFormatException e) {
      throw noDelivery();
    }
  }

  private static ApiException noDelivery() {
    return new ApiException(404, "ERR_DELIVERY_NOT_FOUND", "There is no such delivery.");
  }

  private static ObjectNode shape(Delivery delivery) {
    ObjectNode shape =
        Json.object()
            .put("id", delivery.id())
            .put("webhook", delivery.webhookId())
            .put("sessionId", delivery.sessionId())
            .put("trigger", delivery.trigger())
            .put("idempotencyKey", delivery.idempotencyKey())
            .put("state", delivery.state().word())
            .put("attempts", delivery.attempts())
            .put("createdAt", delivery.createdAt().getEpochSecond());
    if (delivery.state() == DeliveryState.PENDING) {
      shape.put("dueAt", delivery.dueAt().getEpochSecond());
    }
    put(shape, "finishedAt", delivery.finishedAt());
    if (delivery.lastStatus() != null) {
      shape.put("lastStatus", delivery.lastStatus());
    }
    if (delivery.lastError() != null) {
      shape.put("lastError", delivery.lastError());
    }
    return shape;
  }

  private static void put(ObjectNode shape, String name, @Nullable Instant at) {
    if (at != null) {
      shape.put(name, at.getEpochSecond());
    }
  }
}
