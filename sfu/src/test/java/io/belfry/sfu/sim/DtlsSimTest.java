package io.belfry.sfu.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.control.Command;
import io.belfry.sfu.control.Event;
import io.belfry.sfu.dtls.KeyingMaterial;
import io.belfry.sfu.dtls.SimDtlsClient;
import io.belfry.sfu.rtcp.RtcpReader;
import io.belfry.sfu.rtp.RtpPacket;
import io.belfry.sfu.session.Outcome;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A handshake through the real path: datagrams of a validated address to the endpoint, its answers
/// and keys back as commands. The endpoint has its own thread and clock, so here time is real.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class DtlsSimTest {
  private final SimNode node = new SimNode(1);

  /// A peer that shakes hands and then knows its keys.
  private static final class DtlsPeer extends SimPeer {
    final BlockingQueue<byte[]> outgoing = new LinkedBlockingQueue<>();
    final SimDtlsClient client = new SimDtlsClient(SimNode.DTLS, this::fromClient);

    DtlsPeer(SimNode node) {
      super(node, 0, 1, true, 5);
    }

    private void fromClient(byte[] datagram) {
      // On the client's thread: it goes through the mailbox, as everything from outside does.
      outgoing.add(datagram);
    }

    @Override
    void onDtls(byte[] datagram) {
      client.deliver(datagram);
    }

    @Override
    void onRtp(RtpPacket received, long index, byte[] payload) {
      throw new IllegalStateException("no media");
    }

    @Override
    void onRtcp(RtcpReader received, Memory memory) {
      throw new IllegalStateException("no reports");
    }
  }

  @Test
  void keysComeOfARealHandshake() throws Exception {
    DtlsPeer peer = new DtlsPeer(node);
    node.command(new Command.SetRemoteFingerprint(1, peer.client.fingerprint()));
    peer.check(true);
    node.simulation.run(100 * Simulation.MILLI);
    peer.client.connect();
    while (node.events.isEmpty()) {
      for (byte[] d = peer.outgoing.poll(); d != null; d = peer.outgoing.poll()) {
        peer.send(d);
      }
      Command command = node.mail.poll(5, TimeUnit.MILLISECONDS);
      if (command != null) {
        node.command(command);
      }
      node.simulation.run(20 * Simulation.MILLI);
    }
    assertEquals(new Event.TransportConnected(1), node.events.getFirst());
    KeyingMaterial keys = peer.client.keys().get(1, TimeUnit.MINUTES);
    peer.useKeys(keys);
    peer.sendRtcp(writer -> writer.receiverReport(1));
    assertEquals(1, node.count(Outcome.RTCP));

    node.command(new Command.CloseTransport(1));
    Command farewell = node.mail.poll(1, TimeUnit.MINUTES);
    assertNotNull(farewell);
    assertTrue(farewell instanceof Command.SendDtls, farewell::toString);
  }
}
