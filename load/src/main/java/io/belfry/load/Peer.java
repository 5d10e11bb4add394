package io.belfry.load;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.demux.PacketKind;
import io.belfry.sfu.dtls.DtlsClient;
import io.belfry.sfu.dtls.KeyingMaterial;
import io.belfry.sfu.ice.IceCredentials;
import io.belfry.sfu.rtcp.RtcpWriter;
import io.belfry.sfu.srtp.ReplayWindow;
import io.belfry.sfu.srtp.SrtpCrypto;
import io.belfry.sfu.srtp.SrtpReceiver;
import io.belfry.sfu.srtp.SrtpSender;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The client's end of one transport: a socket of its own, ICE, SRTP. Belongs to a media thread,
/// except where a method says otherwise.
final class Peer {
  private static final int MAX_DATAGRAMS_A_TURN = 64;
  private static final int MAX_RTCP_BYTES = 1200;

  private final MediaThread thread;
  private final DatagramChannel channel;
  private final IceController ice;
  private final Media media;
  private final CompletableFuture<Void> nominated = new CompletableFuture<>();
  private volatile @Nullable DtlsClient dtls;
  private @Nullable SrtpSender srtpOut;
  private @Nullable SrtpReceiver srtpIn;
  private boolean isLost;

  /// @param channel bound, not blocking
  Peer(
      MediaThread thread,
      DatagramChannel channel,
      IceCredentials local,
      Answer answer,
      Media media) {
    this.thread = thread;
    this.channel = channel;
    this.media = media;
    this.ice = new IceController(local, answer, thread.random());
  }

  /// Done once the server has taken the path that was nominated, or failed. For any thread.
  CompletableFuture<Void> nominated() {
    return nominated;
  }

  /// Hands incoming handshake datagrams to this client. For any thread.
  void expectHandshake(DtlsClient client) {
    dtls = client;
  }

  /// Sends a datagram of the handshake, on the nominated path. For any thread.
  void sendHandshake(byte[] datagram) {
    try {
      channel.write(ByteBuffer.wrap(datagram));
    } catch (IOException e) {
      // Lost, and sent again.
      return;
    }
  }

  void useKeys(SrtpCrypto crypto, KeyingMaterial keys) {
    srtpOut = crypto.sender(keys.client());
    srtpIn = crypto.receiver(keys.server());
  }

  DatagramChannel channel() {
    return channel;
  }

  Media media() {
    return media;
  }

  boolean isConnected() {
    return srtpOut != null;
  }

  boolean isLost() {
    return isLost;
  }

  /// Sends what is due.
  ///
  /// @return when there will be more
  long onTime(long nowNanos) {
    if (ice.isExpired(nowNanos)) {
      lose("nobody answers connectivity checks");
    }
    if (isLost) {
      return nowNanos + IceController.CONSENT_EXPIRY_NANOS;
    }
    long next = ice.onTime(nowNanos, this::sendCheck);
    if (srtpOut != null) {
      long nextMedia = media.onTime(this, nowNanos);
      next = nextMedia - next < 0 ? nextMedia : next;
    }
    return next;
  }

  private void sendCheck(Memory check, int length, InetSocketAddress to) {
    try {
      channel.send(thread.slice(check, length), to);
    } catch (IOException e) {
      // No way to this candidate; another may do, or consent runs out.
      return;
    }
  }

  /// Reads what has come.
  void receive() {
    try {
      for (int i = 0; i < MAX_DATAGRAMS_A_TURN && channel.isOpen(); i++) {
        ByteBuffer buffer = thread.receiveBuffer();
        if (!(channel.receive(buffer) instanceof InetSocketAddress from)) {
          return;
        }
        onDatagram(buffer.position(), from, System.nanoTime());
      }
    } catch (PortUnreachableException e) {
      lose("nobody listens at the server's port");
    } catch (IOException e) {
      lose(String.valueOf(e.getMessage()));
    }
  }

  private void onDatagram(int length, InetSocketAddress from, long nowNanos) throws IOException {
    Memory incoming = thread.incoming;
    switch (PacketKind.of(incoming, 0, length)) {
      case STUN -> {
        if (ice.onMessage(incoming, length, from, nowNanos) && !channel.isConnected()) {
          channel.connect(from);
          nominated.complete(null);
        }
        thread.wakeAt(ice.nextNanos());
      }
      case DTLS -> {
        DtlsClient client = dtls;
        if (client != null) {
          boolean _ = client.onDatagram(incoming.toArray(0, length));
        }
      }
      case RTP -> onSrtp(incoming, length, nowNanos);
      case RTCP -> onSrtcp(incoming, length, nowNanos);
      case UNKNOWN -> {}
    }
  }

  private void onSrtp(Memory incoming, int length, long nowNanos) {
    SrtpReceiver srtp = srtpIn;
    if (srtp == null || !thread.packet.wrap(incoming, 0, length)) {
      return;
    }
    ReplayWindow window = media.window(thread.packet.ssrc());
    if (window == null) {
      return;
    }
    int size = srtp.unprotectRtp(incoming, 0, length, thread.packet.headerLength(), window);
    if (size >= 0 && thread.packet.parsePadding(size)) {
      media.onRtp(thread.packet, nowNanos);
    }
  }

  private void onSrtcp(Memory incoming, int length, long nowNanos) {
    SrtpReceiver srtp = srtpIn;
    int size = srtp == null ? -1 : srtp.unprotectRtcp(incoming, 0, length);
    if (size < 0) {
      return;
    }
    thread.rtcp.wrap(incoming, 0, size);
    while (thread.rtcp.next()) {
      media.onRtcp(thread.rtcp, nowNanos);
    }
  }

  /// Where [#sendRtp] takes the packet from.
  Memory plain() {
    return thread.plain;
  }

  /// Protects and sends the packet in [#plain()].
  void sendRtp(int length, int headerLength, long index) {
    SrtpSender srtp = srtpOut;
    if (srtp != null) {
      send(srtp.protectRtp(thread.plain, 0, length, headerLength, thread.wire, 0, index));
    }
  }

  /// Writes, protects and sends a compound.
  void sendRtcp(Consumer<RtcpWriter> content) {
    SrtpSender srtp = srtpOut;
    if (srtp != null) {
      thread.writer.wrap(thread.wire, 0, MAX_RTCP_BYTES);
      content.accept(thread.writer);
      send(srtp.protectRtcp(thread.wire, 0, thread.writer.length()));
    }
  }

  private void send(int length) {
    try {
      thread.traffic.unsentPackets += channel.write(thread.slice(thread.wire, length)) > 0 ? 0 : 1;
    } catch (PortUnreachableException e) {
      lose("nobody listens at the server's port");
    } catch (IOException e) {
      thread.traffic.unsentPackets++;
    }
  }

  private void lose(String reason) {
    if (!isLost) {
      isLost = true;
      thread.traffic.lostConnections += isConnected() ? 1 : 0;
      nominated.completeExceptionally(new JoinException(reason));
    }
  }

  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // It is gone anyway.
      return;
    } finally {
      if (srtpOut != null) {
        srtpOut.close();
        srtpOut = null;
      }
      if (srtpIn != null) {
        srtpIn.close();
        srtpIn = null;
      }
    }
  }
}
