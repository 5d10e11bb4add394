package io.belfry.sfu.rtcp;

import io.belfry.common.bytes.Memory;
import java.nio.ByteBuffer;

/// A cursor over the packets of a decrypted compound RTCP datagram (RFC 3550 §6.1). Owns no bytes;
/// never reads past the end, never throws.
///
/// After {@link #next} has returned true, the accessors of that packet's {@link #type} (and {@link
/// #format}) may be used; each says which it is for. A packet whose contents do not fit its length
/// is {@link #isMalformed} and has no entries.
public final class RtcpReader {
  public static final int SR = 200;
  public static final int RR = 201;
  public static final int SDES = 202;
  public static final int BYE = 203;

  /// Transport-layer feedback: {@link #NACK} or {@link #TWCC} by format.
  public static final int RTPFB = 205;

  /// Payload-specific feedback: {@link #PLI}, {@link #FIR} or {@link #AFB} by format.
  public static final int PSFB = 206;

  public static final int XR = 207;

  public static final int NACK = 1;
  public static final int TWCC = 15;
  public static final int PLI = 1;
  public static final int FIR = 4;

  /// Application-layer feedback, of which REMB is one.
  public static final int AFB = 15;

  static final int HEADER_BYTES = 4;
  static final int REPORT_BLOCK_BYTES = 24;
  static final int SENDER_INFO_BYTES = 20;
  private static final int FEEDBACK_HEADER_BYTES = 12;
  static final int REMB_WORD = 0x52454D42; // "REMB"

  private ByteBuffer bytes = Memory.allocate(1).bytes();
  private int at;
  private int end;
  private int packet;
  private int length;
  private boolean isMalformed;

  /// Begins reading a datagram.
  public void wrap(Memory memory, int offset, int length) {
    this.bytes = memory.bytes();
    this.at = offset;
    this.end = offset + length;
    this.isMalformed = false;
  }

  /// Goes on to the next packet.
  ///
  /// @return false at the end, or where the rest is no RTCP; {@link #isMalformed} tells which
  public boolean next() {
    if (at == end) {
      return false;
    }
    if (end - at < HEADER_BYTES || (bytes.get(at) & 0xC0) != 0x80) {
      isMalformed = true;
      return false;
    }
    int size = HEADER_BYTES + 4 * Short.toUnsignedInt(bytes.getShort(at + 2));
    if (size > end - at || paddingBytes(size) > size - HEADER_BYTES) {
      isMalformed = true;
      return false;
    }
    packet = at;
    length = size - paddingBytes(size);
    at += size;
    return true;
  }

  private int paddingBytes(int size) {
    boolean hasPadding = (bytes.get(at) & 0x20) != 0;
    return hasPadding ? bytes.get(at + size - 1) & 0xFF : 0;
  }

  /// Whether the datagram was not RTCP to its end.
  public boolean isMalformed() {
    return isMalformed;
  }

  /// In [0, 255].
  public int type() {
    return bytes.get(packet + 1) & 0xFF;
  }

  /// The feedback format, or the count of report blocks or sources; in [0, 31].
  public int format() {
    return bytes.get(packet) & 0x1F;
  }

  /// Who sent the packet; 0 if it is too short to say.
  public int senderSsrc() {
    return intAt(4);
  }

  /// RTPFB and PSFB: the stream that the feedback is about, 0 for FIR and REMB.
  public int mediaSsrc() {
    return intAt(8);
  }

  // Sender reports (RFC 3550 §6.4.1).

  /// SR: whether the sender's part is complete.
  public boolean hasSenderInfo() {
    return length >= 8 + SENDER_INFO_BYTES;
  }

  /// SR: 64-bit NTP timestamp, 32.32 fixed-point seconds.
  public long ntp() {
    return hasSenderInfo() ? bytes.getLong(packet + 8) : 0;
  }

