package io.belfry.load;

import static io.belfry.load.LoadPlan.require;

import io.belfry.sfu.rtp.RtpPacket;
import io.belfry.sfu.rtp.codec.CodecKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What each publisher sends.
///
/// @param hasAudio whether to send Opus, a packet every 20 ms
/// @param audioBitrateBps of RTP payloads
/// @param video its codec, or nothing for none
/// @param videoBitrateBps of RTP payloads; all frames have the same size
/// @param framesPerSecond of video
/// @param packetBytes of the largest RTP packet of video, before encryption
public record SentMedia(
    boolean hasAudio,
    int audioBitrateBps,
    Optional<CodecKind> video,
    int videoBitrateBps,
    int framesPerSecond,
    int packetBytes) {
  static final int AUDIO_PACKETS_PER_SECOND = 50;

  private static final int MIN_AUDIO_BPS = 16_000;
  private static final int MAX_AUDIO_BPS = 400_000;
  private static final int MIN_VIDEO_BPS = 30_000;
  private static final int MAX_VIDEO_BPS = 100_000_000;
  private static final int MIN_PACKET_BYTES = 100;
  private static final int MAX_PACKET_BYTES = 1400;

  /// @throws IllegalArgumentException in words for the operator
  public SentMedia {
    require(hasAudio || video.isPresent(), "--no-audio and --video none leave nothing to send");
    require(
        audioBitrateBps >= MIN_AUDIO_BPS && audioBitrateBps <= MAX_AUDIO_BPS,
        "--audio-bitrate is from 16k to 400k, in bits per second");
    require(
        videoBitrateBps >= MIN_VIDEO_BPS && videoBitrateBps <= MAX_VIDEO_BPS,
        "--video-bitrate is from 30k to 100M, in bits per second");
    require(framesPerSecond >= 1 && framesPerSecond <= 120, "--fps is from 1 to 120");
    require(
        packetBytes >= MIN_PACKET_BYTES && packetBytes <= MAX_PACKET_BYTES,
        "--packet-size is from 100 to 1400, in bytes");
  }

  /// The codecs of a publisher's tracks.
  List<CodecKind> codecs() {
    List<CodecKind> codecs = new ArrayList<>();
    if (hasAudio) {
      codecs.add(CodecKind.OPUS);
    }
    video.ifPresent(codecs::add);
    return codecs;
  }

  /// Frames per second; of audio, packets.
  int framesPerSecond(CodecKind codec) {
    return codec.isVideo() ? framesPerSecond : AUDIO_PACKETS_PER_SECOND;
  }

  /// Payload bytes of a frame.
  int frameBytes(CodecKind codec) {
    int bitrateBps = codec.isVideo() ? videoBitrateBps : audioBitrateBps;
    return bitrateBps / Byte.SIZE / framesPerSecond(codec);
  }

  /// Payload bytes of a packet, at most.
  int maxPayloadBytes() {
    return packetBytes - RtpPacket.FIXED_HEADER_BYTES;
  }
}
