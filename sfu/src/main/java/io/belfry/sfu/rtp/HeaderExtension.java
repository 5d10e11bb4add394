package io.belfry.sfu.rtp;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The RTP header extensions that are negotiated (RFC 8285 §5), in the order of their ids on the
/// subscribe side. Publishers choose ids of their own.
public enum HeaderExtension {
  /// The BUNDLE media section a packet belongs to (RFC 8843 §15.1).
  MID(1, "urn:ietf:params:rtp-hdrext:sdes:mid"),
  /// Wall-clock send time, 6.18 fixed-point seconds.
  ABS_SEND_TIME(2, "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"),
  /// One counter over all packets of a transport, for congestion control.
  TRANSPORT_WIDE_CC(3, "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"),
  /// Client-to-mixer audio level (RFC 6464).
  AUDIO_LEVEL(4, "urn:ietf:params:rtp-hdrext:ssrc-audio-level"),
  /// Rotation of the camera (3GPP TS 26.114 §7.4.5).
  VIDEO_ORIENTATION(5, "urn:3gpp:video-orientation"),
  /// Bounds for the receiver's playout buffer.
  PLAYOUT_DELAY(6, "http://www.webrtc.org/experiments/rtp-hdrext/playout-delay"),
  /// Frame dependencies for layer selection (AV1 RTP specification, appendix A).
  DEPENDENCY_DESCRIPTOR(
      7, "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension"),
  /// Capture time in the sender's NTP clock.
  ABS_CAPTURE_TIME(8, "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time"),
  /// The simulcast encoding a packet belongs to (RFC 8852 §3.1).
  RID(9, "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"),
  /// The simulcast encoding a retransmission repairs (RFC 8852 §3.2).
  REPAIRED_RID(10, "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id");

  /// The largest id that the one-byte form can carry (RFC 8285 §4.2).
  public static final int MAX_ONE_BYTE_ID = 14;

  private static final Map<String, HeaderExtension> BY_URI =
      Stream.of(values()).collect(Collectors.toUnmodifiableMap(HeaderExtension::uri, e -> e));

  private final int subscribeId;
  private final String uri;

  HeaderExtension(int subscribeId, String uri) {
    this.subscribeId = subscribeId;
    this.uri = uri;
  }

  /// The id used towards every subscriber, in [1, 14]: the same for all, so that an extension block
  /// can be shared between receivers.
  public int subscribeId() {
    return subscribeId;
  }

  public String uri() {
    return uri;
  }

  /// Whether the extension makes sense for audio sections.
  public boolean isForAudio() {
    return switch (this) {
      case MID, ABS_SEND_TIME, TRANSPORT_WIDE_CC, AUDIO_LEVEL, ABS_CAPTURE_TIME -> true;
      case VIDEO_ORIENTATION, PLAYOUT_DELAY, DEPENDENCY_DESCRIPTOR, RID, REPAIRED_RID -> false;
    };
  }

  /// Whether the extension makes sense for video sections.
  public boolean isForVideo() {
    return this != AUDIO_LEVEL;
  }

  public static Optional<HeaderExtension> ofUri(String uri) {
    return Optional.ofNullable(BY_URI.get(uri));
  }
}
