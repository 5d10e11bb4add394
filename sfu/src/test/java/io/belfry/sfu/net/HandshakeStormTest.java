package io.belfry.sfu.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.control.Command;
import io.belfry.sfu.control.ConsumerSpec;
import io.belfry.sfu.control.Event;
import io.belfry.sfu.control.ProducerSpec;
import io.belfry.sfu.dtls.KeyingMaterial;
import io.belfry.sfu.dtls.SimDtlsClient;
import io.belfry.sfu.ice.IceCredentials;
import io.belfry.sfu.rtp.ExtensionIds;
import io.belfry.sfu.rtp.HeaderExtension;
import io.belfry.sfu.rtp.HeaderPlan;
import io.belfry.sfu.rtp.codec.CodecKind;
import io.belfry.sfu.srtp.SrtpCrypto;
import io.belfry.sfu.srtp.SrtpMasterKey;
import io.belfry.sfu.srtp.SrtpProfile;
import io.belfry.sfu.srtp.SrtpSender;
import io.belfry.sfu.stun.StunAttribute;
import io.belfry.sfu.stun.StunIntegrity;
import io.belfry.sfu.stun.StunMessage;
import io.belfry.sfu.stun.StunWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Goal: many peers that connect at once neither stall media nor exhaust memory. Method: each has a
/// socket of its own, shows its path, and shakes hands for real, a few of them allowed at a time,
/// while one audio stream flows through the same media loop, a packet at a time: the next is sent
/// when the last has arrived.
///
/// A thousand take as long as a thousand handshakes in Java on both sides take the processor, so
/// the usual run has fewer: `-Dbelfry.storm.peers=1000` has them all.
@Timeout(600)
class HandshakeStormTest {
  private static final int PEERS = Integer.getInteger("belfry.storm.peers", 200);
  private static final int HANDSHAKES_AT_ONCE = Math.max(10, PEERS / 20);
  private static final long FIRST_PEER = 100;
  private static final long PUBLISHER = 1;
  private static final long SUBSCRIBER = 2;
  private static final InetAddress HOST = InetAddress.ofLiteral("127.0.0.1");
  private static final SrtpProfile PROFILE = SrtpProfile.AEAD_AES_128_GCM;
  private static final long CHECK_INTERVAL_NANOS = 5_000_000_000L;
  private static final int PACKET_MILLIS = 20;
  private static final int OPUS = 111;
  private static final int SSRC = 4711;

  /// What one handshake may keep on the heap while it is under way, and the transport afterwards.
  private static final long MAX_BYTES_PER_PEER = 200_000;

  private final SecureRandom random = new SecureRandom();
  private final ByteBuffer received = ByteBuffer.allocate(2048);

  /// A client's socket.
  private final class Peer {
    final DatagramChannel channel = DatagramChannel.open();
    final SimDtlsClient dtls;
    final IceCredentials remote;
    boolean hasPath;

    Peer(LoopFixture node, long id, boolean isPublish) throws IOException {
      remote = node.openTransport(id, isPublish);
      channel.connect(new InetSocketAddress(HOST, node.loop.localPort()));
      dtls = new SimDtlsClient(node.dtls, this::send);
      node.command(new Command.SetRemoteFingerprint(id, dtls.fingerprint()));
    }

