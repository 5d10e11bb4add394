package io.belfry.sfu.rtp.codec;

import io.belfry.common.bytes.Memory;
import java.nio.ByteBuffer;

/// A reusable view of the mandatory part of a dependency descriptor extension (AV1 RTP
/// specification §A.8.2), and whether a template structure follows, which begins a coded video
/// sequence.
public final class DependencyDescriptor {
  private static final int MANDATORY_BYTES = 3;

  private int first;
  private int frameNumber;
  private boolean hasStructure;

  /// Reads the data of the extension element.
  ///
  /// @return false when it is too short
  public boolean wrap(Memory memory, int offset, int length) {
    if (length < MANDATORY_BYTES) {
      return false;
    }
    ByteBuffer bytes = memory.bytes();
    first = bytes.get(offset);
    frameNumber = Short.toUnsignedInt(bytes.getShort(offset + 1));
    hasStructure = length > MANDATORY_BYTES && bytes.get(offset + MANDATORY_BYTES) < 0;
    return true;
  }

  public boolean isFrameStart() {
    return (first & 0x80) != 0;
  }

  public boolean isFrameEnd() {
    return (first & 0x40) != 0;
  }

  /// In [0, 63].
  public int templateId() {
    return first & 0x3F;
  }

  /// In [0, 65535].
  public int frameNumber() {
    return frameNumber;
  }

  /// Whether the template dependency structure is attached.
  public boolean hasStructure() {
    return hasStructure;
  }
}
