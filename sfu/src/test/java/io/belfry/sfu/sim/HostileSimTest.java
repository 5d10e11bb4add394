package io.belfry.sfu.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.sfu.rtcp.RtcpWriter;
import io.belfry.sfu.session.Outcome;
import io.belfry.sfu.session.PeerSessions;
import io.belfry.sfu.srtp.SrtpProfile;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What anybody may send: it is counted, answered by nothing, and the call goes on.
class HostileSimTest {
  private static final long SECOND = Simulation.SECOND;
  private static final SimNode.Address NOBODY = SimNode.Address.ipv4(250, 666);

  private final SimNode node = new SimNode(1);
  private final Simulation simulation = node.simulation;
  private final List<byte[]> answers = new ArrayList<>();
  private final SimPublisher publisher = new SimPublisher(node, 1, 11);
  private final SimSubscriber subscriber = new SimSubscriber(node, 2, 12);

  private void begin(SrtpProfile profile) {
    subscriber.connect(profile);
    publisher.connect(profile);
    subscriber.subscribe(publisher.publish(1, false));
    subscriber.subscribe(publisher.publish(2, true));
    simulation.run(SECOND);
  }

  @BeforeEach
  void listen() {
    node.attach(NOBODY, answers::add);
  }

  /// The call goes on, whole, with nothing more and nothing less.
  private void assertUnharmed() {
    simulation.run(SECOND);
    publisher.isSending = false;
    simulation.run(SECOND);
    for (ReceivedTrack track : subscriber.tracks) {
      assertEquals(track.source.sentPackets(), track.packets());
      assertEquals(0, track.gaps());
      assertEquals(0, track.disordered);
    }
    assertEquals(0, subscriber.refused);
    assertTrue(answers.isEmpty(), "answered to nobody");
    assertEquals(4, node.events.size(), node.events::toString); // two connected, two started
  }

