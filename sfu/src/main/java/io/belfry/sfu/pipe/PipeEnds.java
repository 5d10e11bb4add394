package io.belfry.sfu.pipe;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.route.Encoding;
import io.belfry.sfu.route.Pipe;
import io.belfry.sfu.rtp.RtpPacket;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// One media loop's ends of the pipes from and to all others. Belongs to that loop.
public final class PipeEnds {
  /// Records taken from one other loop in a turn, so that a turn stays short.
  private static final int MAX_RECORDS_PER_TURN = 256;

  private final PipeMesh mesh;
  private final int loop;
  private final @Nullable Outgoing[] outgoing;
  private long droppedPackets;

  PipeEnds(PipeMesh mesh, int loop) {
    this.mesh = mesh;
    this.loop = loop;
    this.outgoing = new @Nullable Outgoing[mesh.loops()];
  }

  /// The way to another loop.
  public Pipe to(int other) {
    return open(other);
  }

  private Outgoing open(int other) {
    Outgoing known = outgoing[other];
    if (known == null) {
      known = new Outgoing(mesh.open(loop, other));
      outgoing[other] = known;
    }
    return known;
  }

  /// Asks the home loop of a track for a key frame.
  public void requestKeyFrame(int home, long producerId, int source) {
    open(home).write(PipeRecord.TYPE_KEY_FRAME_REQUEST, producerId, source, 0);
  }

  /// Sends what was written since the last time, and wakes the loops that wait.
  public void publish() {
    for (int i = 0; i < outgoing.length; i++) {
      Outgoing each = outgoing[i];
      if (each != null && each.ring.publish()) {
        mesh.wake(i);
      }
    }
  }

  /// Hands over what came from other loops, up to a bounded number.
  ///
  /// @return whether there may be more
  public boolean receive(PipeHandler handler, long nowNanos) {
    boolean hasMore = false;
    for (int i = 0; i < outgoing.length; i++) {
      PipeRing ring = mesh.find(i, loop);
      if (ring != null) {
        hasMore |= receive(ring, handler, nowNanos) == MAX_RECORDS_PER_TURN;
      }
    }
    return hasMore;
  }

  private static int receive(PipeRing ring, PipeHandler handler, long nowNanos) {
    int taken = 0;
    while (taken < MAX_RECORDS_PER_TURN) {
      int at = ring.poll();
      if (at == PipeRing.NONE) {
        break;
      }
      dispatch(ring.memory(), at, handler, nowNanos);
      taken++;
    }
    if (taken > 0) {
      ring.release();
    }
    return taken;
  }

  private static void dispatch(Memory memory, int at, PipeHandler handler, long nowNanos) {
    ByteBuffer in = memory.bytes();
    long producerId = in.getLong(at + PipeRecord.PRODUCER);
    int source = in.getInt(at + PipeRecord.SOURCE);
    int value = in.getInt(at + PipeRecord.VALUE);
    switch (in.getInt(at + PipeRecord.TYPE)) {
      case PipeRecord.TYPE_PACKET ->
          handler.onPacket(
              producerId,
              source,
              in.getInt(at + PipeRecord.LAYER),
              in.getInt(at + PipeRecord.SSRC),
              memory,
              at + PipeRecord.PACKET,
              value,
              in.getLong(at + PipeRecord.ARRIVAL),
              nowNanos);
      case PipeRecord.TYPE_PADDING -> handler.onPadding(producerId, source, value);
      case PipeRecord.TYPE_SENDER_REPORT ->
          handler.onSenderReport(
              producerId, source, in.getLong(at + PipeRecord.NTP), value, nowNanos);
      case PipeRecord.TYPE_KEY_FRAME_REQUEST -> handler.onKeyFrameRequest(producerId, source);
      default -> throw new IllegalStateException("no such record");
    }
  }

  /// Whether something waits to be received. To be asked before the loop waits.
  public boolean hasIncoming() {
    for (int i = 0; i < outgoing.length; i++) {
      PipeRing ring = mesh.find(i, loop);
      if (ring != null && ring.hasRecords()) {
        return true;
      }
    }
    return false;
  }

  /// Packets that did not fit a ring, since the start.
  public long droppedPackets() {
    return droppedPackets;
  }

  /// The writing end of one ring.
  private final class Outgoing implements Pipe {
    private final PipeRing ring;

    Outgoing(PipeRing ring) {
      this.ring = ring;
    }

    @Override
    public void packet(Encoding encoding, RtpPacket packet, long arrivalNanos) {
      int length = packet.length();
      int at = length > PipeRecord.MAX_PACKET_BYTES ? PipeRing.NONE : ring.claim();
      if (at == PipeRing.NONE) {
        droppedPackets++;
        return;
      }
      ByteBuffer out = ring.memory().bytes();
      out.putInt(at + PipeRecord.LAYER, encoding.layer());
      out.putInt(at + PipeRecord.SSRC, encoding.ssrc());
      out.putLong(at + PipeRecord.ARRIVAL, arrivalNanos);
      Memory.copy(packet.memory(), packet.offset(), ring.memory(), at + PipeRecord.PACKET, length);
      fill(at, PipeRecord.TYPE_PACKET, encoding.producer().id(), encoding.source(), length);
    }

    @Override
    public void padding(Encoding encoding, int sequence) {
      write(PipeRecord.TYPE_PADDING, encoding.producer().id(), encoding.source(), sequence);
    }

    @Override
    public void senderReport(Encoding encoding, long ntp, int rtpTimestamp) {
      int at = ring.claim();
      if (at != PipeRing.NONE) {
        ring.memory().bytes().putLong(at + PipeRecord.NTP, ntp);
        fill(
            at,
            PipeRecord.TYPE_SENDER_REPORT,
            encoding.producer().id(),
            encoding.source(),
            rtpTimestamp);
      }
    }

    /// What is lost here is told again: reports come each second, requests are repeated.
    void write(int type, long producerId, int source, int value) {
      int at = ring.claim();
      if (at != PipeRing.NONE) {
        fill(at, type, producerId, source, value);
      }
    }

    private void fill(int at, int type, long producerId, int source, int value) {
      ByteBuffer out = ring.memory().bytes();
      out.putInt(at + PipeRecord.TYPE, type);
      out.putInt(at + PipeRecord.SOURCE, source);
      out.putLong(at + PipeRecord.PRODUCER, producerId);
      out.putInt(at + PipeRecord.VALUE, value);
      ring.commit();
    }
  }
}
