package io.belfry.http;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import io.prometheus.client.hotspot.DefaultExports;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The operator's pages: `/healthz` (the process answers), `/readyz` (every part can do its work)
/// and `/metrics` (Prometheus text format 0.0.4).
public final class Operations {
  // A registry refuses to have the JVM's collectors twice.
  private static final Set<CollectorRegistry> WITH_JVM =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  private final CollectorRegistry registry;
  private final Map<String, Supplier<@Nullable String>> checks = new ConcurrentHashMap<>();

  public Operations(CollectorRegistry registry) {
    this.registry = registry;
    if (WITH_JVM.add(registry)) {
      DefaultExports.register(registry);
    }
  }

  /// Adds a part's readiness.
  ///
  /// @param check null when the part is ready, else what is wrong, in words; it may block shortly
  public void addReadiness(String part, Supplier<@Nullable String> check) {
    checks.put(part, check);
  }

  /// Adds the pages to the routes.
  public void contribute(Routes routes) {
    routes.get("/healthz", request -> HttpResponse.text(200, "text/plain", "ok\n"));
    routes.get("/readyz", request -> readiness());
    routes.get("/metrics", this::metrics);
  }

  private HttpResponse readiness() {
    Map<String, String> parts = new LinkedHashMap<>();
    boolean isReady = true;
    for (Map.Entry<String, Supplier<@Nullable String>> check : checks.entrySet()) {
      String problem = problemOf(check.getValue());
      parts.put(check.getKey(), problem == null ? "ready" : problem);
      isReady &= problem == null;
    }
    return HttpResponse.json(isReady ? 200 : 503, Map.of("ready", isReady, "parts", parts));
  }

  private static @Nullable String problemOf(Supplier<@Nullable String> check) {
    try {
      return check.get();
    } catch (RuntimeException e) {
      return "the check failed";
    }
  }

  private HttpResponse metrics(HttpRequest request) throws IOException {
    StringWriter text = new StringWriter(16_384);
    TextFormat.write004(text, registry.metricFamilySamples());
    byte[] body = text.toString().getBytes(StandardCharsets.UTF_8);
    HttpResponse plain =
        new HttpResponse(200, Map.of("content-type", TextFormat.CONTENT_TYPE_004), body);
    return request.acceptsGzip()
        ? new HttpResponse(
            200,
            Map.of("content-type", TextFormat.CONTENT_TYPE_004, "content-encoding", "gzip"),
            StaticFiles.gzip(body))
        : plain;
  }
}
