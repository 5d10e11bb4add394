package io.belfry.sfu.stun;

import io.belfry.common.bytes.Memory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32;

/// A reusable view of one STUN message (RFC 8489 §5). Owns no bytes; valid until the next
/// [#wrap(Memory, int, int)]. Reading allocates nothing and never throws for what a peer sent.
///
/// Of attributes that occur twice the first counts (RFC 8489 §14); behind MESSAGE-INTEGRITY nothing
/// but FINGERPRINT counts (§14.5).
public final class StunMessage {
  public static final int BINDING_REQUEST = 0x0001;
  public static final int BINDING_INDICATION = 0x0011;
  public static final int BINDING_SUCCESS_RESPONSE = 0x0101;
  public static final int BINDING_ERROR_RESPONSE = 0x0111;

  /// The longest message that is read: an Ethernet frame's worth.
  public static final int MAX_BYTES = 1500;

  /// Answer of [#localFragment()] for a message without one of ours.
  public static final long NO_FRAGMENT = -1;

  static final int HEADER_BYTES = 20;
  static final int ATTRIBUTE_HEADER_BYTES = 4;
  static final int LENGTH_OFFSET = 2;
  static final int COOKIE_OFFSET = 4;
  static final int TRANSACTION_ID_OFFSET = 8;
  public static final int TRANSACTION_ID_BYTES = 12;
  static final int MAGIC_COOKIE = 0x2112_A442;
  static final int MESSAGE_INTEGRITY_BYTES = 20;
  static final int FINGERPRINT_BYTES = 4;
  static final int FINGERPRINT_XOR = 0x5354_554E;
  static final int FAMILY_IPV4 = 1;
  static final int FAMILY_IPV6 = 2;
  static final int PORT_XOR = MAGIC_COOKIE >>> 16;

  private static final int FRAGMENT_BYTES = 8;
  private static final int MAX_UNKNOWN = 8;
  private static final int ABSENT = -1;

  private final byte[] scratch = new byte[MAX_BYTES];
  private final CRC32 crc = new CRC32();
  private final int[] unknownTypes = new int[MAX_UNKNOWN];

  private Memory memory = Memory.allocate(HEADER_BYTES);
  private int offset;
  private int length;
  private int unknownCount;

  // Offsets of attribute values in memory, or ABSENT.
  private int username;
  private int usernameLength;
  private int messageIntegrity;
  private int fingerprint;
  private int xorMappedAddress;
  private int xorMappedAddressLength;
  private int errorCode;
  private int priority;
  private int iceControlling;
  private int iceControlled;
  private boolean useCandidate;

  /// Looks at a datagram.
  ///
  /// @return whether it is one whole, well-framed STUN message; if not, nothing else may be asked
  public boolean wrap(Memory memory, int offset, int length) {
    this.memory = memory;
    this.offset = offset;
    this.length = length;
    forgetAttributes();
    return isFramed() && readAttributes();
  }

  private boolean isFramed() {
    if (length < HEADER_BYTES || length > MAX_BYTES || (length & 3) != 0) {
      return false;
    }
    ByteBuffer bytes = memory.bytes();
    return (bytes.get(offset) & 0xC0) == 0
        && Short.toUnsignedInt(bytes.getShort(offset + LENGTH_OFFSET)) == length - HEADER_BYTES
        && bytes.getInt(offset + COOKIE_OFFSET) == MAGIC_COOKIE;
  }

  private boolean readAttributes() {
    ByteBuffer bytes = memory.bytes();
    int end = offset + length;
    int at = offset + HEADER_BYTES;
    while (at < end) {
      int type = Short.toUnsignedInt(bytes.getShort(at));
      int valueLength = Short.toUnsignedInt(bytes.getShort(at + 2));
      int value = at + ATTRIBUTE_HEADER_BYTES;
      at = value + (valueLength + 3 & ~3);
      // Nothing may stand behind FINGERPRINT (RFC 8489 §14.7).
      if (at > end || fingerprint != ABSENT || !readAttribute(type, value, valueLength)) {
        return false;
      }
    }
    return true;
  }

