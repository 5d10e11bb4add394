package io.belfry.sfu.route;

import io.belfry.sfu.control.ProducerSpec;
import io.belfry.sfu.repair.PacketCache;
import io.belfry.sfu.rtp.codec.CodecKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A track that a participant publishes.
public final class Producer {
  /// Simulcast layers a track may have.
  public static final int MAX_ENCODINGS = 4;

  private final long id;
  private final Room room;
  private final RouteLimits limits;
  private ProducerSpec spec;
  private final @Nullable CodecKind[] codecs = new @Nullable CodecKind[128];

  /// In the order of their appearance on the wire, retired ones removed.
  private final List<Encoding> encodings = new ArrayList<>();

  /// By receiver slot of the room, so that a flush finds each in one step.
  private @Nullable Consumer[] consumers = new @Nullable Consumer[4];

  private int nextSource;

  /// How many of the highest layers are left out.
  private int hiddenLayers;

  Producer(Room room, ProducerSpec spec, RouteLimits limits) {
    this.id = spec.producerId();
    this.room = room;
    this.limits = limits;
    this.spec = spec;
    learnCodecs();
  }

  /// Takes the result of a new negotiation; streams that go on, go on.
  void update(ProducerSpec replacement) {
    spec = replacement;
    learnCodecs();
  }

  private void learnCodecs() {
    Arrays.fill(codecs, null);
    for (ProducerSpec.Codec codec : spec.codecs()) {
      codecs[codec.payloadType()] = codec.kind();
    }
  }

  /// Begins a stream of this track that was just seen for the first time.
  ///
  /// @param rid empty when the track has one encoding
  /// @return null when the track has as many as it may
  public @Nullable Encoding addEncoding(String rid, int ssrc) {
    return addEncoding(rid, ssrc, nextSource++);
  }

  /// The stream that another loop receives, begun here if this is the first that is heard of it.
  ///
  /// @param source its number there
  /// @param layer the place of its RID among those signalled, or -1
  /// @return null when the track has as many as it may, or no such layer
  public @Nullable Encoding pipedEncoding(int source, int layer, int ssrc) {
    Encoding known = encodingOf(source);
    if (known != null || layer >= spec.encodings().size()) {
      return known;
    }
    return addEncoding(layer < 0 ? "" : spec.encodings().get(layer).rid(), ssrc, source);
  }

  private @Nullable Encoding addEncoding(String rid, int ssrc, int source) {
    retire(rid);
    if (encodings.size() == MAX_ENCODINGS) {
      return null;
    }
    int capacity = spec.isVideo() ? limits.videoCachePackets() : limits.audioCachePackets();
    Encoding encoding =
        new Encoding(
            this,
            rid,
            layerOf(rid),
            ssrc,
            source,
            new PacketCache(capacity, PacketCache.DEFAULT_SLOT_BYTES),
            limits.keyFrameIntervalNanos());
    encodings.add(encoding);
    encodings.sort((a, b) -> Integer.compare(a.layer(), b.layer()));
    for (Consumer consumer : consumers) {
      if (consumer != null) {
        consumer.onEncodingAdded();
      }
    }
    return encoding;
  }

  /// Closes over a packet that is not forwarded to anybody.
  void skip(Encoding encoding, long index) {
    for (Consumer consumer : consumers) {
      if (consumer != null) {
        consumer.skip(encoding, index);
      }
    }
  }

  /// A stream that starts anew under the same RID replaces the old one.
  private void retire(String rid) {
    encodings.removeIf(encoding -> encoding.rid().equals(rid));
  }

  /// The place of a RID among those signalled, the lowest quality first.
  private int layerOf(String rid) {
    for (int i = 0; i < spec.encodings().size(); i++) {
      if (spec.encodings().get(i).rid().equals(rid)) {
        return i;
      }
    }
    return -1;
  }

  /// The best encoding that is flowing and not hidden, or the best known when none is, or null
  /// before any came.
  @Nullable Encoding best(long nowNanos) {
    Encoding best = null;
    int left = hiddenLayers;
    for (int i = encodings.size() - 1; i >= 0; i--) {
      if (encodings.get(i).isActive(nowNanos)) {
        best = encodings.get(i);
        if (left-- == 0) {
          return best;
        }
      }
    }
    return best != null || encodings.isEmpty() ? best : encodings.getLast();
  }

  /// @param count how many of the layers that flow are left out, the highest first; the lowest
  ///   stays
  void hideLayers(int count) {
    hiddenLayers = count;
  }

  /// The stream of this number, or null.
  public @Nullable Encoding encodingOf(int source) {
    for (int i = 0; i < encodings.size(); i++) {
      if (encodings.get(i).source() == source) {
        return encodings.get(i);
      }
    }
    return null;
  }

  @Nullable Consumer consumerAt(int slot) {
    return slot < consumers.length ? consumers[slot] : null;
  }

  void put(int slot, @Nullable Consumer consumer) {
    if (slot >= consumers.length) {
      consumers = Arrays.copyOf(consumers, Math.max(slot + 1, consumers.length * 2));
    }
    consumers[slot] = consumer;
  }

  @Nullable CodecKind codec(int payloadType) {
    return codecs[payloadType];
  }

  int clockRate() {
    return spec.isVideo() ? CodecKind.VP8.clockRate() : CodecKind.OPUS.clockRate();
  }

  Room room() {
    return room;
  }

  public ProducerSpec spec() {
    return spec;
  }

  public List<Encoding> encodings() {
    return encodings;
  }

  public long id() {
    return id;
  }
}
