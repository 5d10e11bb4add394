package io.belfry.sfu.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.sfu.session.Outcome;
import io.belfry.sfu.srtp.SrtpProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A bad network on either side: what is lost comes again, and what arrives is what was sent.
class RepairSimTest {
  private static final long MILLI = Simulation.MILLI;
  private static final long SECOND = Simulation.SECOND;

  private final SimNode node = new SimNode(1);
  private final Simulation simulation = node.simulation;

  private SimPublisher publisher(long seed) {
    SimPublisher publisher = new SimPublisher(node, 1, seed);
    publisher.connect(SrtpProfile.AEAD_AES_128_GCM);
    return publisher;
  }

  private SimSubscriber subscriber(long transportId, long seed) {
    SimSubscriber subscriber = new SimSubscriber(node, transportId, seed);
    subscriber.connect(SrtpProfile.AEAD_AES_128_GCM);
    return subscriber;
  }

  /// Ends the losses while media still flows, so that the last ones are noticed, then the media.
  private void recover(SimPublisher publisher, SimSubscriber... subscribers) {
    publisher.up.lossPercent = 0;
    publisher.down.lossPercent = 0;
    for (SimSubscriber subscriber : subscribers) {
      subscriber.up.lossPercent = 0;
      subscriber.down.lossPercent = 0;
    }
    simulation.run(2 * SECOND);
    publisher.isSending = false;
    simulation.run(2 * SECOND);
  }

  private static void assertComplete(ReceivedTrack track, long seed) {
    assertEquals(0, track.gaps(), "seed " + seed);
    assertEquals(0, track.disordered, "seed " + seed);
    assertEquals(track.source.sentPackets(), track.packets(), "seed " + seed);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void repairsTwentyPercentLossOnTheWayDown(long seed) {
    SimSubscriber lossy = subscriber(2, seed);
    SimSubscriber clean = subscriber(3, -seed);
    SimPublisher publisher = publisher(10 + seed);
    SimTrack video = publisher.publish(1, true);
    ReceivedTrack repaired = lossy.subscribe(video);
    ReceivedTrack whole = clean.subscribe(video);
    simulation.run(500 * MILLI);
    lossy.down.lossPercent = 20;
    lossy.up.lossPercent = 20; // NACKs too
    simulation.run(20 * SECOND);
    recover(publisher, lossy);
    assertComplete(repaired, seed);
    assertComplete(whole, seed);
    assertTrue(lossy.down.lost() > 300, "seed " + seed);
    assertTrue(repaired.repaired > 300, "seed " + seed);
    assertEquals(0, whole.repaired);
    assertEquals(0, video.resent, "repaired from the cache, not from the publisher");
    assertEquals(0, node.statistics().unansweredNacks());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void asksThePublisherForWhatIsLostOnTheWayUp(long seed) {
    SimSubscriber[] subscribers = {subscriber(2, seed), subscriber(3, -seed)};
    SimPublisher publisher = publisher(10 + seed);
    SimTrack video = publisher.publish(1, true);
    for (SimSubscriber subscriber : subscribers) {
      subscriber.subscribe(video);
    }
    simulation.run(500 * MILLI);
    publisher.up.lossPercent = 20;
    publisher.down.lossPercent = 20;
    simulation.run(20 * SECOND);
    recover(publisher, subscribers);
    assertTrue(publisher.up.lost() > 300, "seed " + seed);
    assertTrue(video.resent > 300, "seed " + seed);
    for (SimSubscriber subscriber : subscribers) {
      assertComplete(subscriber.tracks.getFirst(), seed);
      assertEquals(0, subscriber.refused);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void putsUpWithJitterReorderingAndDuplicates(long seed) {
    SimSubscriber subscriber = subscriber(2, seed);
    SimPublisher publisher = publisher(10 + seed);
    SimTrack video = publisher.publish(1, true);
    ReceivedTrack track = subscriber.subscribe(video);
    simulation.run(500 * MILLI);
    for (SimPeer peer : new SimPeer[] {publisher, subscriber}) {
      peer.up.jitterNanos = 300 * MILLI;
      peer.down.jitterNanos = 300 * MILLI;
      peer.up.duplicatePercent = 10;
    }
    publisher.up.lossPercent = 5;
    subscriber.down.lossPercent = 5;
    simulation.run(20 * SECOND);
    recover(publisher, subscriber);
    assertComplete(track, seed);
    assertEquals(0, subscriber.refused, "nothing is sent twice under one index");
    assertTrue(node.count(Outcome.REPLAYED) > 100);
  }

  /// What is older than the cache cannot be had; the receiver gets on with a key frame.
  @Test
  void countsWhatItCannotSendAgain() {
    SimPublisher publisher = publisher(1);
    SimTrack video = publisher.publish(1, true);
    SimSubscriber subscriber = subscriber(2, 2);
    ReceivedTrack track = subscriber.subscribe(video);
    simulation.run(SECOND);
    subscriber.isNacking = false;
    subscriber.down.lossPercent = 100;
    simulation.run(100 * MILLI);
    subscriber.down.lossPercent = 0;
    simulation.run(30 * SECOND); // 2,700 packets, and the cache holds 1,024
    int gaps = track.gaps();
    assertTrue(gaps > 3);
    subscriber.isNacking = true;
    simulation.run(SECOND);
    assertEquals(gaps, track.gaps());
    assertTrue(node.statistics().unansweredNacks() >= gaps);
    assertEquals(0, node.statistics().resentPackets());
  }

  /// An hour with two percent lost everywhere, every wrap included, in some seconds.
  @Test
  void getsThroughAnHour() {
    SimSubscriber subscriber = subscriber(2, 3);
    SimPublisher publisher = publisher(4);
    SimTrack audio = publisher.publish(1, false);
    SimTrack video = publisher.publish(2, true);
    ReceivedTrack heard = subscriber.subscribe(audio);
    ReceivedTrack seen = subscriber.subscribe(video);
    simulation.run(SECOND);
    for (SimPeer peer : new SimPeer[] {publisher, subscriber}) {
      peer.up.lossPercent = 2;
      peer.down.lossPercent = 2;
      peer.up.jitterNanos = 20 * MILLI;
      peer.down.jitterNanos = 20 * MILLI;
    }
    simulation.run(3600 * SECOND);
    recover(publisher, subscriber);
    assertComplete(seen, 4);
    assertTrue(video.nextIndex > 4 * 65_536, "index " + video.nextIndex);
    assertEquals(0, heard.disordered);
    double heardShare = (double) heard.packets() / audio.sentPackets();
    assertEquals(0.98 * 0.98, heardShare, 0.01, "audio is not repaired");
    assertTrue(heard.worstClockErrorNanos < 50 * MILLI);
    assertTrue(seen.worstClockErrorNanos < 50 * MILLI);
    assertEquals(0, subscriber.refused);
    assertTrue(node.events.stream().noneMatch(e -> e.toString().contains("Lost")));
  }
}
