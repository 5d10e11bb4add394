package io.belfry.sfu.srtp;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/// Plaintext RTP and RTCP packets for tests.
final class RtpBytes {
  static final int HEADER_BYTES = 12;

  private RtpBytes() {}

  static byte[] rtp(int ssrc, int sequence, byte[] payload) {
    return ByteBuffer.allocate(HEADER_BYTES + payload.length)
        .put((byte) 0x80)
        .put((byte) 96)
        .putShort((short) sequence)
        .putInt(sequence * 3000)
        .putInt(ssrc)
        .put(payload)
        .array();
  }

  /// A header with one CSRC and a header extension of one word: 12 + 4 + 8 bytes.
  static byte[] rtpWithExtension(int ssrc, int sequence, byte[] payload) {
    return ByteBuffer.allocate(24 + payload.length)
        .put((byte) 0x91)
        .put((byte) 96)
        .putShort((short) sequence)
        .putInt(sequence * 3000)
        .putInt(ssrc)
        .putInt(0x11223344)
        .putShort((short) 0xBEDE)
        .putShort((short) 1)
        .putInt(0x10AA0000)
        .put(payload)
        .array();
  }

  /// A receiver report with one block of random content.
  static byte[] rtcp(int ssrc, SplittableRandom random) {
    return ByteBuffer.allocate(32)
        .put((byte) 0x81)
        .put((byte) 201)
        .putShort((short) 7)
        .putInt(ssrc)
        .put(Cryptos.bytes(random, 24))
        .array();
  }
}
