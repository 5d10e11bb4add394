package io.belfry.sfu;

import io.belfry.sfu.net.DatagramIo;
import io.belfry.sfu.net.MediaLoop;
import io.belfry.sfu.net.TcpCounters;
import io.belfry.sfu.participant.Sessions;
import io.belfry.sfu.route.DelayHistogram;
import io.belfry.sfu.session.Outcome;
import io.belfry.sfu.session.PeerSessions;
import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// The media node's metrics, read off the loops when they are scraped. Labels are few and bounded:
/// the loop, and what became of a datagram.
final class SfuMetrics extends Collector {
  private static final List<String> LOOP = List.of("loop");

  private final List<MediaLoop> loops;
  private final Sessions sessions;
  private final boolean isCryptoNative;
  private final TcpCounters tcp;
  private final @Nullable StunDiscovery discovery;

  SfuMetrics(
      List<MediaLoop> loops,
      Sessions sessions,
      boolean isCryptoNative,
      TcpCounters tcp,
      @Nullable StunDiscovery discovery) {
    this.loops = loops;
    this.sessions = sessions;
    this.isCryptoNative = isCryptoNative;
    this.tcp = tcp;
    this.discovery = discovery;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    List<MetricFamilySamples> all = new ArrayList<>();
    all.add(
        new GaugeMetricFamily("belfry_sfu_sessions", "Open sessions.", sessions.sessionCount()));
    all.add(
        new GaugeMetricFamily(
            "belfry_sfu_participants",
            "Participants in open sessions.",
            sessions.participantCount()));
    all.add(implementation());
    all.add(
        gauge("transports", "Open transports.", statistics(PeerSessions.Statistics::transports)));
    all.add(
        gauge("producers", "Published tracks.", statistics(PeerSessions.Statistics::producers)));
    all.add(gauge("mailbox_commands", "Commands waiting for the loop.", MediaLoop::mailboxSize));
    all.add(
        counter(
            "received_packets",
            "UDP datagrams received.",
            io(DatagramIo.Counters::receivedPackets)));
    all.add(
        counter(
            "received_bytes",
            "UDP payload bytes received.",
            io(DatagramIo.Counters::receivedBytes)));
    all.add(counter("sent_packets", "UDP datagrams sent.", io(DatagramIo.Counters::sentPackets)));
    all.add(counter("sent_bytes", "UDP payload bytes sent.", io(DatagramIo.Counters::sentBytes)));
    all.add(counter("send_calls", "System calls that sent.", io(DatagramIo.Counters::sendCalls)));
    all.add(
        counter(
            "send_dropped_packets",
            "UDP datagrams that the kernel did not take.",
            io(DatagramIo.Counters::droppedPackets)));
    all.add(
        counter(
            "forwarded_packets",
            "RTP packets sent to receivers, without retransmissions.",
            statistics(PeerSessions.Statistics::forwardedPackets)));
    all.add(
        counter(
            "resent_packets",
            "RTP packets sent again on a NACK.",
            statistics(PeerSessions.Statistics::resentPackets)));
    all.add(
        counter(
            "unanswered_nacks",
            "Packets asked for by NACK that were not there any more.",
            statistics(PeerSessions.Statistics::unansweredNacks)));
    all.add(
        counter(
            "pipe_dropped_packets",
            "RTP packets for receivers on other loops that those did not take in time.",
            statistics(PeerSessions.Statistics::pipeDroppedPackets)));
    all.add(
        gauge(
            "shed_level",
            "What is left out because the loop does not keep up: 0 nothing, 1 and 2 simulcast layers,"
                + " 3 all video. New sessions are refused while all loops are above 0.",
            statistics(PeerSessions.Statistics::shedLevel)));
    all.add(
        gauge(
            "loop_busy_ratio",
            "How much of the last quarter of a second a loop computed.",
            MediaLoop::busyRatio));
    all.add(delays());
    all.add(
        counter(
            "refused_commands", "Commands refused by a full mailbox.", MediaLoop::refusedCommands));
    all.add(
        counter("failed_turns", "Turns of a loop that a defect ended.", MediaLoop::failedTurns));
    all.add(outcomes());
    addTcp(all);
    all.add(discoveries());
    return all;
  }

