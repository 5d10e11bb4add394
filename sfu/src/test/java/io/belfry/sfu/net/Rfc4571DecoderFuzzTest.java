package io.belfry.sfu.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Whatever a connection brings, in whatever pieces: never throws, and the pieces make no
/// difference.
class Rfc4571DecoderFuzzTest {
  @FuzzTest(maxDuration = "1m")
  void cutsAnything(byte[] bytes) {
    List<String> whole = frames(bytes, Math.max(1, bytes.length));
    assertEquals(whole, frames(bytes, 1));
    assertEquals(whole, frames(bytes, 3));
  }

  private static List<String> frames(byte[] bytes, int pieceBytes) {
    EmbeddedChannel channel = new EmbeddedChannel(new Rfc4571Decoder());
    for (int at = 0; at < bytes.length && channel.isOpen(); at += pieceBytes) {
      int length = Math.min(pieceBytes, bytes.length - at);
      channel.writeInbound(Unpooled.copiedBuffer(bytes, at, length));
    }
    List<String> frames = new ArrayList<>();
    for (byte[] frame = channel.readInbound(); frame != null; frame = channel.readInbound()) {
      assertTrue(frame.length > 0 && frame.length <= Rfc4571Decoder.MAX_FRAME_BYTES);
      frames.add(HexFormat.of().formatHex(frame));
    }
    channel.finishAndReleaseAll();
    return frames;
  }
}
