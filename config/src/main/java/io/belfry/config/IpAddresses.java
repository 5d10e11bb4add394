package io.belfry.config;

import java.net.InetAddress;

/// Tells IP addresses from host names without asking a name server.
final class IpAddresses {
  private IpAddresses() {}

  static boolean isLiteral(String text) {
    try {
      InetAddress.ofLiteral(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
