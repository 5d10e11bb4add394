package io.belfry.sfu.rtp;

/// Arithmetic on 16-bit sequence numbers (RFC 1982 §3.2, RFC 3550 §5.1).
public final class Seq16 {
  public static final int MASK = 0xFFFF;

  private Seq16() {}

  /// Signed distance from `from` to `to`, in packets, in [-32768, 32767]: positive when `to` is the
  /// newer one.
  public static int distance(int from, int to) {
    return (short) (to - from);
  }

  public static boolean isNewer(int sequence, int than) {
    return distance(than, sequence) > 0;
  }

  /// `sequence + packets`, wrapped into [0, 65535].
  public static int plus(int sequence, int packets) {
    return (sequence + packets) & MASK;
  }
}