  /// Returns whether the attribute has a length that its type allows.
  private boolean readAttribute(int type, int value, int valueLength) {
    if (type == StunAttribute.FINGERPRINT) {
      fingerprint = value;
      return valueLength == FINGERPRINT_BYTES;
    }
    if (messageIntegrity != ABSENT) {
      return true;
    }
    return switch (type) {
      case StunAttribute.MESSAGE_INTEGRITY -> {
        messageIntegrity = value;
        yield valueLength == MESSAGE_INTEGRITY_BYTES;
      }
      case StunAttribute.USERNAME -> {
        if (username == ABSENT) {
          username = value;
          usernameLength = valueLength;
        }
        yield true;
      }
      case StunAttribute.PRIORITY -> {
        priority = first(priority, value);
        yield valueLength == Integer.BYTES;
      }
      case StunAttribute.USE_CANDIDATE -> {
        useCandidate = true;
        yield valueLength == 0;
      }
      case StunAttribute.ICE_CONTROLLING -> {
        iceControlling = first(iceControlling, value);
        yield valueLength == Long.BYTES;
      }
      case StunAttribute.ICE_CONTROLLED -> {
        iceControlled = first(iceControlled, value);
        yield valueLength == Long.BYTES;
      }
      case StunAttribute.XOR_MAPPED_ADDRESS -> {
        if (xorMappedAddress == ABSENT) {
          xorMappedAddress = value;
          xorMappedAddressLength = valueLength;
        }
        yield valueLength == 8 || valueLength == 20;
      }
      case StunAttribute.ERROR_CODE -> {
        errorCode = first(errorCode, value);
        yield valueLength >= Integer.BYTES;
      }
      case StunAttribute.UNKNOWN_ATTRIBUTES -> true;
      default -> {
        if (StunAttribute.isComprehensionRequired(type) && unknownCount < MAX_UNKNOWN) {
          unknownTypes[unknownCount++] = type;
        }
        yield true;
      }
    };
  }

  private static int first(int known, int found) {
    return known == ABSENT ? found : known;
  }

  private void forgetAttributes() {
    username = ABSENT;
    usernameLength = 0;
    messageIntegrity = ABSENT;
    fingerprint = ABSENT;
    xorMappedAddress = ABSENT;
    xorMappedAddressLength = 0;
    errorCode = ABSENT;
    priority = ABSENT;
    iceControlling = ABSENT;
    iceControlled = ABSENT;
    useCandidate = false;
    unknownCount = 0;
  }

  /// Class and method as on the wire: [#BINDING_REQUEST], [#BINDING_SUCCESS_RESPONSE] and so on.
  public int type() {
    return Short.toUnsignedInt(memory.bytes().getShort(offset));
  }

  /// Whether this is the transaction, by its 12 bytes.
  public boolean isTransaction(byte[] transactionId) {
    for (int i = 0; i < TRANSACTION_ID_BYTES; i++) {
      if (memory.bytes().get(offset + TRANSACTION_ID_OFFSET + i) != transactionId[i]) {
        return false;
      }
    }
    return true;
  }

  public boolean hasUsername() {
    return username != ABSENT;
  }

  /// The user fragment of the receiver in USERNAME, which in a check is `receiver:sender` (RFC 8445
  /// §7.2.2), packed by [#packFragment(String)]: by it a media loop finds the transport.
  ///
  /// @return [#NO_FRAGMENT] if there is no USERNAME, or what it starts with is not eight ASCII
  ///   characters and a colon
  public long localFragment() {
    if (usernameLength <= FRAGMENT_BYTES
        || memory.bytes().get(username + FRAGMENT_BYTES) != (byte) ':') {
      return NO_FRAGMENT;
    }
    long fragment = memory.bytes().getLong(username);
    return isAscii(fragment) ? fragment : NO_FRAGMENT;
  }

  /// A user fragment of eight ASCII characters as a positive `long`, one byte each.
  ///
  /// @throws IllegalArgumentException for any other fragment
  public static long packFragment(String fragment) {
    long packed = 0;
    for (int i = 0; i < fragment.length(); i++) {
      packed = packed << 8 | (fragment.charAt(i) & 0x7F);
      if (fragment.charAt(i) > 0x7F || i == FRAGMENT_BYTES) {
        throw new IllegalArgumentException("not eight ASCII characters: " + fragment);
      }
    }
    if (fragment.length() != FRAGMENT_BYTES) {
      throw new IllegalArgumentException("not eight ASCII characters: " + fragment);
    }
    return packed;
  }