  /// How many datagrams had an outcome other than media, feedback and checks that were taken.
  private static long troubles(PeerSessions.Statistics statistics) {
    long sum = 0;
    for (Outcome outcome : Outcome.values()) {
      boolean isGood = outcome == Outcome.RTP || outcome == Outcome.RTCP || outcome == Outcome.STUN;
      sum += isGood ? 0 : statistics.count(outcome);
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void randomDatagramsChangeNothing(long seed) {
    begin(SrtpProfile.AEAD_AES_128_GCM);
    SplittableRandom random = new SplittableRandom(seed);
    SimNode.Address[] senders = {NOBODY, publisher.address(), subscriber.address()};
    for (int i = 0; i < 3_000; i++) {
      byte[] datagram = new byte[random.nextInt(1500)];
      random.nextBytes(datagram);
      if (datagram.length > 0 && random.nextBoolean()) {
        // What the demultiplexer has a use for (RFC 7983 §7).
        int[] firsts = {0, 1, 20, 22, 63, 128, 144, 191};
        datagram[0] = (byte) firsts[random.nextInt(firsts.length)];
      }
      node.receive(datagram, senders[i % senders.length]);
    }
    PeerSessions.Statistics statistics = node.statistics();
    assertEquals(3_000, troubles(statistics) + statistics.count(Outcome.DTLS), "seed " + seed);
    assertUnharmed();
  }

  @ParameterizedTest
  @EnumSource
  void truncatedDatagramsChangeNothing(SrtpProfile profile) {
    begin(profile);
    SimTrack audio = publisher.tracks.getFirst();
    byte[] rtp = rtp(audio.ssrc, 5_000);
    List<byte[]> genuine =
        List.of(
            publisher.checkBytes(publisher.remote().password(), true),
            publisher.protect(rtp, 5_000),
            report());
    long sent = 0;
    for (byte[] datagram : genuine) {
      for (int length = 0; length < datagram.length; length++) {
        node.receive(Arrays.copyOf(datagram, length), publisher.address());
        sent++;
      }
    }
    assertEquals(sent, troubles(node.statistics()));
    assertUnharmed();
  }

  /// Every bit counts: flipped anywhere, a packet is refused.
  @ParameterizedTest
  @EnumSource
  void forgedMediaAndReportsAreRefused(SrtpProfile profile) {
    begin(profile);
    SimTrack audio = publisher.tracks.getFirst();
    List<byte[]> genuine = List.of(publisher.protect(rtp(audio.ssrc, 5_000), 5_000), report());
    long sent = 0;
    for (byte[] datagram : genuine) {
      // From the third byte on: the first two decide whose it is at all.
      for (int bit = 16; bit < 8 * datagram.length; bit++) {
        byte[] forged = datagram.clone();
        forged[bit / 8] ^= (byte) (1 << bit % 8);
        node.receive(forged, publisher.address());
        sent++;
      }
    }
    PeerSessions.Statistics statistics = node.statistics();
    assertEquals(sent, troubles(statistics));
    // The rest looks old or malformed before its tag is looked at.
    assertTrue(statistics.count(Outcome.AUTHENTICATION_FAILED) > 0.9 * sent);
    assertUnharmed();
  }

  @ParameterizedTest
  @EnumSource
  void replayedMediaAndReportsAreRefused(SrtpProfile profile) {
    begin(profile);
    List<byte[]> captured = new ArrayList<>();
    publisher.up.tap = captured::add;
    simulation.run(100 * Simulation.MILLI);
    publisher.up.tap = _ -> {};
    byte[] media = captured.getFirst();
    byte[] report = report();
    node.receive(report, publisher.address());
    for (int i = 0; i < 50; i++) {
      node.receive(media, publisher.address());
      node.receive(report, publisher.address());
    }
    PeerSessions.Statistics statistics = node.statistics();
    assertEquals(100, statistics.count(Outcome.REPLAYED));
    assertEquals(100, troubles(statistics));
    assertUnharmed();
  }

  /// A capture of the whole call, played back from the publisher's own address.
  @Test
  void aReplayOfEverythingIsRefused() {
    List<byte[]> captured = new ArrayList<>();
    subscriber.connect(SrtpProfile.AEAD_AES_128_GCM);
    publisher.connect(SrtpProfile.AEAD_AES_128_GCM);
    publisher.up.tap = captured::add;
    subscriber.subscribe(publisher.publish(1, false));
    subscriber.subscribe(publisher.publish(2, true));
    simulation.run(3 * SECOND);
    publisher.up.tap = _ -> {};
    long before = node.count(Outcome.REPLAYED);
    long count = captured.stream().filter(d -> (d[0] & 0xC0) == 0x80).count();
    assertTrue(count > 300);
    captured.forEach(datagram -> node.receive(datagram, publisher.address()));
    assertEquals(0, before);
    assertEquals(count, node.count(Outcome.REPLAYED));
    assertUnharmed();
  }

  @Test
  void checksWithAWrongPasswordAreNotAnswered() {
    begin(SrtpProfile.AEAD_AES_128_GCM);
    for (int i = 0; i < 100; i++) {
      node.receive(publisher.checkBytes("not-the-password-of-anyone", true), NOBODY);
    }
    assertEquals(100, node.count(Outcome.STUN_UNAUTHENTICATED));
    assertUnharmed();
  }

  /// Keys or no keys: before a check has validated the address, nothing else is looked at.
  @Test
  void mediaAndHandshakesFromUnknownAddressesAreDropped() {
    begin(SrtpProfile.AEAD_AES_128_GCM);
    SimTrack audio = publisher.tracks.getFirst();
    byte[] media = publisher.protect(rtp(audio.ssrc, 5_000), 5_000);
    node.receive(media, NOBODY);
    node.receive(report(), NOBODY);
    node.receive(new byte[] {22, (byte) 0xFE, (byte) 0xFD, 0, 0}, NOBODY);
    SimNode.Address neighbour =
        new SimNode.Address(
            publisher.address().high(),
            publisher.address().low(),
            publisher.address().port() + 1,
            publisher.address().local());
    node.receive(media, neighbour);
    assertEquals(4, node.count(Outcome.UNKNOWN_ADDRESS));
    assertEquals(4, troubles(node.statistics()));
    assertUnharmed();
  }

  /// A participant is no more trusted than that: authentic packets of streams that were never
  /// negotiated go nowhere and leave nothing.
  @Test
  void authenticMediaOfNoTrackIsDropped() {
    begin(SrtpProfile.AEAD_AES_128_GCM);
    for (int ssrc = 1; ssrc <= 500; ssrc++) {
      byte[] rtp = rtp(ssrc, 5);
      rtp[1] = 77; // a payload type of no codec
      node.receive(publisher.protect(rtp, 5), publisher.address());
      node.receive(subscriber.protect(rtp, 5), subscriber.address());
    }
    assertEquals(1_000, node.count(Outcome.UNKNOWN_STREAM));
    assertUnharmed();
  }

  /// Authentic RTCP with nonsense in it, from a participant who knows the keys.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void authenticNonsenseInReportsChangesNothing(long seed) {
    begin(SrtpProfile.AEAD_AES_128_GCM);
    SplittableRandom random = new SplittableRandom(seed);
    int[] types = {200, 201, 202, 203, 204, 205, 206, 207, 208};
    for (int i = 0; i < 2_000; i++) {
      SimPeer peer = i % 2 == 0 ? publisher : subscriber;
      byte[] nonsense = new byte[8 + 4 * random.nextInt(40)];
      random.nextBytes(nonsense);
      nonsense[0] = (byte) (0x80 | random.nextInt(64));
      nonsense[1] = (byte) types[random.nextInt(types.length)];
      nonsense[2] = 0;
      nonsense[3] = (byte) (random.nextInt(4) == 0 ? nonsense[3] : nonsense.length / 4 - 1);
      node.receive(
          peer.protectRtcp(memory -> {
            memory.bytes().put(0, nonsense);
            return nonsense.length;
          }),
          peer.address());
    }
    PeerSessions.Statistics statistics = node.statistics();
    assertEquals(troubles(statistics), statistics.count(Outcome.RTCP_MALFORMED), "seed " + seed);
    assertUnharmed();
  }

  private byte[] report() {
    return publisher.protectRtcp(memory -> {
      RtcpWriter writer = new RtcpWriter();
      writer.wrap(memory, 0, 200);
      writer.receiverReport(77);
      return writer.length();
    });
  }

  private static byte[] rtp(int ssrc, long sequence) {
    byte[] packet = new byte[100];
    ByteBuffer.wrap(packet)
        .put((byte) 0x80)
        .put((byte) SimTrack.OPUS)
        .putShort((short) sequence)
        .putInt(0)
        .putInt(ssrc);
    return packet;
  }
}
