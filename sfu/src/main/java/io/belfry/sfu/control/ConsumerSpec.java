package io.belfry.sfu.control;

import io.belfry.sfu.rtp.HeaderPlan;
import org.jspecify.annotations.Nullable;

/// One participant's reception of a track that another publishes.
///
/// @param consumerId unique on the node
/// @param plan how headers are rewritten; holds the outgoing SSRC
/// @param rtxPlan the same for retransmissions (RFC 4588), from the payload types of the original
///   stream to those of the receiver's retransmissions; null when the receiver takes none
/// @param isContinued whether the SSRC stays when this reception ends, and may carry another track
///   later, whose packets then follow on the last one's
/// @param cname of the sender reports (RFC 7022), shared by all tracks to be played in step
public record ConsumerSpec(
    long consumerId,
    long producerId,
    HeaderPlan plan,
    @Nullable HeaderPlan rtxPlan,
    boolean isContinued,
    String cname) {

  /// A reception whose SSRC ends with it.
  public ConsumerSpec(
      long consumerId,
      long producerId,
      HeaderPlan plan,
      @Nullable HeaderPlan rtxPlan,
      String cname) {
    this(consumerId, producerId, plan, rtxPlan, false, cname);
  }
}
