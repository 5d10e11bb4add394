package io.belfry.sfu.rtp;

import io.belfry.common.bytes.Memory;
import java.nio.ByteBuffer;

/// A reusable view of one RTP packet (RFC 3550 §5.1). Owns no bytes; valid until the next [#wrap].
///
/// The header is in the clear in SRTP, so [#wrap] works before decryption. Padding is inside the
/// encrypted part: call [#parsePadding] once the payload is plaintext; until then [#payloadLength]
/// counts padding and authentication tag as payload.
///
/// Extension elements are read once, into a small table that [RtpHeaderWriter] walks for each
/// receiver.
public final class RtpPacket {
  public static final int FIXED_HEADER_BYTES = 12;

  /// Elements beyond this many are ignored; browsers send up to eight.
  public static final int MAX_EXTENSIONS = 16;

  /// The profile value of the one-byte form (RFC 8285 §4.2).
  public static final int ONE_BYTE_PROFILE = 0xBEDE;

  /// The profile value of the two-byte form, whose low four bits are free (RFC 8285 §4.3).
  public static final int TWO_BYTE_PROFILE = 0x1000;

  static final int VERSION_BITS = 0x80;
  static final int PADDING_BIT = 0x20;
  static final int EXTENSION_BIT = 0x10;

  private final int[] extensionIds = new int[MAX_EXTENSIONS];
  private final int[] extensionOffsets = new int[MAX_EXTENSIONS];
  private final int[] extensionLengths = new int[MAX_EXTENSIONS];
  private static final Memory NOTHING = Memory.allocate(1);

  private Memory memory = NOTHING;
  private ByteBuffer bytes = memory.bytes();
  private int offset;
  private int length;
  private int first;
  private int headerLength;
  private int extensionCount;
  private int paddingLength;

  /// Reads the header of a packet in `memory`.
  ///
  /// @return false when it is malformed: too short, not version 2, or its CSRC list or extension
  ///   passes the end. The view is then not to be used.
  public boolean wrap(Memory memory, int offset, int length) {
    this.memory = memory;
    this.bytes = memory.bytes();
    this.offset = offset;
    this.length = length;
    this.paddingLength = 0;
    this.extensionCount = 0;
    if (length < FIXED_HEADER_BYTES) {
      return false;
    }
    first = bytes.get(offset) & 0xFF;
    if ((first & 0xC0) != VERSION_BITS) {
      return false;
    }
    int header = FIXED_HEADER_BYTES + 4 * (first & 0x0F);
    if ((first & EXTENSION_BIT) == 0) {
      headerLength = header;
      return header <= length;
    }
    if (header + 4 > length) {
      return false;
    }
    int profileAndWords = bytes.getInt(offset + header);
    int start = header + 4;
    headerLength = start + 4 * (profileAndWords & 0xFFFF);
    if (headerLength > length) {
      return false;
    }
    readElements(profileAndWords >>> 16, offset + start, offset + headerLength);
    return true;
  }

  /// Reads the padding count of a packet whose payload is now plaintext.
  ///
  /// @param plainLength the packet's length without its authentication tag
  /// @return false when the padding count is zero or larger than what follows the header
  public boolean parsePadding(int plainLength) {
    length = plainLength;
    if ((first & PADDING_BIT) == 0) {
      paddingLength = 0;
      return plainLength >= headerLength;
    }
    if (plainLength <= headerLength) {
      return false;
    }
    paddingLength = bytes.get(offset + plainLength - 1) & 0xFF;
    return paddingLength > 0 && paddingLength <= plainLength - headerLength;
  }

  private void readElements(int profile, int from, int end) {
    if (profile == ONE_BYTE_PROFILE) {
      readOneByteElements(from, end);
    } else if ((profile & 0xFFF0) == TWO_BYTE_PROFILE) {
      readTwoByteElements(from, end);
    }
  }

