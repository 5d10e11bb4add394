package io.belfry.sfu.net;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.session.PeerAddress;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.timeout.IdleStateEvent;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One TCP connection of a client (RFC 6544), framed. Belongs to nobody until a connectivity check
/// on it has been verified; then to the media loop of that transport. A stranger gets a few checks
/// and a few seconds.
final class TcpConnection extends ChannelInboundHandlerAdapter {
  /// How long a connection may take to show that it belongs to a transport.
  static final long AUTHENTICATION_MILLIS = 10_000;

  /// RTP is dropped while this much waits to be sent: a slow network makes media late, and late
  /// media is worse than lost.
  static final int MAX_WAITING_BYTES = 256 * 1024;

  private static final int MAX_UNVERIFIED_FRAMES = 16;
  private static final int INITIAL_PENDING_BYTES = 4096;

  private final int id;
  private final Channel channel;
  private final PeerAddress path;
  private final List<TcpPaths> loops;
  private final TcpCounters counters;
  private volatile @Nullable TcpPaths owner;
  private int unverifiedFrames;

  /// Only for the owner's thread: what this turn sends.
  private @Nullable ByteBuf pending;

  /// @param id positive; no two open connections have the same
  TcpConnection(int id, Channel channel, List<TcpPaths> loops, TcpCounters counters) {
    this.id = id;
    this.channel = channel;
    this.loops = loops;
    this.counters = counters;
    PeerAddress remote = PeerAddress.of((InetSocketAddress) channel.remoteAddress());
    this.path = new PeerAddress(remote.high(), remote.low(), remote.port(), -id);
  }

  /// Where it comes from; its local address is the negative id, so that it is like no path of UDP.
  PeerAddress path() {
    return path;
  }

  int id() {
    return id;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    var _ =
        context
            .executor()
            .schedule(
                () -> {
                  if (owner == null && channel.isOpen()) {
                    counters.unauthenticated.incrementAndGet();
                    var _ = channel.close();
                  }
                },
                AUTHENTICATION_MILLIS,
                TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    byte[] datagram = (byte[]) message;
    TcpPaths bound = owner;
    if (bound != null) {
      bound.offer(this, datagram);
    } else if (datagram[0] < 0 || datagram[0] > 3 || ++unverifiedFrames > MAX_UNVERIFIED_FRAMES) {
      counters.unauthenticated.incrementAndGet();
      var _ = context.close(); // not STUN (RFC 7983 §7), or a guess too many
    } else {
      for (TcpPaths loop : loops) { // only one of them knows the user fragment
        loop.offer(this, datagram);
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    TcpPaths bound = owner;
    if (bound != null) {
      bound.onClosed(this);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof IdleStateEvent) {
      var _ = context.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    var _ = context.close(); // a reset, most of the time
  }

  /// Whether the connection is nobody's yet, or this loop's.
  boolean isFor(TcpPaths loop) {
    TcpPaths bound = owner;
    return bound == null || bound.equals(loop);
  }

  boolean isBound() {
    return owner != null;
  }

  /// Says whose the connection is, for the rest of its life.
  void bind(TcpPaths loop) {
    owner = loop;
    if (!channel.isOpen()) {
      loop.onClosed(this); // it may have missed the owner
    }
  }

  /// Adds a datagram to what {@link #flush} sends.
  ///
  /// @param mayDrop whether it is better lost than late
  /// @return false if it was dropped
  boolean append(Memory memory, int offset, int length, boolean mayDrop) {
    ByteBuf buffer = pending;
    int waiting = buffer == null ? 0 : buffer.readableBytes();
    boolean isFull = !channel.isWritable() || waiting >= MAX_WAITING_BYTES;
    if (isFull && (mayDrop || waiting >= 2 * MAX_WAITING_BYTES)) {
      return false;
    }
    if (buffer == null) {
      buffer = channel.alloc().buffer(INITIAL_PENDING_BYTES);
      pending = buffer;
    }
    buffer.writeShort(length);
    buffer.writeBytes(memory.toArray(offset, length));
    return true;
  }

  boolean hasPending() {
    return pending != null;
  }

  /// Forgets what has been appended, when nobody will hear it.
  void discard() {
    ByteBuf buffer = pending;
    pending = null;
    if (buffer != null) {
      buffer.release();
    }
  }

  /// Sends what has been appended. Called on the owner's thread.
  void flush() {
    ByteBuf buffer = pending;
    pending = null;
    if (buffer != null) {
      var _ = channel.writeAndFlush(buffer, channel.voidPromise());
    }
  }

  void close() {
    var _ = channel.close();
  }
}
