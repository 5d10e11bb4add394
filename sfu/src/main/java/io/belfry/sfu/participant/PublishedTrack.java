package io.belfry.sfu.participant;

import io.belfry.common.id.ParticipantId;
import io.belfry.sfu.control.ProducerSpec;
import io.belfry.sfu.sdp.PublishedSection;

/// A track that a participant sends, as the control plane knows it.
///
/// @param owner who publishes it
/// @param trackId unique in the session
record PublishedTrack(
    long producerId,
    ParticipantId owner,
    String uid,
    TrackSource source,
    String trackId,
    PublishedSection section,
    ProducerSpec spec) {

  boolean isScreen() {
    return source == TrackSource.SCREEN || source == TrackSource.SCREEN_AUDIO;
  }

  /// Whether the two are to be played together, as a camera and its microphone are.
  boolean isInStepWith(PublishedTrack other) {
    return owner.equals(other.owner) && isScreen() == other.isScreen();
  }

  /// Whether receivers see no difference: the section matters only as far as its codecs and
  /// extension ids.
  boolean isSameForReceivers(PublishedTrack other) {
    return producerId == other.producerId
        && section.codecs().equals(other.section.codecs())
        && section.extensions().equals(other.section.extensions());
  }
}
