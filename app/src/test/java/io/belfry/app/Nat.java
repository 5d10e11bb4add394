package io.belfry.app;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Stands between clients and the server as a NAT does: for each client's socket the server sees
/// another one, until the NAT forgets which.
final class Nat implements AutoCloseable {
  private static final int MAX_DATAGRAM_BYTES = 2048;

  private final DatagramChannel inside;
  private final InetSocketAddress server;
  private final Map<SocketAddress, DatagramChannel> outside = new ConcurrentHashMap<>();

  /// @param here where clients think the server is
  Nat(InetSocketAddress here, InetSocketAddress server) throws IOException {
    this.inside = DatagramChannel.open().bind(here);
    this.server = server;
    Thread.ofPlatform().daemon().name("nat").start(this::carryOut);
  }

  /// Forgets all it knows: from now on every client comes from another port.
  void rebind() throws IOException {
    List<DatagramChannel> known = List.copyOf(outside.values());
    outside.clear();
    for (DatagramChannel mapped : known) {
      mapped.close();
    }
  }

  private void carryOut() {
    ByteBuffer datagram = ByteBuffer.allocateDirect(MAX_DATAGRAM_BYTES);
    while (inside.isOpen()) {
      try {
        SocketAddress client = inside.receive(datagram.clear());
        DatagramChannel mapped = outside.get(client);
        if (mapped == null) {
          mapped = DatagramChannel.open().connect(server);
          outside.put(client, mapped);
          DatagramChannel fresh = mapped;
          Thread.ofPlatform().daemon().name("nat").start(() -> carryIn(fresh, client));
        }
        mapped.write(datagram.flip());
      } catch (IOException e) {
        // Closed in the middle of it, or the server is not there: the datagram is lost.
      }
    }
  }

  private void carryIn(DatagramChannel mapped, SocketAddress client) {
    ByteBuffer datagram = ByteBuffer.allocateDirect(MAX_DATAGRAM_BYTES);
    while (mapped.isOpen()) {
      try {
        mapped.receive(datagram.clear());
        inside.send(datagram.flip(), client);
      } catch (IOException e) {
        // As above.
      }
    }
  }

  @Override
  public void close() throws IOException {
    inside.close();
    rebind();
  }
}
