package io.belfry.sfu.session;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.control.Command;
import io.belfry.sfu.control.ConsumerSpec;
import io.belfry.sfu.control.Event;
import io.belfry.sfu.control.ProducerSpec;
import io.belfry.sfu.demux.PacketKind;
import io.belfry.sfu.ice.IceCredentials;
import io.belfry.sfu.ice.IceOutcome;
import io.belfry.sfu.pipe.PipeEnds;
import io.belfry.sfu.route.DelayHistogram;
import io.belfry.sfu.route.Producer;
import io.belfry.sfu.route.Room;
import io.belfry.sfu.route.RouteCounters;
import io.belfry.sfu.stun.StunMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/// All transports and rooms of one media loop: finds whose a datagram is, carries out commands, and
/// runs what is due.
///
/// A datagram finds its transport by source address, once that has passed an authenticated
/// connectivity check; the check itself by the local user fragment in it (RFC 8445 §7.3).
public final class PeerSessions {
  /// How often transports are asked for feedback that is due.
  static final long TICK_NANOS = 10_000_000L;

  /// A receiver's transport needs nothing more often than once a second: its turn comes in one of
  /// this many ticks, a few transports in each.
  private static final int TICKS_PER_SECOND = 100;

  private static final long HOUSEKEEPING_NANOS = 250_000_000L;

  private final Outbox outbox;
  private final SessionSettings settings;
  private final TransportTools tools;
  private final Consumer<Event> events;
  private final RandomGenerator random;
  private final Long2ObjectHashMap<Room> rooms = new Long2ObjectHashMap<>();
  private final Long2ObjectHashMap<PeerSession> transports = new Long2ObjectHashMap<>();
  private final Long2ObjectHashMap<PeerSession> byFragment = new Long2ObjectHashMap<>();
  private final Long2ObjectHashMap<Producer> producers = new Long2ObjectHashMap<>();
  private final Long2ObjectHashMap<MediaReceiver> publishers = new Long2ObjectHashMap<>();
  private final PipeEnds pipes;
  private final PipedTracks piped;
  private final List<PeerSession> publishing = new ArrayList<>();
  private final List<PeerSession> receiving = new ArrayList<>();

  /// Receivers that have had no report yet: the first comes early, for lip sync.
  private final List<PeerSession> fresh = new ArrayList<>();

  private int nextReceiving;
  private int receivingDue;
  private final List<Room> openRooms = new ArrayList<>();
  private final AddressTable addresses = new AddressTable();
  private final StunMessage stun = new StunMessage();
  private final StunQuestion discovery = new StunQuestion();
  private final RouteCounters counters = new RouteCounters();
  private final DelayHistogram delays = new DelayHistogram();
  private final LoadShedder shedder = new LoadShedder();
  private boolean isBusy;
  private final long[] outcomes = new long[Outcome.values().length];
  private boolean hasTurned;
  private long nextTickNanos;
  private long nextHousekeepingNanos;

  /// Whether something was counted since the statistics were brought up to date.
  private boolean isStale;

  private volatile Statistics statistics =
      new Statistics(new long[outcomes.length], 0, 0, 0, 0, 0, 0, 0, 0, delays.snapshot());

  /// What a loop holds and has seen, as of a quarter of a second ago at most.
  ///
  /// @param outcomes of received datagrams, by {@link Outcome#ordinal}
  /// @param shedLevel what is left out since the loop does not keep up, in [0, 3]
  /// @param pipeDroppedPackets packets for other loops that those did not take in time
  @SuppressWarnings("ArrayRecordComponent") // a snapshot, never compared
  public record Statistics(
      long[] outcomes,
      int rooms,
      int transports,
      int producers,
      long pipeDroppedPackets,
      long forwardedPackets,
      long resentPackets,
      long unansweredNacks,
      int shedLevel,
      DelayHistogram.Snapshot delays) {

    /// Datagrams of this outcome so far.
    @SuppressWarnings("EnumOrdinal") // an array indexed by it, so that counting costs nothing
    public long count(Outcome outcome) {
      return outcomes[outcome.ordinal()];
    }
  }

  public PeerSessions(
      Outbox outbox,
      SessionSettings settings,
      TransportTools tools,
      PipeEnds pipes,
      Consumer<Event> events,
      RandomGenerator random) {
    this.outbox = outbox;
    this.settings = settings;
    this.tools = tools;
    this.pipes = pipes;
    this.piped = new PipedTracks(pipes, producers, counters);
    this.events = events;
    this.random = random;
  }

