package io.belfry.sfu.dtls;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/// A ClientHello as Chromium sends it since it speaks DTLS 1.3: with a key share for
/// X25519MLKEM768, which makes it too long for one datagram.
final class ChromiumHello {
  private static final int MTU_BYTES = 1200;
  private static final int X25519_MLKEM768 = 0x11EC;
  private static final int X25519 = 0x001D;

  private ChromiumHello() {}

  /// The hello in two records of one fragment each, as sent.
  static List<byte[]> datagrams() {
    byte[] body = body(new SplittableRandom(1));
    List<byte[]> datagrams = new ArrayList<>();
    int room = MTU_BYTES - 13 - 12;
    for (int from = 0; from < body.length; from += room) {
      int length = Math.min(room, body.length - from);
      datagrams.add(
          ByteBuffer.allocate(13 + 12 + length)
              .put((byte) 22)
              .putShort((short) 0xFEFD)
              .putShort((short) 0)
              .putShort((short) 0)
              .putInt(datagrams.size())
              .putShort((short) (12 + length))
              .put((byte) 1)
              .put(uint24(body.length))
              .putShort((short) 0)
              .put(uint24(from))
              .put(uint24(length))
              .put(body, from, length)
              .array());
    }
    return datagrams;
  }

  private static byte[] body(SplittableRandom random) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(hex("fefd"));
    out.writeBytes(randomBytes(random, 32));
    out.writeBytes(hex("00 00")); // neither session id nor cookie
    out.writeBytes(sized(hex("1301 1302 1303 c02b c02f cca9 cca8 c00a c014")));
    out.writeBytes(hex("01 00"));
    out.writeBytes(sized(extensions(random)));
    return out.toByteArray();
  }

  private static byte[] extensions(SplittableRandom random) {
    ByteArrayOutputStream shares = new ByteArrayOutputStream();
    shares.writeBytes(keyShare(X25519_MLKEM768, randomBytes(random, 1216)));
    shares.writeBytes(keyShare(X25519, randomBytes(random, 32)));

    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(extension(0x0017, new byte[0])); // extended_master_secret
    out.writeBytes(extension(0xFF01, hex("00"))); // renegotiation_info
    out.writeBytes(extension(0x000A, sized(hex("11ec 001d 0017 0018")))); // supported_groups
    out.writeBytes(extension(0x000B, hex("01 00"))); // ec_point_formats
    out.writeBytes(extension(0x000D, sized(hex("0403 0804 0401 0503 0805 0501 0806 0601 0201"))));
    out.writeBytes(extension(0x000E, hex("0006 0001 0008 0007 00"))); // use_srtp
    out.writeBytes(extension(0x0033, sized(shares.toByteArray()))); // key_share
    out.writeBytes(extension(0x002D, hex("01 01"))); // psk_key_exchange_modes
    out.writeBytes(extension(0x002B, hex("04 fefc fefd"))); // supported_versions: 1.3, 1.2
    return out.toByteArray();
  }

  private static byte[] keyShare(int group, byte[] key) {
    return extension(group, key); // the same form: a type, a length, a value
  }

  private static byte[] extension(int type, byte[] value) {
    return ByteBuffer.allocate(4 + value.length)
        .putShort((short) type)
        .putShort((short) value.length)
        .put(value)
        .array();
  }

  private static byte[] sized(byte[] value) {
    ByteBuffer sized = ByteBuffer.allocate(2 + value.length);
    return sized.putShort((short) value.length).put(value).array();
  }

  private static byte[] uint24(int value) {
    return new byte[] {(byte) (value >> 16), (byte) (value >> 8), (byte) value};
  }

  private static byte[] randomBytes(SplittableRandom random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }
}
