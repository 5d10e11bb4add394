package io.belfry.sfu.session;

/// Judges four times a second whether a media loop keeps up, and says how much is to be left out so
/// that the rest stays in time. A loop does not keep up when most packets leave late and it has
/// much to do itself: on a machine that is busy with something else, leaving video out would not
/// help.
final class LoadShedder {
  /// Nothing is left out.
  static final int NONE = 0;

  /// Only audio is forwarded.
  static final int AUDIO_ONLY = 3;

  /// A packet that leaves this long after it came is late.
  static final long LATE_NANOS = 20_000_000L;

  /// Intervals in time, one after the other, before a step back is tried: two seconds.
  private static final int CALM_INTERVALS = 8;

  private int level;
  private int samples;
  private int lateSamples;
  private int calmIntervals;
  private int overloadedIntervals;

  /// A turn has forwarded packets.
  ///
  /// @param delayNanos of the oldest
  void onForwarded(long delayNanos) {
    samples++;
    if (delayNanos > LATE_NANOS) {
      lateSamples++;
    }
  }

  /// Ends an interval. One step for two intervals: what a step has brought shows only then.
  ///
  /// @param isBusy whether the loop has much to do
  /// @return what is to be left out: in [{@link #NONE}, {@link #AUDIO_ONLY}], simulcast layers from
  ///   the highest on first, then all video
  int judge(boolean isBusy) {
    boolean isOverloaded = isBusy && 2 * lateSamples > samples;
    overloadedIntervals = isOverloaded ? overloadedIntervals + 1 : 0;
    if (isOverloaded) {
      calmIntervals = 0;
      if (overloadedIntervals == 2) {
        overloadedIntervals = 0;
        level = Math.min(AUDIO_ONLY, level + 1);
      }
    } else if (isBusy && lateSamples > 0) {
      calmIntervals = 0;
    } else if (level > NONE && ++calmIntervals >= CALM_INTERVALS) {
      level--;
      calmIntervals = 0;
    }
    samples = 0;
    lateSamples = 0;
    return level;
  }

  int level() {
    return level;
  }
}
