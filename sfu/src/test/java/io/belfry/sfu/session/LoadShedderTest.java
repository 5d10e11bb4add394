package io.belfry.sfu.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class LoadShedderTest {
  private final LoadShedder shedder = new LoadShedder();
  private boolean isBusy = true;

  private int interval(int inTime, int late) {
    for (int i = 0; i < inTime; i++) {
      shedder.onForwarded(LoadShedder.LATE_NANOS);
    }
    for (int i = 0; i < late; i++) {
      shedder.onForwarded(LoadShedder.LATE_NANOS + 1);
    }
    return shedder.judge(isBusy);
  }

  @Test
  void leavesNothingOutWhileMostPacketsAreInTime() {
    for (int i = 0; i < 20; i++) {
      assertEquals(LoadShedder.NONE, interval(50, 50));
    }
    assertEquals(LoadShedder.NONE, shedder.judge(true), "nor while nothing is forwarded");
  }

  @Test
  void leavesNothingOutForWhatOthersDoToTheMachine() {
    isBusy = false;
    for (int i = 0; i < 20; i++) {
      assertEquals(LoadShedder.NONE, interval(0, 50));
    }
  }

  @Test
  void leavesOutMoreStepByStepUntilOnlyAudioIsLeft() {
    assertEquals(0, interval(49, 51), "once may be chance");
    assertEquals(1, interval(49, 51));
    assertEquals(1, interval(0, 1));
    assertEquals(2, interval(0, 1));
    assertEquals(2, interval(1, 2));
    assertEquals(LoadShedder.AUDIO_ONLY, interval(1, 2));
    assertEquals(LoadShedder.AUDIO_ONLY, interval(0, 9));
    assertEquals(LoadShedder.AUDIO_ONLY, interval(0, 9));
  }

  @Test
  void goesBackAStepAfterTwoSecondsInTime() {
    for (int i = 0; i < 4; i++) {
      interval(0, 1);
    }
    for (int i = 0; i < 7; i++) {
      assertEquals(2, interval(10, 0));
    }
    assertEquals(1, interval(10, 0));
    for (int i = 0; i < 7; i++) {
      assertEquals(1, interval(10, 0));
    }
    assertEquals(1, interval(10, 1), "a late one: not yet");
    for (int i = 0; i < 7; i++) {
      assertEquals(1, interval(10, 0));
    }
    assertEquals(LoadShedder.NONE, interval(10, 0));
  }
}
