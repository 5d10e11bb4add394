package io.belfry.sfu.net;

/// What the system says with an error number, in words (errno(3); the numbers are those of Linux on
/// x86-64 and AArch64).
final class Errno {
  private Errno() {}

  static String words(int errno) {
    return switch (errno) {
      case 1 -> "not permitted";
      case 13 -> "not permitted; ports below 1024 need a privilege";
      case 22 -> "invalid argument";
      case 23, 24 -> "too many open files; raise the limit (ulimit -n)";
      case Libc.EAFNOSUPPORT -> "this system has no such address family (IPv6 may be off)";
      case 98 -> "the port is in use already, perhaps by another Belfry";
      case 99 -> "no interface of this host has this address";
      case 12, 105 -> "the system is out of memory for it";
      default -> "system error " + errno;
    };
  }
}
