package io.belfry.sfu.rtcp;

/// The short forms of NTP time that reports use (RFC 3550 §4).
public final class Ntp {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private Ntp() {}

  /// The middle 32 bits of a 64-bit NTP timestamp: 16.16 fixed-point seconds.
  public static int middle(long ntp) {
    return (int) (ntp >>> 16);
  }

  /// A span in 1/65536 s, saturated to 32 bits.
  ///
  /// @param nanos not negative
  public static int units(long nanos) {
    long seconds = nanos / NANOS_PER_SECOND;
    long rest = nanos % NANOS_PER_SECOND;
    long units = (seconds << 16) + ((rest << 16) / NANOS_PER_SECOND);
    return (int) Math.min(units, 0xFFFF_FFFFL);
  }

  /// Nanoseconds of a span in 1/65536 s.
  public static long nanos(long units) {
    return (units * NANOS_PER_SECOND) >> 16;
  }
}
