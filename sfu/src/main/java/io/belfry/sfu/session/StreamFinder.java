package io.belfry.sfu.session;

import io.belfry.sfu.control.ProducerSpec;
import io.belfry.sfu.route.Encoding;
import io.belfry.sfu.route.Producer;
import io.belfry.sfu.rtp.HeaderExtension;
import io.belfry.sfu.rtp.RtpPacket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds the track of a stream whose SSRC was not seen before, from the first authenticated packet:
/// by signalled SSRC, by MID and RID header extensions, or by a payload type that only one track
/// has (RFC 8843 §9.2, RFC 8852 §3).
final class StreamFinder {
  private StreamFinder() {}

  /// Makes the stream, with its encoding if that is new.
  ///
  /// @param streams what the transport receives already
  /// @return null if the packet belongs to no track, or is a retransmission of nothing known
  static @Nullable IncomingStream find(
      RtpPacket packet, List<Producer> producers, Iterable<IncomingStream> streams) {
    Producer producer = producerOf(packet, producers);
    if (producer == null) {
      return null;
    }
    ProducerSpec.Codec codec = codecOf(packet.payloadType(), producer.spec());
    if (codec == null) {
      return null;
    }
    boolean isRetransmission = packet.payloadType() == codec.rtxPayloadType();
    Encoding encoding =
        isRetransmission
            ? repaired(packet, producer, streams)
            : producer.addEncoding(ridOf(packet, producer), packet.ssrc());
    if (encoding == null) {
      return null;
    }
    return new IncomingStream(
        packet.ssrc(), encoding, codec.kind().clockRate(), isRetransmission, codec.hasNack());
  }

  private static @Nullable Producer producerOf(RtpPacket packet, List<Producer> producers) {
    for (Producer producer : producers) {
      for (ProducerSpec.Encoding encoding : producer.spec().encodings()) {
        if (packet.ssrc() == encoding.ssrc() || packet.ssrc() == encoding.rtxSsrc()) {
          return producer;
        }
      }
    }
    for (Producer producer : producers) {
      String mid = text(packet, producer, HeaderExtension.MID);
      if (mid != null && mid.equals(producer.spec().mid())) {
        return producer;
      }
    }
    Producer only = null;
    for (Producer producer : producers) {
      if (codecOf(packet.payloadType(), producer.spec()) != null) {
        if (only != null) {
          return null; // two tracks have this payload type: nothing tells them apart
        }
        only = producer;
      }
    }
    return only;
  }

  private static ProducerSpec.@Nullable Codec codecOf(int payloadType, ProducerSpec spec) {
    for (ProducerSpec.Codec codec : spec.codecs()) {
      if (codec.payloadType() == payloadType || codec.rtxPayloadType() == payloadType) {
        return codec;
      }
    }
    return null;
  }

  private static String ridOf(RtpPacket packet, Producer producer) {
    String rid = text(packet, producer, HeaderExtension.RID);
    if (rid != null) {
      return rid;
    }
    for (ProducerSpec.Encoding encoding : producer.spec().encodings()) {
      if (encoding.ssrc() == packet.ssrc()) {
        return encoding.rid();
      }
    }
    return "";
  }

  private static @Nullable Encoding repaired(
      RtpPacket packet, Producer producer, Iterable<IncomingStream> streams) {
    String rid = text(packet, producer, HeaderExtension.REPAIRED_RID);
    for (ProducerSpec.Encoding signalled : producer.spec().encodings()) {
      if (signalled.rtxSsrc() != 0 && signalled.rtxSsrc() == packet.ssrc()) {
        for (IncomingStream stream : streams) {
          if (stream.ssrc == signalled.ssrc() && !stream.isRetransmission) {
            return stream.encoding;
          }
        }
        return null;
      }
    }
    for (Encoding encoding : producer.encodings()) {
      if (rid == null ? producer.encodings().size() == 1 : rid.equals(encoding.rid())) {
        return encoding;
      }
    }
    return null;
  }

  private static @Nullable String text(
      RtpPacket packet, Producer producer, HeaderExtension extension) {
    int id = producer.spec().extensions().id(extension);
    int at = id == 0 ? -1 : packet.extensionOffset(id);
    if (at < 0) {
      return null;
    }
    byte[] value = packet.memory().toArray(at, packet.extensionLength(id));
    return new String(value, StandardCharsets.UTF_8);
  }
}
