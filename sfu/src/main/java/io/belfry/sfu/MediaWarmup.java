package io.belfry.sfu;

import io.belfry.common.time.NanoClock;
import io.belfry.sfu.control.Command;
import io.belfry.sfu.control.ConsumerSpec;
import io.belfry.sfu.control.Event;
import io.belfry.sfu.control.ProducerSpec;
import io.belfry.sfu.dtls.DtlsContext;
import io.belfry.sfu.dtls.DtlsEndpoint;
import io.belfry.sfu.dtls.DtlsFailure;
import io.belfry.sfu.dtls.KeyingMaterial;
import io.belfry.sfu.net.DatagramIoFactory;
import io.belfry.sfu.net.MediaLoop;
import io.belfry.sfu.net.TcpCounters;
import io.belfry.sfu.pipe.PipeMesh;
import io.belfry.sfu.rtp.ExtensionIds;
import io.belfry.sfu.rtp.HeaderExtension;
import io.belfry.sfu.rtp.HeaderPlan;
import io.belfry.sfu.rtp.codec.CodecKind;
import io.belfry.sfu.session.PeerSessions;
import io.belfry.sfu.session.SessionSettings;
import io.belfry.sfu.session.TransportTools;
import io.belfry.sfu.srtp.SrtpCrypto;
import java.io.IOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/// A few seconds of a call of the node with itself, at start: one publisher and some receivers,
/// over loopback, on a media loop and sockets of their own. Java compiles what forwards a packet
/// for speed only after it has run some ten thousand times; at the pace of a first call that takes
/// a minute, in which a packet costs two to three times as much and the compiler shares the loop's
/// core.
final class MediaWarmup {
  private static final long ROOM = 1;
  private static final long PUBLISHER = 1;
  private static final long AUDIO = 1;
  private static final long VIDEO = 2;
  private static final int RECEIVERS = 8;
  private static final int BUFFER_BYTES = 1 << 20;

  /// Frames sent at least, each a turn of the loop or more: after some thousands of turns the
  /// compiler is asked for them.
  static final int FRAMES = 6000;

  /// Then the call goes on until the compiler has caught up: what waits for it and is no longer
  /// used is forgotten again. On one core that takes two to three times as long.
  static final int MAX_FRAMES = 4 * FRAMES;

  private static final int FRAMES_PER_LOOK = 500;
  private static final long CAUGHT_UP_MILLIS_PER_LOOK = 30;
  private static final int AUDIO_FRAMES_PER_VIDEO_FRAME = 2;
  private static final int FRAMES_PER_KEY_FRAME = 30;
  private static final int FRAMES_PER_REPORT = 6;
  private static final int FRAMES_PER_CHECK = 25;
  private static final long PACE_NANOS = 400_000;
  private static final long COUNTED_AFTER_NANOS = 300_000_000;

  private static final ExtensionIds PUBLISHED =
      ExtensionIds.of(
          Map.of(
              HeaderExtension.AUDIO_LEVEL, 1,
              HeaderExtension.ABS_SEND_TIME, 2,
              HeaderExtension.TRANSPORT_WIDE_CC, 3,
              HeaderExtension.MID, 4));

  private final MediaLoop loop;
  private final SrtpCrypto crypto;
  private final SplittableRandom random = new SplittableRandom();

  private MediaWarmup(
      DatagramIoFactory.Choice io, SrtpCrypto crypto, DtlsContext dtls, SessionSettings settings)
      throws IOException {
    this.crypto = crypto;
    this.loop =
        new MediaLoop(
            "media-warm-up",
            DatagramIoFactory.open(
                io,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                BUFFER_BYTES,
                BUFFER_BYTES),
            NanoClock.SYSTEM,
            new TcpCounters(),
            outbox ->
                new PeerSessions(
                    outbox,
                    settings,
                    new TransportTools(_ -> new DtlsEndpoint(dtls, new NoHandshake()), crypto),
                    PipeMesh.single().ends(0),
                    MediaWarmup::ignore,
                    random.split()));
  }

  /// Blocks until it is done, some seconds for {@link #FRAMES}.
  ///
  /// @param minFrames of audio and of video together
  /// @param maxFrames to which it goes on while the compiler has work
  /// @return how many packets were forwarded, 0 if it did not work
  static long run(
      DatagramIoFactory.Choice io,
      SrtpCrypto crypto,
      DtlsContext dtls,
      SessionSettings settings,
      int minFrames,
      int maxFrames) {
    try {
      MediaWarmup warmup = new MediaWarmup(io, crypto, dtls, settings);
      try (MediaLoop loop = warmup.loop) {
        loop.start();
        warmup.call(minFrames, maxFrames);
        return warmup.forwardedPackets();
      }
    } catch (IOException e) {
      return 0;
    }
  }

