package io.belfry.sfu.demux;

import io.belfry.common.bytes.Memory;
import java.nio.ByteBuffer;

/// The protocol a datagram carries.
public enum PacketKind {
  STUN,
  DTLS,
  RTP,
  RTCP,
  UNKNOWN;

  /// Tells the protocol from a datagram's first bytes. Says nothing about whether the rest is
  /// sound.
  ///
  /// @param length in bytes; fewer than two are always [#UNKNOWN]
  public static PacketKind of(Memory memory, int offset, int length) {
    if (length < 2) {
      return UNKNOWN;
    }
    ByteBuffer bytes = memory.bytes();
    return of(bytes.get(offset), bytes.get(offset + 1));
  }

  /// Tells the protocol from the first two bytes (RFC 7983 §7, RFC 5761 §4).
  public static PacketKind of(byte first, byte second) {
    int b = first & 0xFF;
    if (b <= 3) {
      return STUN;
    }
    if (b >= 20 && b <= 63) {
      return DTLS;
    }
    if (b >= 128 && b <= 191) {
      // The RTCP packet types; as RTP these would be payload types 64 to 95 with the marker bit,
      // which RFC 5761 §4 keeps free.
      int type = second & 0xFF;
      return type >= 192 && type <= 223 ? RTCP : RTP;
    }
    return UNKNOWN;
  }
}
