package io.belfry.load;

import io.belfry.common.bytes.Memory;
import java.nio.ByteBuffer;

/// The last bytes of every payload, which a server forwards untouched: which run and track the
/// packet is of, how many came before it, and when it was sent.
final class Stamp {
  static final int BYTES = 28;

  private Stamp() {}

  /// @param end where the payload ends
  /// @param run sets this process apart from others in the session
  static void write(Memory packet, int end, long run, int track, long index, long nowNanos) {
    ByteBuffer bytes = packet.bytes();
    bytes.putLong(end - 28, run);
    bytes.putInt(end - 20, track);
    bytes.putLong(end - 16, index);
    bytes.putLong(end - 8, nowNanos);
  }

  static boolean isOf(long run, Memory packet, int end) {
    return packet.bytes().getLong(end - 28) == run;
  }

  static int track(Memory packet, int end) {
    return packet.bytes().getInt(end - 20);
  }

  static long index(Memory packet, int end) {
    return packet.bytes().getLong(end - 16);
  }

  static long sentNanos(Memory packet, int end) {
    return packet.bytes().getLong(end - 8);
  }
}