  private void call(int minFrames, int maxFrames) throws IOException {
    boolean _ = loop.offer(new Command.OpenRoom(ROOM));
    List<WarmupPeer> receivers = new ArrayList<>();
    try (WarmupPeer publisher = join(PUBLISHER, true)) {
      publish(AUDIO, CodecKind.OPUS, WarmupPeer.OPUS, -1);
      publish(VIDEO, CodecKind.VP8, WarmupPeer.VP8, WarmupPeer.RTX);
      for (int i = 0; i < RECEIVERS; i++) {
        long id = PUBLISHER + 1 + i;
        receivers.add(join(id, false));
        consume(id, AUDIO, WarmupPeer.OPUS);
        consume(id, VIDEO, WarmupPeer.VP8);
      }
      long compiledMillis = 0;
      for (int frame = 0; frame < maxFrames; frame++) {
        sendFrame(frame, publisher, receivers);
        LockSupport.parkNanos(PACE_NANOS);
        if (frame % FRAMES_PER_LOOK == 0) {
          long before = compiledMillis;
          compiledMillis = compiledMillis();
          if (frame >= minFrames && compiledMillis - before <= CAUGHT_UP_MILLIS_PER_LOOK) {
            break;
          }
        }
      }
    } finally {
      for (WarmupPeer receiver : receivers) {
        receiver.close();
      }
    }
  }

  /// How long Java's compilers have worked since the start, or 0 where that is not known.
  private static long compiledMillis() {
    CompilationMXBean compilers = ManagementFactory.getCompilationMXBean();
    return compilers != null && compilers.isCompilationTimeMonitoringSupported()
        ? compilers.getTotalCompilationTime()
        : 0;
  }

  /// The loop counts a quarter of a second late.
  private long forwardedPackets() {
    LockSupport.parkNanos(COUNTED_AFTER_NANOS);
    return loop.statistics().forwardedPackets();
  }

  private static void sendFrame(int frame, WarmupPeer publisher, List<WarmupPeer> receivers)
      throws IOException {
    if (frame % (AUDIO_FRAMES_PER_VIDEO_FRAME + 1) == 0) {
      publisher.sendVideoFrame(frame % FRAMES_PER_KEY_FRAME == 0);
    } else {
      publisher.sendAudioFrame();
    }
    if (frame % FRAMES_PER_REPORT == 1) {
      publisher.sendSenderReports();
      for (WarmupPeer receiver : receivers) {
        receiver.sendReceiverReport(videoSsrc(receiver.transportId()));
      }
    }
    if (frame % FRAMES_PER_CHECK == 0) {
      for (WarmupPeer receiver : receivers) {
        receiver.sendCheck();
      }
    }
  }

  private WarmupPeer join(long transportId, boolean isPublish) throws IOException {
    WarmupPeer peer =
        new WarmupPeer(
            transportId,
            new InetSocketAddress(InetAddress.getLoopbackAddress(), loop.localPort()),
            crypto,
            random.split());
    boolean _ =
        loop.offer(
            new Command.OpenTransport(ROOM, transportId, isPublish, peer.remoteCredentials()));
    boolean _ = loop.offer(new Command.InstallKeys(transportId, peer.keys()));
    peer.sendCheck();
    return peer;
  }

  private void publish(long producerId, CodecKind codec, int payloadType, int rtxPayloadType) {
    ProducerSpec spec =
        new ProducerSpec(
            producerId,
            Long.toString(producerId),
            codec.isVideo(),
            List.of(new ProducerSpec.Codec(codec, payloadType, rtxPayloadType, codec.isVideo())),
            PUBLISHED,
            List.of(new ProducerSpec.Encoding("", payloadType, 0)));
    boolean _ = loop.offer(new Command.Produce(PUBLISHER, spec));
  }

  private void consume(long transportId, long producerId, int payloadType) {
    int ssrc = payloadType == WarmupPeer.VP8 ? videoSsrc(transportId) : (int) transportId;
    HeaderPlan plan = new HeaderPlan(ssrc);
    plan.mapPayloadType(payloadType, payloadType);
    plan.extensions(PUBLISHED, PUBLISHED, Long.toString(producerId), true);
    HeaderPlan rtx = null;
    if (payloadType == WarmupPeer.VP8) {
      rtx = new HeaderPlan(ssrc + 1);
      rtx.mapPayloadType(payloadType, WarmupPeer.RTX);
      rtx.extensions(PUBLISHED, PUBLISHED, Long.toString(producerId), true);
    }
    ConsumerSpec spec =
        new ConsumerSpec(transportId << 8 | producerId, producerId, plan, rtx, "warm-up");
    boolean _ = loop.offer(new Command.Consume(transportId, spec));
  }

  private static int videoSsrc(long transportId) {
    return (int) transportId << 16;
  }

  private static void ignore(Event event) {
    // Nobody is to be told.
  }

  /// The keys are agreed already.
  private static final class NoHandshake implements DtlsEndpoint.Listener {
    @Override
    public void onSend(byte[] datagram) {}

    @Override
    public void onKeys(KeyingMaterial keys) {
      keys.close();
    }

    @Override
    public void onEnd(DtlsFailure reason) {}
  }
}
