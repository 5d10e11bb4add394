package io.belfry.sfu.control;

import io.belfry.sfu.rtp.ExtensionIds;
import io.belfry.sfu.rtp.codec.CodecKind;
import java.util.List;

/// A track that a participant publishes, as negotiated.
///
/// @param producerId unique on the node
/// @param mid of the publisher's section, by which packets of unknown SSRC find it (RFC 8843 §9.2)
/// @param codecs what the publisher may send, with its payload types
/// @param extensions the publisher's header extension ids
/// @param encodings what is known of its streams: by SSRC, by RID, or empty when only the MID tells
public record ProducerSpec(
    long producerId,
    String mid,
    boolean isVideo,
    List<Codec> codecs,
    ExtensionIds extensions,
    List<Encoding> encodings) {

  /// @param rtxPayloadType of the retransmissions of this codec, or -1
  /// @param hasNack whether losses may be asked for (RFC 4585 §4.2)
  public record Codec(CodecKind kind, int payloadType, int rtxPayloadType, boolean hasNack) {}

  /// @param rid empty when there is only one encoding
  /// @param ssrc 0 when not signalled
  /// @param rtxSsrc 0 when not signalled
  public record Encoding(String rid, int ssrc, int rtxSsrc) {}
}
