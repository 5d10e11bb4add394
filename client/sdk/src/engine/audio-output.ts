import { clientError } from '../errors.js';
import { moveOutput } from './browsers.js';
import type { AudioSink, MediaPlatform } from './media-platform.js';

/** Plays the sound of the others: one hidden element per track. */
export class AudioOutput {
  private readonly sinks = new Map<MediaStreamTrack, AudioSink>();
  private readonly blocked = new Set<AudioSink>();

  constructor(
    private readonly media: MediaPlatform,
    private deviceId: string,
    private readonly onBlockedChange: () => void,
  ) {}

  /** The browser wants a gesture before it plays sound (its autoplay policy). */
  get isBlocked(): boolean {
    return this.blocked.size > 0;
  }

  /** Plays exactly these. */
  setTracks(tracks: readonly MediaStreamTrack[]): void {
    const wanted = new Set(tracks);
    for (const [track, sink] of [...this.sinks]) if (!wanted.has(track)) this.drop(track, sink);
    for (const track of wanted) if (!this.sinks.has(track)) this.start(track);
  }

  /** Tries again; from a click or key handler. */
  async resume(): Promise<void> {
    await Promise.all([...this.blocked].map((sink) => this.play(sink)));
  }

  /** Moves the sound to another loudspeaker. Rejects where the browser cannot. */
  async setDevice(deviceId: string): Promise<void> {
    if (!this.media.canChooseOutput) throw clientError('ERR_OUTPUT_NOT_CHOOSABLE');
    await Promise.all([...this.sinks.values()].map((sink) => this.move(sink, deviceId)));
    this.deviceId = deviceId;
  }

  /** Moves it without a word, as far as the browser can: what was chosen was put in or pulled out. */
  async follow(deviceId: string): Promise<void> {
    if (deviceId === this.deviceId || !this.media.canChooseOutput) return;
    this.deviceId = deviceId;
    await Promise.allSettled([...this.sinks.values()].map((sink) => this.move(sink, deviceId)));
  }

  close(): void {
    for (const [track, sink] of [...this.sinks]) this.drop(track, sink);
  }

  private start(track: MediaStreamTrack): void {
    const sink = this.media.createAudioSink(track);
    this.sinks.set(track, sink);
    if (this.deviceId) this.move(sink, this.deviceId).catch(() => undefined); // gone: the default plays
    void this.play(sink);
  }

  private move(sink: AudioSink, deviceId: string): Promise<void> {
    return moveOutput(sink, this.media.mediaDevices, deviceId);
  }

  private async play(sink: AudioSink): Promise<void> {
    const wasBlocked = this.isBlocked;
    try {
      await sink.play();
      this.blocked.delete(sink);
    } catch (thrown) {
      // AbortError: removed while it was about to start.
      const isRefused = thrown instanceof Error && thrown.name === 'NotAllowedError';
      if (isRefused && [...this.sinks.values()].includes(sink)) this.blocked.add(sink);
    }
    if (this.isBlocked !== wasBlocked) this.onBlockedChange();
  }

  private drop(track: MediaStreamTrack, sink: AudioSink): void {
    this.sinks.delete(track);
    this.blocked.delete(sink);
    sink.srcObject = null;
    sink.remove();
  }
}
