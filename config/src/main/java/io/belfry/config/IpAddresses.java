package io.belfry.config;

import java.net.InetAddress;
import java.util.regex.Pattern;

/// Tells IP addresses from host names without asking a name server.
final class IpAddresses {
  /// RFC 1123 §2.1: labels of letters, digits and hyphens. The last one is not all digits, or a
  /// mistyped address would pass for a name.
  private static final Pattern HOST_NAME =
      Pattern.compile(
          "(?=.{1,253}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)*"
              + "[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.?");

  private IpAddresses() {}

  static boolean isHostName(String text) {
    return HOST_NAME.matcher(text).matches();
  }

  static boolean isLiteral(String text) {
    try {
      InetAddress.ofLiteral(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /// An address, or a block in CIDR notation (RFC 4632 §3.1).
  static boolean isBlock(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return isLiteral(text);
    }
    String address = text.substring(0, slash);
    if (!isLiteral(address) || !text.substring(slash + 1).matches("[0-9]{1,3}")) {
      return false;
    }
    int bits = Integer.parseInt(text.substring(slash + 1));
    return bits <= InetAddress.ofLiteral(address).getAddress().length * 8;
  }
}
