package io.belfry.load;

import java.util.Formatter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What came of a load test.
///
/// @param participants who should have joined
/// @param failures how many did not join, by reason
/// @param lostConnections who joined and was cut off
/// @param silentStreams that a subscriber was offered and of which nothing came
/// @param connect from the offer to the keys of the media
/// @param sentPackets by the publishers
/// @param expectedPackets that subscribers should have received, each from its first one on
/// @param lostPackets those of them that did not come
/// @param delay of packets from a publisher's socket to a subscriber's, once everybody had joined
/// @param behindMillis how late the generator itself was with a frame, at worst
/// @param unsentPackets that the generator's own sockets did not take
/// @param isPassed nobody failed, and no more was lost than allowed
public record LoadReport(
    int participants,
    int joined,
    Map<String, Integer> failures,
    int lostConnections,
    int silentStreams,
    Times connect,
    long sentPackets,
    long sentBytes,
    long receivedPackets,
    long receivedBytes,
    long expectedPackets,
    long lostPackets,
    double lossPercent,
    Times delay,
    double behindMillis,
    long unsentPackets,
    boolean isPassed) {
  private static final double MILLI_NANOS = 1e6;
  private static final double MEGA = 1e6;

  /// Beyond this the delays say as much of the generator as of the server.
  private static final double MAX_BEHIND_MILLIS = 50;

  /// Percentiles.
  public record Times(double p50Millis, double p99Millis, double p999Millis, double longestMillis) {
    static Times of(DelayCounts counts) {
      return new Times(
          counts.percentileNanos(50) / MILLI_NANOS,
          counts.percentileNanos(99) / MILLI_NANOS,
          counts.percentileNanos(99.9) / MILLI_NANOS,
          counts.longestNanos() / MILLI_NANOS);
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "p50 %.1f ms, p99 %.1f ms, p99.9 %.1f ms, longest %.1f ms",
          p50Millis,
          p99Millis,
          p999Millis,
          longestMillis);
    }
  }

  public LoadReport {
    failures = new TreeMap<>(failures);
  }

  static LoadReport of(
      LoadPlan plan, int joined, Map<String, Integer> failures, DelayCounts connect, Traffic all) {
    double lossPercent =
        all.expectedPackets == 0 ? 0 : 100.0 * all.lostPackets / all.expectedPackets;
    // Without publishers of ours nobody knows whether there was anything to receive.
    boolean isSilent = plan.publishers() > 0 && all.silentStreams > 0;
    boolean isPassed =
        failures.isEmpty()
            && all.lostConnections == 0
            && !isSilent
            && lossPercent <= plan.maxLossPercent();
    return new LoadReport(
        plan.participants(),
        joined,
        failures,
        all.lostConnections,
        all.silentStreams,
        Times.of(connect),
        all.sentPackets,
        all.sentBytes,
        all.receivedPackets,
        all.receivedBytes,
        all.expectedPackets,
        all.lostPackets,
        lossPercent,
        Times.of(all.delays),
        all.behindNanos / MILLI_NANOS,
        all.unsentPackets,
        isPassed);
  }

  /// A line of progress.
  ///
  /// @param before about a second ago
  static String progress(int seconds, int joined, int participants, Traffic before, Traffic now) {
    return String.format(
        Locale.ROOT,
        "%4d s  joined %d/%d  sent %,d/s  received %,d/s (%.1f Mbit/s)  lost %,d  delay p99 %.1f ms",
        seconds,
        joined,
        participants,
        now.sentPackets - before.sentPackets,
        now.receivedPackets - before.receivedPackets,
        (now.receivedBytes - before.receivedBytes) * Byte.SIZE / MEGA,
        now.lostPackets,
        now.delays.percentileNanos(99) / MILLI_NANOS);
  }

  /// The whole in lines for people.
  public String table() {
    int failed = failures.values().stream().mapToInt(Integer::intValue).sum();
    Formatter out = new Formatter(Locale.ROOT);
    out.format(
        "joined        %d of %d, %d failed, %d cut off\n",
        joined, participants, failed, lostConnections);
    failures.forEach((reason, count) -> out.format("              %d × %s\n", count, reason));
    out.format("connected in  %s\n", connect);
    out.format("sent          %,d packets, %.1f MB\n", sentPackets, sentBytes / MEGA);
    out.format("received      %,d packets, %.1f MB\n", receivedPackets, receivedBytes / MEGA);
    out.format("lost          %,d of %,d (%.3f %%)\n", lostPackets, expectedPackets, lossPercent);
    if (silentStreams > 0) {
      out.format("silent        %d streams of which nothing came\n", silentStreams);
    }
    out.format("delay         %s\n", delay);
    if (behindMillis > MAX_BEHIND_MILLIS || unsentPackets > 0) {
      out.format(
          "note          this generator was up to %.0f ms late and could not send %,d packets\n",
          behindMillis, unsentPackets);
    }
    out.format("result        %s\n", isPassed ? "passed" : "failed");
    return out.toString();
  }
}
