package io.belfry.sfu.sdp;

import io.belfry.sfu.rtp.ExtensionIds;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A media section of a publisher, as negotiated.
///
/// @param mid from the client
/// @param kind audio or video
/// @param isSending whether the client sends now; false for sections it keeps without sending
/// @param codecs accepted, in the client's order of preference, under the client's payload types
/// @param identities of those codecs, by payload type
/// @param extensions accepted, under the client's ids
/// @param streams SSRCs announced; empty when MID and RID tell packets apart
/// @param rids simulcast encodings accepted, in the client's order; empty without simulcast
/// @param cname RFC 3550 §6.5.1, or empty
/// @param streamId RFC 8830, or empty
/// @param trackId RFC 8830, or empty
public record PublishedSection(
    String mid,
    MediaKind kind,
    boolean isSending,
    List<RtpCodec> codecs,
    Map<Integer, CodecIdentity> identities,
    ExtensionIds extensions,
    List<StreamSsrcs> streams,
    List<String> rids,
    String cname,
    String streamId,
    String trackId) {
  public PublishedSection {
    codecs = List.copyOf(codecs);
    identities = Map.copyOf(identities);
    streams = List.copyOf(streams);
    rids = List.copyOf(rids);
  }

  /// What an accepted payload type stands for.
  public Optional<CodecIdentity> identity(int payloadType) {
    return Optional.ofNullable(identities.get(payloadType));
  }
}
