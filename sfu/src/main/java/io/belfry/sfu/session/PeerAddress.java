package io.belfry.sfu.session;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/// A transport address of a peer, kept in the two forms that sockets want: numbers for the native
/// one, an {@link InetSocketAddress} for the portable one. Made once for each validated path, never
/// per packet.
///
/// IPv4 addresses are held as IPv4-mapped IPv6 (RFC 4291 §2.5.5.2), so that one table holds both.
public final class PeerAddress {
  private static final long MAPPED_PREFIX = 0xFFFFL << 32;

  private final long high;
  private final long low;
  private final int port;
  private final InetSocketAddress inet;

  /// @param high the first eight bytes of the IPv6 address, 0 for IPv4
  /// @param low the last eight bytes; for IPv4 as {@link #mappedIpv4} gives
  /// @param port in [1, 65535]
  public PeerAddress(long high, long low, int port) {
    this.high = high;
    this.low = low;
    this.port = port;
    this.inet = new InetSocketAddress(inetAddress(high, low), port);
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

  public InetSocketAddress inet() {
    return inet;
  }

  public boolean equalTo(long otherHigh, long otherLow, int otherPort) {
    return low == otherLow && port == otherPort && high == otherHigh;
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
