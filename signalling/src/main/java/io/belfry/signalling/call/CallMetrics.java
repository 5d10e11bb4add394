package io.belfry.signalling.call;

import io.belfry.signalling.ring.CallState;
import io.belfry.signalling.ring.CallStatus;
import io.belfry.signalling.ring.RingCall;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import io.prometheus.client.Gauge;
import io.prometheus.client.Histogram;
import java.time.Duration;
import java.time.Instant;

/// What is measured of calls.
final class CallMetrics {
  private final Gauge active;
  private final Counter outcomes;
  private final Histogram ringSeconds;
  private final Histogram talkSeconds;
  private final Histogram acceptSeconds;
  private final Counter conflicts;

  CallMetrics(CollectorRegistry registry) {
    active =
        Gauge.build("belfry_signalling_active_calls", "Calls that are not over, by status.")
            .labelNames("status")
            .register(registry);
    outcomes =
        Counter.build("belfry_signalling_calls", "Calls that are over, by outcome.")
            .labelNames("receiver_type", "outcome")
            .register(registry);
    ringSeconds =
        Histogram.build("belfry_signalling_ring_seconds", "How long calls rang, by what ended it.")
            .labelNames("outcome")
            .buckets(1, 2, 5, 10, 20, 30, 45, 60, 120, 300)
            .register(registry);
    talkSeconds =
        Histogram.build("belfry_signalling_call_seconds", "How long accepted calls lasted.")
            .buckets(10, 30, 60, 300, 900, 1800, 3600, 7200)
            .register(registry);
    acceptSeconds =
        Histogram.build(
                "belfry_signalling_accept_seconds",
                "From a device's acceptCall to the caller being told.")
            .buckets(.001, .0025, .005, .01, .025, .05, .1, .25, 1)
            .register(registry);
    conflicts =
        Counter.build("belfry_signalling_store_conflicts", "Changes of a call that were retried.")
            .register(registry);
  }

  void changed(RingCall before, RingCall next, Instant at) {
    if (before.status() == next.status()) {
      return;
    }
    active.labels(before.status().word()).dec();
    if (before.state() instanceof CallState.Initiated) {
      ringSeconds.labels(next.status().word()).observe(seconds(before.initiatedAt(), at));
    }
    if (before.state() instanceof CallState.Ongoing(var since)) {
      talkSeconds.observe(seconds(since, at));
    }
    if (next.isOver()) {
      outcomes.labels(next.receiverType().word(), next.status().word()).inc();
    } else {
      active.labels(next.status().word()).inc();
    }
  }

  void found(CallStatus status) {
    active.labels(status.word()).inc();
  }

  void accepted(long nanos) {
    acceptSeconds.observe(nanos / 1e9);
  }

  void conflict() {
    conflicts.inc();
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toMillis() / 1e3;
  }
}
