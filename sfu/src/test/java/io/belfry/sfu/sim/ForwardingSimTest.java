package io.belfry.sfu.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.sfu.control.Event;
import io.belfry.sfu.srtp.SrtpProfile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// One publisher, several subscribers, a good network.
class ForwardingSimTest {
  private static final long MILLI = Simulation.MILLI;
  private static final long SECOND = Simulation.SECOND;

  private final SimNode node = new SimNode(1);
  private final Simulation simulation = node.simulation;
  private final SimPublisher publisher = new SimPublisher(node, 1, 11);

  private SimSubscriber subscriber(long transportId) {
    SimSubscriber subscriber = new SimSubscriber(node, transportId, 20 + transportId);
    subscriber.connect(SrtpProfile.AEAD_AES_128_GCM);
    return subscriber;
  }

  /// SRTP would refuse, and the payload would notice, anything that changed on the way.
  @ParameterizedTest
  @EnumSource
  void mediaArrivesUnalteredAtEverySubscriber(SrtpProfile profile) {
    SimSubscriber[] subscribers = {subscriber(2), subscriber(3)};
    publisher.connect(profile);
    SimTrack audio = publisher.publish(1, false);
    SimTrack video = publisher.publish(2, true);
    for (SimSubscriber subscriber : subscribers) {
      subscriber.subscribe(audio);
      subscriber.subscribe(video);
    }
    simulation.run(5 * SECOND);
    publisher.isSending = false;
    simulation.run(SECOND);
    for (SimSubscriber subscriber : subscribers) {
      assertEquals(0, subscriber.refused);
      for (ReceivedTrack track : subscriber.tracks) {
        assertEquals(0, track.gaps());
        assertEquals(0, track.disordered);
        assertEquals(0, track.repaired);
        assertNotEquals(track.source.ssrc, track.ssrc);
        assertEquals(track.source.sentPackets(), track.packets(), "from the first to the last");
      }
    }
    assertNotEquals(subscribers[0].tracks.get(1).ssrc, subscribers[1].tracks.get(1).ssrc);
    assertEquals(0, publisher.senselessRequests, "audio has no key frames");
    assertEquals(0, node.strayDatagrams());
  }

  @Test
  void tellsWhatHappensToTransportsAndTracks() {
    publisher.connect(SrtpProfile.AEAD_AES_128_GCM);
    publisher.publish(1, false);
    simulation.run(SECOND);
    assertEquals(
        List.of(new Event.TransportConnected(1), new Event.ProducerStarted(1, 1)), node.events);
  }

  @Test
  void asksForAKeyFrameForANewSubscriber() {
    publisher.connect(SrtpProfile.AEAD_AES_128_GCM);
    SimTrack video = publisher.publish(2, true);
    simulation.run(3 * SECOND);
    assertEquals(0, video.keyFrameRequests);
    assertEquals(1, video.keyFrames);

    SimSubscriber late = subscriber(2);
    ReceivedTrack track = late.subscribe(video);
    simulation.run(300 * MILLI);
    assertEquals(1, video.keyFrameRequests);
    assertEquals(2, video.keyFrames);
    assertTrue(track.packets() > 0);

    late.requestKeyFrame(track);
    simulation.run(2 * SECOND);
    assertEquals(2, video.keyFrameRequests);
    assertEquals(3, video.keyFrames);
  }

  /// Ten people join at once: the publisher makes a key frame or two, not ten.
  @Test
  void asksOnceForManySubscribers() {
    publisher.connect(SrtpProfile.AEAD_AES_128_GCM);
    SimTrack video = publisher.publish(2, true);
    simulation.run(SECOND);
    for (int i = 0; i < 10; i++) {
      new SimSubscriber(node, 10 + i, i).subscribe(video);
    }
    simulation.run(100 * MILLI);
    assertEquals(0, video.keyFrameRequests, "nobody can receive yet");
    SimSubscriber[] subscribers = new SimSubscriber[10];
    for (int i = 0; i < 10; i++) {
      subscribers[i] = subscriber(30 + i);
      subscribers[i].subscribe(video);
    }
    simulation.run(3 * SECOND);
    assertTrue(video.keyFrameRequests <= 3, video.keyFrameRequests + " requests");
    for (SimSubscriber subscriber : subscribers) {
      assertTrue(subscriber.tracks.getFirst().packets() > 200);
    }
  }

  /// The publisher's estimator learns that everything arrived, and its reports say so.
  @Test
  void reportsToThePublisher() {
    publisher.connect(SrtpProfile.AEAD_AES_128_GCM);
    publisher.publish(1, false);
    publisher.publish(2, true);
    simulation.run(10 * SECOND);
    publisher.isSending = false;
    simulation.run(SECOND);
    assertEquals(publisher.transportSequences(), publisher.reportedReceived.cardinality());
    assertEquals(0, publisher.reportedLost.cardinality());
    assertTrue(publisher.reports >= 10);
    assertEquals(0, publisher.reportedCumulativeLost);
  }

  @Test
  void reportsLossesToThePublisher() {
    publisher.connect(SrtpProfile.AEAD_AES_128_GCM);
    publisher.publish(1, false);
    simulation.run(SECOND);
    publisher.up.lossPercent = 10;
    simulation.run(20 * SECOND);
    publisher.up.lossPercent = 0;
    simulation.run(2 * SECOND);
    assertTrue(publisher.reportedLost.cardinality() > 50);
    assertEquals(publisher.reportedLost.cardinality(), publisher.reportedCumulativeLost);
  }

  /// Receivers play what was captured together at the same time: the sender reports map each
  /// stream's timestamps to the publisher's clock.
  @Test
  void senderReportsKeepLipSync() {
    publisher.connect(SrtpProfile.AEAD_AES_128_GCM);
    SimTrack audio = publisher.publish(1, false);
    SimTrack video = publisher.publish(2, true);
    simulation.run(SECOND);
    SimSubscriber subscriber = subscriber(2);
    subscriber.subscribe(audio);
    subscriber.subscribe(video);
    publisher.up.jitterNanos = 5 * MILLI;
    simulation.run(20 * SECOND);
    assertEquals(0, publisher.senselessRequests, "audio has no key frames");
    for (ReceivedTrack track : subscriber.tracks) {
      assertTrue(track.senderReports >= 15, track.senderReports + " reports");
      // One-way delay and its jitter are in it, the same for both.
      assertTrue(track.worstClockErrorNanos < 20 * MILLI, track.worstClockErrorNanos + " ns off");
    }
  }

  /// Sequence numbers wrap every few minutes of video, and the roll-over counter goes on.
  @Test
  void goesOnOverWrapsOfTheSequenceOnBothSides() {
    publisher.connect(SrtpProfile.AEAD_AES_128_GCM);
    SimTrack video = publisher.publish(2, true, 32_000);
    SimSubscriber subscriber = subscriber(2);
    ReceivedTrack track = subscriber.subscribe(video);
    simulation.run(1500 * SECOND);
    assertTrue(video.nextIndex > 2 * 65_536, "index " + video.nextIndex);
    assertTrue(track.highestIndex() > 65_536);
    assertEquals(0, track.gaps());
    assertEquals(0, subscriber.refused);
    assertEquals(0, track.disordered);
  }
}