  /// SR: the RTP timestamp of the same instant.
  public int rtpTimestamp() {
    return intAt(16);
  }

  // Report blocks of SR and RR (RFC 3550 §6.4.2).

  /// SR, RR: complete report blocks, in [0, 31].
  public int reportCount() {
    int room = (length - reportsAt()) / REPORT_BLOCK_BYTES;
    return Math.max(0, Math.min(format(), room));
  }

  private int reportsAt() {
    return type() == SR ? 8 + SENDER_INFO_BYTES : 8;
  }

  private int report(int i) {
    return reportsAt() + i * REPORT_BLOCK_BYTES;
  }

  /// The stream that a block reports on.
  public int reportSsrc(int i) {
    return intAt(report(i));
  }

  /// Packets lost since the last report, in 1/256 of those expected; in [0, 255].
  public int reportFractionLost(int i) {
    return intAt(report(i) + 4) >>> 24;
  }

  /// Packets lost since the beginning, in [-2^23, 2^23).
  public int reportCumulativeLost(int i) {
    return intAt(report(i) + 4) << 8 >> 8;
  }

  /// In timestamp units.
  public long reportJitter(int i) {
    return intAt(report(i) + 12) & 0xFFFF_FFFFL;
  }

  /// The middle 32 bits of the NTP time of the last sender report received, 0 if none was.
  public int reportLastSenderReport(int i) {
    return intAt(report(i) + 16);
  }

  /// How long ago that was, in 1/65536 s.
  public long reportDelay(int i) {
    return intAt(report(i) + 20) & 0xFFFF_FFFFL;
  }

  // Generic NACK (RFC 4585 §6.2.1).

  /// NACK: pairs of a packet id and a bitmask of the 16 following.
  public int nackCount() {
    return Math.max(0, (length - FEEDBACK_HEADER_BYTES) / 4);
  }

  /// The sequence number of the first lost packet, in [0, 65535].
  public int nackPid(int i) {
    return intAt(FEEDBACK_HEADER_BYTES + 4 * i) >>> 16;
  }

  /// Bit n says that packet pid + 1 + n is lost too.
  public int nackBlp(int i) {
    return intAt(FEEDBACK_HEADER_BYTES + 4 * i) & 0xFFFF;
  }

  // Full intra request (RFC 5104 §4.3.1).

  public int firCount() {
    return Math.max(0, (length - FEEDBACK_HEADER_BYTES) / 8);
  }

  /// The stream of which a key frame is wanted.
  public int firSsrc(int i) {
    return intAt(FEEDBACK_HEADER_BYTES + 8 * i);
  }

  // Receiver estimated maximum bitrate.

  /// AFB: whether it is a REMB.
  public boolean isRemb() {
    return length >= FEEDBACK_HEADER_BYTES + 8 && intAt(FEEDBACK_HEADER_BYTES) == REMB_WORD;
  }

  /// Bits per second; Long.MAX_VALUE when the field says more than that.
  public long rembBitrateBps() {
    int word = intAt(FEEDBACK_HEADER_BYTES + 4);
    int exponent = word >>> 18 & 0x3F;
    long mantissa = word & 0x3FFFF;
    return Long.numberOfLeadingZeros(mantissa) <= exponent ? Long.MAX_VALUE : mantissa << exponent;
  }

  // Goodbye (RFC 3550 §6.6).

  /// BYE: sources that leave.
  public int byeCount() {
    return Math.min(format(), (length - HEADER_BYTES) / 4);
  }

  public int byeSsrc(int i) {
    return intAt(HEADER_BYTES + 4 * i);
  }

  /// Where the packet begins in the memory given to {@link #wrap}; for readers of one type.
  public int offset() {
    return packet;
  }

  /// The packet's length in bytes, header included, padding not.
  public int length() {
    return length;
  }

  private int intAt(int offset) {
    return offset + 4 <= length ? bytes.getInt(packet + offset) : 0;
  }
}
