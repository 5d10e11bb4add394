package io.belfry.sfu.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.sfu.control.Command;
import io.belfry.sfu.srtp.SrtpProfile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// One room on several media loops: the publisher on the first, receivers on all.
class PipeSimTest {
  private static final long MILLI = Simulation.MILLI;
  private static final long SECOND = Simulation.SECOND;
  private static final int LOOPS = 3;

  private final SimNode node = new SimNode(1, LOOPS);
  private final Simulation simulation = node.simulation;
  private final SimPublisher publisher = new SimPublisher(node, 1, 11);

  private SimSubscriber subscriber(int loop, long transportId) {
    SimSubscriber subscriber = new SimSubscriber(node, loop, transportId, 20 + transportId);
    subscriber.connect(SrtpProfile.AEAD_AES_128_GCM);
    return subscriber;
  }

  /// Opens the room on the other loops, with these tracks.
  private void spread(SimTrack... tracks) {
    for (int loop = 1; loop < LOOPS; loop++) {
      node.command(loop, new Command.OpenRoom(SimNode.ROOM));
      for (SimTrack track : tracks) {
        node.command(loop, new Command.ProducePiped(SimNode.ROOM, 0, track.spec()));
      }
      node.command(new Command.PipeRoom(SimNode.ROOM, loop));
    }
  }

  @Test
  void mediaArrivesUnalteredOnEveryLoop() {
    publisher.connect(SrtpProfile.AEAD_AES_128_GCM);
    SimTrack audio = publisher.publish(1, false);
    SimTrack video = publisher.publish(2, true);
    spread(audio, video);
    SimSubscriber[] subscribers = {subscriber(0, 2), subscriber(1, 3), subscriber(2, 4)};
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
        assertTrue(track.packets() > 200, "packets " + track.packets());
        assertTrue(track.senderReports > 2, "sender reports " + track.senderReports);
        assertTrue(track.worstClockErrorNanos < MILLI, "lip sync " + track.worstClockErrorNanos);
      }
    }
    assertEquals(0, node.statistics(0).pipeDroppedPackets());
    assertEquals(0, node.strayDatagrams());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void eachLoopRepairsTheLossesOfItsOwnReceivers(long seed) {
    publisher.connect(SrtpProfile.AEAD_AES_128_GCM);
    SimTrack video = publisher.publish(1, true, 65_000 * seed % 32_768);
    spread(video);
    SimSubscriber far = subscriber(1, 3);
    ReceivedTrack track = far.subscribe(video);
    simulation.run(500 * MILLI);
    far.down.lossPercent = 20;
    publisher.up.lossPercent = 20;
    simulation.run(10 * SECOND);
    far.down.lossPercent = 0;
    publisher.up.lossPercent = 0;
    simulation.run(2 * SECOND);
    publisher.isSending = false;
    simulation.run(2 * SECOND);
    assertEquals(0, track.gaps());
    assertEquals(0, track.disordered);
    assertTrue(track.repaired > 50, "repaired " + track.repaired);
    assertTrue(node.statistics(1).resentPackets() >= track.repaired);
    assertEquals(0, node.statistics(0).resentPackets());
  }

  @Test
  void aRequestForAKeyFrameReachesThePublisher() {
    publisher.connect(SrtpProfile.AEAD_AES_128_GCM);
    SimTrack video = publisher.publish(1, true);
    spread(video);
    simulation.run(3 * SECOND);
    assertEquals(0, video.keyFrameRequests);
    SimSubscriber late = subscriber(2, 4);
    ReceivedTrack track = late.subscribe(video);
    simulation.run(300 * MILLI);
    assertEquals(1, video.keyFrameRequests);
    assertTrue(track.packets() > 0);
    simulation.run(SECOND);
    late.requestKeyFrame(track);
    simulation.run(300 * MILLI);
    assertEquals(2, video.keyFrameRequests);
  }

  @Test
  void anEndedTrackAndAClosedRoomAreGoneOnEveryLoop() {
    publisher.connect(SrtpProfile.AEAD_AES_128_GCM);
    SimTrack audio = publisher.publish(1, false);
    SimTrack video = publisher.publish(2, true);
    spread(audio, video);
    SimSubscriber far = subscriber(1, 3);
    ReceivedTrack farAudio = far.subscribe(audio);
    ReceivedTrack farVideo = far.subscribe(video);
    simulation.run(SECOND);
    for (int loop = 0; loop < LOOPS; loop++) {
      node.command(loop, new Command.CloseProducer(2));
    }
    publisher.tracks.remove(video);
    simulation.run(100 * MILLI);
    int videoPackets = farVideo.packets();
    int audioPackets = farAudio.packets();
    simulation.run(SECOND);
    assertEquals(videoPackets, farVideo.packets());
    assertTrue(farAudio.packets() > audioPackets);
    assertEquals(1, node.statistics(1).producers());

    node.command(new Command.UnpipeRoom(SimNode.ROOM, 1));
    node.command(1, new Command.CloseRoom(SimNode.ROOM));
    assertEquals(0, node.statistics(1).producers());
    assertEquals(0, node.statistics(1).transports());
    assertFalse(node.statistics(1).rooms() > 0);
    simulation.run(SECOND);
    assertEquals(0, node.statistics(0).pipeDroppedPackets());
  }

  /// A loop that does not come round loses what does not fit, and nothing else.
  @Test
  void aFullPipeLosesPacketsAndIsCounted() {
    publisher.connect(SrtpProfile.AEAD_AES_128_GCM);
    SimTrack audio = publisher.publish(1, false);
    node.command(1, new Command.OpenRoom(SimNode.ROOM));
    node.command(new Command.PipeRoom(SimNode.ROOM, 1));
    node.stopped = 1;
    simulation.run(22 * SECOND);
    long sent = audio.sentPackets();
    assertTrue(sent > SimNode.PIPE_RECORDS, "sent " + sent);
    long tooMany = sent - SimNode.PIPE_RECORDS;
    long reports = 25;
    long dropped = node.statistics(0).pipeDroppedPackets();
    assertTrue(dropped >= tooMany && dropped <= tooMany + reports + 50, "dropped " + dropped);
    node.stopped = -1;
    SimSubscriber late = subscriber(1, 3);
    node.command(1, new Command.ProducePiped(SimNode.ROOM, 0, audio.spec()));
    ReceivedTrack track = late.subscribe(audio);
    simulation.run(SECOND);
    assertEquals(0, track.gaps());
    assertTrue(track.packets() > 40);
  }
}
