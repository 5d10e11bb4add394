package io.belfry.http.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ClientAddressesTest {
  private static final ClientAddresses ADDRESSES =
      new ClientAddresses(List.of("10.1.0.0/16", "192.0.2.9", "2001:db8::/33"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # peer         | x-forwarded-for                    | client
          203.0.113.5    | 198.51.100.1                       | 203.0.113.5
          10.1.2.3       | 198.51.100.1                       | 198.51.100.1
          10.2.2.3       | 198.51.100.1                       | 10.2.2.3
          192.0.2.9      | 198.51.100.1, 10.1.9.9             | 198.51.100.1
          192.0.2.9      | 6.6.6.6, 198.51.100.1, 10.1.9.9    | 198.51.100.1
          192.0.2.9      | 198.51.100.1, ,                    | 192.0.2.9
          192.0.2.9      | 198.51.100.1, unknown, 10.1.9.9    | 10.1.9.9
          192.0.2.9      | www.example.org                    | 192.0.2.9
          192.0.2.9      | ''                                 | 192.0.2.9
          192.0.2.9      | 10.1.1.1                           | 10.1.1.1
          2001:db8:7::1  | 2001:db8:ffff::2                   | 2001:db8:ffff::2
          """)
  void believesTrustedProxiesOnly(String peer, String header, String client) {
    assertEquals(
        InetAddress.ofLiteral(client),
        ADDRESSES.clientOf(InetAddress.ofLiteral(peer), List.of(header)));
  }

  @Test
  void joinsRepeatedHeaders() {
    assertEquals(
        InetAddress.ofLiteral("198.51.100.1"),
        ADDRESSES.clientOf(
            InetAddress.ofLiteral("10.1.2.3"), List.of("6.6.6.6", "198.51.100.1", "10.1.9.9")));
  }

  @Test
  void countsIpv6ByNetworkAndThisHostNotAtAll() {
    assertEquals(
        ClientAddresses.keyOf(InetAddress.ofLiteral("2001:db8::1")),
        ClientAddresses.keyOf(InetAddress.ofLiteral("2001:db8::ffff:2")));
    assertFalse(
        String.valueOf(ClientAddresses.keyOf(InetAddress.ofLiteral("2001:db8::1")))
            .equals(ClientAddresses.keyOf(InetAddress.ofLiteral("2001:db8:0:1::1"))));
    assertNull(ClientAddresses.keyOf(InetAddress.ofLiteral("127.0.0.1")));
    assertNull(ClientAddresses.keyOf(InetAddress.ofLiteral("::1")));
  }

  @Test
  void countsConnections() {
    ConnectionCounts counts = new ConnectionCounts(2);
    InetAddress address = InetAddress.ofLiteral("198.51.100.1");
    assertTrue(counts.tryAdd(address));
    assertTrue(counts.tryAdd(address));
    assertFalse(counts.tryAdd(address));
    assertTrue(counts.tryAdd(InetAddress.ofLiteral("198.51.100.2")));
    counts.remove(address);
    assertTrue(counts.tryAdd(address));
  }
}
