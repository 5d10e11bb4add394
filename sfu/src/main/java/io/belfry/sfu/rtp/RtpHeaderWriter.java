package io.belfry.sfu.rtp;

import io.belfry.common.bytes.Memory;
import java.nio.ByteBuffer;

/// Writes a received packet's header as one receiver shall see it (RFC 3550 §5.1, RFC 8285), beside
/// the receiver's copy of the payload. Runs once per forwarded packet and allocates nothing.
///
/// Abs-send-time and transport-wide sequence come first in the extension block, so that
/// [#stampSendTime] can set them again in a packet that had to wait.
public final class RtpHeaderWriter {
  /// By how many bytes, at most, a written header is longer than the received one: an extension
  /// header, three elements of our own, and the second head byte of each element that is kept.
  public static final int MAX_GROWTH_BYTES = 64;

  private static final int ONE_BYTE_MAX_LENGTH = 16;
  private static final int BYTEWISE_COPY_MAX_LENGTH = 24;

  private RtpHeaderWriter() {}

  /// Writes the header at `at` in `target`, where there is room for [#MAX_GROWTH_BYTES] more than
  /// the received header.
  ///
  /// The caller has checked that the plan maps the packet's payload type. The padding bit is off:
  /// payloads are forwarded without the sender's padding.
  ///
  /// @param sequence outgoing, only the low 16 bits are used
  /// @param absSendTime see [AbsSendTime]; ignored when the receiver did not negotiate it
  /// @param transportSequence as `absSendTime`; only the low 16 bits are used
  /// @return the header's length in bytes
  public static int write(
      RtpPacket source,
      HeaderPlan plan,
      int sequence,
      int timestamp,
      int absSendTime,
      int transportSequence,
      Memory target,
      int at) {
    ByteBuffer out = target.bytes();
    int marker = source.marker() ? 0x80 : 0;
    int type = plan.payloadTypes[source.payloadType()] & 0x7F;
    int csrcs = source.csrcCount();
    int first = RtpPacket.VERSION_BITS | csrcs;
    int extensionAt = at + RtpPacket.FIXED_HEADER_BYTES + 4 * csrcs;
    for (int i = 0; i < csrcs; i++) {
      int word = RtpPacket.FIXED_HEADER_BYTES + 4 * i;
      out.putInt(at + word, source.memory().bytes().getInt(source.offset() + word));
    }
    int end = writeExtensions(source, plan, absSendTime, transportSequence, out, extensionAt);
    if (end > extensionAt) {
      first |= RtpPacket.EXTENSION_BIT;
    }
    out.putInt(at, first << 24 | (marker | type) << 16 | (sequence & 0xFFFF));
    out.putInt(at + 4, timestamp);
    out.putInt(at + 8, plan.ssrc());
    return end - at;
  }

  /// Sets abs-send-time and transport-wide sequence again in a packet that [#write] wrote with the
  /// same plan and that leaves later than planned.
  public static void stampSendTime(
      HeaderPlan plan, int absSendTime, int transportSequence, Memory target, int at) {
    ByteBuffer out = target.bytes();
    int first = out.get(at) & 0xFF;
    if ((first & RtpPacket.EXTENSION_BIT) == 0) {
      return;
    }
    int extensionAt = at + RtpPacket.FIXED_HEADER_BYTES + 4 * (first & 0x0F);
    boolean isOneByte =
        Short.toUnsignedInt(out.getShort(extensionAt)) == RtpPacket.ONE_BYTE_PROFILE;
    writeSendTime(plan, isOneByte, absSendTime, transportSequence, out, extensionAt + 4);
  }

  /// Sets or clears the marker of a written header: the last packet of the highest spatial layer
  /// that is forwarded ends the picture (RFC 9628 §4.1).
  public static void marker(Memory target, int at, boolean marker) {
    ByteBuffer out = target.bytes();
    out.put(at + 1, (byte) ((out.get(at + 1) & 0x7F) | (marker ? 0x80 : 0)));
  }

