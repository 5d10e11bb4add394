package io.belfry.http.server;

import io.belfry.config.HttpConfig;
import io.belfry.config.TlsConfig;
import io.belfry.http.Routes;
import io.belfry.http.socket.CloseCode;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running HTTP and WebSocket server. One for each process: both nodes put their routes on it.
public final class HttpServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HttpServer.class);

  // Sockets are mostly idle and handlers run elsewhere: two threads move a lot of JSON.
  private static final int IO_THREADS = 2;
  private static final int BACKLOG = 1024;
  private static final int IDLE_HTTP_SECONDS = 60;
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(3);

  private final EventLoopGroup group;
  private final Channel listener;
  private final ChannelGroup connections;
  private final SocketSweeper sweeper;

  private HttpServer(
      EventLoopGroup group, Channel listener, ChannelGroup connections, SocketSweeper sweeper) {
    this.group = group;
    this.listener = listener;
    this.connections = connections;
    this.sweeper = sweeper;
  }

  /// Starts to listen. The routes must be complete.
  ///
  /// @throws IOException if the address is taken or the certificate cannot be read, in words
  public static HttpServer start(HttpConfig config, Routes routes, CollectorRegistry registry)
      throws IOException {
    boolean isEpoll = Epoll.isAvailable();
    IoHandlerFactory io = isEpoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    EventLoopGroup group =
        new MultiThreadIoEventLoopGroup(IO_THREADS, new DefaultThreadFactory("http", true), io);
    ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    SocketSweeper sweeper = new SocketSweeper();
    try {
      SslContext tls = config.tls().isPresent() ? tls(config.tls().get()) : null;
      Class<? extends ServerSocketChannel> type =
          isEpoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
      ServerBootstrap bootstrap =
          new ServerBootstrap()
              .group(group)
              .channel(type)
              .option(ChannelOption.SO_BACKLOG, BACKLOG)
              .option(ChannelOption.SO_REUSEADDR, true)
              .childOption(ChannelOption.TCP_NODELAY, true)
              .childOption(
                  ChannelOption.WRITE_BUFFER_WATER_MARK,
                  new WriteBufferWaterMark(32 * 1024, 128 * 1024))
              .childHandler(
                  new Connections(
                      config, routes, new HttpMetrics(registry), connections, sweeper, tls));
      Channel listener =
          bootstrap
              .bind(new InetSocketAddress(config.host(), config.port()))
              .syncUninterruptibly()
              .channel();
      sweeper.start();
      log.info(
          "http.listening address={} transport={} tls={}",
          listener.localAddress(),
          isEpoll ? "epoll" : "nio",
          tls != null);
      return new HttpServer(group, listener, connections, sweeper);
    } catch (Exception e) { // Netty rethrows the checked cause of a failed bind
      sweeper.close();
      var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
      throw new IOException(
          "cannot serve HTTP on " + config.host() + ":" + config.port() + ": " + e.getMessage(), e);
    }
  }

  /// The port listened on, also when the configured one was 0.
  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /// Takes no more connections, tells the sockets that the server goes away, and ends.
  @Override
  public void close() {
    listener.close().awaitUninterruptibly(STOP_TIMEOUT.toMillis());
    sweeper.closeAll(CloseCode.GOING_AWAY, "the server goes away");
    long deadlineNanos = System.nanoTime() + STOP_TIMEOUT.toNanos();
    sweeper.awaitEmpty(deadlineNanos);
    connections.close().awaitUninterruptibly(STOP_TIMEOUT.toMillis());
    sweeper.close();
    group
        .shutdownGracefully(0, STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(2 * STOP_TIMEOUT.toMillis());
    log.info("http.stopped");
  }

  private static SslContext tls(TlsConfig config) throws SSLException {
    return SslContextBuilder.forServer(
            config.certificateFile().toFile(), config.privateKeyFile().toFile())
        .protocols("TLSv1.3", "TLSv1.2")
        .build();
  }

  /// Sets up each accepted connection, up to the limit.
  @SuppressWarnings("FutureReturnValueIgnored") // of closing; the close future tells
  private static final class Connections extends ChannelInitializer<Channel> {
    private final HttpConfig config;
    private final Routes routes;
    private final HttpMetrics metrics;
    private final ChannelGroup connections;
    private final SocketSweeper sweeper;
    private final @Nullable SslContext tls;
    private final Admission admission;
    private final AtomicInteger open = new AtomicInteger();

    Connections(
        HttpConfig config,
        Routes routes,
        HttpMetrics metrics,
        ChannelGroup connections,
        SocketSweeper sweeper,
        @Nullable SslContext tls) {
      this.config = config;
      this.routes = routes;
      this.metrics = metrics;
      this.connections = connections;
      this.sweeper = sweeper;
      this.tls = tls;
      this.admission = new Admission(config);
    }

    @Override
    protected void initChannel(Channel channel) {
      if (open.incrementAndGet() > config.maxConnections()) {
        open.decrementAndGet();
        metrics.connectionRefused();
        channel.close();
        return;
      }
      connections.add(channel);
      metrics.connectionOpened();
      channel
          .closeFuture()
          .addListener(closed -> {
            open.decrementAndGet();
            metrics.connectionClosed();
          });
      if (tls != null) {
        channel.pipeline().addLast("tls", tls.newHandler(channel.alloc()));
      }
      channel
          .pipeline()
          .addLast("idle", new IdleStateHandler(0, 0, IDLE_HTTP_SECONDS))
          .addLast("codec", new HttpServerCodec(new HttpDecoderConfig().setMaxHeaderSize(16_384)))
          .addLast("body", new HttpObjectAggregator(config.maxBodyBytes()))
          .addLast(
              "requests",
              new HttpConnection(
                  routes, admission, metrics, sweeper, config.maxFrameBytes(), tls != null));
    }
  }
}
