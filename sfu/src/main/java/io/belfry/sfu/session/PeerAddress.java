package io.belfry.sfu.session;

import io.belfry.sfu.ice.IcePath;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// A path to a peer: its transport address, and which of our own it uses. The address is kept in
/// the two forms that sockets want: numbers for the native one, an {@link InetSocketAddress} for
/// the portable one. Made once for each validated path, never per packet.
///
/// IPv4 addresses are held as IPv4-mapped IPv6 (RFC 4291 §2.5.5.2), so that one table holds both.
public final class PeerAddress implements IcePath {
  /// The local address of a socket that has only one, or does not tell.
  public static final int ANY_LOCAL = 0;

  private static final long MAPPED_PREFIX = 0xFFFFL << 32;

  private final long high;
  private final long low;
  private final int port;
  private final int local;
  private final InetSocketAddress inet;

  /// A path to a socket of ours that has one address, see {@link #ANY_LOCAL}.
  public PeerAddress(long high, long low, int port) {
    this(high, low, port, ANY_LOCAL);
  }

  /// @param high the first eight bytes of the IPv6 address, 0 for IPv4
  /// @param low the last eight bytes; for IPv4 as {@link #mappedIpv4} gives
  /// @param port in [1, 65535]
  /// @param local see {@link #local}
  public PeerAddress(long high, long low, int port, int local) {
    this.high = high;
    this.low = low;
    this.port = port;
    this.local = local;
    this.inet = new InetSocketAddress(inetAddress(high, low), port);
  }

  public static PeerAddress of(InetSocketAddress address) {
    ByteBuffer raw = ByteBuffer.wrap(address.getAddress().getAddress());
    return raw.capacity() == Integer.BYTES
        ? new PeerAddress(0, mappedIpv4(raw.getInt()), address.getPort())
        : new PeerAddress(raw.getLong(), raw.getLong(), address.getPort());
  }

  /// The low half of an IPv4 address, whose high half is 0.
  public static long mappedIpv4(int address) {
    return MAPPED_PREFIX | (address & 0xFFFF_FFFFL);
  }

  public static boolean isIpv4(long high, long low) {
    return high == 0 && (low >>> 32) == 0xFFFFL;
  }

  public boolean isIpv4() {
    return isIpv4(high, low);
  }

  public long high() {
    return high;
  }

  public long low() {
    return low;
  }

  public int port() {
    return port;
  }

  /// Which of our addresses the path ends at: a positive number that the socket gave it, or {@link
  /// #ANY_LOCAL}; or a negative one, of a connection. What is sent on the path leaves from there,
  /// since a peer behind a NAT or a firewall hears nobody else.
  public int local() {
    return local;
  }

  /// Whether the path is a connection, whose number the negative {@link #local} is.
  public boolean isStream() {
    return local < 0;
  }

  @Override
  public InetSocketAddress inet() {
    return inet;
  }

  public boolean equalTo(long otherHigh, long otherLow, int otherPort, int otherLocal) {
    return low == otherLow && port == otherPort && high == otherHigh && local == otherLocal;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof PeerAddress that && equalTo(that.high, that.low, that.port, that.local);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(high) * 31 + Long.hashCode(low) + (port << 8) + local;
  }

  @Override
  public String toString() {
    return inet.toString();
  }

  private static InetAddress inetAddress(long high, long low) {
    byte[] address = new byte[isIpv4(high, low) ? 4 : 16];
    if (address.length == 4) {
      putLong(address, 0, low << 32, 4);
    } else {
      putLong(address, 0, high, 8);
      putLong(address, 8, low, 8);
    }
    try {
      return InetAddress.getByAddress(address);
    } catch (UnknownHostException e) {
      throw new AssertionError("4 and 16 bytes are always an address", e);
    }
  }

  private static void putLong(byte[] target, int offset, long value, int count) {
    for (int i = 0; i < count; i++) {
      target[offset + i] = (byte) (value >>> (56 - 8 * i));
    }
  }
}
