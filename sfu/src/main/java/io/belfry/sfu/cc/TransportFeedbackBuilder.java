package io.belfry.sfu.cc;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.rtcp.RtcpReader;
import io.belfry.sfu.rtp.SequenceUnwrapper;
import java.nio.ByteBuffer;

/// Records when the packets of a transport arrived and writes transport-wide feedback about them
/// (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1).
///
/// Each feedback goes on where the one before ended, so that losses between two are told too. A
/// packet that arrives after its place was reported as lost is reported again, with all that
/// follows it: senders take the better news. Bounded: what the record cannot hold is forgotten, and
/// a jump larger than the record is taken for a sender that began anew.
public final class TransportFeedbackBuilder {
  /// Between feedbacks while packets come fast, as libwebrtc does from 200 kbit/s on.
  static final long MIN_INTERVAL_NANOS = 50_000_000L;

  /// Between feedbacks while packets come slowly.
  static final long MAX_INTERVAL_NANOS = 100_000_000L;

  /// So many packets in the minimum interval are fast: more than a voice alone.
  private static final int FAST_PACKETS = 4;

  /// Packets remembered: 50 ms at 400 Mbit/s, and enough of the past for late arrivals.
  static final int CAPACITY = 2048;

  private static final long NOT_RECEIVED = Long.MIN_VALUE;

  /// Reference time counts in 64 ms, deltas in 250 µs.
  private static final long REFERENCE_NANOS = 64_000_000L;

  private static final long DELTA_NANOS = 250_000L;
  private static final long DELTAS_PER_REFERENCE = REFERENCE_NANOS / DELTA_NANOS;

  private static final int HEADER_BYTES = 20;
  private static final int MAX_RUN = 0x1FFF;
  private static final int ONE_BIT_SYMBOLS = 14;
  private static final int TWO_BIT_SYMBOLS = 7;
  private static final int SMALL_DELTA = 1;
  private static final int LARGE_DELTA = 2;

  private final SequenceUnwrapper unwrapper = new SequenceUnwrapper();
  private final long[] arrivalNanos = new long[CAPACITY];

  /// The statuses of the feedback being written: 0, or the bytes of its delta.
  private final byte[] symbols = new byte[CAPACITY];

  /// Extended sequence numbers: of the first packet recorded, of the first to tell in the next
  /// feedback, and of the one after the last received. The last two are equal when there is nothing
  /// to tell.
  private long begin = -1;

  private long next = -1;
  private long end = -1;
  private long lastSentNanos;
  private boolean hasSent;
  private int feedbackCount;

  /// Takes the arrival of a packet. Duplicates are ignored.
  ///
  /// @param sequence the transport-wide sequence number, in [0, 65535]
  public void onPacket(int sequence, long nowNanos) {
    long extended = unwrapper.unwrap(sequence);
    if (end < 0 || extended - end >= CAPACITY) {
      begin = extended;
      next = extended;
      end = extended;
    }
    if (extended < begin) {
      return;
    }
    while (end <= extended) {
      arrivalNanos[slot(end++)] = NOT_RECEIVED;
    }
    begin = Math.max(begin, end - CAPACITY);
    next = Math.max(next, begin);
    if (arrivalNanos[slot(extended)] == NOT_RECEIVED) {
      arrivalNanos[slot(extended)] = nowNanos;
      next = Math.min(next, extended);
    }
  }

  /// Whether there is something to tell and it is time to.
  public boolean isDue(long nowNanos) {
    if (next >= end) {
      return false;
    }
    long elapsed = nowNanos - lastSentNanos;
    boolean isFast = end - next >= FAST_PACKETS;
    return !hasSent || elapsed >= (isFast ? MIN_INTERVAL_NANOS : MAX_INTERVAL_NANOS);
  }

  /// Writes one feedback about as many packets as fit; if not all did, the rest stays to be told.
  ///
  /// @param maxBytes room in `target`
  /// @return the length written, a multiple of 4, or 0 when there is nothing to tell or no room
  public int write(
      Memory target, int at, int maxBytes, int senderSsrc, int mediaSsrc, long nowNanos) {
    if (next >= end) {
      return 0;
    }
    long reference = Math.floorDiv(firstArrivalNanos(), REFERENCE_NANOS);
    int count = choose(reference * DELTAS_PER_REFERENCE, maxBytes);
    if (count == 0) {
      return 0;
    }
    ByteBuffer out = target.bytes();
    int deltasAt = writeChunks(out, at + HEADER_BYTES, count);
    int written = writeDeltas(out, deltasAt, count, reference * DELTAS_PER_REFERENCE);
    int length = pad(out, at, written - at);
    out.put(at + 1, (byte) RtcpReader.RTPFB);
    out.putShort(at + 2, (short) (length / 4 - 1));
    out.putInt(at + 4, senderSsrc);
    out.putInt(at + 8, mediaSsrc);
    out.putShort(at + 12, (short) next);
    out.putShort(at + 14, (short) count);
    out.putInt(at + 16, ((int) (reference & 0xFF_FFFF) << 8) | (feedbackCount++ & 0xFF));
    next += count;
    lastSentNanos = nowNanos;
    hasSent = true;
    return length;
  }

