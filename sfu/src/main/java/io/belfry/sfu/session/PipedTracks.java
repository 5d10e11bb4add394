package io.belfry.sfu.session;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.control.ProducerSpec;
import io.belfry.sfu.pipe.PipeEnds;
import io.belfry.sfu.pipe.PipeHandler;
import io.belfry.sfu.route.Encoding;
import io.belfry.sfu.route.Producer;
import io.belfry.sfu.route.Room;
import io.belfry.sfu.route.RouteCounters;
import io.belfry.sfu.rtp.RtpPacket;
import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/// The tracks of a loop whose publishers are on other loops: fed through the pipes, and asking for
/// key frames through them. Also answers such requests for the loop's own tracks.
final class PipedTracks implements PipeHandler {
  private final PipeEnds ends;
  private final RouteCounters counters;
  private final Long2ObjectHashMap<Producer> producers;
  private final Long2ObjectHashMap<Piped> piped = new Long2ObjectHashMap<>();
  private final List<Piped> inOrder = new ArrayList<>();
  private final RtpPacket packet = new RtpPacket();

  /// @param home the loop of its publisher
  private record Piped(Producer producer, Room room, int home) {}

  /// @param producers all tracks of the loop, by id
  PipedTracks(PipeEnds ends, Long2ObjectHashMap<Producer> producers, RouteCounters counters) {
    this.ends = ends;
    this.counters = counters;
    this.producers = producers;
  }

  /// Begins a track, or takes the result of its new negotiation.
  void produce(Room room, int home, ProducerSpec spec) {
    Piped known = piped.get(spec.producerId());
    if (known != null) {
      room.updateProducer(known.producer, spec);
      return;
    }
    Piped begun = new Piped(room.addProducer(spec), room, home);
    piped.put(spec.producerId(), begun);
    inOrder.add(begun);
    producers.put(spec.producerId(), begun.producer);
  }

  /// @return the track that was ended, or null if it is not one of these
  @Nullable Producer close(long producerId, long nowNanos) {
    Piped ended = piped.remove(producerId);
    if (ended == null) {
      return null;
    }
    inOrder.remove(ended);
    producers.remove(producerId);
    ended.room.removeProducer(ended.producer, nowNanos);
    return ended.producer;
  }

  void closeAll(Room room, long nowNanos) {
    for (Piped each : List.copyOf(inOrder)) {
      if (each.room == room) {
        close(each.producer.id(), nowNanos);
      }
    }
  }

  /// Passes the receivers' requests for key frames on.
  void onTick(long nowNanos) {
    for (int i = 0; i < inOrder.size(); i++) {
      Piped each = inOrder.get(i);
      List<Encoding> encodings = each.producer.encodings();
      for (int j = 0; j < encodings.size(); j++) {
        if (encodings.get(j).keyFrames().poll(nowNanos, 0)) {
          ends.requestKeyFrame(each.home, each.producer.id(), encodings.get(j).source());
        }
      }
    }
  }

  @Override
  public void onPacket(
      long producerId,
      int source,
      int layer,
      int ssrc,
      Memory memory,
      int offset,
      int length,
      long arrivalNanos,
      long nowNanos) {
    Piped track = piped.get(producerId);
    Encoding encoding = track == null ? null : track.producer.pipedEncoding(source, layer, ssrc);
    if (encoding != null && packet.wrap(memory, offset, length) && packet.parsePadding(length)) {
      counters.arrivalNanos = arrivalNanos;
      encoding.onPacket(packet, nowNanos);
    }
  }

  @Override
  public void onPadding(long producerId, int source, int sequence) {
    Encoding encoding = pipedEncoding(producerId, source);
    if (encoding != null) {
      encoding.onPadding(sequence);
    }
  }

  @Override
  public void onSenderReport(
      long producerId, int source, long ntp, int rtpTimestamp, long nowNanos) {
    Encoding encoding = pipedEncoding(producerId, source);
    if (encoding != null) {
      encoding.onSenderReport(ntp, rtpTimestamp, nowNanos);
    }
  }

  private @Nullable Encoding pipedEncoding(long producerId, int source) {
    Piped track = piped.get(producerId);
    return track == null ? null : track.producer.encodingOf(source);
  }

  @Override
  public void onKeyFrameRequest(long producerId, int source) {
    Producer producer = producers.get(producerId);
    Encoding encoding = producer == null ? null : producer.encodingOf(source);
    if (encoding != null) {
      encoding.requestKeyFrame();
    }
  }
}
