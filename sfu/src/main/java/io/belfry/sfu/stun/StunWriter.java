package io.belfry.sfu.stun;

import io.belfry.common.bytes.Memory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/// Writes one STUN message after another (RFC 8489 §5), attribute by attribute, into memory that is
/// large enough. The header's length is right after each call.
public final class StunWriter {
  private final CRC32 crc = new CRC32();
  private Memory memory = Memory.allocate(StunMessage.HEADER_BYTES);
  private int offset;
  private int length;

  /// Starts a response to a request, whose transaction id it takes.
  public StunWriter beginResponse(Memory target, int offset, int type, StunMessage request) {
    begin(target, offset, type);
    Memory.copy(
        request.memory(),
        request.offset() + StunMessage.TRANSACTION_ID_OFFSET,
        target,
        offset + StunMessage.TRANSACTION_ID_OFFSET,
        StunMessage.TRANSACTION_ID_BYTES);
    return this;
  }

  /// Starts a message with a transaction id of its own.
  ///
  /// @param transactionId 12 bytes
  public StunWriter begin(Memory target, int offset, int type, byte[] transactionId) {
    begin(target, offset, type);
    target
        .bytes()
        .put(
            offset + StunMessage.TRANSACTION_ID_OFFSET,
            transactionId,
            0,
            StunMessage.TRANSACTION_ID_BYTES);
    return this;
  }

  private void begin(Memory target, int at, int type) {
    memory = target;
    offset = at;
    length = StunMessage.HEADER_BYTES;
    ByteBuffer bytes = target.bytes();
    bytes.putShort(at, (short) type);
    bytes.putShort(at + StunMessage.LENGTH_OFFSET, (short) 0);
    bytes.putInt(at + StunMessage.COOKIE_OFFSET, StunMessage.MAGIC_COOKIE);
  }

  /// Adds any attribute by its bytes.
  public StunWriter attribute(int type, byte[] value) {
    int at = addAttribute(type, value.length);
    memory.bytes().put(at, value);
    return this;
  }

  /// Adds USERNAME (RFC 8489 §14.3).
  public StunWriter username(String username) {
    return attribute(StunAttribute.USERNAME, username.getBytes(StandardCharsets.UTF_8));
  }

  /// Adds XOR-MAPPED-ADDRESS (RFC 8489 §14.2).
  public StunWriter xorMappedAddress(InetSocketAddress address) {
    byte[] ip = address.getAddress().getAddress();
    int at = addAttribute(StunAttribute.XOR_MAPPED_ADDRESS, 4 + ip.length);
    ByteBuffer bytes = memory.bytes();
    bytes.putShort(
        at, (short) (ip.length == 4 ? StunMessage.FAMILY_IPV4 : StunMessage.FAMILY_IPV6));
    bytes.putShort(at + 2, (short) (address.getPort() ^ StunMessage.PORT_XOR));
    for (int i = 0; i < ip.length; i++) {
      int key = bytes.get(offset + StunMessage.COOKIE_OFFSET + i);
      bytes.put(at + 4 + i, (byte) (ip[i] ^ key));
    }
    return this;
  }

  /// Adds ERROR-CODE (RFC 8489 §14.8).
  ///
  /// @param code in [300, 699]
  public StunWriter errorCode(int code, String reason) {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    int at = addAttribute(StunAttribute.ERROR_CODE, 4 + text.length);
    memory.bytes().putInt(at, ((code / 100) << 8) | (code % 100));
    memory.bytes().put(at + 4, text);
    return this;
  }

  /// Adds UNKNOWN-ATTRIBUTES with those of the request (RFC 8489 §14.9).
  public StunWriter unknownAttributes(StunMessage request) {
    int count = request.unknownAttributeCount();
    int at = addAttribute(StunAttribute.UNKNOWN_ATTRIBUTES, count * Short.BYTES);
    for (int i = 0; i < count; i++) {
      memory.bytes().putShort(at + i * Short.BYTES, (short) request.unknownAttribute(i));
    }
    return this;
  }

  /// Adds MESSAGE-INTEGRITY over all before it (RFC 8489 §14.5).
  public StunWriter messageIntegrity(StunIntegrity integrity) {
    int covered = length;
    int at = addAttribute(StunAttribute.MESSAGE_INTEGRITY, StunMessage.MESSAGE_INTEGRITY_BYTES);
    integrity.sign(memory, offset, covered, at);
    return this;
  }

  /// Adds FINGERPRINT over all before it (RFC 8489 §14.7); it must be the last.
  public StunWriter fingerprint() {
    int covered = length;
    int at = addAttribute(StunAttribute.FINGERPRINT, StunMessage.FINGERPRINT_BYTES);
    crc.reset();
    crc.update(memory.toArray(offset, covered), 0, covered);
    memory.bytes().putInt(at, (int) crc.getValue() ^ StunMessage.FINGERPRINT_XOR);
    return this;
  }

  /// The length of the message so far, in bytes.
  public int length() {
    return length;
  }

  /// Writes the attribute's header and padding; returns where its value goes.
  private int addAttribute(int type, int valueLength) {
    ByteBuffer bytes = memory.bytes();
    int at = offset + length;
    bytes.putShort(at, (short) type);
    bytes.putShort(at + 2, (short) valueLength);
    int value = at + StunMessage.ATTRIBUTE_HEADER_BYTES;
    int padded = valueLength + 3 & ~3;
    for (int i = valueLength; i < padded; i++) {
      bytes.put(value + i, (byte) 0);
    }
    length += StunMessage.ATTRIBUTE_HEADER_BYTES + padded;
    bytes.putShort(offset + StunMessage.LENGTH_OFFSET, (short) (length - StunMessage.HEADER_BYTES));
    return value;
  }
}
