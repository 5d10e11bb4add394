package io.belfry.sfu;

import io.belfry.common.media.MediaNode;
import io.belfry.common.time.NanoClock;
import io.belfry.common.token.CallTokenVerifier;
import io.belfry.config.Implementation;
import io.belfry.config.SfuConfig;
import io.belfry.http.Routes;
import io.belfry.http.socket.SocketOptions;
import io.belfry.sfu.control.Command;
import io.belfry.sfu.dtls.DtlsCertificate;
import io.belfry.sfu.dtls.DtlsContext;
import io.belfry.sfu.dtls.DtlsEndpoint;
import io.belfry.sfu.dtls.DtlsFailure;
import io.belfry.sfu.dtls.DtlsWarmup;
import io.belfry.sfu.dtls.KeyingMaterial;
import io.belfry.sfu.ice.IceCredentials;
import io.belfry.sfu.ice.IceServers;
import io.belfry.sfu.net.DatagramIo;
import io.belfry.sfu.net.DatagramIoFactory;
import io.belfry.sfu.net.MediaLoop;
import io.belfry.sfu.net.TcpCounters;
import io.belfry.sfu.net.TcpServer;
import io.belfry.sfu.participant.LoopPort;
import io.belfry.sfu.participant.SessionLimits;
import io.belfry.sfu.participant.Sessions;
import io.belfry.sfu.pipe.PipeMesh;
import io.belfry.sfu.route.RouteLimits;
import io.belfry.sfu.sdp.Fingerprint;
import io.belfry.sfu.sdp.LocalTransport;
import io.belfry.sfu.session.PeerSessions;
import io.belfry.sfu.session.SessionSettings;
import io.belfry.sfu.session.TransportTools;
import io.belfry.sfu.srtp.SrtpCrypto;
import io.belfry.sfu.srtp.SrtpProfile;
import io.belfry.sfu.whip.WhipEndpoint;
import io.belfry.sfu.ws.SessionSocket;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The media node: starts, wires and stops the media loops and what stands before them.
public final class SfuNode implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SfuNode.class);
  private static final Duration GREETING_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration KEY_FRAME_INTERVAL = Duration.ofMillis(500);
  private static final Duration ADDRESS_INTERVAL = Duration.ofSeconds(10);
  private static final int MAX_PATHS_PER_TRANSPORT = 8;
  private static final int MAX_EVENTS_KEPT = 256;

  private final SfuConfig config;
  private final SecureRandom random = new SecureRandom();
  private final SrtpCrypto crypto;
  private final DtlsContext dtls;
  private final InetAddress bound;
  private final AnnouncedAddresses announced;
  private final @Nullable StunDiscovery discovery;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final PipeMesh pipes;
  private final List<MediaLoop> loops = new ArrayList<>();
  private final TcpCounters tcpCounters = new TcpCounters();
  private final @Nullable TcpServer tcp;
  private final Sessions sessions;

  private SfuNode(SfuConfig config, InstantSource clock) throws IOException {
    this.config = config;
    try {
      this.crypto = SrtpCrypto.choose(SrtpCrypto.Choice.valueOf(config.crypto().name()));
    } catch (IllegalStateException e) {
      throw new IOException(e.getMessage(), e);
    }
    this.dtls =
        new DtlsContext(
            DtlsCertificate.generate(random, clock.instant()),
            config.srtpProfiles().stream()
                .map(profile -> SrtpProfile.valueOf(profile.name()))
                .toList(),
            config.dtls().handshakeTimeout(),
            config.dtls().maxHandshakes(),
            random);
    this.bound = DatagramIoFactory.usable(InetAddress.ofLiteral(config.udp().host()));
    this.announced =
        new AnnouncedAddresses(
            config.announcedAddresses(), bound, new HostAddresses(), NanoClock.SYSTEM);
    this.discovery = discovery();
    this.pipes = new PipeMesh(config.loopCount(), PipeMesh.DEFAULT_RECORDS);
    try {
      for (int i = 0; i < config.loopCount(); i++) {
        MediaLoop loop = loop(i);
        loops.add(loop);
        pipes.onWake(i, loop::wakeUp);
      }
      this.tcp = config.tcp().enabled() ? listenTcp() : null;
    } catch (IOException | RuntimeException e) {
      loops.forEach(MediaLoop::close);
      throw e;
    }
    this.sessions =
        new Sessions(
            loops.stream().map(SfuNode::port).toList(),
            new SessionLimits(
                config.maxSessions(),
                config.maxParticipantsPerSession(),
                config.maxTracksPerParticipant(),
                MAX_EVENTS_KEPT,
                config.receiversBeforeSpread(),
                config.resumeGrace(),
                config.silentGrace(),
                config.emptySessionTimeout()),
            this::localTransport,
            clock,
            random);
  }

  /// Starts the node: binds its UDP ports, and adds the session socket to the routes.
  ///
  /// @param tokens checks call tokens; asked at every join, since keys are replaced
  /// @throws IOException if a UDP port cannot be bound
  public static SfuNode start(
      SfuConfig config,
      Routes routes,
      Supplier<CallTokenVerifier> tokens,
      CollectorRegistry registry,
      InstantSource clock)
      throws IOException {
    SfuNode node = new SfuNode(config, clock);
    node.loops.forEach(MediaLoop::start);
    node.watchAddresses();
    IceServers iceServers =
        new IceServers(
            config.iceServers().urls(),
            config.iceServers().secret(),
            config.iceServers().lifetime());
    new SfuMetrics(
            node.loops, node.sessions, node.crypto.isNative(), node.tcpCounters, node.discovery)
        .register(registry);
    routes.socket(
        "/v1/session",
        new SocketOptions("join", GREETING_TIMEOUT, config.heartbeatInterval()),
        (socket, _) ->
            new SessionSocket(
                socket,
                node.sessions,
                tokens.get(),
                iceServers,
                config.heartbeatInterval(),
                clock));
    new WhipEndpoint(node.sessions, tokens, iceServers, clock).contribute(routes);
    Thread.startVirtualThread(node::warmUp);
    log.info(
        "media node started: {} loops, UDP {}, TCP {}, announced {}, io {}, crypto {}",
        node.loops.size(),
        node.loops.stream().map(MediaLoop::localPort).toList(),
        node.tcp == null ? "off" : node.tcp.localPort(),
        node.announced,
        node.loops.getFirst().ioName(),
        node.crypto);
    return node;
  }

  private @Nullable StunDiscovery discovery() {
    if (config.stunServer().isEmpty()) {
      return null;
    }
    return new StunDiscovery(
        config.stunHost(),
        config.stunPort(),
        bound instanceof Inet6Address,
        StunDiscovery.Timing.DEFAULT,
        random,
        announced::discovered);
  }

  private void watchAddresses() {
    if (discovery != null) {
      discovery.start(loops.stream().map(SfuNode::stunSocket).toList());
    }
    Thread.ofVirtual()
        .name("announced-addresses")
        .start(() -> {
          try {
            while (!closing.await(ADDRESS_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
              announced.refresh();
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private static StunDiscovery.Socket stunSocket(MediaLoop loop) {
    return (server, transactionId, onAnswer) ->
        loop.offer(new Command.AskStun(server, transactionId, onAnswer));
  }

  private DatagramIo socket(int index) throws IOException {
    int port = config.udp().port() == 0 ? 0 : config.udp().port() + index;
    try {
      return DatagramIoFactory.open(
          DatagramIoFactory.Choice.valueOf(name(config.io())),
          new InetSocketAddress(bound, port),
          config.udp().receiveBufferBytes(),
          config.udp().sendBufferBytes());
    } catch (IOException e) {
      throw new IOException(
          "cannot open UDP port %d on %s (settings belfry.sfu.udp.port, udp.host): %s"
              .formatted(port, bound.getHostAddress(), e.getMessage()),
          e);
    }
  }

  private MediaLoop loop(int index) throws IOException {
    DatagramIo io = socket(index);
    if (index == 0 && io.receiveBufferBytes() < config.udp().receiveBufferBytes()) {
      log.warn(
          "the kernel gives a receive buffer of {} bytes, not {}: bursts may be lost; raise"
              + " net.core.rmem_max",
          io.receiveBufferBytes(),
          config.udp().receiveBufferBytes());
    }
    SessionSettings settings = sessionSettings();
    return new MediaLoop(
        "media-" + index,
        io,
        NanoClock.SYSTEM,
        tcpCounters,
        outbox ->
            new PeerSessions(
                outbox,
                settings,
                new TransportTools(transportId -> endpoint(index, transportId), crypto),
                pipes.ends(index),
                event -> sessions().onLoopEvent(event),
                new SplittableRandom(random.nextLong())));
  }

  private SessionSettings sessionSettings() {
    return new SessionSettings(
        MAX_PATHS_PER_TRANSPORT,
        config.consentTimeout().toNanos(),
        new RouteLimits(
            config.videoCachePackets(),
            config.audioCachePackets(),
            KEY_FRAME_INTERVAL.toNanos(),
            config.coalesce().toNanos()));
  }

  private static String name(Implementation implementation) {
    return implementation.name();
  }

  private Sessions sessions() {
    return sessions;
  }

  /// The DTLS side of a transport; what it has to say goes to the loop as commands.
  private DtlsEndpoint endpoint(int loop, long transportId) {
    return new DtlsEndpoint(
        dtls,
        new DtlsEndpoint.Listener() {
          @Override
          public void onSend(byte[] datagram) {
            loops.get(loop).offer(new Command.SendDtls(transportId, datagram));
          }

          @Override
          public void onKeys(KeyingMaterial keys) {
            if (!loops.get(loop).offer(new Command.InstallKeys(transportId, keys))) {
              keys.close();
            }
          }

          @Override
          public void onEnd(DtlsFailure reason) {
            String word = "dtls-" + reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
            loops.get(loop).offer(new Command.EndDtls(transportId, word));
          }
        });
  }

  private LocalTransport localTransport(IceCredentials local, int port) {
    return new LocalTransport(
        local.usernameFragment(),
        local.password(),
        new Fingerprint(
            dtls.certificate().fingerprint().algorithm(), dtls.certificate().fingerprint().value()),
        announced.candidates(loopAt(port), port, tcpPort()));
  }

  private TcpServer listenTcp() throws IOException {
    TcpServer.Limits limits =
        new TcpServer.Limits(
            config.tcp().maxConnections(), config.tcp().maxConnectionsPerAddress());
    int port = config.tcp().port(config.udp().port());
    try {
      return TcpServer.start(new InetSocketAddress(bound, port), limits, loops, tcpCounters);
    } catch (IOException e) {
      throw new IOException(
          "cannot listen on TCP port %d on %s for media (settings belfry.sfu.tcp.port, udp.host): %s"
              .formatted(port, bound.getHostAddress(), e.getMessage()),
          e);
    }
  }

  private OptionalInt tcpPort() {
    return tcp == null ? OptionalInt.empty() : OptionalInt.of(tcp.localPort());
  }

  private int loopAt(int udpPort) {
    return udpPorts().indexOf(udpPort);
  }

  private static LoopPort port(MediaLoop loop) {
    return new LoopPort() {
      @Override
      public boolean offer(Command command) {
        return loop.offer(command);
      }

      @Override
      public boolean isOverloaded() {
        return loop.statistics().shedLevel() > 0;
      }

      @Override
      public int localPort() {
        return loop.localPort();
      }
    };
  }

  private void warmUp() {
    long began = System.nanoTime();
    boolean isWarm = DtlsWarmup.run(dtls);
    log.info(
        "DTLS warm-up {} in {} ms",
        isWarm ? "done" : "FAILED",
        Duration.ofNanos(System.nanoTime() - began).toMillis());
    if (config.warmUp()) {
      began = System.nanoTime();
      long forwarded =
          MediaWarmup.run(
              DatagramIoFactory.Choice.valueOf(name(config.io())),
              crypto,
              dtls,
              sessionSettings(),
              MediaWarmup.FRAMES,
              MediaWarmup.MAX_FRAMES);
      log.info(
          "media warm-up {}: {} packets in {} ms",
          forwarded > 0 ? "done" : "FAILED",
          forwarded,
          Duration.ofNanos(System.nanoTime() - began).toMillis());
    }
  }

  /// The node as the signalling node sees it.
  public MediaNode mediaNode() {
    return sessions;
  }

  /// The UDP ports, one for each loop.
  public List<Integer> udpPorts() {
    return loops.stream().map(MediaLoop::localPort).toList();
  }

  /// Why the node cannot take sessions, in words, or null while it can.
  public @Nullable String problem() {
    return loops.stream().allMatch(MediaLoop::isAlive) ? null : "a media loop has stopped";
  }

  /// Ends the sessions, then the loops. Participants are told by the server that has their sockets.
  @Override
  public void close() {
    closing.countDown();
    if (discovery != null) {
      discovery.close();
    }
    sessions.close();
    if (tcp != null) {
      tcp.close();
    }
    loops.forEach(MediaLoop::close);
  }
}