  /// The arrival of the first packet received from [#next] on; the last one recorded always was.
  private long firstArrivalNanos() {
    long first = next;
    while (arrivalNanos[slot(first)] == NOT_RECEIVED) {
      first++;
    }
    return arrivalNanos[slot(first)];
  }

  /// Fills in [#symbols] for as many packets as one feedback can tell: limited by room, and by the
  /// reach of a delta (16 bits of 250 µs, some 8 s).
  private int choose(long referenceDeltas, int maxBytes) {
    int room = maxBytes - HEADER_BYTES - 3; // 3 for padding
    int deltaBytes = 0;
    long previous = referenceDeltas;
    int count = 0;
    for (long i = next; i < end; i++) {
      int symbol = 0;
      long arrival = arrivalNanos[slot(i)];
      if (arrival != NOT_RECEIVED) {
        long now = Math.floorDiv(arrival, DELTA_NANOS);
        long delta = now - previous;
        if (delta != (short) delta) {
          return count;
        }
        symbol = delta >= 0 && delta <= 0xFF ? SMALL_DELTA : LARGE_DELTA;
        deltaBytes += symbol;
        previous = now;
      }
      if (2 * chunksAtMost(count + 1) + deltaBytes > room) {
        return count;
      }
      symbols[count++] = (byte) symbol;
    }
    return count;
  }

  /// Every chunk but the last tells seven symbols or more.
  private static int chunksAtMost(int count) {
    return (count + TWO_BIT_SYMBOLS - 1) / TWO_BIT_SYMBOLS;
  }

  /// Run-length chunks (§3.1.3) where seven or more symbols are equal, else status vectors (§3.1.4)
  /// of one bit where no large delta is near, or of two.
  private int writeChunks(ByteBuffer out, int from, int count) {
    int at = from;
    int i = 0;
    while (i < count) {
      int run = runLength(i, count);
      if (run >= TWO_BIT_SYMBOLS || run == count - i) {
        out.putShort(at, (short) (symbols[i] << 13 | run));
        i += run;
      } else {
        int inOneBit = Math.min(ONE_BIT_SYMBOLS, count - i);
        boolean isOneBit = !hasLargeDelta(i, i + inOneBit);
        int inChunk = isOneBit ? inOneBit : Math.min(TWO_BIT_SYMBOLS, count - i);
        out.putShort(at, (short) vector(i, inChunk, isOneBit));
        i += inChunk;
      }
      at += 2;
    }
    return at;
  }

  private int runLength(int from, int count) {
    int i = from;
    while (i < count && i - from < MAX_RUN && symbols[i] == symbols[from]) {
      i++;
    }
    return i - from;
  }

  private boolean hasLargeDelta(int from, int to) {
    for (int i = from; i < to; i++) {
      if (symbols[i] == LARGE_DELTA) {
        return true;
      }
    }
    return false;
  }

  private int vector(int from, int inChunk, boolean isOneBit) {
    int chunk = isOneBit ? 0x8000 : 0xC000;
    for (int i = 0; i < inChunk; i++) {
      chunk |= symbols[from + i] << (isOneBit ? 13 - i : 12 - 2 * i);
    }
    return chunk;
  }

  private int writeDeltas(ByteBuffer out, int from, int count, long referenceDeltas) {
    int at = from;
    long previous = referenceDeltas;
    for (int i = 0; i < count; i++) {
      if (symbols[i] != 0) {
        long now = Math.floorDiv(arrivalNanos[slot(next + i)], DELTA_NANOS);
        if (symbols[i] == SMALL_DELTA) {
          out.put(at, (byte) (now - previous));
        } else {
          out.putShort(at, (short) (now - previous));
        }
        at += symbols[i];
        previous = now;
      }
    }
    return at;
  }

  /// Pads to whole words (RFC 3550 §6.4.1, P bit) and sets the first octet.
  private static int pad(ByteBuffer out, int at, int length) {
    int padding = -length & 3;
    for (int i = 1; i <= padding; i++) {
      out.put(at + length + i - 1, (byte) (i == padding ? padding : 0));
    }
    out.put(at, (byte) ((padding > 0 ? 0xA0 : 0x80) | RtcpReader.TWCC));
    return length + padding;
  }

  private static int slot(long extended) {
    return (int) extended & (CAPACITY - 1);
  }
}
