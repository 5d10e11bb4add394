package io.belfry.http.limit;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds the client behind trusted proxies, and the key under which its address is counted.
public final class ClientAddresses {
  private static final int MAX_HOPS = 32;
  private static final int IPV6_NETWORK_BYTES = 8;

  private final List<Block> trusted;

  private record Block(InetAddress network, int bits) {
    static Block parse(String text) {
      int slash = text.indexOf('/');
      InetAddress network = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
      int bits =
          slash < 0 ? network.getAddress().length * 8 : Integer.parseInt(text.substring(slash + 1));
      return new Block(network, bits);
    }

    boolean contains(InetAddress address) {
      byte[] mine = network.getAddress();
      byte[] other = address.getAddress();
      if (mine.length != other.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit += 8) {
        int mask = bits - bit >= 8 ? 0xFF : 0xFF << (8 - (bits - bit)) & 0xFF;
        if ((mine[bit / 8] & mask) != (other[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }

  /// @param trustedProxies addresses, or blocks in CIDR notation
  public ClientAddresses(List<String> trustedProxies) {
    this.trusted = trustedProxies.stream().map(Block::parse).toList();
  }

  /// The client's address: the last one in `x-forwarded-for` that is no trusted proxy's. Every
  /// proxy appends the address it was asked from, so what stands further left may be anybody's
  /// invention.
  ///
  /// @param peer whoever opened the connection
  /// @param forwardedFor the values of `x-forwarded-for` in the order received; null for none
  public InetAddress clientOf(InetAddress peer, @Nullable List<String> forwardedFor) {
    if (forwardedFor == null || trusted.isEmpty()) {
      return peer;
    }
    List<String> hops = new ArrayList<>();
    forwardedFor.forEach(value -> hops.addAll(Arrays.asList(value.split(",", -1))));
    InetAddress client = peer;
    for (int i = hops.size() - 1; i >= Math.max(0, hops.size() - MAX_HOPS); i--) {
      InetAddress hop = parse(hops.get(i).strip());
      if (!isTrusted(client) || hop == null) {
        break;
      }
      client = hop;
    }
    return client;
  }

  private boolean isTrusted(InetAddress address) {
    return trusted.stream().anyMatch(block -> block.contains(address));
  }

  private static @Nullable InetAddress parse(String text) {
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /// Under which an address is counted; null for the host's own, which have no limit: a proxy on
  /// this host that is not named as trusted would otherwise be limited for all of its clients.
  ///
  /// An IPv6 client has a whole /64 network to choose addresses from, so that is what counts.
  public static @Nullable String keyOf(InetAddress address) {
    if (address.isLoopbackAddress()) {
      return null;
    }
    byte[] bytes = address.getAddress();
    if (bytes.length == 4) {
      return address.getHostAddress();
    }
    StringBuilder key = new StringBuilder("v6:");
    for (int i = 0; i < IPV6_NETWORK_BYTES; i++) {
      key.append(Character.forDigit(bytes[i] >> 4 & 0xF, 16));
      key.append(Character.forDigit(bytes[i] & 0xF, 16));
    }
    return key.toString();
  }
}
