package io.belfry.sfu.sdp;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Descriptions as clients write them, which are the fuzzer's seeds too, and a server's transport.
final class Descriptions {
  static final LocalTransport SERVER =
      new LocalTransport(
          "srvu",
          "server-password-of-22-characters",
          new Fingerprint("sha-256", "AA" + ":BB".repeat(31)),
          List.of(
              Candidate.udp("203.0.113.7", 40_000),
              Candidate.udp("2001:db8::7", 40_000),
              Candidate.tcpPassive("203.0.113.7", 443)));

  private Descriptions() {}

  static String read(String name) {
    String file = "SdpParserTestInputs/neverThrows/" + name + ".sdp";
    try (InputStream in = Descriptions.class.getResourceAsStream(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The lines of one section, from its `m=` line on.
  static List<String> section(String sdp, int position) {
    String[] parts = sdp.split("(?m)^(?=m=)", -1);
    return parts[position + 1].lines().toList();
  }

  static List<String> linesWith(List<String> lines, String prefix) {
    return lines.stream().filter(line -> line.startsWith(prefix)).toList();
  }
}
