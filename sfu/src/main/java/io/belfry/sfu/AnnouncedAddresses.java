package io.belfry.sfu;

import io.belfry.common.time.NanoClock;
import io.belfry.config.SfuConfig;
import io.belfry.sfu.sdp.Candidate;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where clients are told to send their media: the addresses of the setting, with names looked up
/// and "own" replaced by those of this host's interfaces, and what STUN found out. Laptops change
/// networks and names change addresses, so {@link #refresh} is to be called now and then.
final class AnnouncedAddresses {
  private static final Logger log = LoggerFactory.getLogger(AnnouncedAddresses.class);

  /// How long a looked-up name is good for.
  static final Duration NAME_LIFETIME = Duration.ofMinutes(1);

  /// A description with more than these helps nobody: every client tries each of them.
  static final int MAX_ADDRESSES = 16;

  /// Where addresses come from.
  interface Source {
    /// The addresses of this host's interfaces, the likeliest to be reached first.
    List<InetAddress> own() throws IOException;

    List<InetAddress> lookUp(String host) throws UnknownHostException;
  }

  private record Found(List<InetAddress> addresses, long atNanos) {}

  private final List<String> configured;
  private final InetAddress bound;
  private final Source source;
  private final NanoClock clock;
  private final Map<String, Found> names = new HashMap<>();
  private final Map<Integer, List<InetSocketAddress>> discovered = new ConcurrentHashMap<>();
  private volatile List<InetAddress> addresses = List.of();

  /// @param configured of `belfry.sfu.announcedAddresses`
  /// @param bound the address that the media sockets are bound to, perhaps a wildcard
  /// @throws IOException if a name cannot be looked up, in words for the operator
  AnnouncedAddresses(List<String> configured, InetAddress bound, Source source, NanoClock clock)
      throws IOException {
    this.configured = configured.isEmpty() ? List.of(SfuConfig.OWN) : configured;
    this.bound = bound;
    this.source = source;
    this.clock = clock;
    for (String entry : this.configured) {
      if (isName(entry)) {
        try {
          lookUp(entry);
        } catch (UnknownHostException e) {
          throw new IOException(
              "cannot find the address of " + entry + " (setting belfry.sfu.announcedAddresses)",
              e);
        }
      }
    }
    refresh();
  }

  /// Looks again. What cannot be found now stays as it was.
  synchronized void refresh() {
    Set<InetAddress> all = new LinkedHashSet<>();
    for (String entry : configured) {
      all.addAll(addressesOf(entry));
    }
    List<InetAddress> fresh = all.stream().limit(MAX_ADDRESSES).toList();
    if (!addresses.isEmpty() && !fresh.equals(addresses)) {
      log.info("announced addresses are now {}", fresh.stream().map(this::text).toList());
    }
    addresses = fresh;
  }

  private List<InetAddress> addressesOf(String entry) {
    if (entry.equals(SfuConfig.OWN)) {
      return own();
    }
    if (!isName(entry)) {
      return List.of(InetAddress.ofLiteral(entry));
    }
    Found known = names.get(entry);
    if (known != null && clock.nanoTime() - known.atNanos < NAME_LIFETIME.toNanos()) {
      return known.addresses;
    }
    try {
      return lookUp(entry);
    } catch (UnknownHostException e) {
      log.warn("cannot find the address of {} (setting belfry.sfu.announcedAddresses)", entry);
      return known == null ? List.of() : known.addresses;
    }
  }

  private List<InetAddress> lookUp(String name) throws UnknownHostException {
    List<InetAddress> found = source.lookUp(name);
    names.put(name, new Found(found, clock.nanoTime()));
    return found;
  }

  private static boolean isName(String entry) {
    if (entry.equals(SfuConfig.OWN)) {
      return false;
    }
    try {
      InetAddress.ofLiteral(entry);
      return false;
    } catch (IllegalArgumentException e) {
      return true;
    }
  }

  private List<InetAddress> own() {
    if (!bound.isAnyLocalAddress()) {
      return List.of(bound);
    }
    List<InetAddress> found;
    try {
      found = source.own();
    } catch (IOException e) {
      log.warn("cannot list the network interfaces: {}", e.toString());
      return addresses;
    }
    List<InetAddress> usable = new ArrayList<>();
    for (InetAddress address : found) {
      if (address instanceof Inet4Address || !(bound instanceof Inet4Address)) {
        usable.add(address);
      }
    }
    return usable.isEmpty() ? List.of(InetAddress.ofLiteral("127.0.0.1")) : usable;
  }

  /// Notes what STUN says of the socket of a loop; it is announced first.
  void discovered(int loop, List<InetSocketAddress> mapped) {
    discovered.put(loop, List.copyOf(mapped));
  }

  /// The candidates of a loop's transports, the preferred one first (RFC 8445 §5.1.2, RFC 6544
  /// §4.2): all of UDP before those of TCP; of each, what STUN found after the addresses of the
  /// setting, but before this host's own.
  ///
  /// @param tcpPort empty without TCP
  List<Candidate> candidates(int loop, int udpPort, OptionalInt tcpPort) {
    List<InetSocketAddress> targets = new ArrayList<>();
    for (InetAddress address : addresses) {
      targets.add(new InetSocketAddress(address, udpPort));
    }
    boolean isOwnFirst = configured.getFirst().equals(SfuConfig.OWN);
    targets.addAll(isOwnFirst ? 0 : targets.size(), discovered.getOrDefault(loop, List.of()));
    Set<Candidate> candidates = new LinkedHashSet<>();
    for (InetSocketAddress target : targets) {
      candidates.add(Candidate.udp(text(target.getAddress()), target.getPort()));
    }
    if (tcpPort.isPresent()) {
      for (InetSocketAddress target : targets) {
        candidates.add(Candidate.tcpPassive(text(target.getAddress()), tcpPort.getAsInt()));
      }
    }
    return List.copyOf(candidates);
  }

  /// As text without a zone, which means something on this host only.
  private String text(InetAddress address) {
    String text = address.getHostAddress();
    int zone = text.indexOf('%');
    return zone < 0 ? text : text.substring(0, zone);
  }

  @Override
  public String toString() {
    return addresses.stream().map(this::text).toList().toString();
  }
}