  /// Announces padding behind the payload of a written header (RFC 3550 §5.1, P bit). The caller
  /// puts the padding there, its last byte being its count.
  public static void padding(Memory target, int at) {
    ByteBuffer out = target.bytes();
    out.put(at, (byte) (out.get(at) | RtpPacket.PADDING_BIT));
  }

  /// @return where the header ends; `at` when no element is kept
  private static int writeExtensions(
      RtpPacket source,
      HeaderPlan plan,
      int absSendTime,
      int transportSequence,
      ByteBuffer out,
      int at) {
    boolean isOneByte = !needsTwoByteForm(source, plan);
    int start = at + 4;
    int end = writeSendTime(plan, isOneByte, absSendTime, transportSequence, out, start);
    end = writeMid(plan, isOneByte, out, end);
    end = copyElements(source, plan, isOneByte, out, end);
    if (end == start) {
      return at;
    }
    while ((end - start & 3) != 0) {
      out.put(end++, (byte) 0);
    }
    int profile = isOneByte ? RtpPacket.ONE_BYTE_PROFILE : RtpPacket.TWO_BYTE_PROFILE;
    out.putInt(at, profile << 16 | (end - start) >>> 2);
    return end;
  }

  private static int writeSendTime(
      HeaderPlan plan,
      boolean isOneByte,
      int absSendTime,
      int transportSequence,
      ByteBuffer out,
      int at) {
    int end = at;
    if (plan.absSendTimeId != 0) {
      end = writeElementHead(isOneByte, plan.absSendTimeId, 3, out, end);
      out.put(end, (byte) (absSendTime >>> 16));
      out.putShort(end + 1, (short) absSendTime);
      end += 3;
    }
    if (plan.transportSequenceId != 0) {
      end = writeElementHead(isOneByte, plan.transportSequenceId, 2, out, end);
      out.putShort(end, (short) transportSequence);
      end += 2;
    }
    return end;
  }

  private static int writeMid(HeaderPlan plan, boolean isOneByte, ByteBuffer out, int at) {
    if (plan.midId == 0) {
      return at;
    }
    byte[] mid = plan.mid;
    int end = writeElementHead(isOneByte, plan.midId, mid.length, out, at);
    for (byte b : mid) {
      out.put(end++, b);
    }
    return end;
  }

  private static int copyElements(
      RtpPacket source, HeaderPlan plan, boolean isOneByte, ByteBuffer out, int at) {
    ByteBuffer in = source.memory().bytes();
    int end = at;
    for (int i = 0; i < source.extensionCount(); i++) {
      int id = plan.extensionIds[source.extensionIdAt(i)] & 0xFF;
      int length = source.extensionLengthAt(i);
      if (id == 0 || (isOneByte && needsTwoByteForm(id, length))) {
        continue;
      }
      end = writeElementHead(isOneByte, id, length, out, end);
      int from = source.extensionOffsetAt(i);
      if (length <= BYTEWISE_COPY_MAX_LENGTH) {
        for (int j = 0; j < length; j++) {
          out.put(end + j, in.get(from + j));
        }
      } else {
        out.put(end, in, from, length);
      }
      end += length;
    }
    return end;
  }

  private static int writeElementHead(
      boolean isOneByte, int id, int length, ByteBuffer out, int at) {
    if (isOneByte) {
      out.put(at, (byte) (id << 4 | length - 1));
      return at + 1;
    }
    out.putShort(at, (short) (id << 8 | length));
    return at + 2;
  }

  private static boolean needsTwoByteForm(RtpPacket source, HeaderPlan plan) {
    if (!plan.mixedFormsAllowed || plan.ownIdsNeedTwoBytes) {
      return plan.ownIdsNeedTwoBytes;
    }
    for (int i = 0; i < source.extensionCount(); i++) {
      int id = plan.extensionIds[source.extensionIdAt(i)] & 0xFF;
      if (id != 0 && needsTwoByteForm(id, source.extensionLengthAt(i))) {
        return true;
      }
    }
    return false;
  }

  private static boolean needsTwoByteForm(int id, int length) {
    return id > HeaderExtension.MAX_ONE_BYTE_ID || length == 0 || length > ONE_BYTE_MAX_LENGTH;
  }
}
