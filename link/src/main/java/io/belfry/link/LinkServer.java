package io.belfry.link;

import io.belfry.common.media.MediaNode;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An SFU's port for its signalling node.
public final class LinkServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LinkServer.class);
  private static final long KEEP_ALIVE_MIN_SECONDS = 2;

  private final Server server;

  /// Certificate and key of TLS, both PEM.
  public record Tls(Path certificateFile, Path privateKeyFile) {}

  private LinkServer(Server server) {
    this.server = server;
  }

  /// @param port 0 takes a free one
  /// @param secret what a signalling node must know
  /// @param tls empty: without encryption
  /// @param keys takes the JWK set of call tokens
  /// @throws IOException if the port is taken or a file cannot be used
  public static LinkServer start(
      String host,
      int port,
      String secret,
      Optional<Tls> tls,
      MediaNode media,
      Consumer<String> keys)
      throws IOException {
    ServerCredentials credentials =
        tls.isEmpty()
            ? InsecureServerCredentials.create()
            : TlsServerCredentials.create(
                tls.get().certificateFile().toFile(), tls.get().privateKeyFile().toFile());
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(host, port), credentials)
            .addService(new LinkService(media, keys))
            .intercept(new SecretCheck(secret))
            .permitKeepAliveTime(KEEP_ALIVE_MIN_SECONDS, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
    try {
      server.start();
    } catch (IOException e) {
      throw new IOException(
          "cannot listen on " + host + ":" + port + " for the signalling node", e);
    }
    log.info("link.listening host={} port={} tls={}", host, server.getPort(), tls.isPresent());
    return new LinkServer(server);
  }

  public int port() {
    return server.getPort();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
