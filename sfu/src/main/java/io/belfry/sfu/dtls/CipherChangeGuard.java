package io.belfry.sfu.dtls;

import java.nio.ByteBuffer;

/// Keeps a client's ChangeCipherSpec from Bouncy Castle until its CertificateVerify is there.
///
/// Bouncy Castle changes the epoch as soon as it sees a ChangeCipherSpec, and takes nothing of the
/// old epoch any more: when CertificateVerify, the message before, was lost or overtaken, its
/// repetitions are ignored and the handshake cannot end well (RFC 6347 §4.2.3 has a receiver cope
/// with both). Dropped instead, it comes again with the client's whole flight.
final class CipherChangeGuard {
  private static final int RECORD_HEADER_BYTES = 13;
  private static final int MESSAGE_HEADER_BYTES = 12;
  private static final int CHANGE_CIPHER_SPEC = 20;
  private static final int HANDSHAKE = 22;
  private static final int CERTIFICATE_VERIFY = 15;

  /// How much of CertificateVerify came, from its beginning on without a hole. A fragment that
  /// comes before its predecessor is not counted: it comes again.
  private int verifyBytes;

  private boolean isVerifyComplete;

  /// Looks at a received datagram.
  ///
  /// @return how much of it, from its beginning on, may be taken; whole records
  int acceptable(byte[] datagram) {
    if (isVerifyComplete) {
      return datagram.length;
    }
    ByteBuffer bytes = ByteBuffer.wrap(datagram);
    int at = 0;
    while (datagram.length - at >= RECORD_HEADER_BYTES) {
      int type = bytes.get(at) & 0xFF;
      if (type == CHANGE_CIPHER_SPEC && !isVerifyComplete) {
        return at;
      }
      int epoch = Short.toUnsignedInt(bytes.getShort(at + 3));
      int length = Short.toUnsignedInt(bytes.getShort(at + 11));
      int content = at + RECORD_HEADER_BYTES;
      at = content + length;
      if (type == HANDSHAKE && epoch == 0 && at <= datagram.length) {
        onHandshake(bytes, content, at);
      }
    }
    return datagram.length;
  }

  /// A record may hold several messages (RFC 6347 §4.2.3).
  private void onHandshake(ByteBuffer bytes, int from, int end) {
    int at = from;
    while (end - at >= MESSAGE_HEADER_BYTES) {
      int messageLength = bytes.getInt(at) & 0xFF_FFFF;
      int fragmentOffset = bytes.getInt(at + 5) & 0xFF_FFFF;
      int fragmentLength = bytes.getInt(at + 8) & 0xFF_FFFF;
      boolean isVerify = bytes.get(at) == CERTIFICATE_VERIFY;
      at += MESSAGE_HEADER_BYTES + fragmentLength;
      if (isVerify && at <= end && fragmentOffset <= verifyBytes) {
        verifyBytes = Math.max(verifyBytes, fragmentOffset + fragmentLength);
        isVerifyComplete |= verifyBytes >= messageLength;
      }
    }
  }
}
