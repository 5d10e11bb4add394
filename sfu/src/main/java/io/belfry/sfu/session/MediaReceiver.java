package io.belfry.sfu.session;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.cc.TransportFeedbackBuilder;
import io.belfry.sfu.control.Event;
import io.belfry.sfu.control.ProducerSpec;
import io.belfry.sfu.repair.KeyFrameRequester;
import io.belfry.sfu.repair.NackGenerator;
import io.belfry.sfu.repair.Rtx;
import io.belfry.sfu.route.Encoding;
import io.belfry.sfu.route.Producer;
import io.belfry.sfu.route.Room;
import io.belfry.sfu.rtcp.RtcpReader;
import io.belfry.sfu.rtcp.RtcpWriter;
import io.belfry.sfu.rtp.HeaderExtension;
import io.belfry.sfu.rtp.RtpPacket;
import io.belfry.sfu.srtp.ReplayWindow;
import io.belfry.sfu.srtp.SrtpReceiver;
import io.belfry.sfu.srtp.SrtpSender;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/// The media that a publish transport receives: from SRTP packets to the encodings of its tracks,
/// and back up the feedback of those (receiver reports, NACK, PLI, transport-wide feedback).
final class MediaReceiver {
  /// Streams a track may have: an encoding and its retransmissions for each simulcast layer.
  private static final int MAX_STREAMS_PER_TRACK = 2 * Producer.MAX_ENCODINGS;

  /// Streams remembered after their end: those of many a camera switched off and on again.
  private static final int MAX_ENDED_STREAMS = 64;

  /// Who feedback is from (RFC 3550 §6.4.2): we send no media to publishers. libwebrtc uses 1 too.
  private static final int OWN_SSRC = 1;

  /// An RTCP datagram of ours stays below the smallest MTU, SRTP overhead included.
  private static final int MAX_RTCP_BYTES = 1180;

  /// As many as fit one NACK even if no two are neighbours: each that is polled counts as asked
  /// for.
  private static final int MAX_NACKS_PER_TICK = 64;

  private static final long REPORT_INTERVAL_NANOS = 1_000_000_000L;

  /// Publishers get no sender reports, so the round-trip time to them is not measured.
  private static final long UNKNOWN_RTT = 0;

  private final long transportId;
  private final Room room;
  private final Consumer<Event> events;
  private final List<Producer> producers = new ArrayList<>();
  private final Int2ObjectHashMap<IncomingStream> streams = new Int2ObjectHashMap<>();

  /// The same in the order of their appearance, to be walked at every tick.
  private final List<IncomingStream> inOrder = new ArrayList<>();

  /// Streams that have ended, the latest last. Their roll-over counters and replay windows live as
  /// long as the keys (RFC 3711 §3.2.3): the sender may go on under the same SSRC, and what was
  /// received once must not be taken again.
  private final ArrayDeque<IncomingStream> ended = new ArrayDeque<>();

  private final RtpPacket packet = new RtpPacket();
  private final ReplayWindow scratchWindow = new ReplayWindow();
  private final TransportFeedbackBuilder feedback = new TransportFeedbackBuilder();
  private int transportSequenceId;
  private final RtcpReader rtcp = new RtcpReader();
  private final RtcpWriter writer = new RtcpWriter();
  private final int[] missing = new int[MAX_NACKS_PER_TICK];
  private boolean hasReported;
  private long nextReportNanos;

  MediaReceiver(long transportId, Room room, Consumer<Event> events) {
    this.transportId = transportId;
    this.room = room;
    this.events = events;
  }

  /// Takes a negotiated track: a new one, or new facts of a known one.
  ///
  /// @return the track if it is new
  @Nullable Producer produce(ProducerSpec spec) {
    int id = spec.extensions().id(HeaderExtension.TRANSPORT_WIDE_CC);
    if (id != 0) {
      transportSequenceId = id;
    }
    for (Producer producer : producers) {
      if (producer.id() == spec.producerId()) {
        room.updateProducer(producer, spec);
        return null;
      }
    }
    Producer producer = room.addProducer(spec);
    producers.add(producer);
    return producer;
  }

