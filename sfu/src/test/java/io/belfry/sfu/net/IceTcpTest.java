package io.belfry.sfu.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.control.Command;
import io.belfry.sfu.ice.IceCredentials;
import io.belfry.sfu.stun.StunAttribute;
import io.belfry.sfu.stun.StunIntegrity;
import io.belfry.sfu.stun.StunMessage;
import io.belfry.sfu.stun.StunWriter;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Passive ICE-TCP (RFC 6544) over loopback, with two media loops behind one port.
@Timeout(30)
class IceTcpTest {
  private static final InetAddress HOST = InetAddress.ofLiteral("127.0.0.1");

  private LoopFixture first;
  private LoopFixture second;
  private TcpServer server;
  private final TcpCounters counters = new TcpCounters();
  private final SplittableRandom random = new SplittableRandom(1);

  @BeforeEach
  void start() throws IOException {
    first = new LoopFixture(HOST, 10);
    second = new LoopFixture(HOST, 10);
    server =
        TcpServer.start(
            new InetSocketAddress(HOST, 0),
            new TcpServer.Limits(10, 3),
            List.of(first.loop, second.loop),
            counters);
  }

  @AfterEach
  void stop() {
    server.close();
    first.close();
    second.close();
  }

  /// A client that speaks RFC 4571.
  private final class Client implements AutoCloseable {
    final Socket socket = new Socket(HOST, server.localPort());
    final DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    final DataInputStream in = new DataInputStream(socket.getInputStream());

    Client() throws IOException {}

    void send(byte[] datagram) throws IOException {
      out.writeShort(datagram.length);
      out.write(datagram);
      out.flush();
    }

    byte[] receive() throws IOException {
      return in.readNBytes(in.readUnsignedShort());
    }

    StunMessage answer() throws IOException {
      byte[] answer = receive();
      StunMessage message = new StunMessage();
      assertTrue(message.wrap(Memory.copyOf(answer), 0, answer.length));
      assertEquals(StunMessage.BINDING_SUCCESS_RESPONSE, message.type());
      return message;
    }

    void awaitClosedByServer() throws IOException {
      int read;
      do {
        try {
          read = in.read();
        } catch (java.net.SocketException reset) {
          return;
        }
      } while (read >= 0);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private byte[] check(IceCredentials remote, String password) {
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
            .messageIntegrity(new StunIntegrity(password))
            .fingerprint();
    return memory.toArray(0, writer.length());
  }

  @Test
  void theUserFragmentLeadsToTheLoop() throws IOException {
    IceCredentials one = first.openTransport(1, true);
    IceCredentials two = second.openTransport(2, true);
    try (Client anna = new Client();
        Client ben = new Client()) {
      anna.send(check(one, one.password()));
      ben.send(check(two, two.password()));
      for (Client client : List.of(anna, ben)) {
        assertEquals(
            client.socket.getLocalSocketAddress(),
            client.answer().xorMappedAddress().orElseThrow());
      }
      // What follows goes the same way: what the loop's handshake says comes back on the
      // connection.
      byte[] dtls = "a flight of the handshake".getBytes(java.nio.charset.StandardCharsets.UTF_8);
      second.command(new Command.SendDtls(2, dtls));
      assertArrayEquals(dtls, ben.receive());
    }
  }

  @Test
  void framesMayComeInPiecesAndTogether() throws IOException {
    IceCredentials remote = first.openTransport(1, true);
    byte[] check = check(remote, remote.password());
    try (Client client = new Client()) {
      client.out.writeShort(check.length);
      for (byte each : check) {
        client.out.write(each);
        client.out.flush();
      }
      client.answer();
      client.out.writeShort(0); // a null packet says nothing
      for (int i = 0; i < 3; i++) {
        client.out.writeShort(check.length);
        client.out.write(check);
      }
      client.out.flush();
      for (int i = 0; i < 3; i++) {
        client.answer();
      }
    }
  }

  @Test
  void whatDoesNotBeginWithACheckIsClosed() throws IOException {
    try (Client client = new Client()) {
      client.send(new byte[] {(byte) 0x80, 0x60, 0, 1});
      client.awaitClosedByServer();
    }
    assertEquals(1, counters.unauthenticated());
  }

  @Test
  void guessesAreNotAnsweredAndEndTheConnection() throws IOException {
    IceCredentials remote = first.openTransport(1, true);
    try (Client client = new Client()) {
      for (int i = 0; i < 17; i++) {
        client.send(check(remote, "a wrong password of ICE"));
      }
      client.awaitClosedByServer(); // without having heard a byte
    }
    assertEquals(1, counters.unauthenticated());
  }

  @Test
  void aFrameNoDatagramCanBeEndsTheConnection() throws IOException {
    try (Client client = new Client()) {
      client.out.writeShort(Rfc4571Decoder.MAX_FRAME_BYTES + 1);
      client.out.flush();
      client.awaitClosedByServer();
    }
  }

  @Test
  void connectionsFromOneAddressAreBoundedUntilOneCloses() throws Exception {
    IceCredentials remote = first.openTransport(1, true);
    Client one = new Client();
    one.send(check(remote, remote.password()));
    one.answer();
    try (Client _ = new Client();
        Client _ = new Client();
        Client tooMany = new Client()) {
      tooMany.awaitClosedByServer();
      assertEquals(1, counters.refused());
      one.close();
      while (counters.open() > 2) {
        Thread.onSpinWait();
      }
      try (Client again = new Client()) {
        again.send(check(remote, remote.password()));
        again.answer();
      }
    }
  }

  @Test
  void aConnectionEndsWithItsTransport() throws IOException {
    IceCredentials remote = first.openTransport(1, true);
    try (Client client = new Client()) {
      client.send(check(remote, remote.password()));
      client.answer();
      first.command(new Command.CloseTransport(1));
      client.send(check(remote, remote.password()));
      client.awaitClosedByServer();
    }
  }

  /// A client whose connection breaks goes on with another.
  @Test
  void anotherConnectionTakesOver() throws IOException {
    IceCredentials remote = first.openTransport(1, true);
    byte[] dtls = {22, 1, 2, 3};
    Client broken = new Client();
    broken.send(check(remote, remote.password()));
    broken.answer();
    try (Client client = new Client()) {
      broken.close();
      client.send(check(remote, remote.password()));
      client.answer();
      first.command(new Command.SendDtls(1, dtls));
      assertArrayEquals(dtls, client.receive());
    }
  }
}
