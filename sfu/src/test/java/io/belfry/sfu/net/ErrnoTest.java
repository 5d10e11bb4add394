package io.belfry.sfu.net;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class ErrnoTest {
  private static DatagramIo open(String host, int port) throws IOException {
    return DatagramIoFactory.open(
        DatagramIoFactory.Choice.NATIVE,
        new InetSocketAddress(InetAddress.ofLiteral(host), port),
        1 << 20,
        1 << 20);
  }

  private static void assertRefused(String words, String host, int port) {
    IOException e = assertThrows(IOException.class, () -> open(host, port).close());
    assertTrue(String.valueOf(e.getMessage()).contains(words), e.getMessage());
  }

  @Test
  void aTakenPortIsCalledThat() throws IOException {
    try (DatagramIo first = open("127.0.0.1", 0)) {
      assertRefused("in use already", "127.0.0.1", first.localPort());
    }
  }

  @Test
  void anAddressOfAnotherHostIsCalledThat() {
    assertRefused("no interface of this host has this address", "203.0.113.7", 0);
  }
}