  /// Takes a datagram that was received. Its bytes may be changed.
  ///
  /// @param local which of our addresses it came to, see {@link PeerAddress#local}
  @SuppressWarnings("EnumOrdinal") // an array indexed by it, so that counting costs nothing
  public void onDatagram(
      Memory memory,
      int offset,
      int length,
      long high,
      long low,
      int port,
      int local,
      long nowNanos) {
    isStale = true;
    outcomes[route(memory, offset, length, high, low, port, local, nowNanos).ordinal()]++;
  }

  private Outcome route(
      Memory memory,
      int offset,
      int length,
      long high,
      long low,
      int port,
      int local,
      long nowNanos) {
    if (length < 2) {
      return Outcome.UNKNOWN_PROTOCOL;
    }
    PacketKind kind = PacketKind.of(memory.bytes().get(offset), memory.bytes().get(offset + 1));
    if (kind == PacketKind.STUN) {
      return onStun(memory, offset, length, high, low, port, local, nowNanos);
    }
    if (kind == PacketKind.UNKNOWN) {
      return Outcome.UNKNOWN_PROTOCOL;
    }
    AddressTable.Entry path = addresses.get(high, low, port, local);
    if (path == null) {
      return Outcome.UNKNOWN_ADDRESS;
    }
    PeerSession session = path.session();
    Outcome outcome = onPacket(session, kind, memory, offset, length, nowNanos);
    if (outcome == Outcome.RTP || outcome == Outcome.RTCP) {
      session.onMedia(path.address(), nowNanos);
    }
    return outcome;
  }

  private static Outcome onPacket(
      PeerSession session, PacketKind kind, Memory memory, int offset, int length, long nowNanos) {
    return switch (kind) {
      case DTLS -> session.onDtls(memory, offset, length);
      case RTP -> session.onRtp(memory, offset, length, nowNanos);
      case RTCP -> session.onRtcp(memory, offset, length, nowNanos);
      case STUN, UNKNOWN -> Outcome.UNKNOWN_PROTOCOL;
    };
  }

  /// Answers a connectivity check (RFC 8445 §7.3). Until its integrity is verified it costs neither
  /// memory nor state.
  private Outcome onStun(
      Memory memory,
      int offset,
      int length,
      long high,
      long low,
      int port,
      int local,
      long nowNanos) {
    if (!stun.wrap(memory, offset, length)) {
      return Outcome.STUN_INVALID;
    }
    if (stun.type() == StunMessage.BINDING_SUCCESS_RESPONSE) {
      return discovery.onAnswer(stun) ? Outcome.STUN_ANSWER : Outcome.STUN_INVALID;
    }
    PeerSession session = byFragment.get(stun.localFragment());
    if (session == null) {
      return Outcome.STUN_INVALID;
    }
    if (session.ice().verify(stun) != IceOutcome.VERIFIED) {
      return Outcome.STUN_UNAUTHENTICATED;
    }
    AddressTable.Entry known = addresses.get(high, low, port, local);
    PeerAddress from =
        known != null && known.session() == session
            ? known.address()
            : new PeerAddress(high, low, port, local);
    if (known == null || known.session() != session) {
      remember(session, from);
    }
    session.onConnectivityCheck(stun, from, nowNanos);
    byFragment.remove(session.ice().takeRetiredFragment());
    return Outcome.STUN;
  }

  /// Whether a valid check came on this path, and nothing has ended it since.
  public boolean hasPath(long high, long low, int port, int local) {
    return addresses.get(high, low, port, local) != null;
  }

  /// A path that is a connection was closed.
  public void onPathClosed(long high, long low, int port, int local, long nowNanos) {
    AddressTable.Entry path = addresses.get(high, low, port, local);
    if (path != null) {
      addresses.remove(path.address(), path.session());
      path.session().onPathClosed(path.address(), nowNanos);
    }
  }

  private void remember(PeerSession session, PeerAddress from) {
    PeerAddress forgotten = session.addPath(from, settings.maxPathsPerTransport());
    if (forgotten != null) {
      addresses.remove(forgotten, session);
    }
    addresses.put(from, session);
  }

