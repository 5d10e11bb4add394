package io.belfry.sfu.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.sfu.session.Outbox;
import io.belfry.sfu.session.PeerAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
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
          0, PeerAddress.mappedIpv4(java.nio.ByteBuffer.wrap(raw).getInt()), io.localPort());
    }
    var buffer = java.nio.ByteBuffer.wrap(raw);
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
}
