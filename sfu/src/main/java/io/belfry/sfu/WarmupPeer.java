package io.belfry.sfu;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.dtls.KeyingMaterial;
import io.belfry.sfu.ice.IceCredentials;
import io.belfry.sfu.rtcp.RtcpWriter;
import io.belfry.sfu.rtp.RtpPacket;
import io.belfry.sfu.srtp.SrtpCrypto;
import io.belfry.sfu.srtp.SrtpMasterKey;
import io.belfry.sfu.srtp.SrtpProfile;
import io.belfry.sfu.srtp.SrtpSender;
import io.belfry.sfu.stun.StunAttribute;
import io.belfry.sfu.stun.StunIntegrity;
import io.belfry.sfu.stun.StunMessage;
import io.belfry.sfu.stun.StunWriter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.SplittableRandom;

/// The other end of a transport in the {@link MediaWarmup}: sends what a browser would, under keys
/// that both sides were given, and lets all that comes pile up unread.
final class WarmupPeer implements AutoCloseable {
  static final int OPUS = 111;
  static final int VP8 = 96;
  static final int RTX = 97;

  private static final SrtpProfile PROFILE = SrtpProfile.AEAD_AES_128_GCM;
  private static final int PACKETS_PER_FRAME = 6;
  private static final int VIDEO_BYTES = 1150;
  private static final int AUDIO_BYTES = 110;
  private static final int HEADER_BYTES = RtpPacket.FIXED_HEADER_BYTES + 16;
  private static final int VIDEO_TICKS = 3000;
  private static final int AUDIO_TICKS = 960;
  private static final byte[] PRIORITY = {0x7E, 0, 0, (byte) 0xFF};

  private final long transportId;
  private final InetSocketAddress node;
  private final DatagramChannel channel = DatagramChannel.open();
  private final SplittableRandom random;
  private final IceCredentials remote;
  private final byte[] keys = new byte[2 * PROFILE.keyBytes()];
  private final byte[] salts = new byte[2 * PROFILE.saltBytes()];
  private final SrtpSender srtp;
  private final Memory plain = Memory.allocate(2048);
  private final Memory wire = Memory.allocate(2048);
  private final RtcpWriter rtcp = new RtcpWriter();
  private int audioFrames;
  private int videoFrames;
  private int videoPackets;

  WarmupPeer(long transportId, InetSocketAddress node, SrtpCrypto crypto, SplittableRandom random)
      throws IOException {
    this.transportId = transportId;
    this.node = node;
    this.random = random;
    this.remote = IceCredentials.generate(random);
    random.nextBytes(keys);
    random.nextBytes(salts);
    try (SrtpMasterKey key = masterKey(0)) {
      this.srtp = crypto.sender(key);
    }
  }

  long transportId() {
    return transportId;
  }

  /// The node's end of the transport.
  IceCredentials remoteCredentials() {
    return remote;
  }

  /// What a handshake would have given the node; the peer is the client.
  KeyingMaterial keys() {
    return new KeyingMaterial(masterKey(0), masterKey(1));
  }

  private SrtpMasterKey masterKey(int side) {
    byte[] key = new byte[PROFILE.keyBytes()];
    byte[] salt = new byte[PROFILE.saltBytes()];
    System.arraycopy(keys, side * key.length, key, 0, key.length);
    System.arraycopy(salts, side * salt.length, salt, 0, salt.length);
    return new SrtpMasterKey(PROFILE, key, salt);
  }

  /// A connectivity check that nominates the path (RFC 8445 §7.2.2).
  void sendCheck() throws IOException {
    byte[] transaction = new byte[StunMessage.TRANSACTION_ID_BYTES];
    random.nextBytes(transaction);
    StunWriter check =
        new StunWriter()
            .begin(wire, 0, StunMessage.BINDING_REQUEST, transaction)
            .username(remote.usernameFragment() + ":warm")
            .attribute(StunAttribute.PRIORITY, PRIORITY)
            .attribute(StunAttribute.ICE_CONTROLLING, new byte[8])
            .attribute(StunAttribute.USE_CANDIDATE, new byte[0])
            .messageIntegrity(new StunIntegrity(remote.password()))
            .fingerprint();
    send(check.length());
  }

  void sendAudioFrame() throws IOException {
    sendRtp(OPUS, audioFrames, audioFrames * AUDIO_TICKS, false, AUDIO_BYTES);
    audioFrames++;
  }

  /// A frame of several packets, the last one shorter.
  void sendVideoFrame(boolean isKey) throws IOException {
    int pictureId = 0x8000 | (videoFrames & 0x7FFF);
    for (int i = 0; i < PACKETS_PER_FRAME; i++) {
      boolean isLast = i == PACKETS_PER_FRAME - 1;
      // RFC 7741 §4.2: X, and S in the first packet; picture id and TL0PICIDX follow.
      plain.bytes().putShort(HEADER_BYTES, (short) (i == 0 ? 0x90C0 : 0x80C0));
      plain.bytes().putShort(HEADER_BYTES + 2, (short) pictureId);
      plain.bytes().put(HEADER_BYTES + 4, (byte) videoFrames);
      plain.bytes().put(HEADER_BYTES + 5, (byte) (isKey ? 0 : 1));
      int length = isLast ? VIDEO_BYTES - videoFrames % 100 : VIDEO_BYTES;
      sendRtp(VP8, videoPackets, videoFrames * VIDEO_TICKS, isLast, length);
      videoPackets++;
    }
    videoFrames++;
  }

  private void sendRtp(int payloadType, int index, int timestamp, boolean marker, int length)
      throws IOException {
    ByteBuffer out = plain.bytes();
    out.putShort(0, (short) (0x9000 | (marker ? 0x80 : 0) | payloadType));
    out.putShort(2, (short) index);
    out.putInt(4, timestamp);
    out.putInt(8, payloadType); // the SSRC
    out.putInt(12, 0xBEDE_0003); // RFC 8285 §4.2: three words of one-byte elements
    out.putInt(16, 0x1080_2200); // audio level, and abs-send-time's first byte
    out.putInt(20, 0x0000_3100);
    out.putInt(24, 0x0040_0000 | ((payloadType == OPUS ? '1' : '2') << 8));
    int size = srtp.protectRtp(plain, 0, HEADER_BYTES + length, HEADER_BYTES, wire, 0, index);
    send(size);
  }

  void sendSenderReports() throws IOException {
    rtcp.wrap(wire, 0, VIDEO_BYTES);
    long ntp = (long) videoFrames << 32;
    rtcp.senderReport(VP8, ntp, videoFrames * VIDEO_TICKS, videoPackets, videoPackets);
    rtcp.senderReport(OPUS, ntp, audioFrames * AUDIO_TICKS, audioFrames, audioFrames);
    send(srtp.protectRtcp(wire, 0, rtcp.length()));
  }

  /// A report that also misses a packet, any of the last ones.
  void sendReceiverReport(int videoSsrc) throws IOException {
    rtcp.wrap(wire, 0, VIDEO_BYTES);
    rtcp.receiverReport((int) transportId);
    rtcp.reportBlock(videoSsrc, 0, 0, 0, 0, 0, 0);
    rtcp.nack((int) transportId, videoSsrc, new int[] {random.nextInt(1 << 16)}, 1);
    send(srtp.protectRtcp(wire, 0, rtcp.length()));
  }

  private void send(int length) throws IOException {
    channel.send(wire.bytes().duplicate().position(0).limit(length), node);
  }

  @Override
  public void close() throws IOException {
    srtp.close();
    channel.close();
  }
}
