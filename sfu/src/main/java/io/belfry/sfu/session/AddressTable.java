package io.belfry.sfu.session;

import org.jspecify.annotations.Nullable;

/// Finds the transport behind a path (source address, and ours), without allocation: an
/// open-addressing table with linear probing. Holds only addresses that passed an authenticated
/// connectivity check, so its size is bounded by the transports and the paths each may have.
final class AddressTable {
  /// One path: an address, and whose it is.
  record Entry(PeerAddress address, PeerSession session) {}

  private static final int INITIAL_CAPACITY = 256;

  private @Nullable Entry[] entries = new @Nullable Entry[INITIAL_CAPACITY];
  private int size;

  @Nullable Entry get(long high, long low, int port, int local) {
    int mask = entries.length - 1;
    for (int i = slot(high, low, port, local, mask); ; i = (i + 1) & mask) {
      Entry entry = entries[i];
      if (entry == null || entry.address().equalTo(high, low, port, local)) {
        return entry;
      }
    }
  }

  /// Adds an address, or hands it to another session when it is known already.
  void put(PeerAddress address, PeerSession session) {
    if ((size + 1) * 2 > entries.length) {
      grow();
    }
    int i = find(address);
    if (entries[i] == null) {
      size++;
    }
    entries[i] = new Entry(address, session);
  }

  /// Removes an address if it is still that session's.
  void remove(PeerAddress address, PeerSession session) {
    int i = find(address);
    Entry found = entries[i];
    if (found == null || found.session() != session) {
      return;
    }
    entries[i] = null;
    size--;
    closeGap(i);
  }

  int size() {
    return size;
  }

  /// Moves later entries of the probe sequence back, so that none becomes unreachable (Knuth, The
  /// Art of Computer Programming 3, §6.4, algorithm R).
  private void closeGap(int gap) {
    int mask = entries.length - 1;
    for (int i = (gap + 1) & mask; ; i = (i + 1) & mask) {
      Entry entry = entries[i];
      if (entry == null) {
        return;
      }
      PeerAddress a = entry.address();
      int home = slot(a, mask);
      if (((i - home) & mask) >= ((i - gap) & mask)) {
        entries[gap] = entry;
        entries[i] = null;
        gap = i;
      }
    }
  }

  private int find(PeerAddress address) {
    int mask = entries.length - 1;
    int i = slot(address, mask);
    while (true) {
      Entry entry = entries[i];
      if (entry == null || entry.address().equals(address)) {
        return i;
      }
      i = (i + 1) & mask;
    }
  }

  private void grow() {
    @Nullable Entry[] old = entries;
    entries = new @Nullable Entry[old.length * 2];
    for (Entry entry : old) {
      if (entry != null) {
        entries[find(entry.address())] = entry;
      }
    }
  }

  private static int slot(PeerAddress a, int mask) {
    return slot(a.high(), a.low(), a.port(), a.local(), mask);
  }

  private static int slot(long high, long low, int port, int local, int mask) {
    long h = ((high * 31 + low) * 31 + port) * 31 + local;
    h *= 0x9E3779B97F4A7C15L; // Fibonacci hashing: neighbours in address or port spread
    return (int) (h >>> 40) & mask;
  }
}
