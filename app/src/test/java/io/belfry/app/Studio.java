package io.belfry.app;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.media.MediaStreamTrack;
import dev.onvoid.webrtc.media.audio.AudioDeviceModule;
import dev.onvoid.webrtc.media.audio.AudioLayer;
import dev.onvoid.webrtc.media.audio.AudioOptions;
import dev.onvoid.webrtc.media.audio.AudioTrack;
import dev.onvoid.webrtc.media.audio.CustomAudioSource;
import dev.onvoid.webrtc.media.audio.HeadlessAudioDeviceModule;
import dev.onvoid.webrtc.media.video.CustomVideoSource;
import dev.onvoid.webrtc.media.video.I420Buffer;
import dev.onvoid.webrtc.media.video.NativeI420Buffer;
import dev.onvoid.webrtc.media.video.VideoFrame;
import dev.onvoid.webrtc.media.video.VideoTrack;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/// The devices of both ends of a call of the independent WebRTC implementation: what one shows and
/// sounds, and what the other is to see and hear.
final class Studio implements AutoCloseable {
  private static final int WIDTH = 640;
  private static final int HEIGHT = 360;
  private static final int COLUMNS = 8;
  private static final int ROWS = 4;
  private static final int FRAMES = 60;
  private static final int SAMPLE_RATE = 48_000;
  private static final int TONE_HERTZ = 1000;

  // The dummy takes sound from a source of ours and plays none; the headless one plays, which
  // brings what is received to the sink, but cannot bear such a source.
  private final AudioDeviceModule talking = new AudioDeviceModule(AudioLayer.kDummyAudio);
  private final HeadlessAudioDeviceModule listening = new HeadlessAudioDeviceModule();
  private final CustomVideoSource camera = new CustomVideoSource();
  private final CustomAudioSource microphone = new CustomAudioSource();
  private final CustomVideoSource darkness = new CustomVideoSource();
  private final ScheduledExecutorService pacer = Executors.newSingleThreadScheduledExecutor();
  final Watcher watcher = new Watcher();
  final PeerConnectionFactory factory = new PeerConnectionFactory(talking);
  final PeerConnectionFactory listener;

  Studio() {
    listening.initPlayout();
    listener = new PeerConnectionFactory(listening);
  }

  List<MediaStreamTrack> tracks() {
    return List.of(
        factory.createVideoTrack("camera", camera),
        factory.createAudioTrack("microphone", microphone));
  }

  /// Stand for sections that only receive; never sent.
  List<MediaStreamTrack> silentTracks() {
    return List.of(
        listener.createVideoTrack("dark", darkness),
        listener.createAudioTrack("silent", listener.createAudioSource(new AudioOptions())));
  }

  void play() {
    Sender sender = new Sender(camera, microphone);
    var _ = pacer.scheduleAtFixedRate(sender::sendFrame, 0, 33, TimeUnit.MILLISECONDS);
    var _ = pacer.scheduleAtFixedRate(sender::sendAudio, 0, 10, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    pacer.shutdownNow();
    pacer.close();
    camera.dispose();
    darkness.dispose();
    microphone.dispose();
    factory.dispose();
    listener.dispose();
    talking.dispose();
    listening.dispose();
  }

  /// The brightness of one field of the pattern: fields differ from their neighbours by more than a
  /// codec errs.
  private static int brightness(int column, int row) {
    return 32 + 24 * ((column * 3 + row * 5) % 8);
  }

  /// Shows the pattern and sounds the tone.
  private static final class Sender {
    private final CustomVideoSource camera;
    private final CustomAudioSource microphone;
    private long sample;

    Sender(CustomVideoSource camera, CustomAudioSource microphone) {
      this.camera = camera;
      this.microphone = microphone;
    }

    void sendFrame() {
      NativeI420Buffer picture = NativeI420Buffer.allocate(WIDTH, HEIGHT);
      for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < WIDTH; x++) {
          int value = brightness(x * COLUMNS / WIDTH, y * ROWS / HEIGHT);
          picture.getDataY().put(y * picture.getStrideY() + x, (byte) value);
        }
      }
      for (int i = 0; i < HEIGHT / 2 * picture.getStrideU(); i++) {
        picture.getDataU().put(i, (byte) 128);
        picture.getDataV().put(i, (byte) 128);
      }
      VideoFrame frame = new VideoFrame(picture, 0, System.nanoTime());
      camera.pushFrame(frame);
      frame.release();
    }

