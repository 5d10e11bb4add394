package io.belfry.sfu.rtcp;

import io.belfry.common.bytes.Memory;
import java.nio.ByteBuffer;

/// Writes RTCP packets one behind the other into a block of memory, to be protected and sent as one
/// compound. Reusable; allocates nothing.
///
/// A packet that does not fit is left out and its method returns false.
public final class RtcpWriter {
  /// Packet ids and bitmasks that fit one NACK here.
  static final int MAX_NACK_PAIRS = 64;

  private static final int MAX_REPORT_BLOCKS = 31;
  private static final int SDES_CNAME = 1;

  private ByteBuffer bytes = Memory.allocate(1).bytes();
  private int begin;
  private int at;
  private int limit;

  /// Where the receiver report begins that {@link #reportBlock} adds to.
  private int report;

  /// Begins a compound.
  ///
  /// @param maxBytes how much may be written from `offset` on
  public void wrap(Memory memory, int offset, int maxBytes) {
    this.bytes = memory.bytes();
    this.begin = offset;
    this.at = offset;
    this.limit = offset + maxBytes;
  }

  /// Bytes written so far.
  public int length() {
    return at - begin;
  }

  public boolean isEmpty() {
    return at == begin;
  }

  /// Where the next packet goes, for writers of other packages.
  public int position() {
    return at;
  }

  /// Bytes left.
  public int remaining() {
    return limit - at;
  }

  /// Counts what somebody else wrote at {@link #position}.
  public void advance(int writtenBytes) {
    at += writtenBytes;
  }

  /// A sender report without report blocks (RFC 3550 §6.4.1).
  ///
  /// @param ntp 32.32 fixed-point seconds
  public boolean senderReport(int ssrc, long ntp, int rtpTimestamp, long packets, long octets) {
    if (remaining() < 28) {
      return false;
    }
    header(0, RtcpReader.SR, 28);
    bytes.putInt(at + 4, ssrc);
    bytes.putLong(at + 8, ntp);
    bytes.putInt(at + 16, rtpTimestamp);
    bytes.putInt(at + 20, (int) packets);
    bytes.putInt(at + 24, (int) octets);
    at += 28;
    return true;
  }

  /// The canonical name of a source (RFC 3550 §6.5.1).
  ///
  /// @param cname ASCII, at most 255 characters
  public boolean sourceDescription(int ssrc, String cname) {
    int content = 4 + 2 + cname.length();
    int padded = (content + 1 + 3) & ~3; // at least one zero ends the chunk
    if (remaining() < 4 + padded || cname.length() > 255) {
      return false;
    }
    header(1, RtcpReader.SDES, 4 + padded);
    bytes.putInt(at + 4, ssrc);
    bytes.put(at + 8, (byte) SDES_CNAME);
    bytes.put(at + 9, (byte) cname.length());
    for (int i = 0; i < cname.length(); i++) {
      bytes.put(at + 10 + i, (byte) cname.charAt(i));
    }
    for (int i = content; i < padded; i++) {
      bytes.put(at + 4 + i, (byte) 0);
    }
    at += 4 + padded;
    return true;
  }

  /// Begins a receiver report (RFC 3550 §6.4.2); {@link #reportBlock} adds to it.
  public boolean receiverReport(int senderSsrc) {
    if (remaining() < 8) {
      return false;
    }
    header(0, RtcpReader.RR, 8);
    bytes.putInt(at + 4, senderSsrc);
    report = at;
    at += 8;
    return true;
  }

  /// Adds a block to the receiver report just begun.
  ///
  /// @param fractionLost in 1/256, [0, 255]
  /// @param cumulativeLost clamped to 24 bits
  /// @param lastSenderReport middle 32 bits of its NTP time, 0 if none came
  /// @param delay since then, in 1/65536 s
  public boolean reportBlock(
      int ssrc,
      int fractionLost,
      int cumulativeLost,
      int extendedHighestSequence,
      int jitter,
      int lastSenderReport,
      int delay) {
    int count = bytes.get(report) & 0x1F;
    if (remaining() < RtcpReader.REPORT_BLOCK_BYTES || count == MAX_REPORT_BLOCKS) {
      return false;
    }
    int lost = Math.max(-(1 << 23), Math.min((1 << 23) - 1, cumulativeLost));
    bytes.putInt(at, ssrc);
    bytes.putInt(at + 4, (fractionLost << 24) | (lost & 0xFF_FFFF));
    bytes.putInt(at + 8, extendedHighestSequence);
    bytes.putInt(at + 12, jitter);
    bytes.putInt(at + 16, lastSenderReport);
    bytes.putInt(at + 20, delay);
    at += RtcpReader.REPORT_BLOCK_BYTES;
    int words = (at - report) / 4 - 1;
    bytes.put(report, (byte) (0x80 | count + 1));
    bytes.putShort(report + 2, (short) words);
    return true;
  }

