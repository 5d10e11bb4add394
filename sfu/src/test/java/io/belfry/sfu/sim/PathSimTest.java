package io.belfry.sfu.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.sfu.control.Command;
import io.belfry.sfu.control.Event;
import io.belfry.sfu.ice.IceCredentials;
import io.belfry.sfu.session.Outcome;
import io.belfry.sfu.session.PeerSessions;
import io.belfry.sfu.srtp.SrtpProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Paths that end, move and begin anew under a call that goes on.
class PathSimTest {
  private static final long MILLI = Simulation.MILLI;
  private static final long SECOND = Simulation.SECOND;
  private static final SimNode.Address CAFE = SimNode.Address.ipv4(99, 12_345);

  private final SimNode node = new SimNode(1);
  private final Simulation simulation = node.simulation;
  private final SimPublisher publisher = new SimPublisher(node, 1, 11);
  private final SimSubscriber subscriber = new SimSubscriber(node, 2, 12);

  @BeforeEach
  void begin() {
    subscriber.connect(SrtpProfile.AEAD_AES_128_GCM);
    publisher.connect(SrtpProfile.AEAD_AES_128_GCM);
    subscriber.subscribe(publisher.publish(1, false));
    subscriber.subscribe(publisher.publish(2, true));
    simulation.run(SECOND);
  }

  private long lost() {
    return node.events.stream().filter(Event.TransportLost.class::isInstance).count();
  }

  private int packets() {
    return subscriber.tracks.stream().mapToInt(ReceivedTrack::packets).sum();
  }

  private void assertWhole() {
    publisher.isSending = false;
    simulation.run(SECOND);
    for (ReceivedTrack track : subscriber.tracks) {
      assertEquals(0, track.gaps());
      assertEquals(track.source.sentPackets(), track.packets());
    }
    assertEquals(0, subscriber.refused);
  }

  @Test
  void answersEveryCheck() {
    int before = publisher.answers;
    simulation.run(60 * SECOND);
    assertEquals(before + 24, publisher.answers);
    assertEquals(0, lost());
  }

  /// RFC 7675 §5.1: nothing is sent any more to who has been silent for 30 seconds.
  @Test
  void consentExpiresAfterThirtySeconds() {
    subscriber.check(false);
    simulation.run(20 * MILLI);
    subscriber.isChecking = false;
    simulation.run(29_900 * MILLI);
    assertEquals(0, lost());
    int before = packets();
    simulation.run(400 * MILLI); // it is looked at four times a second
    assertEquals(new Event.TransportLost(2, "consent-expired"), node.events.getLast());
    assertTrue(packets() > before);
    int atTheEnd = packets();
    simulation.run(10 * SECOND);
    assertEquals(atTheEnd, packets());
    assertEquals(1, lost(), "told once");
  }

  /// The control plane judges by it whether one whose socket is gone is gone too.
  @Test
  void tellsWhenNothingComesFromATransportAndWhenItDoesAgain() {
    simulation.run(30 * SECOND);
    assertEquals(List.of(), silences());
    publisher.isChecking = false;
    simulation.run(10 * SECOND);
    assertEquals(List.of(), silences(), "media is a sign of life too");
    publisher.isSending = false;
    simulation.run(3_900 * MILLI);
    assertEquals(List.of(), silences());
    simulation.run(400 * MILLI);
    assertEquals(List.of(new Event.TransportSilent(1, true)), silences());
    publisher.check(false);
    simulation.run(300 * MILLI);
    assertEquals(
        List.of(new Event.TransportSilent(1, true), new Event.TransportSilent(1, false)),
        silences());
  }

  private List<Event> silences() {
    return node.events.stream().filter(Event.TransportSilent.class::isInstance).toList();
  }

  static List<SimNode.Address> otherPaths() {
    return List.of(
        CAFE,
        SimNode.Address.ipv6(9, 50_000), // from IPv4 to IPv6
        SimNode.Address.ipv4(2, 40_000).at(7), // to another address of the server
        SimNode.Address.ipv4(2, 40_000).at(-1)); // from UDP to a TCP connection
  }

