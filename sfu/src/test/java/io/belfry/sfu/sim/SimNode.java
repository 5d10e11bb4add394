package io.belfry.sfu.sim;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.control.Command;
import io.belfry.sfu.control.Event;
import io.belfry.sfu.dtls.DtlsCertificate;
import io.belfry.sfu.dtls.DtlsContext;
import io.belfry.sfu.dtls.DtlsEndpoint;
import io.belfry.sfu.dtls.DtlsFailure;
import io.belfry.sfu.dtls.KeyingMaterial;
import io.belfry.sfu.ice.IceLiteAgent;
import io.belfry.sfu.pipe.PipeEnds;
import io.belfry.sfu.pipe.PipeMesh;
import io.belfry.sfu.route.RouteLimits;
import io.belfry.sfu.session.Outbox;
import io.belfry.sfu.session.Outcome;
import io.belfry.sfu.session.PeerAddress;
import io.belfry.sfu.session.PeerSessions;
import io.belfry.sfu.session.SessionSettings;
import io.belfry.sfu.session.TransportTools;
import io.belfry.sfu.srtp.SrtpCrypto;
import io.belfry.sfu.srtp.SrtpProfile;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/// Media loops without their threads and sockets: the real sessions and outboxes, and a mailbox.
/// Most tests have one.
final class SimNode implements Simulation.Node {
  static final long ROOM = 1;
  static final SrtpCrypto CRYPTO = SrtpCrypto.choose(SrtpCrypto.Choice.AUTO);

  static final DtlsContext DTLS =
      new DtlsContext(
          DtlsCertificate.generate(new SecureRandom(), Instant.EPOCH),
          List.of(SrtpProfile.values()),
          Duration.ofMinutes(1),
          16,
          new SecureRandom());

  /// That fit a pipe between two loops.
  static final int PIPE_RECORDS = 1024;

  private static final int MAX_PATHS = 4;
  private static final long HOUSEKEEPING_NANOS = 250 * Simulation.MILLI;

  /// A datagram stands somewhere in a receive batch.
  private static final int DATAGRAM_AT = 40;

  /// A transport address, as a map's key.
  ///
  /// @param local of the node, as {@link PeerAddress#local} has it
  record Address(long high, long low, int port, int local) {
    static Address of(PeerAddress address) {
      return new Address(address.high(), address.low(), address.port(), address.local());
    }

    static Address ipv4(int host, int port) {
      return new Address(
          0, PeerAddress.mappedIpv4(0xC000_0200 | host), port, PeerAddress.ANY_LOCAL);
    }

    static Address ipv6(int host, int port) {
      return new Address(0x2001_0DB8L << 32, host, port, PeerAddress.ANY_LOCAL);
    }

    /// The same, reached at another address of the node, or by a connection.
    Address at(int otherLocal) {
      return new Address(high, low, port, otherLocal);
    }
  }

  final Simulation simulation = new Simulation(this);
  final List<Event> events = new ArrayList<>();

  /// What DTLS endpoints say on their own threads; taken in by the test.
  final BlockingQueue<Command> mail = new LinkedBlockingQueue<>();

  private final Map<Address, Consumer<byte[]>> peers = new HashMap<>();
  private final List<Outbox> outboxes = new ArrayList<>();
  private final List<PeerSessions> loops = new ArrayList<>();
  private long strayDatagrams;

  /// When set, what is sent is only counted.
  boolean isCountingOnly;

  private long countedDatagrams;

  /// How long the network stack takes to send, as far as the loops can tell.
  long sendDelayNanos;

  /// Whether the loops have much to do.
  boolean isBusy;

  /// A loop that does not run, or -1.
  int stopped = -1;

  SimNode(long seed) {
    this(seed, 1);
  }

  /// The room is open on the first loop.
  SimNode(long seed, int loopCount) {
    PipeMesh mesh = new PipeMesh(loopCount, PIPE_RECORDS);
    for (int i = 0; i < loopCount; i++) {
      Outbox outbox = new Outbox(1 << 18, 64, this::drain, streams());
      outboxes.add(outbox);
      loops.add(sessions(outbox, mesh.ends(i), seed + i));
    }
    command(new Command.OpenRoom(ROOM));
  }

  private Outbox.Streams streams() {
    return new Outbox.Streams() {
      @Override
      public void send(PeerAddress receiver, Memory memory, int offset, int length) {
        deliver(Address.of(receiver), memory.toArray(offset, length));
      }

      @Override
      public void flush() {}
    };
  }

