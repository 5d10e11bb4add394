package io.belfry.sfu.sdp;

import static io.belfry.sfu.sdp.SdpError.BAD_DIRECTION;
import static io.belfry.sfu.sdp.SdpError.BAD_SECTIONS;
import static io.belfry.sfu.sdp.SdpError.NO_CODEC;
import static io.belfry.sfu.sdp.SdpError.NO_MEDIA;
import static io.belfry.sfu.sdp.SdpError.NO_RTCP_MUX;

import java.util.function.Predicate;

/// What WHIP and WHEP ask of their one offer, beyond SDP: all of its audio and video sections are
/// accepted, or none (RFC 9725 §4.4.3), since a session of which half is missing misleads its user.
public final class OneShotOffer {
  private OneShotOffer() {}

  /// Whether everything that is offered to be sent can be received.
  ///
  /// @return the offer as it is, or why not
  public static SdpResult<String> checkSent(String offer, CodecPolicy policy) {
    return SdpParser.parse(offer)
        .then(description ->
            check(
                description,
                Direction::sends,
                section -> PublishSectionAnswer.of(section, policy).isEmpty()))
        .then(_ -> SdpResult.ok(offer));
  }

  /// @param flows whether media flows the way that the protocol is for
  /// @param lacksCodecs whether none of the section's codecs can be forwarded
  static SdpResult<SessionDescription> check(
      SessionDescription description,
      Predicate<Direction> flows,
      Predicate<MediaSection> lacksCodecs) {
    boolean hasMedia = false;
    for (MediaSection section : description.media()) {
      if (!section.kind().isRtp()) {
        continue; // refused by itself, with port 0
      }
      String name = "Section " + section.mid();
      hasMedia = true;
      if (!description.isBundled(section)) {
        return SdpResult.bad(BAD_SECTIONS, name + " is not in the BUNDLE group.");
      }
      if (!flows.test(section.direction())) {
        return SdpResult.bad(
            BAD_DIRECTION,
            name + " is " + section.direction().attribute() + ", against the media's way here.");
      }
      if (!section.hasRtcpMux() || !section.protocol().endsWith("RTP/SAVPF")) {
        return SdpResult.bad(NO_RTCP_MUX, name + " needs rtcp-mux and RTP/SAVPF.");
      }
      if (lacksCodecs.test(section)) {
        return SdpResult.bad(NO_CODEC, name + " has no codec that is forwarded here.");
      }
    }
    return hasMedia
        ? SdpResult.ok(description)
        : SdpResult.bad(NO_MEDIA, "There is no audio or video section.");
  }
}
