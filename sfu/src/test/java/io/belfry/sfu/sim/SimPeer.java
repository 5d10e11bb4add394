package io.belfry.sfu.sim;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.control.Command;
import io.belfry.sfu.demux.PacketKind;
import io.belfry.sfu.dtls.KeyingMaterial;
import io.belfry.sfu.ice.IceCredentials;
import io.belfry.sfu.rtcp.RtcpReader;
import io.belfry.sfu.rtcp.RtcpWriter;
import io.belfry.sfu.rtp.RtpPacket;
import io.belfry.sfu.session.PeerAddress;
import io.belfry.sfu.srtp.ReplayWindow;
import io.belfry.sfu.srtp.SrtpMasterKey;
import io.belfry.sfu.srtp.SrtpProfile;
import io.belfry.sfu.srtp.SrtpReceiver;
import io.belfry.sfu.srtp.SrtpSender;
import io.belfry.sfu.stun.StunAttribute;
import io.belfry.sfu.stun.StunIntegrity;
import io.belfry.sfu.stun.StunMessage;
import io.belfry.sfu.stun.StunWriter;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// The other side of one transport: an address, a path to the node and back, ICE and SRTP.
abstract class SimPeer {
  private static final long CHECK_INTERVAL_NANOS = 2_500 * Simulation.MILLI;
  private static final byte[] PRIORITY = {0x7E, 0, 0, (byte) 0xFF};

  final SimNode node;

  /// The media loop that has the transport.
  final int loop;

  final Simulation simulation;
  final long transportId;
  final SplittableRandom random;
  final SimLink up;
  final SimLink down;

  /// Answers to connectivity checks so far.
  int answers;

  /// Datagrams that SRTP refused.
  int refused;

  /// Whether to check the path again and again, as consent has it (RFC 7675).
  boolean isChecking = true;

  private final Memory wire = Memory.allocate(4096);
  private final Memory plain = Memory.allocate(4096);
  private final Memory incoming = Memory.allocate(4096);
  private final RtpPacket packet = new RtpPacket();
  private final RtcpReader rtcp = new RtcpReader();
  private final RtcpWriter writer = new RtcpWriter();
  private final StunMessage stun = new StunMessage();
  private final StunWriter stunWriter = new StunWriter();
  private final Map<Integer, ReplayWindow> windows = new HashMap<>();
  private IceCredentials remote;
  private SimNode.Address address;
  private @Nullable SrtpSender srtpOut;
  private @Nullable SrtpReceiver srtpIn;

  SimPeer(SimNode node, int loop, long transportId, boolean isPublish, long seed) {
    this.node = node;
    this.loop = loop;
    this.simulation = node.simulation;
    this.transportId = transportId;
    this.random = new SplittableRandom(seed);
    this.up = new SimLink(random.nextLong());
    this.down = new SimLink(random.nextLong());
    this.remote = IceCredentials.generate(random);
    this.address = SimNode.Address.ipv4((int) transportId, 40_000);
    node.attach(address, this::fromNode);
    command(new Command.OpenTransport(SimNode.ROOM, transportId, isPublish, remote));
    simulation.every(
        CHECK_INTERVAL_NANOS,
        () -> {
          if (isChecking) {
            check(false);
          }
        });
  }

  /// Validates the path and exchanges keys, without a handshake.
  void connect(SrtpProfile profile) {
    check(true);
    simulation.run(50 * Simulation.MILLI);
    byte[] material = new byte[4 * 32];
    random.nextBytes(material);
    useKeys(keys(profile, material));
    command(new Command.InstallKeys(transportId, keys(profile, material)));
  }

  /// Tells the transport's loop.
  void command(Command command) {
    node.command(loop, command);
  }

  private static KeyingMaterial keys(SrtpProfile profile, byte[] material) {
    return new KeyingMaterial(masterKey(profile, material, 0), masterKey(profile, material, 64));
  }

  private static SrtpMasterKey masterKey(SrtpProfile profile, byte[] material, int at) {
    byte[] key = new byte[profile.keyBytes()];
    byte[] salt = new byte[profile.saltBytes()];
    System.arraycopy(material, at, key, 0, key.length);
    System.arraycopy(material, at + 32, salt, 0, salt.length);
    return new SrtpMasterKey(profile, key, salt);
  }

  void useKeys(KeyingMaterial keys) {
    srtpOut = SimNode.CRYPTO.sender(keys.client());
    srtpIn = SimNode.CRYPTO.receiver(keys.server());
  }

  SimNode.Address address() {
    return address;
  }

  /// Goes on from another address; what is sent to the old one is lost.
  void moveTo(SimNode.Address other) {
    node.detach(address);
    address = other;
    node.attach(address, this::fromNode);
  }

  IceCredentials remote() {
    return remote;
  }

  /// Checks with these credentials from now on (RFC 8445 §9).
  void restartIce(IceCredentials fresh) {
    remote = fresh;
  }

  /// Sends a connectivity check (RFC 8445 §7.2.2).
  void check(boolean useCandidate) {
    send(checkBytes(remote.password(), useCandidate));
  }