  private PeerSessions sessions(Outbox outbox, PipeEnds pipes, long seed) {
    RouteLimits limits = new RouteLimits(1024, 128, 500 * Simulation.MILLI, Simulation.MILLI);
    return new PeerSessions(
        outbox,
        new SessionSettings(MAX_PATHS, IceLiteAgent.CONSENT_EXPIRY_NANOS, limits),
        new TransportTools(this::endpoint, CRYPTO),
        pipes,
        events::add,
        new SplittableRandom(seed));
  }

  private DtlsEndpoint endpoint(long transportId) {
    return new DtlsEndpoint(
        DTLS,
        new DtlsEndpoint.Listener() {
          @Override
          public void onSend(byte[] datagram) {
            mail.add(new Command.SendDtls(transportId, datagram));
          }

          @Override
          public void onKeys(KeyingMaterial keys) {
            mail.add(new Command.InstallKeys(transportId, keys));
          }

          @Override
          public void onEnd(DtlsFailure reason) {
            mail.add(new Command.EndDtls(transportId, "dtls-failed"));
          }
        });
  }

  void command(Command command) {
    command(0, command);
  }

  void command(int loop, Command command) {
    loops.get(loop).onCommand(command, simulation.nowNanos());
  }

  /// What is sent to this address goes to this peer.
  void attach(Address address, Consumer<byte[]> peer) {
    peers.put(address, peer);
  }

  void detach(Address address) {
    peers.remove(address);
  }

  void receive(byte[] datagram, Address from) {
    receive(0, datagram, from);
  }

  void receive(int loop, byte[] datagram, Address from) {
    Memory memory = Memory.allocate(DATAGRAM_AT + Math.max(1, datagram.length));
    memory.bytes().put(DATAGRAM_AT, datagram);
    PeerSessions sessions = loops.get(loop);
    sessions.onArrival(simulation.nowNanos());
    sessions.onDatagram(
        memory,
        DATAGRAM_AT,
        datagram.length,
        from.high,
        from.low,
        from.port,
        from.local,
        simulation.nowNanos());
  }

  private void drain(Outbox full) {
    if (isCountingOnly) {
      for (int run = 0; run < full.runs(); run++) {
        countedDatagrams += full.segments(run);
      }
      return;
    }
    for (int run = 0; run < full.runs(); run++) {
      Address to = Address.of(full.receiver(run));
      for (int at = 0; at < full.length(run); at += full.segmentBytes(run)) {
        int length = Math.min(full.segmentBytes(run), full.length(run) - at);
        byte[] datagram = full.memory().toArray(full.offset(run) + at, length);
        deliver(to, datagram);
      }
    }
  }

  private void deliver(Address to, byte[] datagram) {
    Consumer<byte[]> peer = peers.get(to);
    if (peer == null) {
      strayDatagrams++;
    } else {
      peer.accept(datagram);
    }
  }

  /// A connection of a peer has closed.
  void onPathClosed(Address path) {
    sessions().onPathClosed(path.high, path.low, path.port, path.local, simulation.nowNanos());
  }

  @Override
  public long deadlineNanos() {
    long earliest = Long.MAX_VALUE;
    for (int i = 0; i < loops.size(); i++) {
      PeerSessions sessions = loops.get(i);
      if (i != stopped
          && sessions.hasDeadline()
          && (earliest == Long.MAX_VALUE || sessions.deadlineNanos() - earliest < 0)) {
        earliest = sessions.deadlineNanos();
      }
    }
    return earliest;
  }

  @Override
  public void onTurn(long nowNanos) {
    // Twice, so that what one loop hands to another is sent in the same instant.
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < loops.size(); i++) {
        if (i == stopped) {
          continue;
        }
        boolean _ = loops.get(i).receivePiped(nowNanos);
        boolean _ = loops.get(i).onTurnEnd(nowNanos);
        outboxes.get(i).flush();
        loops.get(i).onSent(nowNanos + sendDelayNanos);
        loops.get(i).onBusy(isBusy);
      }
    }
  }

  /// Datagrams sent while {@link #isCountingOnly}.
  long countedDatagrams() {
    return countedDatagrams;
  }

  PeerSessions sessions() {
    return loops.getFirst();
  }

  Outbox outbox() {
    return outboxes.getFirst();
  }

  /// Datagrams sent to where nobody is (any more).
  long strayDatagrams() {
    return strayDatagrams;
  }

  /// The statistics, brought up to date by letting a housekeeping interval pass.
  PeerSessions.Statistics statistics() {
    simulation.run(2 * HOUSEKEEPING_NANOS);
    return sessions().statistics();
  }

  PeerSessions.Statistics statistics(int loop) {
    simulation.run(2 * HOUSEKEEPING_NANOS);
    return loops.get(loop).statistics();
  }

  long count(Outcome outcome) {
    return statistics().count(outcome);
  }
}
