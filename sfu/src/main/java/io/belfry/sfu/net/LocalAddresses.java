package io.belfry.sfu.net;

import io.belfry.sfu.session.PeerAddress;

/// Numbers the addresses of this host that datagrams came to, so that a path can name its own by an
/// `int`. A host has few; beyond a limit, those that come later share {@link
/// PeerAddress#ANY_LOCAL}, and the system chooses where answers leave from.
final class LocalAddresses {
  static final int MAX_ADDRESSES = 256;

  private final long[] high = new long[MAX_ADDRESSES + 1];
  private final long[] low = new long[MAX_ADDRESSES + 1];
  private int count;
  private int last;

  /// The number of an address, in [1, MAX_ADDRESSES], or ANY_LOCAL when there are too many. Looks
  /// at the last one first: most datagrams come to the same.
  int numberOf(long addressHigh, long addressLow) {
    if (last > 0 && low[last] == addressLow && high[last] == addressHigh) {
      return last;
    }
    for (int i = 1; i <= count; i++) {
      if (low[i] == addressLow && high[i] == addressHigh) {
        last = i;
        return i;
      }
    }
    if (count == MAX_ADDRESSES) {
      return PeerAddress.ANY_LOCAL;
    }
    count++;
    high[count] = addressHigh;
    low[count] = addressLow;
    last = count;
    return count;
  }

  /// The first eight bytes of an address, 0 for IPv4.
  long high(int number) {
    return high[number];
  }

  /// The last eight bytes; for IPv4 as {@link PeerAddress#mappedIpv4} gives.
  long low(int number) {
    return low[number];
  }
}
