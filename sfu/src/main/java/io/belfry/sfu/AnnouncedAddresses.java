package io.belfry.sfu;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/// The addresses that are written into candidates: those of the setting; else the one the socket is
/// bound to; else all of this host's own.
final class AnnouncedAddresses {
  private AnnouncedAddresses() {}

  /// @param configured IP literals
  /// @param bound the address that the media sockets bind to, perhaps the wildcard
  /// @return at least one address, IPv6 only if the sockets speak it
  static List<InetAddress> resolve(List<String> configured, InetAddress bound) {
    if (!configured.isEmpty()) {
      return configured.stream().map(AnnouncedAddresses::literal).toList();
    }
    if (!bound.isAnyLocalAddress()) {
      return List.of(bound);
    }
    List<InetAddress> own = ownAddresses(!(bound instanceof Inet4Address));
    return own.isEmpty() ? List.of(InetAddress.getLoopbackAddress()) : own;
  }

  private static InetAddress literal(String address) {
    try {
      return InetAddress.getByName(address);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("not an IP address: " + address, e);
    }
  }

  private static List<InetAddress> ownAddresses(boolean withIpv6) {
    List<InetAddress> addresses = new ArrayList<>();
    try {
      for (NetworkInterface network : NetworkInterface.networkInterfaces().toList()) {
        if (network.isUp() && !network.isLoopback()) {
          network
              .inetAddresses()
              .filter(address -> !address.isLinkLocalAddress())
              .filter(address -> withIpv6 || address instanceof Inet4Address)
              .forEach(addresses::add);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list the network interfaces", e);
    }
    // IPv4 first: it is the one that reaches the most clients.
    addresses.sort(
        (a, b) -> Boolean.compare(!(a instanceof Inet4Address), !(b instanceof Inet4Address)));
    return addresses;
  }
}
