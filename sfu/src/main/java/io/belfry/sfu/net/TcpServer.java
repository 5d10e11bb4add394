package io.belfry.sfu.net;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The TCP port of all media loops, for clients whose network lets no UDP through: passive ICE-TCP
/// (RFC 6544) with the framing of RFC 4571. One thread accepts, cuts and joins; the media loops do
/// the rest.
public final class TcpServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TcpServer.class);
  private static final int BACKLOG = 512;

  /// Longer than a client may be silent before its consent ends (RFC 7675 §5.1).
  private static final int IDLE_SECONDS = 40;

  /// What the system may hold of one connection: more would be delay.
  private static final int SEND_BUFFER_BYTES = 256 * 1024;

  private final EventLoopGroup group;
  private final Channel listener;

  private TcpServer(EventLoopGroup group, Channel listener) {
    this.group = group;
    this.listener = listener;
  }

  /// How many connections there may be.
  public record Limits(int maxConnections, int maxConnectionsPerAddress) {}

  /// Starts to listen.
  ///
  /// @throws IOException if the port cannot be had, in words
  public static TcpServer start(
      InetSocketAddress bind, Limits limits, List<MediaLoop> loops, TcpCounters counters)
      throws IOException {
    EventLoopGroup group =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("media-tcp", true), NioIoHandler.newFactory());
    List<TcpPaths> paths = loops.stream().map(MediaLoop::tcpPaths).toList();
    try {
      Channel listener =
          new ServerBootstrap()
              .group(group)
              .channel(NioServerSocketChannel.class)
              .option(ChannelOption.SO_BACKLOG, BACKLOG)
              .option(ChannelOption.SO_REUSEADDR, true)
              .childOption(ChannelOption.TCP_NODELAY, true)
              .childOption(ChannelOption.SO_SNDBUF, SEND_BUFFER_BYTES)
              .childOption(
                  ChannelOption.WRITE_BUFFER_WATER_MARK,
                  new WriteBufferWaterMark(
                      TcpConnection.MAX_WAITING_BYTES / 2, TcpConnection.MAX_WAITING_BYTES))
              .childHandler(new Accept(limits, paths, counters))
              .bind(bind)
              .syncUninterruptibly()
              .channel();
      return new TcpServer(group, listener);
    } catch (Exception e) { // Netty rethrows the checked cause of a failed bind
      var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw new IOException(e.getMessage(), e);
    }
  }

  public int localPort() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  @Override
  public void close() {
    listener.close().syncUninterruptibly();
    var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  /// Counts connections in and out, and sets up those within the limits. Runs on the one thread.
  private static final class Accept extends ChannelInitializer<SocketChannel> {
    private final Limits limits;
    private final List<TcpPaths> loops;
    private final TcpCounters counters;
    private final Map<Long, Integer> openByAddress = new HashMap<>();
    private int lastId;

    Accept(Limits limits, List<TcpPaths> loops, TcpCounters counters) {
      this.limits = limits;
      this.loops = loops;
      this.counters = counters;
    }

    @Override
    public boolean isSharable() {
      return true;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
      if (channel.remoteAddress() == null) { // gone already
        var _ = channel.close();
        return;
      }
      lastId = lastId == Integer.MAX_VALUE ? 1 : lastId + 1;
      TcpConnection connection = new TcpConnection(lastId, channel, loops, counters);
      long address = addressKey(connection);
      int fromAddress = openByAddress.getOrDefault(address, 0);
      if (counters.open.get() >= limits.maxConnections
          || fromAddress >= limits.maxConnectionsPerAddress) {
        if (counters.refused.getAndIncrement() % 1000 == 0) {
          log.warn(
              "refused a media connection over TCP from {}: {} are open, {} of them from there",
              channel.remoteAddress().getAddress().getHostAddress(),
              counters.open.get(),
              fromAddress);
        }
        var _ = channel.close();
        return;
      }
      counters.accepted.incrementAndGet();
      counters.open.incrementAndGet();
      openByAddress.merge(address, 1, Integer::sum);
      channel
          .closeFuture()
          .addListener(_ -> {
            counters.open.decrementAndGet();
            openByAddress.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
          });
      channel
          .pipeline()
          .addLast(new IdleStateHandler(IDLE_SECONDS, 0, 0), new Rfc4571Decoder(), connection);
    }

    /// An IPv4 address, or the network that one subscriber has in IPv6.
    private static long addressKey(TcpConnection connection) {
      return connection.path().isIpv4() ? connection.path().low() : connection.path().high();
    }
  }
}
