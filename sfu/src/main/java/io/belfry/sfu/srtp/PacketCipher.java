package io.belfry.sfu.srtp;

import io.belfry.common.bytes.Memory;

/// One session key of one direction, for RTP or for RTCP: what SRTP needs of cryptography, and the
/// seam between the native and the portable implementation.
///
/// A packet is a header that is authenticated, a payload that is authenticated and encrypted, and a
/// `trailer` of four bytes that is authenticated as well: the roll-over counter of an RTP packet
/// (RFC 3711 §4.2) or the E bit and index of an RTCP packet. AES-GCM has no use for the former,
/// since it is in the IV (RFC 7714 §8.1, §9.1).
///
/// Not thread-safe. Allocates nothing per packet in the native implementation.
interface PacketCipher extends AutoCloseable {
  /// Encrypts `length` bytes of `source` to the place behind the header in `target`, and writes the
  /// tag at `tagOffset` of `target`. Source and place may be the same, else must not overlap.
  ///
  /// @param index the 48-bit packet index or the 31-bit SRTCP index. A pair of SSRC and index must
  ///   never be used for two different packets: with AES-GCM that would give the key away (RFC 7714
  ///   §8.3)
  void seal(
      int ssrc,
      long index,
      int trailer,
      Memory source,
      int sourceOffset,
      int length,
      Memory target,
      int headerOffset,
      int headerLength,
      int tagOffset);

  /// Verifies the tag and decrypts in place.
  ///
  /// @return whether the packet is authentic; if not, its payload is undefined
  boolean open(
      int ssrc,
      long index,
      int trailer,
      Memory memory,
      int headerOffset,
      int headerLength,
      int length,
      int tagOffset);

  /// Wipes the key, as far as the implementation lets us.
  @Override
  void close();
}