  void closeProducer(Producer producer, long nowNanos) {
    producers.remove(producer);
    endStreams(encoding -> encoding.producer() == producer);
    room.removeProducer(producer, nowNanos);
  }

  private void endStreams(Predicate<Encoding> isEnded) {
    for (int i = inOrder.size() - 1; i >= 0; i--) {
      IncomingStream stream = inOrder.get(i);
      if (isEnded.test(stream.encoding)) {
        inOrder.remove(i);
        streams.remove(stream.ssrc);
        ended.addLast(stream);
        if (ended.size() > MAX_ENDED_STREAMS) {
          ended.removeFirst();
        }
      }
    }
  }

  List<Producer> producers() {
    return producers;
  }

  /// Takes an SRTP packet, decrypting it in place.
  Outcome onRtp(SrtpReceiver srtp, Memory memory, int offset, int length, long nowNanos) {
    if (!packet.wrap(memory, offset, length)) {
      return Outcome.RTP_MALFORMED;
    }
    IncomingStream stream = streams.get(packet.ssrc());
    ReplayWindow window = stream == null ? windowOf(packet.ssrc()) : stream.window;
    int plain = srtp.unprotectRtp(memory, offset, length, packet.headerLength(), window);
    if (plain < 0) {
      return outcomeOf(plain);
    }
    if (!packet.parsePadding(plain)) {
      return Outcome.RTP_MALFORMED;
    }
    if (stream == null) {
      stream = adopt(window);
      if (stream == null) {
        return Outcome.UNKNOWN_STREAM;
      }
    }
    noteTransportSequence(nowNanos);
    stream.statistics.onPacket(packet.sequence(), packet.timestamp(), nowNanos);
    return stream.isRetransmission ? onRetransmission(stream, nowNanos) : onMedia(stream, nowNanos);
  }

  static Outcome outcomeOf(int negative) {
    return switch (negative) {
      case SrtpReceiver.AUTHENTICATION_FAILED -> Outcome.AUTHENTICATION_FAILED;
      case SrtpReceiver.REPLAYED -> Outcome.REPLAYED;
      default -> Outcome.RTP_MALFORMED;
    };
  }

  /// The window of a stream that has ended, or else one that has seen nothing and leaves no state.
  private ReplayWindow windowOf(int ssrc) {
    for (IncomingStream stream : ended) {
      if (stream.ssrc == ssrc) {
        return stream.window;
      }
    }
    scratchWindow.reset();
    return scratchWindow;
  }

  /// Begins a stream whose first packet has just been authenticated, with this window.
  private @Nullable IncomingStream adopt(ReplayWindow window) {
    if (streams.size() >= MAX_STREAMS_PER_TRACK * producers.size()) {
      endStreams(encoding -> !encoding.producer().encodings().contains(encoding));
    }
    if (streams.size() >= MAX_STREAMS_PER_TRACK * producers.size()) {
      return null;
    }
    IncomingStream stream = StreamFinder.find(packet, producers, inOrder);
    if (stream == null) {
      return null;
    }
    stream.window.copyFrom(window);
    int ssrc = stream.ssrc;
    ended.removeIf(before -> before.ssrc == ssrc);
    streams.put(ssrc, stream);
    inOrder.add(stream);
    if (!stream.isRetransmission) {
      events.accept(new Event.ProducerStarted(transportId, stream.encoding.producer().id()));
    }
    return stream;
  }

  private void noteTransportSequence(long nowNanos) {
    int at = transportSequenceId == 0 ? -1 : packet.extensionOffset(transportSequenceId);
    if (at >= 0 && packet.extensionLength(transportSequenceId) == 2) {
      feedback.onPacket(Short.toUnsignedInt(packet.memory().bytes().getShort(at)), nowNanos);
    }
  }

  private Outcome onRetransmission(IncomingStream stream, long nowNanos) {
    int originalType = originalPayloadType(stream.encoding.producer(), packet.payloadType());
    // An empty retransmission only probes the network.
    if (originalType < 0 || !Rtx.unwrap(packet, stream.encoding.ssrc(), originalType)) {
      return Outcome.RTP;
    }
    IncomingStream repaired = streams.get(stream.encoding.ssrc());
    return repaired == null ? Outcome.UNKNOWN_STREAM : onMedia(repaired, nowNanos);
  }

