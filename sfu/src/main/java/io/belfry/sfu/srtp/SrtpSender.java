package io.belfry.sfu.srtp;

import io.belfry.common.bytes.Memory;
import java.util.Objects;

/// Protects what is sent on one transport: the SRTP and SRTCP contexts of one direction (RFC 3711
/// §3.2). Serves every SSRC of the transport; the packet index of each comes from whoever writes
/// its sequence numbers. Owned by one media loop, not thread-safe.
public final class SrtpSender implements AutoCloseable {
  /// [#protectRtcp] has used up its 2^31 indices; only new keys help (RFC 3711 §9.2).
  public static final int INDEX_EXHAUSTED = -1;

  private static final int SSRC_OFFSET = 8;
  private static final int RTCP_HEADER_BYTES = 8;
  private static final int RTCP_SSRC_OFFSET = 4;
  private static final int ENCRYPTED = 1 << 31;
  private static final long LAST_RTCP_INDEX = 0x7FFF_FFFF;

  private final SrtpProfile profile;
  private final PacketCipher rtp;
  private final PacketCipher rtcp;
  private long rtcpIndex;

  SrtpSender(SrtpProfile profile, PacketCipher rtp, PacketCipher rtcp) {
    this.profile = profile;
    this.rtp = rtp;
    this.rtcp = rtcp;
  }

  public SrtpProfile profile() {
    return profile;
  }

  /// What a protected RTP packet is longer than its plaintext.
  public int rtpOverheadBytes() {
    return profile.tagBytes();
  }

  /// What a protected RTCP packet is longer than its plaintext.
  public int rtcpOverheadBytes() {
    return profile.rtcpOverheadBytes();
  }

  /// Protects an RTP packet whose header already stands in the target and whose payload is read
  /// from elsewhere, so that one plaintext serves many receivers: encryption is the copy. Payload
  /// and target must not overlap, unless the payload stands exactly behind the header.
  ///
  /// @param headerLength fixed header, CSRCs and extensions, in bytes; at least 12
  /// @param packetIndex the 48-bit index, `rolloverCounter << 16 | sequence` (RFC 3711 §3.3.1); its
  ///   low bits are the header's sequence number. An SSRC and index may be protected twice only if
  ///   the packet is the same to the last bit, header extensions included: else two packets under
  ///   one nonce give AES-GCM's authentication key away (RFC 7714 §8.3)
  /// @return the length of the protected packet, `headerLength + payloadLength +`
  ///   [#rtpOverheadBytes()]
  public int protectRtp(
      Memory payload,
      int payloadOffset,
      int payloadLength,
      Memory target,
      int targetOffset,
      int headerLength,
      long packetIndex) {
    int protectedLength = headerLength + payloadLength + profile.tagBytes();
    // Native code checks no bounds: a mistake of ours must end here.
    Objects.checkFromIndexSize(payloadOffset, payloadLength, payload.sizeBytes());
    Objects.checkFromIndexSize(targetOffset, protectedLength, target.sizeBytes());
    rtp.seal(
        target.bytes().getInt(targetOffset + SSRC_OFFSET),
        packetIndex,
        (int) (packetIndex >>> 16),
        payload,
        payloadOffset,
        payloadLength,
        target,
        targetOffset,
        headerLength,
        targetOffset + headerLength + payloadLength);
    return protectedLength;
  }

  /// Protects a whole RTP packet into the target, with its header unchanged.
  ///
  /// @return the length of the protected packet
  public int protectRtp(
      Memory source,
      int sourceOffset,
      int length,
      int headerLength,
      Memory target,
      int targetOffset,
      long packetIndex) {
    Memory.copy(source, sourceOffset, target, targetOffset, headerLength);
    return protectRtp(
        source,
        sourceOffset + headerLength,
        length - headerLength,
        target,
        targetOffset,
        headerLength,
        packetIndex);
  }

  /// Protects a compound RTCP packet in place (RFC 3711 §3.4, RFC 7714 §9.2), which grows by
  /// [#rtcpOverheadBytes()]. One index counts for all senders of this transport: RFC 3711 §3.2.3
  /// has one per SSRC, and distinct ones are as good.
  ///
  /// @param length at least 8, in bytes
  /// @return the length of the protected packet, or [#INDEX_EXHAUSTED]
  public int protectRtcp(Memory memory, int offset, int length) {
    if (rtcpIndex > LAST_RTCP_INDEX) {
      return INDEX_EXHAUSTED;
    }
    Objects.checkFromIndexSize(offset, length + profile.rtcpOverheadBytes(), memory.sizeBytes());
    long index = rtcpIndex++;
    int encryptedAndIndex = ENCRYPTED | (int) index;
    int end = offset + length;
    // AES-GCM has its tag before the index, counter mode behind it.
    int indexOffset = profile.isAead() ? end + profile.tagBytes() : end;
    int tagOffset = profile.isAead() ? end : end + Integer.BYTES;
    rtcp.seal(
        memory.bytes().getInt(offset + RTCP_SSRC_OFFSET),
        index,
        encryptedAndIndex,
        memory,
        offset + RTCP_HEADER_BYTES,
        length - RTCP_HEADER_BYTES,
        memory,
        offset,
        RTCP_HEADER_BYTES,
        tagOffset);
    memory.bytes().putInt(indexOffset, encryptedAndIndex);
    return length + profile.rtcpOverheadBytes();
  }

  void rtcpIndex(long next) {
    rtcpIndex = next;
  }

  /// Wipes the keys; nothing can be protected afterwards.
  @Override
  public void close() {
    rtp.close();
    rtcp.close();
  }
}