  @ParameterizedTest
  @MethodSource("otherPaths")
  void followsANomination(SimNode.Address other) {
    int before = packets();
    subscriber.moveTo(other);
    subscriber.check(true);
    simulation.run(SECOND);
    assertTrue(packets() > before + 100);
    subscriber.tracks.forEach(track -> assertEquals(0, track.disordered));
    long stray = node.strayDatagrams();
    assertTrue(stray < 10, "sent to the old address until the check came: " + stray);
    simulation.run(SECOND);
    assertEquals(stray, node.strayDatagrams());
  }

  /// When a connection breaks, what was validated before serves until the peer nominates anew.
  @Test
  void fallsBackFromAClosedConnection() {
    SimNode.Address udp = subscriber.address();
    SimNode.Address tcp = udp.at(-1);
    subscriber.moveTo(tcp);
    subscriber.check(true);
    simulation.run(SECOND);
    subscriber.moveTo(udp);
    node.onPathClosed(tcp);
    int before = packets();
    simulation.run(SECOND);
    assertTrue(packets() > before + 100);
    assertEquals(0, lost());
  }

  /// Without any path left nothing is sent, and the consent still ends.
  @Test
  void aPeerWhoseOnlyConnectionBrokeIsGivenUp() {
    SimNode.Address udp = subscriber.address();
    subscriber.isChecking = false;
    node.onPathClosed(udp);
    simulation.run(27 * SECOND); // the last check was up to 2.5 s ago
    assertEquals(0, lost());
    simulation.run(4 * SECOND);
    assertEquals(new Event.TransportLost(2, "consent-expired"), node.events.getLast());
  }

  /// A publisher may send from its new address as soon as that is validated, and what it sent from
  /// the old one still counts.
  @Test
  void takesMediaFromEveryValidatedPath() {
    publisher.moveTo(CAFE);
    publisher.check(true);
    publisher.isSending = false;
    simulation.run(50 * MILLI);
    publisher.isSending = true;
    simulation.run(SECOND);
    assertWhole();
  }

  /// A NAT changes the address, and the client has no reason to nominate again: nothing moves until
  /// a check has validated the new one; then the first report from there shows where the client is.
  @Test
  void followsAReceiverBehindAReboundNatWithinASecondOfItsCheck() {
    subscriber.isChecking = false;
    subscriber.moveTo(CAFE);
    int before = packets();
    simulation.run(3 * SECOND);
    assertEquals(before, packets(), "reports alone validate nothing");
    subscriber.check(false);
    simulation.run(1_050 * MILLI); // reports come every second
    assertTrue(packets() > before);
    long stray = node.strayDatagrams();
    simulation.run(SECOND);
    assertEquals(stray, node.strayDatagrams(), "nothing more to the old address");
    assertTrue(packets() > before + 100);
  }

  @Test
  void takesMediaFromBehindAReboundNatFromTheFirstCheckOn() {
    publisher.isChecking = false;
    publisher.moveTo(CAFE);
    simulation.run(SECOND);
    assertTrue(node.count(Outcome.UNKNOWN_ADDRESS) > 50);
    int before = packets();
    publisher.check(false);
    simulation.run(200 * MILLI);
    assertTrue(packets() > before + 10);
    long unknown = node.count(Outcome.UNKNOWN_ADDRESS);
    simulation.run(SECOND);
    assertEquals(unknown, node.count(Outcome.UNKNOWN_ADDRESS));
  }

