package io.belfry.sfu.rewrite;

/// Turns packets of a publisher's encodings into one outgoing RTP stream for one receiver: gapless
/// sequence numbers where packets are held back, timestamps that run on when another source takes
/// over, and a memory of what became of what, for retransmission.
///
/// A source is one incoming stream (an encoding of a producer), known by a small number the caller
/// chooses; a stream that starts anew under the same identity gets a new number. Only packets of
/// the current source pass; [#switchTo] makes another the current one, at a packet where decoding
/// can begin.
public final class StreamRewriter {
  /// Answer of [#map]: not to be forwarded.
  public static final long DROP = GaplessSequence.DROP;

  /// Answer of [#source] before the first [#switchTo].
  public static final int NO_SOURCE = -1;

  public static final int MAX_SOURCE = 0x7FFF;

  /// Beyond this distance from the time passed, a timestamp mapping is not believed.
  private static final int MAX_DRIFT_SECONDS = 3;

  /// A new source's first frame is at least a hundredth of a second after the last one sent.
  private static final int MIN_STEPS_PER_SECOND = 100;

  private final int clockRate;
  private final GaplessSequence sequence = new GaplessSequence();
  private final SentHistory history;
  private int source = NO_SOURCE;
  private int timestampOffset;
  private int lastTimestamp;
  private long lastNanos;
  private boolean hasSent;
  private long nextIndex;
  private long packetCount;
  private long octetCount;

  /// @param clockRate RTP ticks per second
  /// @param firstSequence outgoing sequence number to begin with, in [0, 32767] (RFC 3711 §3.3.1:
  ///   low enough that an early loss does not hide the first wrap from the receiver)
  /// @param firstTimestamp outgoing timestamp to begin with; random
  /// @param historyPackets how many packets can be found again; a power of two
  public StreamRewriter(int clockRate, int firstSequence, int firstTimestamp, int historyPackets) {
    this.clockRate = clockRate;
    this.nextIndex = firstSequence;
    this.lastTimestamp = firstTimestamp;
    this.history = new SentHistory(historyPackets);
  }

  /// Makes `source` the current one, from its packet `firstIndex` on; earlier packets of it will be
  /// dropped. Also used to go on with the same source after a pause.
  ///
  /// @param source in [0, [#MAX_SOURCE]]
  public void switchTo(int source, long firstIndex, int firstTimestamp, long nowNanos) {
    int candidate = source == this.source ? firstTimestamp + timestampOffset : expected(nowNanos);
    begin(source, firstIndex, firstTimestamp, candidate, nowNanos);
  }

  /// As the other one, aligning timestamps by the sender reports of both sources, so that the
  /// picture keeps its place in time exactly.
  ///
  /// @param from the clock of the current source
  /// @param to the clock of the new one
  public void switchTo(
      int source,
      long firstIndex,
      int firstTimestamp,
      long nowNanos,
      SourceClock from,
      SourceClock to) {
    if (source == this.source || !hasSent || !from.isKnown() || !to.isKnown()) {
      switchTo(source, firstIndex, firstTimestamp, nowNanos);
      return;
    }
    int candidate = from.convert(firstTimestamp, to) + timestampOffset;
    begin(source, firstIndex, firstTimestamp, candidate, nowNanos);
  }

  /// There is no source any more, and what it sent cannot be found again; another source may follow
  /// that has the same number.
  public void endSource() {
    source = NO_SOURCE;
    history.clear();
  }

  private void begin(int source, long firstIndex, int timestamp, int candidate, long nowNanos) {
    if (source < 0 || source > MAX_SOURCE) {
      throw new IllegalArgumentException("source out of [0, 32767]: " + source);
    }
    int outgoing = candidate;
    if (!hasSent) {
      outgoing = lastTimestamp;
    } else {
      int expected = expected(nowNanos);
      if (Math.abs((long) (candidate - expected)) > (long) MAX_DRIFT_SECONDS * clockRate) {
        outgoing = expected;
      }
      int earliest = lastTimestamp + clockRate / MIN_STEPS_PER_SECOND;
      if (outgoing - earliest < 0) {
        outgoing = earliest;
      }
    }
    this.source = source;
    timestampOffset = outgoing - timestamp;
    sequence.sync(firstIndex, nextIndex);
  }

  private int expected(long nowNanos) {
    return lastTimestamp + SourceClock.ticks(nowNanos - lastNanos, clockRate);
  }

  /// The 48-bit index that a packet leaves with, whose low 16 bits are its sequence number, or
  /// [#DROP]: it is of another source, from before the switch, dropped already, or too late.
  ///
  /// @param index the packet's 48-bit index in its source
  public long map(int source, long index, int timestamp, long nowNanos) {
    if (source != this.source) {
      return DROP;
    }
    long outgoing = sequence.map(index);
    if (outgoing == DROP) {
      return DROP;
    }
    history.put(outgoing, source, index, timestampOffset);
    nextIndex = Math.max(nextIndex, outgoing + 1);
    int outgoingTimestamp = timestamp + timestampOffset;
    if (!hasSent || outgoingTimestamp - lastTimestamp > 0) {
      lastTimestamp = outgoingTimestamp;
      lastNanos = nowNanos;
      hasSent = true;
    }
    return outgoing;
  }

  /// Holds a packet of the current source back, closing over its place.
  ///
  /// @return false when a later packet was forwarded already, so that receivers see a gap
  public boolean drop(int source, long index) {
    if (source != this.source) {
      return true;
    }
    boolean isClosed = sequence.drop(index);
    nextIndex = Math.max(nextIndex, sequence.highestOutput() + 1);
    return isClosed;
  }

  /// The outgoing timestamp for one of the current source.
  public int timestamp(int sourceTimestamp) {
    return sourceTimestamp + timestampOffset;
  }

  /// Remembers what was added to the numbers in the payload descriptor of a packet just mapped, for
  /// its retransmission.
  public void payloadDeltas(long outgoingIndex, int deltas) {
    history.payloadDeltas(outgoingIndex, deltas);
  }

  /// Counts a packet given to the network, for sender reports.
  public void onSent(int payloadBytes) {
    packetCount++;
    octetCount += payloadBytes;
  }

  /// What was sent lately.
  public SentHistory history() {
    return history;
  }

  /// The current source, or [#NO_SOURCE].
  public int source() {
    return source;
  }

  /// The newest outgoing index given, or one less than the first.
  public long highestIndex() {
    return nextIndex - 1;
  }

  /// What is added to the current source's timestamps; a sender report of it, with its NTP time
  /// kept and this added to its RTP time, tells receivers the truth about lip sync.
  public int timestampOffset() {
    return timestampOffset;
  }

  /// Packets sent; sender reports carry the low 32 bits.
  public long packetCount() {
    return packetCount;
  }

  /// Payload octets sent; sender reports carry the low 32 bits.
  public long octetCount() {
    return octetCount;
  }
}
