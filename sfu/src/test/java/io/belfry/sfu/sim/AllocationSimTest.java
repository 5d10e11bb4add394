package io.belfry.sfu.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.belfry.common.bytes.Memory;
import io.belfry.sfu.session.Outbox;
import io.belfry.sfu.session.PeerAddress;
import io.belfry.sfu.session.PeerSessions;
import io.belfry.sfu.srtp.SrtpProfile;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The media loop's promise, from the received datagram to the one handed to the socket: demux,
/// SRTP, cache, rewriting, retransmission, feedback and reports without an object.
class AllocationSimTest {
  private static final int SUBSCRIBERS = 4;
  private static final int ROUNDS = 4;
  private static final int PACKETS_PER_ROUND = 5_001;
  private static final int FRAMES_PER_ROUND = PACKETS_PER_ROUND / 3;
  private static final int PACKETS_PER_TURN = 9;
  private static final int PACKETS_PER_NACK = 90;
  private static final int SLOT_BYTES = 1_200;

  /// A round is over before the next snapshot of the statistics, which is an object four times a
  /// second; ticks, feedback and reports fall into it.
  private static final long PACKET_INTERVAL_NANOS = 40_000;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final SimNode node = new SimNode(1);
  private final Simulation simulation = node.simulation;
  private final SimPublisher publisher = new SimPublisher(node, 1, 11);
  private final List<SimSubscriber> subscribers = new ArrayList<>();
  private long nowNanos;

  /// Datagrams received in a round, laid out as in a receive batch.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Round(Memory memory, int[] lengths, long[] hosts) {}

  @ParameterizedTest
  @EnumSource
  void forwardsTwentyThousandPacketsWithoutAllocating(SrtpProfile profile) {
    assumeTrue(SimNode.CRYPTO.isNative(), SimNode.CRYPTO.description());
    SimTrack video = beginCall(profile);
    List<Round> rounds = new ArrayList<>();
    for (int i = 0; i < ROUNDS; i++) {
      rounds.add(record(video, i * PACKETS_PER_ROUND));
    }
    node.isCountingOnly = true;
    nowNanos = simulation.nowNanos();
    long allocated = -1;
    long forwarded = 0;
    long resent = 0;
    for (Round round : rounds) {
      awaitSnapshot();
      PeerSessions.Statistics before = node.sessions().statistics();
      long bytes = threads.getCurrentThreadAllocatedBytes();
      play(round);
      allocated = threads.getCurrentThreadAllocatedBytes() - bytes;
      awaitSnapshot();
      PeerSessions.Statistics after = node.sessions().statistics();
      forwarded = after.forwardedPackets() - before.forwardedPackets();
      resent = after.resentPackets() - before.resentPackets();
    }
    assertEquals(SUBSCRIBERS * PACKETS_PER_ROUND, forwarded);
    assertEquals(SUBSCRIBERS * (PACKETS_PER_ROUND / PACKETS_PER_NACK), resent);
    assertTrue(node.countedDatagrams() > ROUNDS * (forwarded + resent), "and reports");
    // An object here or there belongs to the running compiler, not to a packet.
    assertTrue(allocated < forwarded / 10, allocated + " bytes in " + forwarded + " packets");
  }

  private SimTrack beginCall(SrtpProfile profile) {
    publisher.connect(profile);
    SimTrack video = publisher.publish(1, true);
    for (int i = 0; i < SUBSCRIBERS; i++) {
      SimSubscriber subscriber = new SimSubscriber(node, 2 + i, 20 + i);
      subscriber.connect(profile);
      subscriber.subscribe(video);
      subscribers.add(subscriber);
    }
    simulation.run(2 * Simulation.SECOND);
    publisher.isSending = false;
    simulation.run(Simulation.SECOND);
    return video;
  }

  /// Makes the datagrams of a round: frames of the publisher, and NACKs of every subscriber for a
  /// packet that it got shortly before.
  private Round record(SimTrack video, int packetsBefore) {
    List<byte[]> media = new ArrayList<>();
    publisher.up.lossPercent = 100; // they are only to be made
    publisher.up.tap = media::add;
    for (int i = 0; i < FRAMES_PER_ROUND; i++) {
      video.sendFrame(simulation.elapsedNanos() + i);
    }
    List<byte[]> datagrams = new ArrayList<>();
    List<SimNode.Address> senders = new ArrayList<>();
    for (int i = 0; i < media.size(); i++) {
      datagrams.add(media.get(i));
      senders.add(publisher.address());
      if (i % PACKETS_PER_NACK == PACKETS_PER_NACK - 1) {
        for (SimSubscriber subscriber : subscribers) {
          ReceivedTrack track = subscriber.tracks.getFirst();
          long lost = track.highestIndex() + packetsBefore + i - 20;
          datagrams.add(subscriber.nackBytes(track, (int) (lost & 0xFFFF)));
          senders.add(subscriber.address());
        }
      }
    }
    Memory memory = Memory.allocate(datagrams.size() * SLOT_BYTES);
    int[] lengths = new int[datagrams.size()];
    long[] hosts = new long[datagrams.size()];
    for (int i = 0; i < lengths.length; i++) {
      memory.bytes().put(i * SLOT_BYTES, datagrams.get(i));
      lengths[i] = datagrams.get(i).length;
      hosts[i] = senders.get(i).low();
    }
    return new Round(memory, lengths, hosts);
  }

  /// Turns until the statistics have just been brought up to date.
  private void awaitSnapshot() {
    do {
      nowNanos += Simulation.MILLI;
    } while (!node.sessions().onTurnEnd(nowNanos));
    node.outbox().flush();
  }

  /// What the loop does, turn by turn.
  private void play(Round round) {
    PeerSessions sessions = node.sessions();
    Outbox outbox = node.outbox();
    int port = publisher.address().port();
    for (int i = 0; i < round.lengths.length; i++) {
      sessions.onDatagram(
          round.memory,
          i * SLOT_BYTES,
          round.lengths[i],
          0,
          round.hosts[i],
          port,
          PeerAddress.ANY_LOCAL,
          nowNanos);
      nowNanos += PACKET_INTERVAL_NANOS;
      if (i % PACKETS_PER_TURN == PACKETS_PER_TURN - 1) {
        boolean _ = sessions.onTurnEnd(nowNanos);
        outbox.flush();
      }
    }
    boolean _ = sessions.onTurnEnd(nowNanos + 2 * Simulation.MILLI);
    outbox.flush();
  }
}
