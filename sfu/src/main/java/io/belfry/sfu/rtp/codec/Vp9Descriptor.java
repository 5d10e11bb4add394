package io.belfry.sfu.rtp.codec;

import io.belfry.common.bytes.Memory;
import java.nio.ByteBuffer;

/// A reusable view of the part of a VP9 payload descriptor that a forwarder needs (RFC 9628 §4.2):
/// flags, picture id and layer indices.
public final class Vp9Descriptor {
  /// Value of a number that the descriptor does not have.
  public static final int ABSENT = -1;

  private static final int HAS_PICTURE_ID = 0x80;
  private static final int INTER_PICTURE_PREDICTED = 0x40;
  private static final int HAS_LAYER_INDICES = 0x20;
  private static final int FLEXIBLE_MODE = 0x10;
  private static final int START_OF_FRAME = 0x08;
  private static final int END_OF_FRAME = 0x04;
  private static final int HAS_SCALABILITY_STRUCTURE = 0x02;
  private static final int NOT_REFERENCE_FOR_UPPER = 0x01;

  private int flags;
  private int pictureId;
  private int temporalId;
  private int spatialId;
  private int tl0PicIdx;
  private boolean isSwitchingUpPoint;
  private boolean isInterLayerDependent;

  /// Reads the descriptor at the start of a payload.
  ///
  /// @return false when the payload ends inside the part that is read
  public boolean wrap(Memory payload, int offset, int payloadLength) {
    pictureId = ABSENT;
    temporalId = ABSENT;
    spatialId = ABSENT;
    tl0PicIdx = ABSENT;
    isSwitchingUpPoint = false;
    isInterLayerDependent = false;
    ByteBuffer bytes = payload.bytes();
    int end = offset + payloadLength;
    int at = offset;
    if (at >= end) {
      return false;
    }
    flags = bytes.get(at++);
    if ((flags & HAS_PICTURE_ID) != 0) {
      if (at + 1 >= end) {
        return false;
      }
      boolean isLong = bytes.get(at) < 0;
      pictureId = isLong ? bytes.getShort(at) & 0x7FFF : bytes.get(at) & 0x7F;
      at += isLong ? 2 : 1;
    }
    return (flags & HAS_LAYER_INDICES) == 0 || readLayerIndices(bytes, at, end);
  }

  private boolean readLayerIndices(ByteBuffer bytes, int at, int end) {
    boolean isFlexible = (flags & FLEXIBLE_MODE) != 0;
    if (at + (isFlexible ? 0 : 1) >= end) {
      return false;
    }
    int octet = bytes.get(at) & 0xFF;
    temporalId = octet >>> 5;
    isSwitchingUpPoint = (octet & 0x10) != 0;
    spatialId = octet >>> 1 & 0x07;
    isInterLayerDependent = (octet & 0x01) != 0;
    if (!isFlexible) {
      tl0PicIdx = bytes.get(at + 1) & 0xFF;
    }
    return true;
  }

  /// In [0, 32767], or [#ABSENT].
  public int pictureId() {
    return pictureId;
  }

  /// Temporal layer, in [0, 7], or [#ABSENT].
  public int temporalId() {
    return temporalId;
  }

  /// Spatial layer, in [0, 7], or [#ABSENT].
  public int spatialId() {
    return spatialId;
  }

  /// In [0, 255], or [#ABSENT]; flexible mode has none.
  public int tl0PicIdx() {
    return tl0PicIdx;
  }

  /// Whether a receiver may go to this temporal layer from here (U bit).
  public boolean isSwitchingUpPoint() {
    return isSwitchingUpPoint;
  }

  /// Whether this frame needs the spatial layer below it of the same picture (D bit).
  public boolean isInterLayerDependent() {
    return isInterLayerDependent;
  }

  /// Whether the frame depends on earlier pictures (P bit).
  public boolean isInterPicturePredicted() {
    return (flags & INTER_PICTURE_PREDICTED) != 0;
  }

  /// Whether the packet begins a frame of its spatial layer (B bit).
  public boolean isFrameStart() {
    return (flags & START_OF_FRAME) != 0;
  }

  /// Whether the packet ends a frame of its spatial layer (E bit).
  public boolean isFrameEnd() {
    return (flags & END_OF_FRAME) != 0;
  }

  /// Whether a scalability structure follows (V bit).
  public boolean hasScalabilityStructure() {
    return (flags & HAS_SCALABILITY_STRUCTURE) != 0;
  }

  /// Whether no higher spatial layer of this picture needs the frame (Z bit).
  public boolean isNotReferenceForUpperLayers() {
    return (flags & NOT_REFERENCE_FOR_UPPER) != 0;
  }

  /// Whether the packet begins a key frame: the lowest spatial layer of a picture that needs no
  /// other.
  public boolean isKeyFrameStart() {
    return isFrameStart() && !isInterPicturePredicted() && spatialId <= 0;
  }

  static boolean isKeyFrameStart(Memory payload, int offset, int payloadLength) {
    if (payloadLength < 1) {
      return false;
    }
    ByteBuffer bytes = payload.bytes();
    int flags = bytes.get(offset);
    if ((flags & (START_OF_FRAME | INTER_PICTURE_PREDICTED)) != START_OF_FRAME) {
      return false;
    }
    if ((flags & HAS_LAYER_INDICES) == 0) {
      return true;
    }
    int at = 1;
    if ((flags & HAS_PICTURE_ID) != 0) {
      at += payloadLength > 1 && bytes.get(offset + 1) < 0 ? 2 : 1;
    }
    return at < payloadLength && (bytes.get(offset + at) & 0x0E) == 0;
  }
}
