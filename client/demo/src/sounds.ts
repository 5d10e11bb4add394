/**
 * The phone's sounds, made on the spot: a bell when somebody calls, the dialling tone while it rings there, two notes when a
 * call ends. Browsers keep quiet until the first click or key; a sound that was due then starts with it.
 */
export type Sound = 'ring' | 'ringBack';

/** A bell's partials: frequency relative to the strike note, loudness, and how long each takes to fade, in seconds. */
const BELL: readonly [ratio: number, gain: number, fadeSeconds: number][] = [
  [0.5, 0.5, 2.6],
  [1, 0.8, 1.9],
  [1.2, 0.45, 1.5],
  [1.5, 0.3, 1.2],
  [2, 0.35, 0.9],
  [2.67, 0.15, 0.5],
];

const RING_EVERY_MS = 3000;
const RING_BACK_EVERY_MS = 5000;

let shared: AudioContext | null = null;

function context(): AudioContext {
  shared ??= new AudioContext();
  if (shared.state === 'suspended') {
    const audio = shared;
    const wake = () => void audio.resume();
    void audio.resume();
    addEventListener('pointerdown', wake, { once: true });
    addEventListener('keydown', wake, { once: true });
  }
  return shared;
}

/** Plays a sound over and over. Returns the function that stops it. */
export function play(sound: Sound): () => void {
  const audio = context();
  const out = audio.createGain();
  out.connect(audio.destination);
  const once = () => {
    if (audio.state !== 'running') {
      return;
    }
    if (sound === 'ring') {
      strike(audio, out, 587.33, 0);
      strike(audio, out, 440, 0.42);
    } else {
      beep(audio, out, 425, 0, 1, 0.05);
    }
  };
  once();
  const timer = setInterval(once, sound === 'ring' ? RING_EVERY_MS : RING_BACK_EVERY_MS);
  audio.addEventListener('statechange', once);
  return () => {
    clearInterval(timer);
    audio.removeEventListener('statechange', once);
    out.gain.setTargetAtTime(0, audio.currentTime, 0.04);
    setTimeout(() => out.disconnect(), 400);
  };
}

/** Strikes the bell once, on one speaker where the browser lets pages choose. Returns the function that stops it. */
export function playOn(speakerId: string): () => void {
  const audio = new AudioContext();
  const { setSinkId } = audio as { setSinkId?: (id: string) => Promise<void> };
  const chosen = setSinkId === undefined || speakerId === '' ? Promise.resolve() : setSinkId.call(audio, speakerId);
  void chosen
    .catch(() => undefined)
    .then(() => {
      if (audio.state !== 'closed') {
        strike(audio, audio.destination, 587.33, 0);
        strike(audio, audio.destination, 440, 0.42);
      }
    });
  return () => void audio.close();
}

/** Two falling notes: the call is over. */
export function playEnd(): void {
  const audio = context();
  if (audio.state === 'running') {
    beep(audio, audio.destination, 480, 0, 0.14, 0.05);
    beep(audio, audio.destination, 360, 0.18, 0.2, 0.05);
  }
}

function strike(audio: BaseAudioContext, out: AudioNode, noteHz: number, afterSeconds: number): void {
  const start = audio.currentTime + afterSeconds;
  for (const [ratio, loudness, fadeSeconds] of BELL) {
    const oscillator = new OscillatorNode(audio, { frequency: noteHz * ratio });
    const gain = new GainNode(audio, { gain: 0 });
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(loudness * 0.16, start + 0.006);
    gain.gain.exponentialRampToValueAtTime(0.0001, start + fadeSeconds);
    oscillator.connect(gain).connect(out);
    oscillator.start(start);
    oscillator.stop(start + fadeSeconds);
  }
}

function beep(
  audio: AudioContext,
  out: AudioNode,
  noteHz: number,
  afterSeconds: number,
  lastsSeconds: number,
  loudness: number,
): void {
  const start = audio.currentTime + afterSeconds;
  const end = start + lastsSeconds;
  const oscillator = new OscillatorNode(audio, { frequency: noteHz });
  const gain = new GainNode(audio, { gain: 0 });
  gain.gain.setValueAtTime(0, start);
  gain.gain.linearRampToValueAtTime(loudness, start + 0.02);
  gain.gain.setValueAtTime(loudness, end - 0.04);
  gain.gain.linearRampToValueAtTime(0, end);
  oscillator.connect(gain).connect(out);
  oscillator.start(start);
  oscillator.stop(end);
}
