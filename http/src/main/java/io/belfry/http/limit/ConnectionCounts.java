package io.belfry.http.limit;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// How many connections each client address has. Thread-safe.
public final class ConnectionCounts {
  private final int max;
  private final Map<String, Integer> counts = new ConcurrentHashMap<>();

  /// @param max for each address; 0: no limit
  public ConnectionCounts(int max) {
    this.max = max;
  }

  /// @return whether there is room for one more, which is counted then
  public boolean tryAdd(InetAddress address) {
    String key = ClientAddresses.keyOf(address);
    if (key == null || max == 0) {
      return true;
    }
    boolean[] isAdded = {false};
    counts.compute(
        key,
        (name, count) -> {
          int open = count == null ? 0 : count;
          isAdded[0] = open < max;
          return isAdded[0] ? Integer.valueOf(open + 1) : count;
        });
    return isAdded[0];
  }

  /// One that was added is gone.
  public void remove(InetAddress address) {
    String key = ClientAddresses.keyOf(address);
    if (key != null) {
      counts.computeIfPresent(key, (name, count) -> count <= 1 ? null : count - 1);
    }
  }
}
