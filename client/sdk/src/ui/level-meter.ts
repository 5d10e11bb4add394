import { h, setAttribute } from './dom.js';

/** The quietest that the meter shows; a quiet room is around it. */
const FLOOR_DB = -60;

/** How fast the bar falls, per frame: it rises at once, so that short words are seen. */
const FALL = 0.04;

/** How loud a microphone is, as a bar that moves with the voice. */
export class LevelMeter {
  readonly element: HTMLElement;
  private track: MediaStreamTrack | null = null;
  private stopMeasuring: (() => void) | null = null;
  private shown = 0;

  constructor(label: string) {
    this.element = h('div', { class: 'meter', role: 'meter', 'aria-label': label, 'aria-valuemin': '0' }, h('i'));
    setAttribute(this.element, 'aria-valuemax', '100');
    this.draw(0);
  }

  /** Measures a track from now on; null for none. */
  listen(track: MediaStreamTrack | null): void {
    if (track === this.track) {
      return;
    }
    this.stop();
    this.track = track;
    if (track !== null) {
      this.stopMeasuring = measure(track, (level) => this.draw(Math.max(level, this.shown - FALL)));
    }
  }

  /** Lets go of the track. */
  stop(): void {
    this.stopMeasuring?.();
    this.stopMeasuring = null;
    this.track = null;
    this.draw(0);
  }

  private draw(level: number): void {
    this.shown = level;
    this.element.style.setProperty('--level', level.toFixed(2));
    setAttribute(this.element, 'aria-valuenow', String(Math.round(level * 10) * 10));
  }
}

/** Calls back with the loudness in [0, 1] before every frame. Returns the function that stops it. */
function measure(track: MediaStreamTrack, onLevel: (level: number) => void): () => void {
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 1024 });
  // A copy of the stream, not of the track: muting is heard.
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let frame = 0;
  const look = () => {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    const db = 10 * Math.log10(Math.max(power, 1e-9));
    onLevel(Math.min(1, Math.max(0, 1 - db / FLOOR_DB)));
    frame = requestAnimationFrame(look);
  };
  void context.resume();
  look();
  return () => {
    cancelAnimationFrame(frame);
    void context.close();
  };
}
