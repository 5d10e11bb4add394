package io.belfry.sfu.stun;

import io.belfry.common.bytes.Memory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Collectors;

/// The messages of RFC 5769.
final class StunVectors {
  static final String PASSWORD = "VOkJxbRl1RmTxUk/WvJxBt";

  private StunVectors() {}

  static byte[] read(String name) {
    try (InputStream in = StunVectors.class.getResourceAsStream("/rfc5769/" + name + ".hex")) {
      if (in == null) {
        throw new IllegalArgumentException("no vector " + name);
      }
      String hex =
          new String(in.readAllBytes(), StandardCharsets.US_ASCII)
              .lines()
              .filter(line -> !line.startsWith("#"))
              .collect(Collectors.joining())
              .replace(" ", "");
      return HexFormat.of().parseHex(hex);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static StunMessage message(byte[] bytes) {
    StunMessage message = new StunMessage();
    if (!message.wrap(Memory.copyOf(bytes), 0, bytes.length)) {
      throw new IllegalArgumentException("not a STUN message");
    }
    return message;
  }
}
