package io.belfry.sfu.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.sfu.session.Outbox;
import io.belfry.sfu.session.PeerAddress;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The same tests for both implementations, over loopback.
class DatagramIoTest {
  private static final long SECOND_NANOS = 1_000_000_000L;

  private static DatagramIo open(DatagramIoFactory.Choice choice, String host) throws IOException {
    return DatagramIoFactory.open(
        choice, new InetSocketAddress(InetAddress.getByName(host), 0), 1 << 20, 1 << 20);
  }

  private static PeerAddress address(String host, DatagramIo io) throws IOException {
    byte[] raw = InetAddress.getByName(host).getAddress();
    if (raw.length == 4) {
      return new PeerAddress(
          0, PeerAddress.mappedIpv4(ByteBuffer.wrap(raw).getInt()), io.localPort());
    }
    var buffer = ByteBuffer.wrap(raw);
    return new PeerAddress(buffer.getLong(), buffer.getLong(), io.localPort());
  }

  @ParameterizedTest
  @CsvSource({
    "NATIVE, 127.0.0.1",
    "PORTABLE, 127.0.0.1",
    "NATIVE, ::1",
    "PORTABLE, ::1",
  })
  void deliversRunsAsSeparateDatagramsInOrder(DatagramIoFactory.Choice choice, String host)
      throws IOException {
    try (DatagramIo sender = open(choice, host);
        DatagramIo receiver = open(choice, host)) {
      Outbox outbox = new Outbox(1 << 20, 64, sender);
      PeerAddress to = address(host, receiver);
      List<byte[]> sent = new ArrayList<>();
      SplittableRandom random = new SplittableRandom(1);
      int[] lengths = {1200, 1200, 1200, 700, 1200, 1200, 80, 80, 1, 1400};
      for (int length : lengths) {
        byte[] content = new byte[length];
        random.nextBytes(content);
        sent.add(content);
        int at = outbox.reserve();
        outbox.memory().bytes().put(at, content);
        outbox.add(to, length);
      }
      outbox.flush();

      List<byte[]> received = new ArrayList<>();
      long deadline = System.nanoTime() + 5 * SECOND_NANOS;
      while (received.size() < sent.size() && System.nanoTime() < deadline) {
        receiver.await(SECOND_NANOS);
        ReceiveBatch batch = receiver.receive();
        for (int i = 0; i < batch.size(); i++) {
          assertEquals(sender.localPort(), batch.port(i));
          assertEquals(to.low(), batch.addressLow(i));
          assertEquals(to.high(), batch.addressHigh(i));
          received.add(batch.memory().toArray(batch.offset(i), batch.length(i)));
        }
      }
      assertEquals(sent.size(), received.size());
      for (int i = 0; i < sent.size(); i++) {
        assertArrayEquals(sent.get(i), received.get(i), "datagram " + i);
      }
      assertEquals(sent.size(), sender.counters().sentPackets());
      assertEquals(0, sender.counters().droppedPackets());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DatagramIoFactory.Choice.class,
      names = {"NATIVE", "PORTABLE"})
  void isWokenFromAnotherThread(DatagramIoFactory.Choice choice) throws Exception {
    try (DatagramIo io = open(choice, "127.0.0.1")) {
      CountDownLatch awake = new CountDownLatch(1);
      Thread waiter =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  io.await(-1);
                  awake.countDown();
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      io.wakeup();
      assertTrue(awake.await(5, java.util.concurrent.TimeUnit.SECONDS));
      waiter.join();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DatagramIoFactory.Choice.class,
      names = {"NATIVE", "PORTABLE"})
  void countsWhatTheKernelRefusesAndGoesOn(DatagramIoFactory.Choice choice) throws IOException {
    try (DatagramIo sender = open(choice, "127.0.0.1");
        DatagramIo receiver = open(choice, "127.0.0.1")) {
      Outbox outbox = new Outbox(1 << 20, 64, sender);
      outbox.add(new PeerAddress(0, PeerAddress.mappedIpv4(0x7F000001), 0), 100); // no such port
      outbox.reserve();
      outbox.add(address("127.0.0.1", receiver), 100);
      outbox.flush();
      assertEquals(1, sender.counters().sentPackets());
      assertEquals(1, sender.counters().droppedPackets());
    }
  }

  /// A client hears only the address that it has sent to, so a socket that listens on all of them
  /// must answer from that one: in runs that are cut, and in single datagrams.
  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, 127.0.0.1",
    "0.0.0.0, 127.0.0.2",
    "0.0.0.0, 127.9.8.7",
    "::, 127.0.0.1",
    "::, 127.0.0.2",
    "::, ::1",
  })
  void answersFromTheAddressThatADatagramCameTo(String host, String local) throws IOException {
    try (DatagramIo server = open(DatagramIoFactory.Choice.NATIVE, host);
        DatagramChannel client = DatagramChannel.open()) {
      client.connect(new InetSocketAddress(local, server.localPort()));
      client.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
      server.await(5 * SECOND_NANOS);
      ReceiveBatch batch = server.receive();
      assertEquals(1, batch.size());
      assertTrue(batch.local(0) > 0);
      PeerAddress path =
          new PeerAddress(batch.addressHigh(0), batch.addressLow(0), batch.port(0), batch.local(0));

      Outbox outbox = new Outbox(1 << 20, 64, server);
      int[] lengths = {500, 500, 500, 100, 700};
      for (int length : lengths) {
        outbox.reserve();
        outbox.add(path, length);
      }
      outbox.flush();

      client.socket().setSoTimeout(5000);
      for (int length : lengths) { // connected: what comes from elsewhere is not heard
        DatagramPacket answer = new DatagramPacket(new byte[2000], 2000);
        client.socket().receive(answer);
        assertEquals(length, answer.getLength());
      }
      assertEquals(1, server.counters().sendCalls(), "all in one call");
    }
  }

  /// An address may leave this host while a call runs on it; others must not pay for that.
  @Test
  void aRunThatCannotLeaveDoesNotEndSegmentation() throws IOException {
    try (DatagramIo server = open(DatagramIoFactory.Choice.NATIVE, "0.0.0.0");
        DatagramIo client = open(DatagramIoFactory.Choice.NATIVE, "127.0.0.1")) {
      Outbox outbox = new Outbox(1 << 20, 64, server);
      PeerAddress good = address("127.0.0.1", client);
      PeerAddress bad = new PeerAddress(good.high(), good.low(), 0); // no such port: EINVAL
      for (int i = 0; i < 3; i++) {
        for (PeerAddress to : List.of(bad, good)) {
          for (int packet = 0; packet < 4; packet++) {
            outbox.reserve();
            outbox.add(to, 300);
          }
        }
        outbox.flush();
      }
      assertEquals(12, server.counters().sentPackets());
      assertEquals(12, server.counters().droppedPackets());
      long calls = server.counters().sendCalls();
      for (int packet = 0; packet < 4; packet++) {
        outbox.reserve();
        outbox.add(good, 300);
      }
      outbox.flush();
      assertEquals(calls + 1, server.counters().sendCalls());
    }
  }
}
