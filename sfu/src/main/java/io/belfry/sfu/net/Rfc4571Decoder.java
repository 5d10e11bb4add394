package io.belfry.sfu.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/// Cuts a stream into datagrams, each behind its length in two bytes (RFC 4571 §2, RFC 6544 §3).
///
/// A frame that no datagram of a client can be ends the connection, before its bytes are waited
/// for: what follows would be garbage.
final class Rfc4571Decoder extends ByteToMessageDecoder {
  static final int LENGTH_BYTES = 2;
  static final int MAX_FRAME_BYTES = 2048;

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (in.readableBytes() < LENGTH_BYTES) {
      return;
    }
    int length = in.getUnsignedShort(in.readerIndex());
    if (length > MAX_FRAME_BYTES) {
      in.skipBytes(in.readableBytes());
      var _ = context.close();
    } else if (in.readableBytes() >= LENGTH_BYTES + length) {
      in.skipBytes(LENGTH_BYTES);
      byte[] datagram = new byte[length];
      in.readBytes(datagram);
      if (length > 0) { // RFC 4571 §2 has null packets, which say nothing
        out.add(datagram);
      }
    }
  }
}