    void send(byte[] datagram) {
      try {
        channel.write(ByteBuffer.wrap(datagram));
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    void check() {
      Memory memory = Memory.allocate(256);
      byte[] transactionId = new byte[12];
      random.nextBytes(transactionId);
      StunWriter writer =
          new StunWriter()
              .begin(memory, 0, StunMessage.BINDING_REQUEST, transactionId)
              .username(remote.usernameFragment() + ":peer")
              .attribute(StunAttribute.PRIORITY, new byte[] {1, 2, 3, 4})
              .attribute(StunAttribute.ICE_CONTROLLING, new byte[8])
              .attribute(StunAttribute.USE_CANDIDATE, new byte[0])
              .messageIntegrity(new StunIntegrity(remote.password()))
              .fingerprint();
      send(memory.toArray(0, writer.length()));
    }

    /// Takes in what has come.
    void receive() throws IOException {
      while (channel.read(received.clear()) > 0) {
        byte[] datagram = new byte[received.flip().remaining()];
        received.get(datagram);
        if (datagram[0] >= 20 && datagram[0] <= 63) {
          dtls.deliver(datagram);
        } else if (datagram[0] <= 3 && !hasPath) {
          hasPath = true;
          dtls.connect();
        }
      }
    }
  }

  @Test
  void allConnectWhileMediaFlows() throws Exception {
    try (LoopFixture node = new LoopFixture(HOST, HANDSHAKES_AT_ONCE);
        Selector selector = Selector.open()) {
      Stream stream = new Stream(node);
      stream.exchange(); // the path is warm
      long before = usedHeapBytes();
      List<Peer> peers = new ArrayList<>();
      for (int i = 0; i < PEERS; i++) {
        Peer peer = new Peer(node, FIRST_PEER + i, true);
        peer.channel.configureBlocking(false);
        peer.channel.register(selector, SelectionKey.OP_READ, peer);
        peers.add(peer);
      }
      long nextCheckNanos = System.nanoTime();
      int connected = 0;
      int mostDuringAPacket = 0;
      int most = 0;
      while (connected < PEERS || !peers.stream().allMatch(peer -> peer.dtls.keys().isDone())) {
        if (System.nanoTime() - nextCheckNanos >= 0) { // for those lost at first, then for consent
          nextCheckNanos = System.nanoTime() + CHECK_INTERVAL_NANOS;
          peers.forEach(Peer::check);
          stream.check();
        }
        int _ =
            selector.select(
                key -> {
                  try {
                    ((Peer) key.attachment()).receive();
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                },
                PACKET_MILLIS);
        stream.exchange();
        int connectedBefore = connected;
        most = Math.max(most, node.dtls.handshakesInProgress());
        for (Event event = node.events.poll(); event != null; event = node.events.poll()) {
          connected += event instanceof Event.TransportConnected ? 1 : 0;
          assertTrue(!(event instanceof Event.TransportLost), event::toString);
        }
        mostDuringAPacket = Math.max(mostDuringAPacket, connected - connectedBefore);
      }
      for (Peer peer : peers) {
        peer.dtls.keys().join().close();
      }
      assertTrue(most > 1 && most <= HANDSHAKES_AT_ONCE, most + " at once");
      assertTrue(
          mostDuringAPacket <= PEERS / 2,
          mostDuringAPacket
              + " handshakes came to an end while one packet of media was on its way");
      long perPeer = (usedHeapBytes() - before) / PEERS;
      assertTrue(perPeer < MAX_BYTES_PER_PEER, perPeer + " bytes a peer");
      for (int i = 0; i < PEERS; i++) {
        node.command(new Command.CloseTransport(FIRST_PEER + i));
        peers.get(i).channel.close();
      }
      stream.exchange();
      assertEquals(0, node.loop.failedTurns());
      assertEquals(0, node.dtls.handshakesInProgress());
    }
  }

  private static long usedHeapBytes() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  /// One audio stream through the loop, under keys that were agreed on beforehand.
  private final class Stream {
    private final Peer publisher;
    private final Peer subscriber;
    private final SrtpSender srtp;
    private final Memory plain = Memory.allocate(256);
    private final Memory wire = Memory.allocate(256);
    private int sequence = 100;

    Stream(LoopFixture node) throws IOException {
      publisher = new Peer(node, PUBLISHER, true);
      subscriber = new Peer(node, SUBSCRIBER, false);
      for (Peer peer : List.of(publisher, subscriber)) {
        peer.check();
        peer.channel.socket().setSoTimeout(30_000);
        peer.channel.read(received.clear());
      }
      node.command(new Command.InstallKeys(PUBLISHER, keys()));
      node.command(new Command.InstallKeys(SUBSCRIBER, keys()));
      srtp = SrtpCrypto.choose(SrtpCrypto.Choice.AUTO).sender(keys().client());
      ExtensionIds extensions = ExtensionIds.of(Map.of(HeaderExtension.MID, 4));
      node.command(
          new Command.Produce(
              PUBLISHER,
              new ProducerSpec(
                  1,
                  "0",
                  false,
                  List.of(new ProducerSpec.Codec(CodecKind.OPUS, OPUS, -1, false)),
                  extensions,
                  List.of(new ProducerSpec.Encoding("", SSRC, 0)))));
      HeaderPlan plan = new HeaderPlan(SSRC + 1);
      plan.mapPayloadType(OPUS, OPUS);
      node.command(new Command.Consume(SUBSCRIBER, new ConsumerSpec(2, 1, plan, null, "cname")));
    }

    private static KeyingMaterial keys() {
      SrtpMasterKey key =
          new SrtpMasterKey(PROFILE, new byte[PROFILE.keyBytes()], new byte[PROFILE.saltBytes()]);
      return new KeyingMaterial(key, key);
    }

    void check() {
      publisher.check();
      subscriber.check();
    }

    /// Sends a packet, and waits until the node has forwarded it. Nothing here is ever lost:
    /// loopback drops only when a socket's buffer is full, and one packet fills none.
    void exchange() throws IOException {
      plain.bytes().put(0, (byte) 0x80).put(1, (byte) OPUS).putShort(2, (short) sequence);
      plain.bytes().putInt(4, sequence * 960).putInt(8, SSRC);
      int length = srtp.protectRtp(plain, 0, 92, 12, wire, 0, sequence);
      publisher.send(wire.toArray(0, length));
      int type;
      do {
        received.clear();
        assertTrue(subscriber.channel.read(received) > 0);
        type = received.get(1) & 0x7F;
      } while (type != OPUS); // reports come between
      sequence++;
    }
  }
}