  /// Carries out a command of the control plane.
  public void onCommand(Command command, long nowNanos) {
    isStale = true;
    switch (command) {
      case Command.OpenRoom(long id) -> openRoom(id);
      case Command.CloseRoom(long id) -> closeRoom(id, nowNanos);
      case Command.PipeRoom(long id, int toLoop) -> {
        Room room = rooms.get(id);
        if (room != null) {
          room.addPipe(pipes.to(toLoop));
        }
      }
      case Command.UnpipeRoom(long id, int toLoop) -> {
        Room room = rooms.get(id);
        if (room != null) {
          room.removePipe(pipes.to(toLoop));
        }
      }
      case Command.ProducePiped(long id, int fromLoop, var spec) -> {
        Room room = rooms.get(id);
        if (room != null) {
          piped.produce(room, fromLoop, spec);
        }
      }
      case Command.OpenTransport open -> openTransport(open);
      case Command.CloseTransport(long id) -> closeTransport(transports.remove(id), nowNanos);
      case Command.CloseProducer(long id) -> closeProducer(id, nowNanos);
      case Command.CloseConsumer(long id) -> closeConsumer(id);
      case Command.SetRemoteFingerprint(long id, var fingerprint) ->
          with(id, transport -> transport.dtls().expect(fingerprint));
      case Command.RestartIce(long id, var local) ->
          with(id, transport -> restartIce(transport, local));
      case Command.Produce(long id, var spec) -> with(id, transport -> produce(transport, spec));
      case Command.Consume(long id, var spec) ->
          with(id, transport -> consume(transport, spec, nowNanos));
      case Command.SendDtls(long id, byte[] datagram) ->
          with(id, transport -> transport.sendDtls(datagram));
      case Command.AskStun question -> discovery.ask(question, outbox);
      case Command.EndDtls(long id, String reason) -> with(id, transport -> transport.lose(reason));
      case Command.InstallKeys(long id, var keys) -> {
        PeerSession transport = transports.get(id);
        if (transport == null) {
          keys.close();
        } else {
          transport.installKeys(keys, nowNanos);
        }
      }
    }
  }

  private void with(long transportId, Consumer<PeerSession> action) {
    PeerSession transport = transports.get(transportId);
    if (transport != null) {
      action.accept(transport);
    }
  }

  private void openRoom(long id) {
    Room room = new Room(id, settings.limits(), random, counters);
    if (rooms.put(id, room) == null) {
      openRooms.add(room);
    }
  }

  private void closeRoom(long id, long nowNanos) {
    Room room = rooms.remove(id);
    if (room == null) {
      return;
    }
    openRooms.remove(room);
    for (PeerSession transport : List.copyOf(transports.values())) {
      if (transport.room() == room) {
        closeTransport(transports.remove(transport.id()), nowNanos);
      }
    }
    piped.closeAll(room, nowNanos);
  }

  private void openTransport(Command.OpenTransport open) {
    Room room = rooms.get(open.roomId());
    if (room == null) {
      return;
    }
    PeerSession transport =
        new PeerSession(
            open.transportId(),
            open.isPublish(),
            open.local(),
            settings.consentNanos(),
            room,
            outbox,
            tools,
            events);
    transports.put(open.transportId(), transport);
    byFragment.put(open.local().fragmentKey(), transport);
    if (open.isPublish()) {
      publishing.add(transport);
    } else {
      receiving.add(transport);
      fresh.add(transport);
    }
  }

  private void closeTransport(@Nullable PeerSession transport, long nowNanos) {
    if (transport == null) {
      return;
    }
    MediaReceiver receiver = transport.receiver();
    if (receiver != null) {
      for (Producer producer : List.copyOf(receiver.producers())) {
        closeProducer(producer.id(), nowNanos);
      }
    }
    for (PeerAddress path : transport.paths()) {
      addresses.remove(path, transport);
    }
    byFragment.values().removeIf(found -> found == transport);
    publishing.remove(transport);
    receiving.remove(transport);
    fresh.remove(transport);
    transport.close();
  }

  private void restartIce(PeerSession transport, IceCredentials local) {
    byFragment.put(local.fragmentKey(), transport);
    transport.restartIce(local);
    byFragment.remove(transport.ice().takeRetiredFragment());
  }

  private void produce(PeerSession transport, ProducerSpec spec) {
    MediaReceiver receiver = transport.receiver();
    if (receiver != null) {
      Producer fresh = receiver.produce(spec);
      if (fresh != null) {
        producers.put(fresh.id(), fresh);
        publishers.put(fresh.id(), receiver);
      }
    }
  }

  private void closeProducer(long id, long nowNanos) {
    Producer producer = piped.close(id, nowNanos);
    if (producer == null) {
      producer = producers.remove(id);
      MediaReceiver publisher = publishers.remove(id);
      if (producer == null || publisher == null) {
        return;
      }
      publisher.closeProducer(producer, nowNanos);
    }
    for (int i = 0; i < receiving.size(); i++) {
      MediaSender sender = receiving.get(i).sender();
      if (sender != null) {
        sender.onProducerClosed(producer);
      }
    }
  }

  private void consume(PeerSession transport, ConsumerSpec spec, long nowNanos) {
    Producer producer = producers.get(spec.producerId());
    MediaSender sender = transport.sender();
    if (producer != null && sender != null) {
      sender.consume(producer, spec, nowNanos);
    }
  }

  private void closeConsumer(long id) {
    for (int i = 0; i < receiving.size(); i++) {
      MediaSender sender = receiving.get(i).sender();
      if (sender != null && sender.closeConsumer(id)) {
        return;
      }
    }
  }

