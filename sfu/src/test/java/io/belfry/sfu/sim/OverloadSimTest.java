package io.belfry.sfu.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.sfu.srtp.SrtpProfile;
import org.junit.jupiter.api.Test;

/// A loop whose packets leave late forwards less, in the order of what matters least.
class OverloadSimTest {
  private static final long MILLI = Simulation.MILLI;
  private static final long SECOND = Simulation.SECOND;

  private final SimNode node = new SimNode(1);
  private final Simulation simulation = node.simulation;
  private final SimPublisher publisher = new SimPublisher(node, 1, 11);
  private final SimSubscriber subscriber = new SimSubscriber(node, 2, 12);

  @Test
  void dropsVideoAndKeepsAudioUntilItKeepsUpAgain() {
    publisher.connect(SrtpProfile.AEAD_AES_128_GCM);
    subscriber.connect(SrtpProfile.AEAD_AES_128_GCM);
    ReceivedTrack audio = subscriber.subscribe(publisher.publish(1, false));
    ReceivedTrack video = subscriber.subscribe(publisher.publish(2, true));
    simulation.run(2 * SECOND);
    assertEquals(0, node.statistics().shedLevel());

    node.sendDelayNanos = 50 * MILLI;
    simulation.run(2 * SECOND);
    assertEquals(0, node.statistics().shedLevel(), "something else keeps the machine busy");
    node.isBusy = true;
    video.isRenumbered = true;
    simulation.run(3 * SECOND);
    assertEquals(3, node.statistics().shedLevel());
    int videoPackets = video.packets();
    int audioPackets = audio.packets();
    simulation.run(2 * SECOND);
    assertEquals(videoPackets, video.packets());
    assertTrue(audio.packets() - audioPackets >= 99, "packets " + audio.packets());

    node.sendDelayNanos = 0;
    simulation.run(10 * SECOND);
    assertEquals(0, node.statistics().shedLevel());
    assertTrue(video.packets() > videoPackets + 300, "packets " + video.packets());
    assertEquals(0, video.gaps(), "what was left out is no loss");
    assertEquals(0, audio.gaps());
  }

  @Test
  void exportsHowLongPacketsTook() {
    publisher.connect(SrtpProfile.AEAD_AES_128_GCM);
    subscriber.connect(SrtpProfile.AEAD_AES_128_GCM);
    subscriber.subscribe(publisher.publish(1, false));
    node.sendDelayNanos = 3 * MILLI;
    simulation.run(SECOND);
    var delays = node.statistics().delays();
    assertTrue(delays.counts()[5] > 45, "between 2 and 5 ms: " + delays.counts()[5]);
    assertTrue(delays.sumNanos() > 45 * 3 * MILLI);
  }
}
