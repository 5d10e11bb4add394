package io.belfry.sfu.srtp;

import java.util.Arrays;

/// The SRTCP replay windows of one transport, one per sender SSRC (RFC 3711 §3.2.3), bounded.
///
/// Only authenticated packets enter, so the bound is met only by a peer with more senders than any
/// browser has; then the oldest entry makes room, and what that peer could replay is its own.
final class RtcpReplayWindows {
  private static final int CAPACITY = 64;
  private static final int INITIAL = 4;

  private int[] ssrcs = new int[INITIAL];
  private ReplayWindow[] windows = new ReplayWindow[INITIAL];
  private int count;
  private int oldest;

  boolean isReplay(int ssrc, int index) {
    int slot = find(ssrc);
    return slot >= 0 && windows[slot].isReplay(index);
  }

  void accept(int ssrc, int index) {
    int slot = find(ssrc);
    if (slot < 0) {
      slot = add(ssrc);
    }
    windows[slot].accept(index);
  }

  private int find(int ssrc) {
    for (int i = 0; i < count; i++) {
      if (ssrcs[i] == ssrc) {
        return i;
      }
    }
    return -1;
  }

  private int add(int ssrc) {
    if (count == CAPACITY) {
      int slot = oldest;
      oldest = (oldest + 1) % CAPACITY;
      ssrcs[slot] = ssrc;
      windows[slot].reset();
      return slot;
    }
    if (count == ssrcs.length) {
      ssrcs = Arrays.copyOf(ssrcs, count * 2);
      windows = Arrays.copyOf(windows, count * 2);
    }
    ssrcs[count] = ssrc;
    windows[count] = new ReplayWindow();
    return count++;
  }
}
