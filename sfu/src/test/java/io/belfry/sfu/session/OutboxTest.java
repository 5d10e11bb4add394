package io.belfry.sfu.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private static final PeerAddress ANNA = new PeerAddress(0, PeerAddress.mappedIpv4(1), 1000);
  private static final PeerAddress BEN = new PeerAddress(0, PeerAddress.mappedIpv4(2), 1000);

  /// Each run as "port@offset+length/segment".
  private final List<String> drained = new ArrayList<>();

  private final Outbox outbox =
      new Outbox(
          65_536,
          4,
          box -> {
            for (int i = 0; i < box.runs(); i++) {
              drained.add(
                  box.receiver(i).low() % 10
                      + "@"
                      + box.offset(i)
                      + "+"
                      + box.length(i)
                      + "/"
                      + box.segmentBytes(i));
            }
          });

  private void add(PeerAddress to, int... lengths) {
    for (int length : lengths) {
      outbox.reserve();
      outbox.add(to, length);
    }
  }

  private static long lowDigit(PeerAddress address) {
    return address.low() % 10;
  }

  @Test
  void joinsEqualLengthsForOneReceiverAndClosesTheRunWithAShorterOne() {
    add(ANNA, 1200, 1200, 700, 1200);
    outbox.flush();
    long anna = lowDigit(ANNA);
    assertEquals(List.of(anna + "@0+3100/1200", anna + "@3100+1200/1200"), drained);
  }

  @Test
  void aLongerDatagramBeginsANewRun() {
    add(ANNA, 700, 1200);
    outbox.flush();
    assertEquals(2, drained.size());
  }

  @Test
  void anotherReceiverBeginsANewRun() {
    add(ANNA, 100, 100);
    add(BEN, 100);
    add(ANNA, 100);
    outbox.flush();
    assertEquals(3, drained.size());
  }

  @Test
  void aRunHasAtMost64Segments() {
    for (int i = 0; i < 65; i++) {
      add(ANNA, 100);
    }
    assertEquals(2, outbox.runs());
    assertEquals(64, outbox.segments(0));
    assertEquals(1, outbox.segments(1));
  }

  @Test
  void aRunStaysWithinOneDatagramsLengthField() {
    for (int i = 0; i < 33; i++) {
      add(ANNA, 1990);
    }
    assertEquals(2, outbox.runs() + drained.size());
  }

  @Test
  void sendsAtOnceWhenTheTableIsFullAndKeepsTheDatagramJustWritten() {
    for (int i = 0; i < 4; i++) {
      add(i % 2 == 0 ? ANNA : BEN, 100);
    }
    int at = outbox.reserve();
    outbox.memory().bytes().putInt(at, 0xCAFE);
    outbox.add(ANNA, 4);
    assertEquals(4, drained.size());
    assertEquals(1, outbox.runs());
    assertEquals(0xCAFE, outbox.memory().bytes().getInt(outbox.offset(0)));
  }

  @Test
  void sendsAtOnceWhenTheMemoryIsFull() {
    for (int i = 0; i < 60; i++) {
      add(ANNA, 1500);
    }
    assertEquals(1, drained.size());
  }

  @Test
  void isEmptyAfterAFlush() {
    add(ANNA, 100);
    outbox.flush();
    outbox.flush();
    assertEquals(1, drained.size());
    assertEquals(0, outbox.reserve());
  }
}