  /// The worst case: somebody has played a genuine check back from an address of his own, which
  /// validates that. What he has no keys for does not bring the call to him.
  @Test
  void whatIsNotAuthenticMovesNothingToAnotherPath() {
    SimNode.Address thief = SimNode.Address.ipv4(66, 6_666);
    List<byte[]> stolen = new ArrayList<>();
    node.attach(thief, stolen::add);
    byte[] genuine = subscriber.nackBytes(subscriber.tracks.getFirst(), 1);
    byte[] forged = subscriber.nackBytes(subscriber.tracks.getFirst(), 2);
    forged[8] ^= 1; // the first byte after the header
    node.receive(genuine, subscriber.address());
    node.receive(subscriber.checkBytes(subscriber.remote().password(), false), thief);
    simulation.run(20 * MILLI);
    assertEquals(1, stolen.size(), "the answer to the check");
    int before = packets();
    for (int i = 0; i < 20; i++) {
      simulation.run(45 * MILLI); // reports come every second: the path is silent in between
      node.receive(genuine, thief);
      node.receive(forged, thief);
      node.receive(subscriber.checkBytes("0123456789012345678901", true), thief);
    }
    assertEquals(1, stolen.size());
    assertTrue(packets() > before + 100);
    assertTrue(node.count(Outcome.REPLAYED) >= 20);
    assertTrue(node.count(Outcome.AUTHENTICATION_FAILED) >= 20);
    assertTrue(node.count(Outcome.STUN_UNAUTHENTICATED) >= 20);
  }

  @Test
  void restartsIceWithoutAGap() {
    for (SimPeer peer : new SimPeer[] {publisher, subscriber}) {
      IceCredentials fresh = IceCredentials.generate(new SplittableRandom(5 + peer.transportId));
      int answers = peer.answers;
      node.command(new Command.RestartIce(peer.transportId, fresh));
      simulation.run(3 * SECOND);
      assertTrue(
          peer.answers > answers, "the old credentials are good until the new ones are used");
      IceCredentials old = peer.remote();
      peer.isChecking = false;
      peer.restartIce(fresh);
      peer.check(true);
      simulation.run(3 * SECOND);
      long invalid = node.count(Outcome.STUN_INVALID);
      peer.restartIce(old);
      peer.check(false);
      assertEquals(invalid + 1, node.count(Outcome.STUN_INVALID), "now they are not");
      peer.restartIce(fresh);
      peer.isChecking = true;
    }
    assertTrue(subscriber.longestPauseNanos < 30 * MILLI, subscriber.longestPauseNanos + " ns");
    assertWhole();
    assertEquals(0, lost());
  }

  @Test
  void remembersAFewPathsOnly() {
    byte[] check = publisher.checkBytes(publisher.remote().password(), false);
    for (int i = 0; i < 1_000; i++) {
      node.receive(check, SimNode.Address.ipv4(i % 200, 1_000 + i));
    }
    publisher.isSending = false;
    simulation.run(SECOND);
    long unknown = node.count(Outcome.UNKNOWN_ADDRESS);
    for (int i = 0; i < 1_000; i++) {
      node.receive(new byte[] {22, 0, 0}, SimNode.Address.ipv4(i % 200, 1_000 + i));
    }
    long known = unknown + 1_000 - node.count(Outcome.UNKNOWN_ADDRESS);
    assertTrue(known <= 4, known + " paths");
    publisher.isSending = true;
    simulation.run(SECOND);
    assertWhole();
  }

  @Test
  void closingLeavesNothing() {
    node.command(new Command.CloseTransport(2));
    int before = packets();
    long stray = node.strayDatagrams();
    simulation.run(100 * MILLI);
    assertTrue(packets() <= before + 10, "what was on its way");
    node.command(new Command.CloseRoom(SimNode.ROOM));
    simulation.run(100 * MILLI);
    PeerSessions.Statistics statistics = node.statistics();
    assertEquals(0, statistics.transports());
    assertEquals(0, statistics.producers());
    assertEquals(0, statistics.rooms());
    assertEquals(stray, node.strayDatagrams());
    int answers = publisher.answers;
    long invalid = node.count(Outcome.STUN_INVALID);
    publisher.check(true);
    assertTrue(node.count(Outcome.STUN_INVALID) > invalid);
    assertEquals(answers, publisher.answers);
    publisher.isChecking = false;
    subscriber.isChecking = false;
    publisher.isSending = false;
    subscriber.isNacking = false;
    subscriber.tracks.clear();
    node.statistics();
    assertFalse(node.deadlineNanos() != Long.MAX_VALUE, "the loop may sleep");
  }
}