  private Outcome onMedia(IncomingStream stream, long nowNanos) {
    Encoding encoding = stream.encoding;
    boolean isPadding = packet.payloadLength() == 0;
    long index =
        isPadding ? encoding.onPadding(packet.sequence()) : encoding.onPacket(packet, nowNanos);
    if (index < 0) {
      return Outcome.DROPPED;
    }
    if (stream.nacks != null) {
      stream.nacks.onPacket(index, !isPadding && encoding.isLastKeyFrameStart());
    }
    return Outcome.RTP;
  }

  private static int originalPayloadType(Producer producer, int rtxPayloadType) {
    List<ProducerSpec.Codec> codecs = producer.spec().codecs();
    for (int i = 0; i < codecs.size(); i++) {
      if (codecs.get(i).rtxPayloadType() == rtxPayloadType) {
        return codecs.get(i).payloadType();
      }
    }
    return -1;
  }

  /// Takes a decrypted compound RTCP packet of the publisher.
  ///
  /// @return whether it was well-formed
  boolean onRtcp(Memory memory, int offset, int length, long nowNanos) {
    rtcp.wrap(memory, offset, length);
    while (rtcp.next()) {
      if (rtcp.type() == RtcpReader.SR && rtcp.hasSenderInfo()) {
        IncomingStream stream = streams.get(rtcp.senderSsrc());
        if (stream != null && !stream.isRetransmission) {
          stream.statistics.onSenderReport(rtcp.ntp(), nowNanos);
          stream.encoding.onSenderReport(rtcp.ntp(), rtcp.rtpTimestamp(), nowNanos);
        }
      }
    }
    return !rtcp.isMalformed();
  }

  /// Sends the feedback that is due.
  void onTick(Outbox outbox, PeerAddress to, SrtpSender srtp, long nowNanos) {
    if (inOrder.isEmpty()) {
      return;
    }
    int at = outbox.reserve();
    writer.wrap(outbox.memory(), at, MAX_RTCP_BYTES);
    if (!hasReported || nowNanos - nextReportNanos >= 0) {
      hasReported = true;
      nextReportNanos = nowNanos + REPORT_INTERVAL_NANOS;
      writeReport(nowNanos);
    }
    for (int i = 0; i < inOrder.size(); i++) {
      if (!inOrder.get(i).isRetransmission) {
        writeRequests(inOrder.get(i), nowNanos);
      }
    }
    if (feedback.isDue(nowNanos)) {
      int written =
          feedback.write(
              outbox.memory(),
              writer.position(),
              writer.remaining(),
              OWN_SSRC,
              inOrder.getFirst().ssrc,
              nowNanos);
      writer.advance(written);
    }
    if (!writer.isEmpty()) {
      int protectedLength = srtp.protectRtcp(outbox.memory(), at, writer.length());
      if (protectedLength > 0) {
        outbox.add(to, protectedLength);
      }
    }
  }

  private void writeReport(long nowNanos) {
    if (writer.receiverReport(OWN_SSRC)) {
      for (int i = 0; i < inOrder.size(); i++) {
        if (!inOrder.get(i).isRetransmission) {
          inOrder.get(i).statistics.writeReport(writer, nowNanos);
        }
      }
    }
  }

  /// Asks for what is missing (RFC 4585 §6.2.1) and for key frames that receivers wait for.
  private void writeRequests(IncomingStream stream, long nowNanos) {
    NackGenerator nacks = stream.nacks;
    KeyFrameRequester keyFrames = stream.encoding.keyFrames();
    if (nacks != null) {
      int count = nacks.poll(nowNanos, UNKNOWN_RTT, missing);
      writer.nack(OWN_SSRC, stream.ssrc, missing, count);
      if (nacks.takeKeyFrameNeed() && stream.encoding.producer().spec().isVideo()) {
        keyFrames.request();
      }
    }
    if (keyFrames.poll(nowNanos, UNKNOWN_RTT)) {
      writer.pictureLossIndication(OWN_SSRC, stream.ssrc);
    }
  }
}