    /// Ten milliseconds of a sine, 16-bit mono.
    void sendAudio() {
      int count = SAMPLE_RATE / 100;
      byte[] pcm = new byte[2 * count];
      for (int i = 0; i < count; i++, sample++) {
        int value = (int) (12_000 * Math.sin(2 * Math.PI * TONE_HERTZ * sample / SAMPLE_RATE));
        pcm[2 * i] = (byte) value;
        pcm[2 * i + 1] = (byte) (value >> 8);
      }
      microphone.pushAudio(pcm, 16, SAMPLE_RATE, 1, count);
    }
  }

  /// Looks at what arrives until it is enough, or wrong.
  static final class Watcher {
    private final CountDownLatch pictures = new CountDownLatch(FRAMES);
    private final CountDownLatch sound = new CountDownLatch(100);
    private final AtomicReference<CountDownLatch> more =
        new AtomicReference<>(new CountDownLatch(0));
    private final AtomicInteger frames = new AtomicInteger();
    private final AtomicReference<String> seen = new AtomicReference<>("nothing");
    private final AtomicReference<String> heard = new AtomicReference<>("nothing");

    void watch(MediaStreamTrack track) {
      switch (track) {
        case VideoTrack video -> video.addSink(this::onFrame);
        case AudioTrack audio ->
            audio.addSink((pcm, _, rate, channels, count) -> onSound(pcm, rate, channels, count));
        default -> throw new AssertionError(track);
      }
    }

    private void onFrame(VideoFrame frame) {
      I420Buffer picture = frame.buffer.toI420();
      int width = frame.buffer.getWidth();
      int height = frame.buffer.getHeight();
      frames.incrementAndGet();
      more.get().countDown();
      int worst = 0;
      for (int row = 0; row < ROWS; row++) {
        for (int column = 0; column < COLUMNS; column++) {
          int x = (2 * column + 1) * width / (2 * COLUMNS);
          int y = (2 * row + 1) * height / (2 * ROWS);
          int value = picture.getDataY().get(y * picture.getStrideY() + x) & 0xFF;
          worst = Math.max(worst, Math.abs(value - brightness(column, row)));
        }
      }
      seen.set("%dx%d, frame %d, off by %d".formatted(width, height, frames.get(), worst));
      if (worst <= 10) {
        pictures.countDown();
      }
      picture.release();
    }

    private void onSound(byte[] pcm, int rate, int channels, int count) {
      double share = shareOfTone(pcm, rate, channels, count);
      heard.set("%d Hz, %d channels, share of the tone %.2f".formatted(rate, channels, share));
      if (share > 0.9) {
        sound.countDown();
      }
    }

    /// How much of the energy is at the tone's frequency, in [0, 1] (Goertzel's algorithm).
    private static double shareOfTone(byte[] pcm, int rate, int channels, int count) {
      double energy = 0;
      double real = 0;
      double imaginary = 0;
      for (int i = 0; i < count; i++) {
        int at = 2 * i * channels;
        double value = (pcm[at] & 0xFF) | (pcm[at + 1] << 8);
        double angle = 2 * Math.PI * TONE_HERTZ * i / rate;
        energy += value * value;
        real += value * Math.cos(angle);
        imaginary += value * Math.sin(angle);
      }
      return energy == 0 ? 0 : 2 * (real * real + imaginary * imaginary) / (count * energy);
    }

    /// Waits until so many more frames have come.
    void awaitMore(int frames) throws InterruptedException {
      CountDownLatch wanted = new CountDownLatch(frames);
      more.set(wanted);
      assertTrue(wanted.await(15, TimeUnit.SECONDS), () -> "seen at last: " + seen.get());
    }

    void awaitPicturesAndSound() throws InterruptedException {
      boolean hasSeen = pictures.await(30, TimeUnit.SECONDS);
      boolean hasHeard = sound.await(10, TimeUnit.SECONDS);
      assertTrue(hasSeen, () -> "seen at last: " + seen.get());
      assertTrue(hasHeard, () -> "heard at last: " + heard.get());
    }
  }
}
