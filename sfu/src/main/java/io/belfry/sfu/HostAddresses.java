package io.belfry.sfu;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/// The addresses of this host, and of others by name, as the system tells them.
final class HostAddresses implements AnnouncedAddresses.Source {
  /// Interfaces between this host and its own containers and virtual machines.
  private static final Pattern INNER =
      Pattern.compile("(docker|br-|veth|virbr|podman|cni|vmnet).*");

  @Override
  public List<InetAddress> own() throws IOException {
    List<InetAddress> outer = new ArrayList<>();
    List<InetAddress> inner = new ArrayList<>();
    for (NetworkInterface network : NetworkInterface.networkInterfaces().toList()) {
      if (network.isUp() && !network.isLoopback()) {
        network
            .inetAddresses()
            .filter(address -> !address.isLinkLocalAddress())
            .forEach(INNER.matcher(network.getName()).matches() ? inner::add : outer::add);
      }
    }
    List<InetAddress> all = inTurns(outer);
    all.addAll(inTurns(inner));
    return all;
  }

  /// IPv6 and IPv4 in turns, IPv6 first (RFC 8421 §4): whichever of them is broken, the other is
  /// not far behind.
  static List<InetAddress> inTurns(List<InetAddress> addresses) {
    List<InetAddress> ipv6 = new ArrayList<>();
    List<InetAddress> ipv4 = new ArrayList<>();
    for (InetAddress address : addresses) {
      (address instanceof Inet4Address ? ipv4 : ipv6).add(address);
    }
    // Unique local ones (RFC 4193) reach the fewest.
    ipv6.sort(Comparator.comparing(HostAddresses::isUniqueLocal));
    List<InetAddress> all = new ArrayList<>();
    for (int i = 0; i < Math.max(ipv6.size(), ipv4.size()); i++) {
      if (i < ipv6.size()) {
        all.add(ipv6.get(i));
      }
      if (i < ipv4.size()) {
        all.add(ipv4.get(i));
      }
    }
    return all;
  }

  private static boolean isUniqueLocal(InetAddress address) {
    return (address.getAddress()[0] & 0xFE) == 0xFC;
  }

  @Override
  public List<InetAddress> lookUp(String host) throws UnknownHostException {
    return inTurns(List.of(InetAddress.getAllByName(host)));
  }
}
