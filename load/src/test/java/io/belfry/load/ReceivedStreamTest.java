package io.belfry.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.rtp.RtpPacket;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;

class ReceivedStreamTest {
  private static final long RUN = 77;
  private static final int TRACK = 1;
  private static final int BYTES = 60;

  private final AtomicLongArray sentByTrack = new AtomicLongArray(2);
  private final ReceivedStream stream = new ReceivedStream(5, 90_000);
  private final Traffic traffic = new Traffic();

  @Test
  void countsFromTheFirstPacketThatCame() {
    receive(10, 100, RUN);
    receive(11, 101, RUN);
    sentByTrack.set(TRACK, 12);
    assertEquals(0, settled().lostPackets);
    assertEquals(2, settled().expectedPackets);
  }

  @Test
  void aGapThatTheServerClosedIsLost() {
    receive(10, 100, RUN);
    receive(13, 101, RUN);
    sentByTrack.set(TRACK, 14);
    assertEquals(2, settled().lostPackets);
    assertEquals(4, settled().expectedPackets);
  }

  @Test
  void whatIsSentAfterTheStreamBrokeOffIsLost() {
    receive(10, 100, RUN);
    sentByTrack.set(TRACK, 20);
    assertEquals(9, settled().lostPackets);
  }

  @Test
  void anEarlierPacketThatComesLateIsNoLoss() {
    receive(11, 101, RUN);
    receive(10, 100, RUN);
    sentByTrack.set(TRACK, 12);
    assertEquals(0, settled().lostPackets);
  }

  @Test
  void ofOthersTracksSequenceNumbersTell() {
    receive(0, 65_534, RUN + 1);
    receive(1, 1, RUN + 1);
    assertEquals(2, settled().lostPackets);
    assertEquals(4, settled().expectedPackets);
    assertEquals(0, traffic.delays.total());
  }

  @Test
  void aStreamOfWhichNothingCameIsSilent() {
    assertEquals(1, settled().silentStreams);
    receive(0, 1, RUN);
    assertEquals(0, settled().silentStreams);
  }

  private void receive(long index, int sequence, long run) {
    Memory memory = Memory.allocate(BYTES);
    memory.bytes().put(0, (byte) 0x80).putShort(2, (short) sequence).putInt(8, 5);
    Stamp.write(memory, BYTES, run, TRACK, index, 1_000);
    RtpPacket packet = new RtpPacket();
    assertTrue(packet.wrap(memory, 0, BYTES));
    stream.onPacket(packet, RUN, traffic, 2_000);
  }

  private Traffic settled() {
    Traffic total = new Traffic();
    stream.settle(sentByTrack, total);
    return total;
  }
}
