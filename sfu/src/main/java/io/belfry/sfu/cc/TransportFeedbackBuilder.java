package io.belfry.sfu.cc;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.rtcp.RtcpReader;
import io.belfry.sfu.rtp.SequenceUnwrapper;
import java.nio.ByteBuffer;

/// Records when the packets of a transport arrived and writes transport-wide feedback about them
/// (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1).
///
/// Every packet is reported once, in the feedback after its arrival; losses are reported where they
/// lie between arrivals. Bounded: a gap larger than the record is taken for a sender that began
/// anew.
public final class TransportFeedbackBuilder {
  /// Often enough for the sender's estimator, rarely enough to cost little (libwebrtc's default is
  /// 50 to 250 ms, by rate).
  static final long INTERVAL_NANOS = 100_000_000L;

  /// Packets remembered between two feedbacks: 100 ms at 100 Mbit/s.
  private static final int CAPACITY = 2048;

  private static final long NOT_RECEIVED = Long.MIN_VALUE;

  /// Reference time counts in 64 ms (§3.1), deltas in 250 µs.
  private static final long REFERENCE_NANOS = 64_000_000L;

  private static final long DELTA_NANOS = 250_000L;

  private static final int HEADER_BYTES = 20;
  private static final int SYMBOLS_PER_CHUNK = 7;
  private static final int SMALL_DELTA = 1;
  private static final int LARGE_DELTA = 2;

  private final SequenceUnwrapper unwrapper = new SequenceUnwrapper();
  private final long[] arrivalNanos = new long[CAPACITY];

  /// Extended sequence number of the first packet not reported yet, and of the one after the last
  /// received. Equal when there is nothing to report.
  private long next = -1;

  private long end = -1;
  private long lastSentNanos;
  private boolean hasSent;
  private int feedbackCount;

  /// Takes the arrival of a packet. Duplicates and packets from before the last feedback are
  /// ignored.
  ///
  /// @param sequence the transport-wide sequence number, in [0, 65535]
  public void onPacket(int sequence, long nowNanos) {
    long extended = unwrapper.unwrap(sequence);
    if (next < 0 || extended - next >= CAPACITY) {
      next = extended;
      end = extended;
    }
    if (extended < next) {
      return;
    }
    while (end <= extended) {
      arrivalNanos[slot(end++)] = NOT_RECEIVED;
    }
    if (arrivalNanos[slot(extended)] == NOT_RECEIVED) {
      arrivalNanos[slot(extended)] = nowNanos;
    }
  }

  /// Whether there is something to report and it is time to.
  public boolean isDue(long nowNanos) {
    return next < end && (!hasSent || nowNanos - lastSentNanos >= INTERVAL_NANOS);
  }

  /// Writes one feedback packet about as many packets as fit; if not all did, the rest stays due.
  ///
  /// @param maxBytes room in `target`; at least 64
  /// @return the length written, a multiple of 4, or 0 if there is nothing to report
  public int write(
      Memory target, int at, int maxBytes, int senderSsrc, int mediaSsrc, long nowNanos) {
    skipLost();
    if (next >= end) {
      return 0;
    }
    ByteBuffer out = target.bytes();
    long first = next;
    long reference = Math.floorDiv(arrivalNanos[slot(first)], REFERENCE_NANOS);
    int count = fitting(first, reference, maxBytes);
    int deltasAt = at + HEADER_BYTES + 2 * chunks(count);
    int written = writeChunksAndDeltas(out, at + HEADER_BYTES, deltasAt, first, count, reference);
    int length = pad(out, at, written - at);
    out.put(at, (byte) (0x80 | RtcpReader.TWCC));
    out.put(at + 1, (byte) RtcpReader.RTPFB);
    out.putShort(at + 2, (short) (length / 4 - 1));
    out.putInt(at + 4, senderSsrc);
    out.putInt(at + 8, mediaSsrc);
    out.putShort(at + 12, (short) first);
    out.putShort(at + 14, (short) count);
    out.putInt(at + 16, ((int) (reference & 0xFF_FFFF) << 8) | (feedbackCount++ & 0xFF));
    next = first + count;
    lastSentNanos = nowNanos;
    hasSent = true;
    return length;
  }

  /// A feedback begins with a received packet, whose time is the reference. Losses before it were
  /// in the feedback before, or precede everything.
  private void skipLost() {
    while (next < end && arrivalNanos[slot(next)] == NOT_RECEIVED) {
      next++;
    }
  }

  /// How many packets from `first` on can be told in one feedback: by room, and by the reach of a
  /// delta (16 bits of 250 µs, some 8 s).
  private int fitting(long first, long reference, int maxBytes) {
    int room = maxBytes - HEADER_BYTES - 3; // 3 for padding
    int deltas = 0;
    int count = 0;
    long previous = reference * REFERENCE_NANOS / DELTA_NANOS;
    for (long i = first; i < end; i++) {
      long arrival = arrivalNanos[slot(i)];
      if (arrival != NOT_RECEIVED) {
        long units = Math.floorDiv(arrival, DELTA_NANOS);
        long delta = units - previous;
        if (delta != (short) delta) {
          break;
        }
        deltas += isSmall(delta) ? 1 : 2;
        previous = units;
      }
      if (deltas + 2 * chunks(count + 1) > room) {
        break;
      }
      count++;
    }
    return count;
  }

  private int writeChunksAndDeltas(
      ByteBuffer out, int chunksAt, int deltasAt, long first, int count, long reference) {
    long previous = reference * REFERENCE_NANOS / DELTA_NANOS;
    int chunk = 0;
    int chunkAt = chunksAt;
    int deltaAt = deltasAt;
    for (int i = 0; i < count; i++) {
      long arrival = arrivalNanos[slot(first + i)];
      int symbol = 0;
      if (arrival != NOT_RECEIVED) {
        long units = Math.floorDiv(arrival, DELTA_NANOS);
        long delta = units - previous;
        previous = units;
        if (isSmall(delta)) {
          symbol = SMALL_DELTA;
          out.put(deltaAt++, (byte) delta);
        } else {
          symbol = LARGE_DELTA;
          out.putShort(deltaAt, (short) delta);
          deltaAt += 2;
        }
      }
      int place = i % SYMBOLS_PER_CHUNK;
      chunk |= symbol << (2 * (SYMBOLS_PER_CHUNK - 1 - place));
      if (place == SYMBOLS_PER_CHUNK - 1 || i == count - 1) {
        // A status vector chunk of seven two-bit symbols (§3.1.4); what is beyond the count is
        // ignored by the reader.
        out.putShort(chunkAt, (short) (0xC000 | chunk));
        chunkAt += 2;
        chunk = 0;
      }
    }
    return deltaAt;
  }

  /// Zero padding to whole words, with the P bit's count (RFC 3550 §6.4.1) left off: the packet
  /// status count says where the content ends.
  private static int pad(ByteBuffer out, int at, int length) {
    int padded = length;
    while ((padded & 3) != 0) {
      out.put(at + padded++, (byte) 0);
    }
    return padded;
  }

  private static boolean isSmall(long delta) {
    return delta >= 0 && delta <= 255;
  }

  private static int chunks(int count) {
    return (count + SYMBOLS_PER_CHUNK - 1) / SYMBOLS_PER_CHUNK;
  }

  private static int slot(long extended) {
    return (int) extended & (CAPACITY - 1);
  }
}