  private void addTcp(List<MetricFamilySamples> all) {
    all.add(
        new GaugeMetricFamily(
            "belfry_sfu_tcp_connections", "Open TCP connections for media.", (double) tcp.open()));
    all.add(
        new CounterMetricFamily(
                "belfry_sfu_tcp_accepts",
                "TCP connections for media, by what came of them.",
                List.of("outcome"))
            .addMetric(List.of("accepted"), (double) tcp.accepted())
            .addMetric(List.of("refused"), (double) tcp.refused())
            .addMetric(List.of("unauthenticated"), (double) tcp.unauthenticated()));
    all.add(
        new CounterMetricFamily(
                "belfry_sfu_tcp_packets",
                "Media, DTLS and STUN packets over TCP, by what came of them.",
                List.of("outcome"))
            .addMetric(List.of("received"), (double) tcp.receivedPackets())
            .addMetric(List.of("sent"), (double) tcp.sentPackets())
            .addMetric(List.of("dropped_received"), (double) tcp.droppedReceived())
            .addMetric(List.of("dropped_sent"), (double) tcp.droppedSent()));
  }

  private CounterMetricFamily discoveries() {
    StunDiscovery asked = discovery;
    return new CounterMetricFamily(
            "belfry_sfu_stun_queries",
            "Questions to the STUN server for an address outside, by what came of them.",
            List.of("outcome"))
        .addMetric(List.of("answered"), asked == null ? 0 : (double) asked.answered())
        .addMetric(List.of("failed"), asked == null ? 0 : (double) asked.failed());
  }

  private MetricFamilySamples delays() {
    String name = "belfry_sfu_forwarding_delay_seconds";
    double[] bounds = DelayHistogram.boundsSeconds();
    List<MetricFamilySamples.Sample> samples = new ArrayList<>();
    for (int i = 0; i < loops.size(); i++) {
      DelayHistogram.Snapshot delays = loops.get(i).statistics().delays();
      String loop = Integer.toString(i);
      double sum = 0;
      for (int j = 0; j < delays.counts().length; j++) {
        sum += delays.counts()[j];
        String bound = j < bounds.length ? Collector.doubleToGoString(bounds[j]) : "+Inf";
        samples.add(
            new MetricFamilySamples.Sample(
                name + "_bucket", List.of("loop", "le"), List.of(loop, bound), sum));
      }
      samples.add(new MetricFamilySamples.Sample(name + "_count", LOOP, List.of(loop), sum));
      samples.add(
          new MetricFamilySamples.Sample(
              name + "_sum", LOOP, List.of(loop), delays.sumNanos() / 1e9));
    }
    return new MetricFamilySamples(
        name,
        Type.HISTOGRAM,
        "From the arrival of a packet at the socket until its last copy was handed to the network;"
            + " the oldest packet of each turn that forwards.",
        samples);
  }

  private GaugeMetricFamily implementation() {
    GaugeMetricFamily family =
        new GaugeMetricFamily(
            "belfry_sfu_implementation_info",
            "Which implementation of the UDP socket and of SRTP cryptography runs.",
            List.of("io", "crypto"));
    family.addMetric(List.of(loops.getFirst().ioName(), isCryptoNative ? "native" : "portable"), 1);
    return family;
  }

  private CounterMetricFamily outcomes() {
    CounterMetricFamily family =
        new CounterMetricFamily(
            "belfry_sfu_datagrams", "What became of received datagrams.", List.of("outcome"));
    for (Outcome outcome : Outcome.values()) {
      double sum = 0;
      for (MediaLoop loop : loops) {
        sum += loop.statistics().count(outcome);
      }
      family.addMetric(List.of(outcome.name().toLowerCase(Locale.ROOT)), sum);
    }
    return family;
  }

  private static ToDoubleFunction<MediaLoop> io(ToLongFunction<DatagramIo.Counters> value) {
    return loop -> value.applyAsLong(loop.counters());
  }

  private static ToDoubleFunction<MediaLoop> statistics(
      ToLongFunction<PeerSessions.Statistics> value) {
    return loop -> value.applyAsLong(loop.statistics());
  }

  private GaugeMetricFamily gauge(String name, String help, ToDoubleFunction<MediaLoop> value) {
    GaugeMetricFamily family = new GaugeMetricFamily("belfry_sfu_" + name, help, LOOP);
    for (int i = 0; i < loops.size(); i++) {
      family.addMetric(List.of(Integer.toString(i)), value.applyAsDouble(loops.get(i)));
    }
    return family;
  }

  private CounterMetricFamily counter(String name, String help, ToDoubleFunction<MediaLoop> value) {
    CounterMetricFamily family = new CounterMetricFamily("belfry_sfu_" + name, help, LOOP);
    for (int i = 0; i < loops.size(); i++) {
      family.addMetric(List.of(Integer.toString(i)), value.applyAsDouble(loops.get(i)));
    }
    return family;
  }
}
