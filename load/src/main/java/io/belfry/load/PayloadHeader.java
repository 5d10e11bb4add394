package io.belfry.load;

import io.belfry.sfu.rtp.codec.CodecKind;
import java.nio.ByteBuffer;

/// Writes the beginning of a payload, by which a server tells frames and key frames.
final class PayloadHeader {
  /// Of any codec, at most.
  static final int MAX_BYTES = 14;

  private static final int OPUS_CELT_FULLBAND_20_MILLIS_STEREO = 0xFC;
  private static final int H264_IDR = 0x65;
  private static final int H264_SLICE = 0x41;
  private static final int H264_FRAGMENT = 0x7C;
  private static final int AV1_ONE_ELEMENT = 0x10;
  private static final int AV1_FRAME = 0x30;

  private PayloadHeader() {}

  /// @param isFirst whether the packet begins the frame
  /// @param isLast whether it ends it
  /// @param pictureId counts frames; its low 15 bits are used
  /// @return bytes written
  static int write(
      CodecKind codec,
      ByteBuffer bytes,
      int at,
      boolean isFirst,
      boolean isLast,
      boolean isKeyFrame,
      int pictureId) {
    return switch (codec) {
      case OPUS -> {
        bytes.put(at, (byte) OPUS_CELT_FULLBAND_20_MILLIS_STEREO); // RFC 6716 §3.1
        yield 1;
      }
      case VP8 -> vp8(bytes, at, isFirst, isKeyFrame, pictureId);
      case VP9 -> {
        // RFC 9628 §4.2: I, P, B and E.
        int flags = 0x80 | (isKeyFrame ? 0 : 0x40) | (isFirst ? 0x08 : 0) | (isLast ? 0x04 : 0);
        bytes.put(at, (byte) flags);
        bytes.putShort(at + 1, (short) (0x8000 | pictureId));
        yield 3;
      }
      case H264 -> h264(bytes, at, isFirst, isLast, isKeyFrame);
      case AV1 -> {
        // AV1 RTP specification §4.4: Z, Y and N of the aggregation header, then an OBU header.
        int header = AV1_ONE_ELEMENT | (isFirst ? 0 : 0x80) | (isLast ? 0 : 0x40);
        bytes.put(at, (byte) (header | (isFirst && isKeyFrame ? 0x08 : 0)));
        bytes.put(at + 1, (byte) AV1_FRAME);
        yield isFirst ? 2 : 1;
      }
    };
  }

  /// RFC 7741 §4.2: X and S, I, the picture id; then the frame tag (RFC 6386 §9.1) with, for a key
  /// frame, the start code and a size of 640 by 360.
  private static int vp8(
      ByteBuffer bytes, int at, boolean isFirst, boolean isKeyFrame, int pictureId) {
    bytes.put(at, (byte) (isFirst ? 0x90 : 0x80));
    bytes.put(at + 1, (byte) 0x80);
    bytes.putShort(at + 2, (short) (0x8000 | pictureId));
    if (!isFirst) {
      return 4;
    }
    bytes.put(at + 4, (byte) (isKeyFrame ? 0x10 : 0x11));
    bytes.putShort(at + 5, (short) 0);
    if (!isKeyFrame) {
      return 7;
    }
    bytes.put(at + 7, (byte) 0x9D);
    bytes.putShort(at + 8, (short) 0x012A);
    bytes.putInt(at + 10, 0x8002_6801); // little-endian
    return 14;
  }

  /// RFC 6184 §5.6 for a frame in one packet, §5.8 (FU-A) for one in several.
  private static int h264(
      ByteBuffer bytes, int at, boolean isFirst, boolean isLast, boolean isKeyFrame) {
    int unit = isKeyFrame ? H264_IDR : H264_SLICE;
    if (isFirst && isLast) {
      bytes.put(at, (byte) unit);
      return 1;
    }
    bytes.put(at, (byte) H264_FRAGMENT);
    bytes.put(at + 1, (byte) ((isFirst ? 0x80 : 0) | (isLast ? 0x40 : 0) | (unit & 0x1F)));
    return 2;
  }
}
