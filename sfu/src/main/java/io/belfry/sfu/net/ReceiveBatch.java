package io.belfry.sfu.net;

import io.belfry.common.bytes.Memory;
import io.belfry.sfu.session.PeerAddress;

/// The datagrams of one receive call: where each lies in the shared memory, who sent it, and to
/// which of our addresses.
final class ReceiveBatch {
  private final Memory memory;
  private final int[] offsets;
  private final int[] lengths;
  private final long[] addressHigh;
  private final long[] addressLow;
  private final int[] ports;
  private final int[] locals;
  private int size;
  private long waitedNanos;

  ReceiveBatch(Memory memory, int capacity) {
    this.memory = memory;
    this.offsets = new int[capacity];
    this.lengths = new int[capacity];
    this.addressHigh = new long[capacity];
    this.addressLow = new long[capacity];
    this.ports = new int[capacity];
    this.locals = new int[capacity];
  }

  void clear() {
    size = 0;
    waitedNanos = 0;
  }

  /// For how long the first datagram had been there when it was received.
  void waitedNanos(long nanos) {
    waitedNanos = Math.max(0, nanos);
  }

  /// For how long the first datagram had been there, as far as the system tells; otherwise 0.
  long waitedNanos() {
    return waitedNanos;
  }

  boolean isFull() {
    return size == offsets.length;
  }

  /// @param local which of our addresses it came to, see {@link PeerAddress#local}
  void add(int offset, int length, long high, long low, int port, int local) {
    offsets[size] = offset;
    lengths[size] = length;
    addressHigh[size] = high;
    addressLow[size] = low;
    ports[size] = port;
    locals[size] = local;
    size++;
  }

  /// Adds a datagram whose source is an IPv4 address.
  void addIpv4(int offset, int length, int address, int port, int local) {
    add(offset, length, 0, PeerAddress.mappedIpv4(address), port, local);
  }

  Memory memory() {
    return memory;
  }

  int size() {
    return size;
  }

  int offset(int i) {
    return offsets[i];
  }

  int length(int i) {
    return lengths[i];
  }

  long addressHigh(int i) {
    return addressHigh[i];
  }

  long addressLow(int i) {
    return addressLow[i];
  }

  int port(int i) {
    return ports[i];
  }

  int local(int i) {
    return locals[i];
  }
}
