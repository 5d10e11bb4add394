package io.belfry.sfu.srtp;

import io.belfry.common.bytes.Memory;
import java.nio.ByteBuffer;
import java.util.Objects;

/// Authenticates and decrypts what is received on one transport: the SRTP and SRTCP contexts of one
/// direction (RFC 3711 §3.2). Owned by one media loop, not thread-safe.
///
/// The replay check comes *before* authentication: a replayed packet carries a genuine tag, so it
/// must be recognized by its index, and doing so first makes a flood of replays cheap. The window
/// moves only *after* authentication: otherwise one forged packet with a far sequence number would
/// push every genuine packet out of the window. Both halves of this order matter (RFC 3711 §3.3,
/// steps 2, 5 and 8).
public final class SrtpReceiver implements AutoCloseable {
  /// The tag is wrong: forged, damaged, or protected under other keys.
  public static final int AUTHENTICATION_FAILED = -1;

  /// Received before, or older than the window reaches.
  public static final int REPLAYED = -2;

  /// Has no room for a header and a tag.
  public static final int TOO_SHORT = -3;

  /// RTCP whose E bit is zero. RFC 8827 §6.5 has everything encrypted.
  public static final int NOT_ENCRYPTED = -4;

  private static final int RTP_HEADER_BYTES = 12;
  private static final int SEQUENCE_OFFSET = 2;
  private static final int SSRC_OFFSET = 8;
  private static final int RTCP_HEADER_BYTES = 8;
  private static final int RTCP_SSRC_OFFSET = 4;
  private static final int INDEX_MASK = 0x7FFF_FFFF;

  private final SrtpProfile profile;
  private final PacketCipher rtp;
  private final PacketCipher rtcp;
  private final RtcpReplayWindows rtcpWindows = new RtcpReplayWindows();

  SrtpReceiver(SrtpProfile profile, PacketCipher rtp, PacketCipher rtcp) {
    this.profile = profile;
    this.rtp = rtp;
    this.rtcp = rtcp;
  }

  public SrtpProfile profile() {
    return profile;
  }

  /// Unprotects an RTP packet in place (RFC 3711 §3.3, RFC 7714 §8.2). Its 48-bit index is then
  /// [ReplayWindow#lastIndex()].
  ///
  /// @param headerLength fixed header, CSRCs and extensions, in bytes
  /// @param window of the packet's SSRC. For an unknown SSRC pass a scratch window and adopt it on
  ///   success, so that forged packets leave no state
  /// @return the length of the plaintext packet, or a negative constant; the bytes are then
  ///   undefined and the window is as before
  public int unprotectRtp(
      Memory memory, int offset, int length, int headerLength, ReplayWindow window) {
    int tagOffset = offset + length - profile.tagBytes();
    int payloadLength = length - headerLength - profile.tagBytes();
    if (headerLength < RTP_HEADER_BYTES || payloadLength < 0) {
      return TOO_SHORT;
    }
    // Native code checks no bounds: a mistake of ours must end here.
    Objects.checkFromIndexSize(offset, length, memory.sizeBytes());
    ByteBuffer bytes = memory.bytes();
    long index = window.estimate(Short.toUnsignedInt(bytes.getShort(offset + SEQUENCE_OFFSET)));
    if (window.isReplay(index)) {
      return REPLAYED;
    }
    int ssrc = bytes.getInt(offset + SSRC_OFFSET);
    int rolloverCounter = (int) (index >>> 16);
    if (!rtp.open(
        ssrc, index, rolloverCounter, memory, offset, headerLength, payloadLength, tagOffset)) {
      return AUTHENTICATION_FAILED;
    }
    window.accept(index);
    return headerLength + payloadLength;
  }

  /// Unprotects a compound RTCP packet in place (RFC 3711 §3.4, RFC 7714 §9.2).
  ///
  /// @return the length of the plaintext packet, or a negative constant
  public int unprotectRtcp(Memory memory, int offset, int length) {
    int plaintextLength = length - profile.rtcpOverheadBytes();
    if (plaintextLength < RTCP_HEADER_BYTES) {
      return TOO_SHORT;
    }
    Objects.checkFromIndexSize(offset, length, memory.sizeBytes());
    ByteBuffer bytes = memory.bytes();
    int end = offset + plaintextLength;
    // AES-GCM has its tag before the index, counter mode behind it.
    int indexOffset = profile.isAead() ? end + profile.tagBytes() : end;
    int tagOffset = profile.isAead() ? end : end + Integer.BYTES;
    int encryptedAndIndex = bytes.getInt(indexOffset);
    if (encryptedAndIndex >= 0) {
      return NOT_ENCRYPTED;
    }
    int ssrc = bytes.getInt(offset + RTCP_SSRC_OFFSET);
    int index = encryptedAndIndex & INDEX_MASK;
    if (rtcpWindows.isReplay(ssrc, index)) {
      return REPLAYED;
    }
    if (!rtcp.open(
        ssrc,
        index,
        encryptedAndIndex,
        memory,
        offset,
        RTCP_HEADER_BYTES,
        plaintextLength - RTCP_HEADER_BYTES,
        tagOffset)) {
      return AUTHENTICATION_FAILED;
    }
    rtcpWindows.accept(ssrc, index);
    return plaintextLength;
  }

  /// Wipes the keys; nothing can be unprotected afterwards.
  @Override
  public void close() {
    rtp.close();
    rtcp.close();
  }
}
