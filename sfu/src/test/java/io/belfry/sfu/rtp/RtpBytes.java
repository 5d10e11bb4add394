package io.belfry.sfu.rtp;

import io.belfry.common.bytes.Memory;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;

/// Builds RTP packets for tests, byte by byte and independent of the code under test.
public final class RtpBytes {
  private final ByteArrayOutputStream elements = new ByteArrayOutputStream();
  private int profile;
  private int payloadType = 96;
  private int sequence = 1;
  private int timestamp = 1000;
  private int ssrc = 0x11223344;
  private boolean marker;
  private int[] csrcs = {};
  private byte[] payload = {1, 2, 3, 4};
  private int padding;

  public RtpBytes payloadType(int value) {
    payloadType = value;
    return this;
  }

  public RtpBytes sequence(int value) {
    sequence = value;
    return this;
  }

  public RtpBytes timestamp(int value) {
    timestamp = value;
    return this;
  }

  public RtpBytes ssrc(int value) {
    ssrc = value;
    return this;
  }

  public RtpBytes marker() {
    marker = true;
    return this;
  }

  public RtpBytes csrcs(int... values) {
    csrcs = values;
    return this;
  }

  public RtpBytes payload(byte... value) {
    payload = value;
    return this;
  }

  public RtpBytes padding(int bytes) {
    padding = bytes;
    return this;
  }

  public RtpBytes oneByte(int id, String hex) {
    byte[] data = HexFormat.of().parseHex(hex);
    profile = RtpPacket.ONE_BYTE_PROFILE;
    elements.write(id << 4 | (data.length - 1));
    elements.writeBytes(data);
    return this;
  }

  public RtpBytes twoByte(int id, String hex) {
    byte[] data = HexFormat.of().parseHex(hex);
    profile = RtpPacket.TWO_BYTE_PROFILE;
    elements.write(id);
    elements.write(data.length);
    elements.writeBytes(data);
    return this;
  }

  public RtpBytes rawElements(int profile, String hex) {
    this.profile = profile;
    elements.writeBytes(HexFormat.of().parseHex(hex));
    return this;
  }

  public byte[] build() {
    var out = new ByteArrayOutputStream();
    out.write(0x80 | (padding > 0 ? 0x20 : 0) | (profile != 0 ? 0x10 : 0) | csrcs.length);
    out.write((marker ? 0x80 : 0) | payloadType);
    out.write(sequence >>> 8);
    out.write(sequence);
    writeInt(out, timestamp);
    writeInt(out, ssrc);
    for (int csrc : csrcs) {
      writeInt(out, csrc);
    }
    if (profile != 0) {
      while (elements.size() % 4 != 0) {
        elements.write(0);
      }
      writeInt(out, profile << 16 | elements.size() / 4);
      out.writeBytes(elements.toByteArray());
    }
    out.writeBytes(payload);
    for (int i = 1; i <= padding; i++) {
      out.write(i == padding ? padding : 0);
    }
    return out.toByteArray();
  }

  /// The packet as plaintext, wrapped, padding parsed.
  public RtpPacket view() {
    byte[] bytes = build();
    var packet = new RtpPacket();
    if (!packet.wrap(Memory.copyOf(bytes), 0, bytes.length) || !packet.parsePadding(bytes.length)) {
      throw new IllegalStateException("test packet is malformed");
    }
    return packet;
  }

  public static String hex(Memory memory, int offset, int length) {
    return HexFormat.of().formatHex(memory.toArray(offset, length));
  }

  private static void writeInt(ByteArrayOutputStream out, int value) {
    out.write(value >>> 24);
    out.write(value >>> 16);
    out.write(value >>> 8);
    out.write(value);
  }
}
