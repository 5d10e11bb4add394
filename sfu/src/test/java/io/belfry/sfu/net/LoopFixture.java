package io.belfry.sfu.net;

import io.belfry.common.time.NanoClock;
import io.belfry.sfu.control.Command;
import io.belfry.sfu.control.Event;
import io.belfry.sfu.dtls.DtlsCertificate;
import io.belfry.sfu.dtls.DtlsContext;
import io.belfry.sfu.dtls.DtlsEndpoint;
import io.belfry.sfu.dtls.DtlsFailure;
import io.belfry.sfu.dtls.KeyingMaterial;
import io.belfry.sfu.ice.IceCredentials;
import io.belfry.sfu.pipe.PipeMesh;
import io.belfry.sfu.route.RouteLimits;
import io.belfry.sfu.session.PeerSessions;
import io.belfry.sfu.session.SessionSettings;
import io.belfry.sfu.session.TransportTools;
import io.belfry.sfu.srtp.SrtpCrypto;
import io.belfry.sfu.srtp.SrtpProfile;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// A media loop with its thread and its socket, on loopback, with one open room.
public final class LoopFixture implements AutoCloseable {
  public static final long ROOM = 1;

  public final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  public final TcpCounters tcpCounters = new TcpCounters();
  public final DtlsContext dtls;
  public final MediaLoop loop;

  public LoopFixture(InetAddress bind, int maxHandshakes) throws IOException {
    SecureRandom random = new SecureRandom();
    dtls =
        new DtlsContext(
            DtlsCertificate.generate(random, Instant.EPOCH),
            List.of(SrtpProfile.values()),
            Duration.ofMinutes(1),
            maxHandshakes,
            random);
    SrtpCrypto crypto = SrtpCrypto.choose(SrtpCrypto.Choice.AUTO);
    SessionSettings settings =
        new SessionSettings(
            4, 30_000_000_000L, new RouteLimits(1024, 128, 500_000_000L, 1_000_000L));
    DatagramIo io =
        DatagramIoFactory.open(
            DatagramIoFactory.Choice.AUTO, new InetSocketAddress(bind, 0), 4 << 20, 4 << 20);
    loop =
        new MediaLoop(
            "media-0",
            io,
            NanoClock.SYSTEM,
            tcpCounters,
            outbox ->
                new PeerSessions(
                    outbox,
                    settings,
                    new TransportTools(this::endpoint, crypto),
                    PipeMesh.single().ends(0),
                    events::add,
                    new SplittableRandom(1)));
    loop.start();
    command(new Command.OpenRoom(ROOM));
  }

  private DtlsEndpoint endpoint(long transportId) {
    return new DtlsEndpoint(
        dtls,
        new DtlsEndpoint.Listener() {
          @Override
          public void onSend(byte[] datagram) {
            command(new Command.SendDtls(transportId, datagram));
          }

          @Override
          public void onKeys(KeyingMaterial keys) {
            command(new Command.InstallKeys(transportId, keys));
          }

          @Override
          public void onEnd(DtlsFailure reason) {
            command(new Command.EndDtls(transportId, reason.name()));
          }
        });
  }

  public void command(Command command) {
    if (!loop.offer(command)) {
      throw new IllegalStateException("the mailbox is full");
    }
  }

  public IceCredentials openTransport(long id, boolean isPublish) {
    IceCredentials local = IceCredentials.generate(new SecureRandom());
    command(new Command.OpenTransport(ROOM, id, isPublish, local));
    return local;
  }

  @Override
  public void close() {
    loop.close();
  }
}
