package io.belfry.sfu.dtls;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// DTLS 1.2 records as bytes (RFC 6347 §4.1, §4.2.2), read and cut without the code under test.
final class DtlsRecords {
  static final int CHANGE_CIPHER_SPEC = 20;
  static final int ALERT = 21;
  static final int HANDSHAKE = 22;

  static final int CLIENT_HELLO = 1;
  static final int CERTIFICATE = 11;
  static final int CERTIFICATE_VERIFY = 15;

  private static final int RECORD_HEADER_BYTES = 13;
  private static final int MESSAGE_HEADER_BYTES = 12;

  private DtlsRecords() {}

  /// The content type of the first record.
  static int type(byte[] datagram) {
    return datagram[0] & 0xFF;
  }

  /// Whether the datagram is a handshake message of this type in the clear.
  static boolean isHandshake(byte[] datagram, int messageType) {
    boolean isEpochZero = ByteBuffer.wrap(datagram).getShort(3) == 0;
    return type(datagram) == HANDSHAKE
        && isEpochZero
        && datagram[RECORD_HEADER_BYTES] == messageType;
  }

  /// A record whose content is a fatal alert and zeros behind it.
  static byte[] record(int type, int epoch, int sequence, int contentBytes) {
    ByteBuffer bytes = ByteBuffer.allocate(RECORD_HEADER_BYTES + contentBytes);
    bytes.put((byte) type).putShort((short) 0xFEFD).putShort((short) epoch);
    bytes.putShort((short) 0).putInt(sequence).putShort((short) contentBytes);
    if (contentBytes >= 2) {
      bytes.put((byte) 2).put((byte) 40);
    }
    return bytes.array();
  }

  /// A record with one fragment of a handshake message.
  static byte[] handshake(int messageType, int messageBytes, int from, int to) {
    byte[] datagram = record(HANDSHAKE, 0, 3, MESSAGE_HEADER_BYTES + to - from);
    ByteBuffer bytes = ByteBuffer.wrap(datagram);
    bytes.putInt(RECORD_HEADER_BYTES, messageType << 24 | messageBytes);
    bytes.position(RECORD_HEADER_BYTES + 6);
    putInt24(bytes, from);
    putInt24(bytes, to - from);
    return datagram;
  }

  static byte[] join(byte[]... records) {
    ByteBuffer joined = ByteBuffer.allocate(Arrays.stream(records).mapToInt(r -> r.length).sum());
    for (byte[] part : records) {
      joined.put(part);
    }
    return joined.array();
  }

  /// The records of a datagram, each as a datagram of its own.
  static List<byte[]> split(byte[] datagram) {
    List<byte[]> records = new ArrayList<>();
    for (int at = 0; at < datagram.length; ) {
      int length = Short.toUnsignedInt(ByteBuffer.wrap(datagram).getShort(at + 11));
      records.add(Arrays.copyOfRange(datagram, at, at + RECORD_HEADER_BYTES + length));
      at += RECORD_HEADER_BYTES + length;
    }
    return records;
  }

  /// A fragment of the only handshake message of a datagram (RFC 6347 §4.2.3), as a datagram.
  ///
  /// @param recordSequence in [0, 65535], another one for each record
  /// @param from first byte of the message's body, `to` the one after the last
  static byte[] fragment(byte[] datagram, int recordSequence, int from, int to) {
    int bodyAt = RECORD_HEADER_BYTES + MESSAGE_HEADER_BYTES;
    byte[] body = Arrays.copyOfRange(datagram, bodyAt + from, bodyAt + to);
    ByteBuffer cut = ByteBuffer.allocate(bodyAt + body.length);
    cut.put(datagram, 0, RECORD_HEADER_BYTES).put(datagram, RECORD_HEADER_BYTES, 6);
    cut.putShort(9, (short) recordSequence);
    cut.putShort(11, (short) (MESSAGE_HEADER_BYTES + body.length));
    putInt24(cut, from);
    putInt24(cut, body.length);
    return cut.put(body).array();
  }

  /// Bytes of the body of the only handshake message of a datagram.
  static int bodyLength(byte[] datagram) {
    return datagram.length - RECORD_HEADER_BYTES - MESSAGE_HEADER_BYTES;
  }

  private static void putInt24(ByteBuffer target, int value) {
    target.put((byte) (value >>> 16)).putShort((short) value);
  }
}
