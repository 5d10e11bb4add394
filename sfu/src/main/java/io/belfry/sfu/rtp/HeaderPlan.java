package io.belfry.sfu.rtp;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// How the headers of one incoming stream are rewritten for one receiver: computed when the two are
/// connected, read once per packet by [RtpHeaderWriter].
///
/// A retransmission stream (RFC 4588) has a plan of its own, with its SSRC and payload types.
public final class HeaderPlan {
  /// The longest MID that fits a one-byte element (RFC 8285 §4.2).
  public static final int MAX_MID_BYTES = 16;

  private static final byte UNMAPPED = -1;

  final byte[] payloadTypes = new byte[128];
  final byte[] extensionIds = new byte[256];
  byte[] mid = {};
  int midId;
  int absSendTimeId;
  int transportSequenceId;
  boolean mixedFormsAllowed;
  boolean ownIdsNeedTwoBytes;
  private int ssrc;

  /// A plan that maps no payload type and keeps no extension.
  public HeaderPlan(int ssrc) {
    this.ssrc = ssrc;
    Arrays.fill(payloadTypes, UNMAPPED);
  }

  public int ssrc() {
    return ssrc;
  }

  public void ssrc(int value) {
    ssrc = value;
  }

  /// Packets that come with payload type `from` leave with `to`.
  ///
  /// @param from in [0, 127]
  /// @param to in [0, 127]
  public void mapPayloadType(int from, int to) {
    payloadTypes[from] = (byte) to;
  }

  public void unmapPayloadTypes() {
    Arrays.fill(payloadTypes, UNMAPPED);
  }

  /// The receiver's payload type for `from`, or -1 when it negotiated none: the packet is not for
  /// it.
  public int payloadType(int from) {
    return payloadTypes[from];
  }

  /// Keeps what both sides negotiated, under the receiver's ids. What speaks about a transport
  /// rather than about media is not copied: MID, abs-send-time and transport-wide sequence are
  /// written anew where the receiver knows them; RID and repaired RID end here.
  ///
  /// @param mid the receiver's media section; empty to write none
  /// @param mixedFormsAllowed whether the receiver takes the two-byte form (RFC 8285 §6,
  ///   `extmap-allow-mixed`); where it does not, elements that need it are left out
  /// @throws IllegalArgumentException when `mid` is longer than [#MAX_MID_BYTES]
  public void extensions(
      ExtensionIds publisher, ExtensionIds receiver, String mid, boolean mixedFormsAllowed) {
    this.mixedFormsAllowed = mixedFormsAllowed;
    Arrays.fill(extensionIds, (byte) 0);
    for (HeaderExtension extension : HeaderExtension.values()) {
      if (isCopied(extension) && publisher.has(extension)) {
        extensionIds[publisher.id(extension)] = (byte) receiver.id(extension);
      }
    }
    absSendTimeId = ownId(receiver, HeaderExtension.ABS_SEND_TIME);
    transportSequenceId = ownId(receiver, HeaderExtension.TRANSPORT_WIDE_CC);
    this.mid = mid.getBytes(StandardCharsets.UTF_8);
    if (this.mid.length > MAX_MID_BYTES) {
      throw new IllegalArgumentException("mid is longer than 16 bytes: " + mid);
    }
    midId = this.mid.length == 0 ? 0 : ownId(receiver, HeaderExtension.MID);
    ownIdsNeedTwoBytes =
        Math.max(midId, Math.max(absSendTimeId, transportSequenceId))
            > HeaderExtension.MAX_ONE_BYTE_ID;
  }

  private int ownId(ExtensionIds receiver, HeaderExtension extension) {
    int id = receiver.id(extension);
    return id > HeaderExtension.MAX_ONE_BYTE_ID && !mixedFormsAllowed ? 0 : id;
  }

  /// Whether packets of this plan carry a transport-wide sequence number.
  public boolean hasTransportSequence() {
    return transportSequenceId != 0;
  }

  private static boolean isCopied(HeaderExtension extension) {
    return switch (extension) {
      case MID, RID, REPAIRED_RID, ABS_SEND_TIME, TRANSPORT_WIDE_CC -> false;
      case AUDIO_LEVEL, VIDEO_ORIENTATION, PLAYOUT_DELAY, DEPENDENCY_DESCRIPTOR, ABS_CAPTURE_TIME ->
          true;
    };
  }
}
