package io.belfry.sfu.participant;

import io.belfry.sfu.control.ConsumerSpec;
import io.belfry.sfu.rtp.HeaderPlan;
import io.belfry.sfu.sdp.PublishedSection;
import io.belfry.sfu.sdp.RtpCodec;
import io.belfry.sfu.sdp.StreamSsrcs;
import io.belfry.sfu.sdp.SubscribedSection;
import java.util.List;

/// Works out how a track becomes the stream of a receiver's section.
final class Consumers {
  private Consumers() {}

  /// The reception of a track in a section, with what both sides have in common.
  ///
  /// @param isContinued whether the section's SSRC stays for other tracks
  static ConsumerSpec spec(
      long consumerId,
      PublishedTrack track,
      SubscribedSection section,
      StreamSsrcs ssrcs,
      boolean isContinued,
      String cname) {
    HeaderPlan plan = new HeaderPlan(ssrcs.ssrc());
    HeaderPlan rtx = new HeaderPlan(ssrcs.rtxSsrc());
    boolean hasRtx = false;
    PublishedSection published = track.section();
    for (RtpCodec codec : published.codecs()) {
      RtpCodec accepted = section.codecs().get(published.identities().get(codec.payloadType()));
      if (accepted != null) {
        plan.mapPayloadType(codec.payloadType(), accepted.payloadType());
        if (accepted.hasRtx()) {
          rtx.mapPayloadType(codec.payloadType(), accepted.rtxPayloadType());
          hasRtx = true;
        }
      }
    }
    for (HeaderPlan each : List.of(plan, rtx)) {
      each.extensions(
          published.extensions(), section.extensions(), section.mid(), section.mixedFormsAllowed());
    }
    return new ConsumerSpec(
        consumerId, track.producerId(), plan, hasRtx ? rtx : null, isContinued, cname);
  }
}
