package io.belfry.sfu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.control.Command;
import io.belfry.sfu.net.LoopFixture;
import io.belfry.sfu.stun.StunMessage;
import io.belfry.sfu.stun.StunWriter;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A media socket learns from a STUN server where it is, over loopback.
@Timeout(30)
class StunDiscoveryTest {
  private static final InetSocketAddress OUTSIDE = new InetSocketAddress("203.0.113.9", 61_234);
  private static final StunDiscovery.Timing FAST =
      new StunDiscovery.Timing(
          Duration.ofMillis(50), 4, Duration.ofMillis(50), Duration.ofMinutes(5));

  private final BlockingQueue<List<InetSocketAddress>> found = new LinkedBlockingQueue<>();

  /// A STUN server that says what a NAT would have it see.
  private static final class Server implements AutoCloseable {
    final DatagramSocket socket;

    /// @param answers whether to answer the request of this number
    Server(String host, Predicate<Integer> answers) throws IOException {
      socket = new DatagramSocket(0, InetAddress.ofLiteral(host));
      Thread.ofVirtual().start(() -> serve(answers));
    }

    private void serve(Predicate<Integer> answers) {
      Memory memory = Memory.allocate(2048);
      StunMessage request = new StunMessage();
      for (int i = 0; ; i++) {
        try {
          DatagramPacket packet = new DatagramPacket(new byte[1500], 1500);
          socket.receive(packet);
          memory.bytes().put(0, packet.getData(), 0, packet.getLength());
          if (!request.wrap(memory, 0, packet.getLength())
              || request.type() != StunMessage.BINDING_REQUEST) {
            throw new AssertionError("not a Binding request");
          }
          if (answers.test(i)) {
            StunWriter writer =
                new StunWriter()
                    .beginResponse(memory, 1024, StunMessage.BINDING_SUCCESS_RESPONSE, request)
                    .xorMappedAddress(OUTSIDE);
            byte[] answer = memory.toArray(1024, writer.length());
            socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
          }
        } catch (SocketException e) {
          return; // closed
        } catch (IOException e) {
          throw new AssertionError(e);
        }
      }
    }

    @Override
    public void close() {
      socket.close();
    }
  }

  private StunDiscovery discovery(String host, int port, LoopFixture node) {
    StunDiscovery discovery =
        new StunDiscovery(
            host, port, true, FAST, new SecureRandom(), (_, addresses) -> found.add(addresses));
    discovery.start(
        List.of((server, id, onAnswer) -> node.command(new Command.AskStun(server, id, onAnswer))));
    return discovery;
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "::1"})
  void theMediaSocketItselfAsks(String host) throws Exception {
    try (Server server = new Server(host, _ -> true);
        LoopFixture node = new LoopFixture(InetAddress.ofLiteral("::"), 1);
        StunDiscovery _ = discovery(host, server.socket.getLocalPort(), node)) {
      assertEquals(List.of(OUTSIDE), found.take());
    }
  }

  @Test
  void lostRequestsAreSentAgainAndFailedRoundsRepeated() throws Exception {
    try (Server server = new Server("127.0.0.1", i -> i >= 6);
        LoopFixture node = new LoopFixture(InetAddress.ofLiteral("0.0.0.0"), 1);
        StunDiscovery discovery = discovery("127.0.0.1", server.socket.getLocalPort(), node)) {
      assertEquals(List.of(OUTSIDE), found.take());
      assertEquals(1, discovery.failed());
    }
  }

  /// Whoever does not know the transaction cannot move the media elsewhere.
  @Test
  void anAnswerToNoQuestionOfOursIsNone() throws Exception {
    try (LoopFixture node = new LoopFixture(InetAddress.ofLiteral("127.0.0.1"), 1);
        DatagramSocket stranger = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
      byte[] id = new byte[12];
      BlockingQueue<InetSocketAddress> answers = new LinkedBlockingQueue<>();
      node.command(
          new Command.AskStun(
              (InetSocketAddress) stranger.getLocalSocketAddress(), id, answers::add));
      DatagramPacket question = new DatagramPacket(new byte[100], 100);
      stranger.receive(question);
      for (byte last : new byte[] {1, 0}) { // another transaction, then the right one
        id = new byte[12];
        id[11] = last;
        Memory memory = Memory.allocate(200);
        StunWriter writer =
            new StunWriter()
                .begin(memory, 0, StunMessage.BINDING_SUCCESS_RESPONSE, id)
                .xorMappedAddress(
                    last == 0 ? OUTSIDE : new InetSocketAddress("198.51.100.66", 666));
        byte[] answer = memory.toArray(0, writer.length());
        stranger.send(new DatagramPacket(answer, answer.length, question.getSocketAddress()));
      }
      assertEquals(OUTSIDE, answers.take());
      assertNull(answers.poll(0, TimeUnit.SECONDS));
    }
  }
}
