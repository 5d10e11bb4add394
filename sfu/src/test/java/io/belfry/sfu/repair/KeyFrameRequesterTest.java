package io.belfry.sfu.repair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class KeyFrameRequesterTest {
  private static final long MILLI = 1_000_000L;

  private final KeyFrameRequester requester =
      new KeyFrameRequester(KeyFrameRequester.DEFAULT_MIN_INTERVAL_NANOS);

  private boolean poll(long millis) {
    return requester.poll(millis * MILLI, 20 * MILLI);
  }

  @Test
  void sendsTheFirstWishAtOnceAndMergesTheOthers() {
    assertFalse(poll(0));
    requester.request();
    requester.request();
    assertTrue(poll(0));
    requester.request();
    assertFalse(poll(1));
  }

  @Test
  void asksAgainUntilAKeyFrameComes() {
    requester.request();
    assertTrue(poll(0));
    assertFalse(poll(499));
    assertEquals(500 * MILLI, requester.deadlineNanos(10 * MILLI, 0));
    assertTrue(poll(500));
    assertTrue(poll(1000));
    requester.onKeyFrame();
    assertFalse(poll(5000));
    assertEquals(KeyFrameRequester.NEVER, requester.deadlineNanos(0, 0));
  }

  @Test
  void waitsForTheAnswerOnLongPaths() {
    requester.request();
    long rtt = 400 * MILLI;
    assertTrue(requester.poll(0, rtt));
    assertFalse(requester.poll(799 * MILLI, rtt));
    assertEquals(800 * MILLI, requester.deadlineNanos(0, rtt));
    assertTrue(requester.poll(800 * MILLI, rtt));
  }

  /// A room of many joins within half a second costs the publisher two key frames, not many.
  @Test
  void holdsWishesBackRightAfterAKeyFrame() {
    requester.request();
    assertTrue(poll(0));
    requester.onKeyFrame();
    int sent = 0;
    for (int millis = 50; millis <= 500; millis++) {
      requester.request();
      sent += poll(millis) ? 1 : 0;
    }
    assertEquals(1, sent);
  }

  @Test
  void forgetsWhenNobodyWaits() {
    requester.request();
    requester.cancel();
    assertFalse(requester.isWanted());
    assertFalse(poll(0));
  }

  @Test
  void countsFromTheFirstRequestWhateverTheOrigin() {
    requester.request();
    assertTrue(requester.poll(Long.MAX_VALUE - 10, 0));
    assertFalse(requester.poll(Long.MIN_VALUE + 10, 0));
    assertTrue(requester.poll(Long.MIN_VALUE + 500 * MILLI, 0));
  }
}