  byte[] checkBytes(String password, boolean useCandidate) {
    byte[] transaction = new byte[12];
    random.nextBytes(transaction);
    byte[] tieBreaker = new byte[8];
    stunWriter
        .begin(wire, 0, StunMessage.BINDING_REQUEST, transaction)
        .username(remote.usernameFragment() + ":peer")
        .attribute(StunAttribute.PRIORITY, PRIORITY)
        .attribute(StunAttribute.ICE_CONTROLLING, tieBreaker);
    if (useCandidate) {
      stunWriter.attribute(StunAttribute.USE_CANDIDATE, new byte[0]);
    }
    stunWriter.messageIntegrity(new StunIntegrity(password)).fingerprint();
    return wire.toArray(0, stunWriter.length());
  }

  /// Protects and sends a packet.
  ///
  /// @param index 48-bit, whose low bits are the packet's sequence number
  void sendRtp(byte[] rtp, long index) {
    send(protect(rtp, index));
  }

  byte[] protect(byte[] rtp, long index) {
    SrtpSender srtp = srtpOut;
    if (srtp == null) {
      throw new IllegalStateException("no keys");
    }
    plain.bytes().put(0, rtp);
    if (!packet.wrap(plain, 0, rtp.length)) {
      throw new IllegalStateException("no RTP");
    }
    int length = srtp.protectRtp(plain, 0, rtp.length, packet.headerLength(), wire, 0, index);
    return wire.toArray(0, length);
  }

  /// Writes, protects and sends a compound.
  void sendRtcp(Consumer<RtcpWriter> content) {
    send(
        protectRtcp(memory -> {
          writer.wrap(memory, 0, 1200);
          content.accept(writer);
          return writer.length();
        }));
  }

  byte[] protectRtcp(ToIntFunction<Memory> content) {
    SrtpSender srtp = srtpOut;
    if (srtp == null) {
      throw new IllegalStateException("no keys");
    }
    int length = content.applyAsInt(wire);
    return wire.toArray(0, srtp.protectRtcp(wire, 0, length));
  }

  /// Sends a datagram as it is.
  void send(byte[] datagram) {
    SimNode.Address from = address;
    up.carry(simulation, datagram, bytes -> node.receive(loop, bytes, from));
  }

  private void fromNode(byte[] datagram) {
    SimNode.Address to = address;
    down.carry(
        simulation,
        datagram,
        bytes -> {
          if (to.equals(address)) {
            onDatagram(bytes);
          }
        });
  }

  private void onDatagram(byte[] datagram) {
    incoming.bytes().put(0, datagram);
    switch (PacketKind.of(datagram[0], datagram[1])) {
      case STUN -> onStun(datagram.length);
      case DTLS -> onDtls(datagram);
      case RTP -> onSrtp(datagram.length);
      case RTCP -> onSrtcp(datagram.length);
      case UNKNOWN -> throw new IllegalStateException("not for a peer");
    }
  }

  private void onStun(int length) {
    boolean isAnswer =
        stun.wrap(incoming, 0, length)
            && stun.type() == StunMessage.BINDING_SUCCESS_RESPONSE
            && stun.isFingerprintValid()
            && new StunIntegrity(remote.password()).isValid(stun)
            && stun.xorMappedAddress().equals(Optional.of(inet()));
    answers += isAnswer ? 1 : 0;
  }

  private InetSocketAddress inet() {
    return new PeerAddress(address.high(), address.low(), address.port()).inet();
  }

  private void onSrtp(int length) {
    SrtpReceiver srtp = srtpIn;
    if (srtp == null || !packet.wrap(incoming, 0, length)) {
      throw new IllegalStateException("media that cannot be read");
    }
    ReplayWindow window = windows.computeIfAbsent(packet.ssrc(), _ -> new ReplayWindow());
    int size = srtp.unprotectRtp(incoming, 0, length, packet.headerLength(), window);
    if (size < 0 || !packet.parsePadding(size)) {
      refused++;
      return;
    }
    onRtp(
        packet,
        window.lastIndex(),
        incoming.toArray(packet.payloadOffset(), packet.payloadLength()));
  }

  private void onSrtcp(int length) {
    SrtpReceiver srtp = srtpIn;
    int size = srtp == null ? -1 : srtp.unprotectRtcp(incoming, 0, length);
    if (size < 0) {
      refused++;
      return;
    }
    rtcp.wrap(incoming, 0, size);
    while (rtcp.next()) {
      onRtcp(rtcp, incoming);
    }
    if (rtcp.isMalformed()) {
      throw new IllegalStateException("malformed RTCP");
    }
  }

  /// A datagram of the handshake.
  void onDtls(byte[] datagram) {
    throw new IllegalStateException("no handshake");
  }

  /// Media came. The packet is a view of plaintext, valid for this call.
  abstract void onRtp(RtpPacket received, long index, byte[] payload);

  /// One packet of a compound came.
  abstract void onRtcp(RtcpReader received, Memory memory);
}
