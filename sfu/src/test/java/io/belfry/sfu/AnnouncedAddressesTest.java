package io.belfry.sfu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.belfry.sfu.sdp.Candidate;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnnouncedAddressesTest {
  private static final InetAddress EVERY = InetAddress.ofLiteral("::");

  private final Host host = new Host();
  private long nowNanos = Long.MAX_VALUE - 1; // a time line may wrap

  /// A host that changes networks, and a name server.
  private static final class Host implements AnnouncedAddresses.Source {
    List<InetAddress> own = addresses("2001:db8::1 192.0.2.1");
    final Map<String, List<InetAddress>> names = new HashMap<>();

    @Override
    public List<InetAddress> own() {
      return own;
    }

    @Override
    public List<InetAddress> lookUp(String name) throws UnknownHostException {
      List<InetAddress> found = names.get(name);
      if (found == null) {
        throw new UnknownHostException(name);
      }
      return found;
    }
  }

  private static List<InetAddress> addresses(String text) {
    return text.isEmpty()
        ? List.of()
        : List.of(text.split(" ")).stream().map(InetAddress::ofLiteral).toList();
  }

  private AnnouncedAddresses announce(String configured, InetAddress bound) throws IOException {
    List<String> list = configured.isEmpty() ? List.of() : List.of(configured.split(" "));
    return new AnnouncedAddresses(list, bound, host, () -> nowNanos);
  }

  private static String udp(AnnouncedAddresses announced) {
    return String.join(
        " ",
        announced.candidates(0, 40_000, OptionalInt.empty()).stream()
            .map(candidate -> candidate.address() + "/" + candidate.port())
            .toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                        | ::         | 2001:db8:0:0:0:0:0:1/40000 192.0.2.1/40000
          ''                        | 0.0.0.0    | 192.0.2.1/40000
          ''                        | 192.0.2.77 | 192.0.2.77/40000
          203.0.113.7               | ::         | 203.0.113.7/40000
          203.0.113.7 192.0.2.1     | 0.0.0.0    | 203.0.113.7/40000 192.0.2.1/40000
          203.0.113.7 own           | 0.0.0.0    | 203.0.113.7/40000 192.0.2.1/40000
          own 192.0.2.1             | 0.0.0.0    | 192.0.2.1/40000
          calls.example.org own     | 0.0.0.0    | 203.0.113.9/40000 192.0.2.1/40000
          """)
  void theSettingDecidesAndOwnAddressesAreTheDefault(
      String configured, String bound, String expected) throws IOException {
    host.names.put("calls.example.org", addresses("203.0.113.9"));

    assertEquals(expected, udp(announce(configured, InetAddress.ofLiteral(bound))));
  }

  @Test
  void aHostWithoutANetworkCanCallItself() throws IOException {
    host.own = List.of();

    assertEquals("127.0.0.1/40000", udp(announce("", EVERY)));
  }

  @Test
  void aLaptopThatChangesNetworksAnnouncesItsNewAddress() throws IOException {
    AnnouncedAddresses announced = announce("", EVERY);
    host.own = addresses("198.51.100.3");
    announced.refresh();

    assertEquals("198.51.100.3/40000", udp(announced));
  }

  @Test
  void namesAreLookedUpAgainAfterAMinuteAndKeptWhileTheNameServerIsDown() throws IOException {
    host.names.put("calls.example.org", addresses("203.0.113.9"));
    AnnouncedAddresses announced = announce("calls.example.org", EVERY);
    host.names.put("calls.example.org", addresses("203.0.113.10"));
    announced.refresh();
    assertEquals("203.0.113.9/40000", udp(announced));

    nowNanos += AnnouncedAddresses.NAME_LIFETIME.toNanos();
    announced.refresh();
    assertEquals("203.0.113.10/40000", udp(announced));

    host.names.clear();
    nowNanos += AnnouncedAddresses.NAME_LIFETIME.toNanos() + 1;
    announced.refresh();
    assertEquals("203.0.113.10/40000", udp(announced));
  }

  @Test
  void anUnknownNameStopsTheStartInTheOperatorsWords() {
    IOException e = assertThrows(IOException.class, () -> announce("nowhere.example", EVERY));

    assertTrue(String.valueOf(e.getMessage()).contains("nowhere.example"));
    assertTrue(String.valueOf(e.getMessage()).contains("belfry.sfu.announcedAddresses"));
  }

  @Test
  void whatStunFoundComesBeforeOwnAddressesAndAfterNamedOnes() throws IOException {
    List<InetSocketAddress> outside = List.of(new InetSocketAddress("203.0.113.200", 61_000));
    AnnouncedAddresses own = announce("", InetAddress.ofLiteral("0.0.0.0"));
    AnnouncedAddresses named = announce("203.0.113.7", InetAddress.ofLiteral("0.0.0.0"));
    own.discovered(0, outside);
    named.discovered(0, outside);
    own.discovered(1, List.of());

    assertEquals("203.0.113.200/61000 192.0.2.1/40000", udp(own));
    assertEquals("203.0.113.7/40000 203.0.113.200/61000", udp(named));
    assertEquals(1, own.candidates(1, 40_001, OptionalInt.empty()).size());
  }

  @Test
  void tcpComesAfterUdpAtThePortOfAllLoops() throws IOException {
    List<Candidate> candidates = announce("", EVERY).candidates(1, 40_001, OptionalInt.of(443));

    assertEquals(
        List.of(
            Candidate.udp("2001:db8:0:0:0:0:0:1", 40_001),
            Candidate.udp("192.0.2.1", 40_001),
            Candidate.tcpPassive("2001:db8:0:0:0:0:0:1", 443),
            Candidate.tcpPassive("192.0.2.1", 443)),
        candidates);
  }

  @Test
  void familiesTakeTurnsAndUniqueLocalAddressesComeLast() {
    assertEquals(
        addresses("2001:db8::1 192.0.2.1 2001:db8::2 192.0.2.2 fd00::1"),
        HostAddresses.inTurns(addresses("fd00::1 192.0.2.1 192.0.2.2 2001:db8::1 2001:db8::2")));
  }
}
