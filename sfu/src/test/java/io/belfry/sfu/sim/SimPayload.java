package io.belfry.sfu.sim;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;

/// Media that tells by itself whether it arrived unaltered: what a payload has to look like follows
/// from a few numbers in it.
///
/// @param isVideo VP8-shaped (RFC 7741 §4.2), else without a descriptor as Opus is
/// @param id counts the packets of a track
/// @param frame counts its frames; the picture id
/// @param isStart whether the packet begins its frame
/// @param isKey whether the frame is a key frame
/// @param captureNanos when it was captured, on the simulation's time line
/// @param sizeBytes of the whole payload
record SimPayload(
    boolean isVideo,
    long id,
    int frame,
    boolean isStart,
    boolean isKey,
    long captureNanos,
    int sizeBytes) {
  static final int MIN_BYTES = 40;
  private static final int DESCRIPTOR_BYTES = 5;

  byte[] bytes() {
    byte[] payload = new byte[sizeBytes];
    new SplittableRandom(id).nextBytes(payload);
    ByteBuffer out = ByteBuffer.wrap(payload);
    if (isVideo) {
      out.put((byte) (isStart ? 0x90 : 0x80)).put((byte) 0xC0);
      out.putShort((short) (0x8000 | (frame & 0x7FFF))).put((byte) frame);
    }
    // The P bit of the VP8 payload header is 0 in key frames.
    out.put((byte) (isKey ? 0 : 1)).put((byte) (isStart ? 1 : 0));
    out.putLong(id).putInt(frame).putLong(captureNanos);
    return payload;
  }

  /// What a payload says of itself.
  ///
  /// @param isRenumbered whether its pictures may have other numbers than when they were sent
  /// @throws IllegalStateException if it is not what it was when it was sent
  static SimPayload read(boolean isVideo, boolean isRenumbered, byte[] payload) {
    ByteBuffer in = ByteBuffer.wrap(payload);
    in.position(isVideo ? DESCRIPTOR_BYTES : 0);
    boolean isKey = in.get() == 0;
    boolean isStart = in.get() == 1;
    SimPayload said =
        new SimPayload(
            isVideo, in.getLong(), in.getInt(), isStart, isKey, in.getLong(), payload.length);
    int from = isRenumbered ? DESCRIPTOR_BYTES : 0;
    int end = payload.length;
    if (!Arrays.equals(said.bytes(), from, end, payload, from, end)) {
      throw new IllegalStateException("altered: " + said);
    }
    return said;
  }
}
