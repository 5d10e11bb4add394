package io.belfry.sfu.rtp.codec;

import io.belfry.common.bytes.Memory;
import java.nio.ByteBuffer;

/// A reusable view of a VP8 payload descriptor (RFC 7741 §4.2).
public final class Vp8Descriptor {
  /// Value of a number that the descriptor does not have.
  public static final int ABSENT = -1;

  private static final int EXTENDED = 0x80;
  private static final int START_OF_PARTITION = 0x10;
  private static final int HAS_PICTURE_ID = 0x80;
  private static final int HAS_TL0_PIC_IDX = 0x40;
  private static final int HAS_TID = 0x20;
  private static final int HAS_KEY_INDEX = 0x10;
  private static final int LONG_PICTURE_ID = 0x80;

  private int pictureIdOffset;
  private int tl0PicIdxOffset;
  private int pictureId;
  private int tl0PicIdx;
  private int temporalId;
  private boolean isLayerSync;
  private boolean isLongPictureId;
  private boolean isFrameStart;
  private boolean isKeyFrameStart;
  private int length;

  /// Reads the descriptor at the start of a payload.
  ///
  /// @return false when the payload ends inside it
  public boolean wrap(Memory payload, int offset, int payloadLength) {
    pictureIdOffset = ABSENT;
    tl0PicIdxOffset = ABSENT;
    pictureId = ABSENT;
    tl0PicIdx = ABSENT;
    temporalId = ABSENT;
    isLayerSync = false;
    isLongPictureId = false;
    ByteBuffer bytes = payload.bytes();
    int end = offset + payloadLength;
    int at = offset;
    if (at >= end) {
      return false;
    }
    int first = bytes.get(at++);
    if ((first & EXTENDED) != 0) {
      at = readExtension(bytes, at, end);
    }
    if (at < 0 || at >= end) {
      return false;
    }
    length = at - offset;
    isFrameStart = (first & START_OF_PARTITION) != 0 && (first & 0x07) == 0;
    // RFC 7741 §4.3: the P bit of the payload header is 0 for key frames.
    isKeyFrameStart = isFrameStart && (bytes.get(at) & 0x01) == 0;
    return true;
  }

  /// @return where the descriptor ends, or -1 when the payload ends inside it
  private int readExtension(ByteBuffer bytes, int from, int end) {
    int at = from;
    if (at >= end) {
      return -1;
    }
    int flags = bytes.get(at++);
    if ((flags & HAS_PICTURE_ID) != 0) {
      if (at + 1 >= end) {
        return -1;
      }
      pictureIdOffset = at;
      isLongPictureId = (bytes.get(at) & LONG_PICTURE_ID) != 0;
      pictureId = isLongPictureId ? bytes.getShort(at) & 0x7FFF : bytes.get(at) & 0x7F;
      at += isLongPictureId ? 2 : 1;
    }
    if ((flags & HAS_TL0_PIC_IDX) != 0) {
      if (at >= end) {
        return -1;
      }
      tl0PicIdxOffset = at;
      tl0PicIdx = bytes.get(at++) & 0xFF;
    }
    if ((flags & (HAS_TID | HAS_KEY_INDEX)) != 0) {
      if (at >= end) {
        return -1;
      }
      int octet = bytes.get(at++) & 0xFF;
      if ((flags & HAS_TID) != 0) {
        temporalId = octet >>> 6;
        isLayerSync = (octet & 0x20) != 0;
      }
    }
    return at;
  }

  /// Adds to picture id and TL0PICIDX in place, where the descriptor has them, each modulo its
  /// width.
  ///
  /// @param pictureIdDelta any value
  /// @param tl0Delta any value
  public void addDeltas(Memory payload, int pictureIdDelta, int tl0Delta) {
    ByteBuffer bytes = payload.bytes();
    if (pictureIdOffset != ABSENT) {
      if (isLongPictureId) {
        int id = bytes.getShort(pictureIdOffset) + pictureIdDelta & 0x7FFF;
        bytes.putShort(pictureIdOffset, (short) (0x8000 | id));
      } else {
        bytes.put(pictureIdOffset, (byte) (bytes.get(pictureIdOffset) + pictureIdDelta & 0x7F));
      }
    }
    if (tl0PicIdxOffset != ABSENT) {
      bytes.put(tl0PicIdxOffset, (byte) (bytes.get(tl0PicIdxOffset) + tl0Delta));
    }
  }

  /// In [0, 32767], or [0, 127] in the short form, or [#ABSENT].
  public int pictureId() {
    return pictureId;
  }

  public boolean isLongPictureId() {
    return isLongPictureId;
  }

  /// In [0, 255], or [#ABSENT].
  public int tl0PicIdx() {
    return tl0PicIdx;
  }

  /// Temporal layer, in [0, 3], or [#ABSENT].
  public int temporalId() {
    return temporalId;
  }

  /// Whether this picture depends on the base layer only (Y bit), so that its layer can be joined
  /// here.
  public boolean isLayerSync() {
    return isLayerSync;
  }

  /// Whether the packet begins a picture.
  public boolean isFrameStart() {
    return isFrameStart;
  }

  /// Whether the packet begins a key frame.
  public boolean isKeyFrameStart() {
    return isKeyFrameStart;
  }

  /// Bytes of the descriptor.
  public int length() {
    return length;
  }

  static boolean isKeyFrameStart(Memory payload, int offset, int payloadLength) {
    if (payloadLength < 1) {
      return false;
    }
    ByteBuffer bytes = payload.bytes();
    int first = bytes.get(offset);
    if ((first & START_OF_PARTITION) == 0 || (first & 0x07) != 0) {
      return false;
    }
    int length = descriptorLength(bytes, offset, payloadLength);
    return length < payloadLength && (bytes.get(offset + length) & 0x01) == 0;
  }

  /// Bytes of the descriptor, or `payloadLength` when the payload ends inside it.
  private static int descriptorLength(ByteBuffer bytes, int offset, int payloadLength) {
    if ((bytes.get(offset) & EXTENDED) == 0) {
      return 1;
    }
    if (payloadLength < 3) {
      return payloadLength;
    }
    int flags = bytes.get(offset + 1);
    int length = 2;
    if ((flags & HAS_PICTURE_ID) != 0) {
      length += (bytes.get(offset + 2) & LONG_PICTURE_ID) != 0 ? 2 : 1;
    }
    length += (flags & HAS_TL0_PIC_IDX) != 0 ? 1 : 0;
    length += (flags & (HAS_TID | HAS_KEY_INDEX)) != 0 ? 1 : 0;
    return Math.min(length, payloadLength);
  }
}
