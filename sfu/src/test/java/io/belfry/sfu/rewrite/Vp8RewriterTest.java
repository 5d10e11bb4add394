package io.belfry.sfu.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class Vp8RewriterTest {
  private final Vp8Rewriter rewriter = new Vp8Rewriter();

  private int pictureId(int pictureId, int tl0) {
    return pictureId + Vp8Rewriter.pictureIdDelta(rewriter.map(pictureId, tl0)) & 0x7FFF;
  }

  @Test
  void leavesTheFirstSourceAlone() {
    rewriter.switchTo(32_766, 254);
    for (int i = 0; i < 10; i++) {
      assertEquals(0, rewriter.map(32_766 + i & 0x7FFF, 254 + i & 0xFF));
    }
  }

  @Test
  void goesOnAcrossSources() {
    rewriter.switchTo(100, 10);
    rewriter.map(100, 10);
    rewriter.map(101, 11);
    rewriter.switchTo(30_000, 200);
    int deltas = rewriter.map(30_000, 200);
    assertEquals(102, 30_000 + Vp8Rewriter.pictureIdDelta(deltas) & 0x7FFF);
    assertEquals(12, 200 + Vp8Rewriter.tl0Delta(deltas) & 0xFF);
    assertEquals(Vp8Rewriter.DROP, rewriter.map(29_999, 199));
  }

  @Test
  void closesOverDroppedPictures() {
    rewriter.switchTo(32_767, 0);
    assertEquals(32_767, pictureId(32_767, 0));
    rewriter.drop(0);
    rewriter.drop(0);
    assertEquals(0, pictureId(1, 1));
    rewriter.drop(2);
    assertEquals(1, pictureId(3, 2));
    assertEquals(0, pictureId(1, 1));
  }

  @Test
  void undoesWhatItDid() {
    rewriter.switchTo(100, 10);
    rewriter.map(100, 10);
    rewriter.switchTo(5, 250);
    int deltas = rewriter.map(5, 250);
    int undo = Vp8Rewriter.negate(deltas);
    assertEquals(0, Vp8Rewriter.pictureIdDelta(deltas) + Vp8Rewriter.pictureIdDelta(undo) & 0x7FFF);
    assertEquals(0, Vp8Rewriter.tl0Delta(deltas) + Vp8Rewriter.tl0Delta(undo) & 0xFF);
  }

  @Test
  void runsOverManyCycles() {
    rewriter.switchTo(0, 0);
    int expected = 0;
    for (int i = 0; i < 200_000; i++) {
      if (i % 3 == 1) {
        rewriter.drop(i & 0x7FFF);
      } else {
        assertEquals(expected++ & 0x7FFF, pictureId(i & 0x7FFF, i & 0xFF));
      }
    }
  }
}