  private static boolean isAscii(long fragment) {
    return (fragment & 0x8080_8080_8080_8080L) == 0;
  }

  public boolean hasMessageIntegrity() {
    return messageIntegrity != ABSENT;
  }

  public boolean hasFingerprint() {
    return fingerprint != ABSENT;
  }

  /// Whether FINGERPRINT is there and right (RFC 8489 §14.7).
  public boolean isFingerprintValid() {
    if (fingerprint == ABSENT) {
      return false;
    }
    int covered = fingerprint - ATTRIBUTE_HEADER_BYTES - offset;
    memory.bytes().get(offset, scratch, 0, covered);
    crc.reset();
    crc.update(scratch, 0, covered);
    return ((int) crc.getValue() ^ FINGERPRINT_XOR) == memory.bytes().getInt(fingerprint);
  }

  public boolean hasPriority() {
    return priority != ABSENT;
  }

  /// PRIORITY, in [0, 2^32); 0 if absent.
  public long priority() {
    return priority == ABSENT ? 0 : Integer.toUnsignedLong(memory.bytes().getInt(priority));
  }

  /// Whether the sender nominates the path (RFC 8445 §7.2.5.3.4).
  public boolean isUseCandidate() {
    return useCandidate;
  }

  public boolean isIceControlling() {
    return iceControlling != ABSENT;
  }

  public boolean isIceControlled() {
    return iceControlled != ABSENT;
  }

  /// ERROR-CODE, in [300, 699] when a peer keeps to RFC 8489 §14.8; 0 if absent.
  public int errorCode() {
    if (errorCode == ABSENT) {
      return 0;
    }
    ByteBuffer bytes = memory.bytes();
    return (bytes.get(errorCode + 2) & 7) * 100 + (bytes.get(errorCode + 3) & 0xFF);
  }

  /// How many comprehension-required attributes are unknown to us; at most eight are kept.
  public int unknownAttributeCount() {
    return unknownCount;
  }

  /// @param index in [0, [#unknownAttributeCount()])
  public int unknownAttribute(int index) {
    return unknownTypes[index];
  }

  /// XOR-MAPPED-ADDRESS of a response (RFC 8489 §14.2): where the receiver saw the request come
  /// from. Empty if absent or of an unknown family. Allocates; for clients.
  public Optional<InetSocketAddress> xorMappedAddress() {
    if (xorMappedAddress == ABSENT) {
      return Optional.empty();
    }
    ByteBuffer bytes = memory.bytes();
    byte[] ip = new byte[xorMappedAddressLength - 4];
    if (bytes.get(xorMappedAddress + 1) != (ip.length == 4 ? FAMILY_IPV4 : FAMILY_IPV6)) {
      return Optional.empty();
    }
    for (int i = 0; i < ip.length; i++) {
      // The key is the cookie and the transaction id, which stand in the header one after another.
      ip[i] = (byte) (bytes.get(xorMappedAddress + 4 + i) ^ bytes.get(offset + COOKIE_OFFSET + i));
    }
    int port = Short.toUnsignedInt(bytes.getShort(xorMappedAddress + 2)) ^ PORT_XOR;
    try {
      return Optional.of(new InetSocketAddress(InetAddress.getByAddress(ip), port));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("neither 4 nor 16 bytes", e);
    }
  }

  Memory memory() {
    return memory;
  }

  int offset() {
    return offset;
  }

  /// Where the value of MESSAGE-INTEGRITY starts in [#memory()].
  int messageIntegrityOffset() {
    return messageIntegrity;
  }

  /// The message up to MESSAGE-INTEGRITY on the heap, where the JDK's HMAC wants it.
  byte[] copyForIntegrity() {
    int covered = integrityCoverage();
    memory.bytes().get(offset, scratch, 0, covered);
    // The length counts MESSAGE-INTEGRITY but nothing behind it (RFC 8489 §14.5).
    int counted = covered + ATTRIBUTE_HEADER_BYTES + MESSAGE_INTEGRITY_BYTES - HEADER_BYTES;
    scratch[LENGTH_OFFSET] = (byte) (counted >> 8);
    scratch[LENGTH_OFFSET + 1] = (byte) counted;
    return scratch;
  }

  int integrityCoverage() {
    return messageIntegrity - ATTRIBUTE_HEADER_BYTES - offset;
  }
}
