package io.belfry.sfu.srtp;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/// Named byte strings from a `.hex` resource: `name: hex…`, carried on by indented lines, with `#`
/// comments.
record Vectors(Map<String, String> hexByName) {
  static Vectors read(String resource) {
    Map<String, String> hexByName = new LinkedHashMap<>();
    String name = "";
    for (String line : lines(resource)) {
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      int colon = line.indexOf(':');
      if (colon >= 0) {
        name = line.substring(0, colon);
      }
      String hex = line.substring(colon + 1).replace(" ", "");
      hexByName.merge(name, hex, String::concat);
    }
    return new Vectors(hexByName);
  }

  byte[] get(String name) {
    String hex = hexByName.get(name);
    if (hex == null) {
      throw new IllegalArgumentException("no vector " + name);
    }
    return HexFormat.of().parseHex(hex);
  }

  private static String[] lines(String resource) {
    try (InputStream in = Vectors.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalArgumentException("no resource " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).split("\n", -1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