  private void readOneByteElements(int from, int end) {
    int at = from;
    while (at < end) {
      int head = bytes.get(at) & 0xFF;
      if (head == 0) {
        at++;
        continue;
      }
      int id = head >>> 4;
      int size = (head & 0x0F) + 1;
      // RFC 8285 §4.2: ids 0 (with a length) and 15 end the processing of the whole block.
      if (id == 0 || id == 15 || !addElement(id, at + 1, size, end)) {
        return;
      }
      at += 1 + size;
    }
  }

  private void readTwoByteElements(int from, int end) {
    int at = from;
    while (at < end) {
      int id = bytes.get(at) & 0xFF;
      if (id == 0) {
        at++;
        continue;
      }
      if (at + 1 >= end) {
        return;
      }
      int size = bytes.get(at + 1) & 0xFF;
      if (!addElement(id, at + 2, size, end)) {
        return;
      }
      at += 2 + size;
    }
  }

  private boolean addElement(int id, int at, int size, int end) {
    if (at + size > end || extensionCount == MAX_EXTENSIONS) {
      return false;
    }
    extensionIds[extensionCount] = id;
    extensionOffsets[extensionCount] = at;
    extensionLengths[extensionCount] = size;
    extensionCount++;
    return true;
  }

  public Memory memory() {
    return memory;
  }

  /// Where the packet starts in [#memory].
  public int offset() {
    return offset;
  }

  /// The packet's length in bytes, padding included.
  public int length() {
    return length;
  }

  public boolean marker() {
    return bytes.get(offset + 1) < 0;
  }

  /// In [0, 127].
  public int payloadType() {
    return bytes.get(offset + 1) & 0x7F;
  }

  public void payloadType(int value) {
    bytes.put(offset + 1, (byte) ((bytes.get(offset + 1) & 0x80) | (value & 0x7F)));
  }

  /// In [0, 65535].
  public int sequence() {
    return Short.toUnsignedInt(bytes.getShort(offset + 2));
  }

  public void sequence(int value) {
    bytes.putShort(offset + 2, (short) value);
  }

  public int timestamp() {
    return bytes.getInt(offset + 4);
  }

  public void timestamp(int value) {
    bytes.putInt(offset + 4, value);
  }

  public int ssrc() {
    return bytes.getInt(offset + 8);
  }

  public void ssrc(int value) {
    bytes.putInt(offset + 8, value);
  }

  /// In [0, 15].
  public int csrcCount() {
    return first & 0x0F;
  }

  /// Bytes of the fixed header, CSRC list and extension.
  public int headerLength() {
    return headerLength;
  }

  /// Where the payload starts in [#memory].
  public int payloadOffset() {
    return offset + headerLength;
  }

  /// Bytes of payload, without padding once [#parsePadding] was called. Zero for the padding-only
  /// packets with which senders probe; those carry no media and are not to be forwarded.
  public int payloadLength() {
    return length - headerLength - paddingLength;
  }

  public int paddingLength() {
    return paddingLength;
  }

  /// Extension elements found, in [0, [#MAX_EXTENSIONS]].
  public int extensionCount() {
    return extensionCount;
  }

  /// The id of the element at `position` in [0, [#extensionCount]).
  public int extensionIdAt(int position) {
    return extensionIds[position];
  }

  /// Where the data of the element at `position` starts in [#memory].
  public int extensionOffsetAt(int position) {
    return extensionOffsets[position];
  }

  /// Bytes of data of the element at `position`, in [0, 255].
  public int extensionLengthAt(int position) {
    return extensionLengths[position];
  }

  /// Where the data of the first element with `id` starts in [#memory], or -1 when there is none.
  public int extensionOffset(int id) {
    for (int i = 0; i < extensionCount; i++) {
      if (extensionIds[i] == id) {
        return extensionOffsets[i];
      }
    }
    return -1;
  }

  /// Bytes of data of the first element with `id`, or -1 when there is none.
  public int extensionLength(int id) {
    for (int i = 0; i < extensionCount; i++) {
      if (extensionIds[i] == id) {
        return extensionLengths[i];
      }
    }
    return -1;
  }
}