  /// A generic NACK (RFC 4585 §6.2.1).
  ///
  /// @param sequences 16-bit sequence numbers in ascending order (modulo wrap)
  /// @param count how many of them
  /// @return how many were taken; the rest did not fit
  public int nack(int senderSsrc, int mediaSsrc, int[] sequences, int count) {
    int pairs = 0;
    int taken = 0;
    int pairsAt = at + 12;
    int room = Math.min(MAX_NACK_PAIRS, (remaining() - 12) / 4);
    while (taken < count && pairs < room) {
      int pid = sequences[taken++];
      int blp = 0;
      while (taken < count) {
        int distance = (sequences[taken] - pid - 1) & 0xFFFF;
        if (distance > 15) {
          break;
        }
        blp |= 1 << distance;
        taken++;
      }
      bytes.putInt(pairsAt + 4 * pairs, pid << 16 | blp);
      pairs++;
    }
    if (pairs == 0) {
      return 0;
    }
    feedbackHeader(RtcpReader.NACK, RtcpReader.RTPFB, 12 + 4 * pairs, senderSsrc, mediaSsrc);
    at += 12 + 4 * pairs;
    return taken;
  }

  /// A picture loss indication (RFC 4585 §6.3.1).
  public boolean pictureLossIndication(int senderSsrc, int mediaSsrc) {
    if (remaining() < 12) {
      return false;
    }
    feedbackHeader(RtcpReader.PLI, RtcpReader.PSFB, 12, senderSsrc, mediaSsrc);
    at += 12;
    return true;
  }

  /// A full intra request (RFC 5104 §4.3.1).
  ///
  /// @param sequence counts the requests to one source, in [0, 255]; the same for a repetition
  public boolean fullIntraRequest(int senderSsrc, int mediaSsrc, int sequence) {
    if (remaining() < 20) {
      return false;
    }
    feedbackHeader(RtcpReader.FIR, RtcpReader.PSFB, 20, senderSsrc, 0);
    bytes.putInt(at + 12, mediaSsrc);
    bytes.putInt(at + 16, sequence << 24);
    at += 20;
    return true;
  }

  /// A limit on what a sender may send, over all of its streams (draft-alvestrand-rmcat-remb-03
  /// §2.2).
  ///
  /// @param bitrateBps not negative; rounded down to 18 significant bits
  public boolean receiverEstimatedMaximumBitrate(int senderSsrc, long bitrateBps, int mediaSsrc) {
    if (remaining() < 24) {
      return false;
    }
    int exponent = Math.max(0, 64 - 18 - Long.numberOfLeadingZeros(bitrateBps));
    int mantissa = (int) (bitrateBps >>> exponent);
    feedbackHeader(RtcpReader.AFB, RtcpReader.PSFB, 24, senderSsrc, 0);
    bytes.putInt(at + 12, RtcpReader.REMB_WORD);
    bytes.putInt(at + 16, 1 << 24 | exponent << 18 | mantissa);
    bytes.putInt(at + 20, mediaSsrc);
    at += 24;
    return true;
  }

  /// A goodbye of one source (RFC 3550 §6.6).
  public boolean goodbye(int ssrc) {
    if (remaining() < 8) {
      return false;
    }
    header(1, RtcpReader.BYE, 8);
    bytes.putInt(at + 4, ssrc);
    at += 8;
    return true;
  }

  private void feedbackHeader(int format, int type, int size, int senderSsrc, int mediaSsrc) {
    header(format, type, size);
    bytes.putInt(at + 4, senderSsrc);
    bytes.putInt(at + 8, mediaSsrc);
  }

  private void header(int count, int type, int size) {
    bytes.put(at, (byte) (0x80 | count));
    bytes.put(at + 1, (byte) type);
    bytes.putShort(at + 2, (short) (size / 4 - 1));
  }
}
