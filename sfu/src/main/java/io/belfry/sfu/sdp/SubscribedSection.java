package io.belfry.sfu.sdp;

import io.belfry.sfu.rtp.ExtensionIds;
import java.util.Map;
import java.util.Optional;

/// A section that a subscriber receives, as negotiated.
///
/// @param mid of the offer
/// @param kind audio or video
/// @param codecs accepted, with their payload types, and [RtpCodec#NO_RTX] where it refused
///   retransmissions
/// @param extensions accepted, under the ids of the offer
/// @param mixedFormsAllowed whether the two-byte form may be used (RFC 8285 §6)
public record SubscribedSection(
    String mid,
    MediaKind kind,
    Map<CodecIdentity, RtpCodec> codecs,
    ExtensionIds extensions,
    boolean mixedFormsAllowed) {
  public SubscribedSection {
    codecs = Map.copyOf(codecs);
  }

  /// The numbers under which the subscriber takes a codec, or nothing when it does not.
  public Optional<RtpCodec> codec(CodecIdentity identity) {
    return Optional.ofNullable(codecs.get(identity));
  }
}
