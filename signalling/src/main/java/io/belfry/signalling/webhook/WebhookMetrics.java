package io.belfry.signalling.webhook;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Histogram;

/// What is measured of webhooks.
final class WebhookMetrics {
  private final Counter tries;
  private final Counter dropped;
  private final Histogram seconds;

  WebhookMetrics(CollectorRegistry registry) {
    tries =
        Counter.build("belfry_signalling_webhook_tries", "Tries to deliver, by what came of them.")
            .labelNames("outcome")
            .register(registry);
    dropped =
        Counter.build(
                "belfry_signalling_webhook_dropped",
                "Events that an endpoint was not told because too many waited for it.")
            .register(registry);
    seconds =
        Histogram.build("belfry_signalling_webhook_seconds", "How long tries to deliver took.")
            .buckets(.01, .05, .1, .5, 1, 5, 10, 30)
            .register(registry);
  }

  void tried(String outcome, long nanos) {
    tries.labels(outcome).inc();
    seconds.observe(nanos / 1e9);
  }

  void dropped(int count) {
    dropped.inc(count);
  }
}
