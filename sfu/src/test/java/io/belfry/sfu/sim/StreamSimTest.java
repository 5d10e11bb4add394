package io.belfry.sfu.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.sfu.control.Command;
import io.belfry.sfu.session.Outcome;
import io.belfry.sfu.srtp.SrtpProfile;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Tracks that end and come back, and streams that change their identity.
class StreamSimTest {
  private static final long SECOND = Simulation.SECOND;

  private final SimNode node = new SimNode(1);
  private final Simulation simulation = node.simulation;
  private final SimPublisher publisher = new SimPublisher(node, 1, 11);
  private final SimSubscriber subscriber = new SimSubscriber(node, 2, 12);

  @BeforeEach
  void begin() {
    subscriber.connect(SrtpProfile.AEAD_AES_128_GCM);
    publisher.connect(SrtpProfile.AEAD_AES_128_GCM);
  }

  /// A camera that is switched off and on keeps its SSRC, and its roll-over counter goes on (RFC
  /// 3711 §3.2.3): who forgot it could not read a packet more.
  @Test
  void aTrackComesBackUnderItsOldSsrcAfterAWrap() {
    SimTrack track = publisher.publish(1, true, 32_000);
    simulation.run(SECOND);
    track.nextIndex = 64_500; // some minutes later
    simulation.run(20 * SECOND);
    assertTrue(track.nextIndex > 65_536);
    publisher.isSending = false;
    simulation.run(SECOND);
    node.command(new Command.CloseProducer(1));
    simulation.run(SECOND);

    node.command(new Command.Produce(1, track.spec()));
    ReceivedTrack received = subscriber.subscribe(track);
    publisher.isSending = true;
    track.isKeyFrameDue = true;
    simulation.run(5 * SECOND);
    assertEquals(0, node.count(Outcome.AUTHENTICATION_FAILED));
    assertTrue(received.packets() > 400, received.packets() + " packets");
    assertEquals(0, received.gaps());
  }

  /// What was received before the track ended is not taken again after it came back.
  @Test
  void theEndOfATrackDoesNotForgetWhatWasReceived() {
    List<byte[]> captured = new ArrayList<>();
    SimTrack track = publisher.publish(1, true);
    publisher.up.tap = captured::add;
    simulation.run(SECOND);
    publisher.up.tap = _ -> {};
    publisher.isSending = false;
    simulation.run(SECOND);
    node.command(new Command.CloseProducer(1));
    node.command(new Command.Produce(1, track.spec()));
    List<byte[]> media = captured.stream().filter(d -> (d[1] & 0x7F) == SimTrack.VP8).toList();
    assertTrue(media.size() > 80);
    media.forEach(datagram -> node.receive(datagram, publisher.address()));
    assertEquals(media.size(), node.count(Outcome.REPLAYED));
  }

  /// A sender that begins anew under another SSRC is followed, however often.
  @Test
  void followsChangesOfTheSsrc() {
    SimTrack track = publisher.publish(1, true);
    ReceivedTrack received = subscriber.subscribe(track);
    for (int i = 0; i < 20; i++) {
      track.ssrc = 5_000 + 2 * i;
      track.rtxSsrc = track.ssrc + 1;
      track.isKeyFrameDue = true;
      int before = received.packets();
      simulation.run(SECOND);
      assertTrue(received.packets() > before + 60, "after " + i + " changes");
    }
    assertEquals(0, received.gaps());
    assertEquals(0, node.count(Outcome.UNKNOWN_STREAM));
  }
}