  /// Sends what is due and runs due timers; called after each batch.
  ///
  /// @return whether the statistics were brought up to date
  public boolean onTurnEnd(long nowNanos) {
    if (!hasTurned) {
      hasTurned = true; // a time line may begin anywhere, below zero too
      nextTickNanos = nowNanos;
      nextHousekeepingNanos = nowNanos;
    }
    for (int i = 0; i < openRooms.size(); i++) {
      openRooms.get(i).flushIfDue(nowNanos);
    }
    if (nowNanos - nextTickNanos >= 0) {
      nextTickNanos = nowNanos + TICK_NANOS;
      for (int i = publishing.size() - 1; i >= 0; i--) {
        publishing.get(i).onTick(nowNanos);
      }
      tickReceivers(nowNanos);
      piped.onTick(nowNanos);
    }
    if (nowNanos - nextHousekeepingNanos >= 0) {
      nextHousekeepingNanos = nowNanos + HOUSEKEEPING_NANOS;
      int shed = shedder.judge(isBusy);
      for (int i = 0; i < openRooms.size(); i++) {
        openRooms.get(i).shed(shed, nowNanos);
        openRooms.get(i).chooseEncodings(nowNanos);
      }
      for (int i = 0; i < publishing.size(); i++) {
        publishing.get(i).checkConsent(nowNanos);
      }
      for (int i = 0; i < receiving.size(); i++) {
        receiving.get(i).checkConsent(nowNanos);
      }
      statistics = measure();
      isStale = false;
      pipes.publish();
      return true;
    }
    pipes.publish();
    return false;
  }

  /// Gives as many receivers their turn as are due in one tick. To visit all of them in each would
  /// fetch the state of every receiver from memory a hundred times a second, for nothing.
  private void tickReceivers(long nowNanos) {
    for (int i = fresh.size() - 1; i >= 0; i--) {
      PeerSession transport = fresh.get(i);
      transport.onTick(nowNanos);
      MediaSender sender = transport.sender();
      if (sender == null || sender.hasReported()) {
        fresh.remove(i);
      }
    }
    receivingDue += receiving.size();
    while (receivingDue >= TICKS_PER_SECOND) {
      receivingDue -= TICKS_PER_SECOND;
      nextReceiving = nextReceiving + 1 < receiving.size() ? nextReceiving + 1 : 0;
      receiving.get(nextReceiving).onTick(nowNanos);
    }
  }

  /// Tells whether the loop has had much to do of late, so that packets that leave late are its own
  /// doing.
  public void onBusy(boolean isBusy) {
    this.isBusy = isBusy;
  }

  /// Tells when the datagrams that follow came to the socket.
  public void onArrival(long arrivalNanos) {
    counters.arrivalNanos = arrivalNanos;
  }

  /// What was flushed has left.
  ///
  /// @param sentNanos the time now
  public void onSent(long sentNanos) {
    if (hasFlushed()) {
      long delay = sentNanos - counters.oldestFlushedNanos;
      delays.record(delay);
      shedder.onForwarded(delay);
      counters.oldestFlushedNanos = RouteCounters.NONE;
    }
  }

  /// Whether this turn has flushed packets to receivers.
  public boolean hasFlushed() {
    return counters.oldestFlushedNanos != RouteCounters.NONE;
  }

  /// Takes what came from other loops.
  ///
  /// @return whether there may be more
  public boolean receivePiped(long nowNanos) {
    return pipes.receive(piped, nowNanos);
  }

  /// Whether something from another loop waits for {@link #receivePiped}.
  public boolean hasPiped() {
    return pipes.hasIncoming();
  }

  /// Whether {@link #onTurnEnd} must be called by itself at some time: not while nobody is here and
  /// the statistics tell everything.
  public boolean hasDeadline() {
    return isStale || !transports.isEmpty();
  }

  /// When {@link #onTurnEnd} is due at the latest.
  public long deadlineNanos() {
    long deadline = transports.isEmpty() ? nextHousekeepingNanos : nextTickNanos;
    for (int i = 0; i < openRooms.size(); i++) {
      Room room = openRooms.get(i);
      if (room.hasPending() && room.flushDeadlineNanos() - deadline < 0) {
        deadline = room.flushDeadlineNanos();
      }
    }
    return deadline;
  }

  private Statistics measure() {
    return new Statistics(
        outcomes.clone(),
        rooms.size(),
        transports.size(),
        producers.size(),
        pipes.droppedPackets(),
        counters.forwardedPackets,
        counters.resentPackets,
        counters.unansweredNacks,
        shedder.level(),
        delays.snapshot());
  }

  /// As of the last housekeeping. Called from any thread.
  public Statistics statistics() {
    return statistics;
  }
}
