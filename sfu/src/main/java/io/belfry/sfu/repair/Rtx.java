package io.belfry.sfu.repair;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.rtp.RtpPacket;

/// The retransmission payload format (RFC 4588 §4): the original sequence number (OSN) in two bytes
/// before the original payload.
public final class Rtx {
  public static final int OSN_BYTES = 2;

  private Rtx() {}

  /// Turns a decrypted retransmission back into the original packet, in place: the header moves two
  /// bytes up over the OSN, and the view is wrapped around the result.
  ///
  /// The header extensions stay as the retransmission carried them (repaired RID where the original
  /// had RID).
  ///
  /// @param packet view of the retransmission, padding parsed
  /// @return false when there is no OSN: an empty retransmission, sent to probe
  public static boolean unwrap(RtpPacket packet, int originalSsrc, int originalPayloadType) {
    if (packet.payloadLength() <= OSN_BYTES) {
      return false;
    }
    Memory memory = packet.memory();
    int offset = packet.offset();
    int plainLength = packet.length();
    int sequence = Short.toUnsignedInt(memory.bytes().getShort(packet.payloadOffset()));
    Memory.copy(memory, offset, memory, offset + OSN_BYTES, packet.headerLength());
    if (!packet.wrap(memory, offset + OSN_BYTES, plainLength - OSN_BYTES)
        || !packet.parsePadding(plainLength - OSN_BYTES)) {
      return false;
    }
    packet.ssrc(originalSsrc);
    packet.payloadType(originalPayloadType);
    packet.sequence(sequence);
    return true;
  }

  /// Puts the OSN before the payload of a cached packet, over the last two bytes of its header,
  /// which the receiver's own header replaces anyway. The payload of the retransmission then is the
  /// range that starts two bytes before `payloadOffset`, and can be encrypted from the cache.
  /// [#restore] must follow, since the cached packet is shared.
  ///
  /// @param originalSequence what the receiver knows the packet by
  /// @return the two bytes overwritten
  public static short prefix(Memory memory, int payloadOffset, int originalSequence) {
    short overwritten = memory.bytes().getShort(payloadOffset - OSN_BYTES);
    memory.bytes().putShort(payloadOffset - OSN_BYTES, (short) originalSequence);
    return overwritten;
  }

  /// Puts back what [#prefix] returned.
  public static void restore(Memory memory, int payloadOffset, short overwritten) {
    memory.bytes().putShort(payloadOffset - OSN_BYTES, overwritten);
  }
}
