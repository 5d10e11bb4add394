package io.belfry.sfu.rtcp;

import io.belfry.common.bytes.Memory;
import java.nio.ByteBuffer;

/// A cursor over the packets that one transport-wide feedback tells about
/// (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1). Owns no bytes, allocates nothing.
///
/// [#wrap] checks the whole feedback first, so that what [#next] then goes through is sound.
public final class TransportFeedbackReader {
  private static final int HEADER_BYTES = 20;
  private static final int VECTOR_CHUNK = 0x8000;
  private static final int TWO_BIT_SYMBOLS = 0x4000;
  private static final int NOT_RECEIVED = 0;
  private static final int SMALL_DELTA = 1;
  private static final int LARGE_DELTA = 2;
  private static final long REFERENCE_MICROS = 64_000;
  private static final long DELTA_MICROS = 250;

  private ByteBuffer bytes = Memory.allocate(1).bytes();
  private int baseSequence;
  private int statusCount;
  private int feedbackCount;
  private long arrivalMicros;

  private int chunkAt;
  private int chunk;
  private int symbolsLeftInChunk;
  private int deltaAt;
  private int position;
  private int symbol;

  /// Begins reading a feedback packet.
  ///
  /// @param offset where it begins, RTCP header included: [RtcpReader#offset]
  /// @param length without padding: [RtcpReader#length]
  /// @return false when it does not hold what it announces
  public boolean wrap(Memory memory, int offset, int length) {
    bytes = memory.bytes();
    if (length < HEADER_BYTES) {
      return false;
    }
    baseSequence = Short.toUnsignedInt(bytes.getShort(offset + 12));
    statusCount = Short.toUnsignedInt(bytes.getShort(offset + 14));
    int reference = bytes.getInt(offset + 16);
    feedbackCount = reference & 0xFF;
    int end = offset + length;
    if (!measure(offset + HEADER_BYTES, end)) {
      return false;
    }
    arrivalMicros = (reference >> 8) * REFERENCE_MICROS;
    chunkAt = offset + HEADER_BYTES;
    symbolsLeftInChunk = 0;
    position = -1;
    return true;
  }

  /// Finds where the deltas begin, and whether they fit.
  private boolean measure(int from, int end) {
    int at = from;
    int symbols = 0;
    int deltaBytes = 0;
    while (symbols < statusCount) {
      if (at + 2 > end) {
        return false;
      }
      chunk = Short.toUnsignedInt(bytes.getShort(at));
      at += 2;
      int inChunk = Math.min(symbolsIn(chunk), statusCount - symbols);
      if (inChunk == 0) {
        return false;
      }
      deltaBytes += deltaBytes(chunk, inChunk);
      symbols += inChunk;
    }
    deltaAt = at;
    return statusCount > 0 && deltaBytes <= end - at;
  }

  private static int deltaBytes(int chunk, int symbols) {
    if ((chunk & VECTOR_CHUNK) == 0) {
      return symbols * deltaBytes(chunk >>> 13);
    }
    int sum = 0;
    for (int i = 0; i < symbols; i++) {
      sum += deltaBytes(vectorSymbol(chunk, i));
    }
    return sum;
  }

  /// The reserved symbol 3 has no delta, and is read as not received.
  private static int deltaBytes(int symbol) {
    return symbol == SMALL_DELTA || symbol == LARGE_DELTA ? symbol : 0;
  }

  private static int symbolsIn(int chunk) {
    if ((chunk & VECTOR_CHUNK) == 0) {
      return chunk & 0x1FFF;
    }
    return (chunk & TWO_BIT_SYMBOLS) != 0 ? 7 : 14;
  }

  private static int vectorSymbol(int chunk, int i) {
    return (chunk & TWO_BIT_SYMBOLS) != 0
        ? (chunk >>> (12 - 2 * i)) & 0x03
        : (chunk >>> (13 - i)) & 0x01;
  }

  /// Goes on to the next packet told about, received or not.
  public boolean next() {
    if (position + 1 >= statusCount) {
      return false;
    }
    position++;
    if (symbolsLeftInChunk == 0) {
      chunk = Short.toUnsignedInt(bytes.getShort(chunkAt));
      chunkAt += 2;
      symbolsLeftInChunk = symbolsIn(chunk);
    }
    int inChunk = symbolsIn(chunk) - symbolsLeftInChunk;
    symbol = (chunk & VECTOR_CHUNK) == 0 ? chunk >>> 13 & 0x03 : vectorSymbol(chunk, inChunk);
    symbolsLeftInChunk--;
    if (symbol == SMALL_DELTA) {
      arrivalMicros += (bytes.get(deltaAt) & 0xFF) * DELTA_MICROS;
      deltaAt++;
    } else if (symbol == LARGE_DELTA) {
      arrivalMicros += bytes.getShort(deltaAt) * DELTA_MICROS;
      deltaAt += 2;
    } else {
      symbol = NOT_RECEIVED;
    }
    return true;
  }

  /// The transport-wide sequence number of the packet, in [0, 65535].
  public int sequence() {
    return (baseSequence + position) & 0xFFFF;
  }

  /// Whether the packet was received.
  public boolean isReceived() {
    return symbol != NOT_RECEIVED;
  }

  /// When the packet was received, on the receiver's clock, in microseconds; it wraps after about
  /// twelve days. Only differences carry meaning. Not for packets that were not received.
  public long arrivalMicros() {
    return arrivalMicros;
  }

  /// Packets told about, in [1, 65535].
  public int statusCount() {
    return statusCount;
  }

  /// Counts the feedbacks of a transport, modulo 256, so that a lost one is noticed.
  public int feedbackCount() {
    return feedbackCount;
  }
}
