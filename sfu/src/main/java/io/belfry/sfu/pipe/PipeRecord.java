package io.belfry.sfu.pipe;

import io.belfry.sfu.repair.PacketCache;

/// The layout of a record, in host memory only: fields at fixed places, then the packet.
final class PipeRecord {
  static final int TYPE = 0;
  static final int SOURCE = 4;
  static final int PRODUCER = 8;
  static final int SSRC = 16;

  /// The place of the encoding's RID among those signalled, or -1.
  static final int LAYER = 20;

  /// Of a packet its length, of padding its sequence number, of a sender report its RTP timestamp.
  static final int VALUE = 24;

  /// Of a sender report.
  static final int NTP = 32;

  /// Of a packet, when it came to the socket.
  static final int ARRIVAL = 40;

  static final int PACKET = 48;
  static final int MAX_PACKET_BYTES = PacketCache.DEFAULT_SLOT_BYTES;
  static final int BYTES = 1536;

  static final int TYPE_PACKET = 1;
  static final int TYPE_PADDING = 2;
  static final int TYPE_SENDER_REPORT = 3;
  static final int TYPE_KEY_FRAME_REQUEST = 4;

  private PipeRecord() {}
}
