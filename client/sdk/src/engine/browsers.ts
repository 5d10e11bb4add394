/**
 * Where browsers differ: everything that the engine does one way in Chromium and another way in Safari or Firefox. It asks what a
 * browser can do, never what it is called. Chromium from 110, Firefox from 113 and Safari from 16.4 are meant.
 */
import type { AudioSink } from './media-platform.js';

/** `MediaDevices` as some browsers have it and others do not. */
type SomeMediaDevices = Partial<MediaDevices> & {
  /** Firefox, and Safari: a loudspeaker may be used only after the person chose it in a list of the browser's. */
  selectAudioOutput?(options: { deviceId: string }): Promise<MediaDeviceInfo>;
};

/** Phones, and Safari on iPads, share no screen. */
export function canShareScreen(devices: MediaDevices | undefined): boolean {
  return typeof (devices as SomeMediaDevices | undefined)?.getDisplayMedia === 'function';
}

/**
 * What to ask for of a screen. Its sound is asked for everywhere: only Chromium gives it, Firefox and Safari leave it out without a
 * word. All of them want the call to come from a press, Safari before anything else is awaited.
 */
export const SCREEN_CONSTRAINTS: DisplayMediaStreamOptions = { video: { frameRate: { max: 30 } }, audio: true };

/** Safari before 18.4 and every browser on iOS play where the system says. */
export function canChooseOutput(sink: Partial<AudioSink> | undefined): boolean {
  return typeof sink?.setSinkId === 'function';
}

/**
 * Moves a sink to another loudspeaker. Where the browser wants the person to have chosen it in its own list, the list is shown
 * once, from the same press. Rejects where the browser cannot, or the person declined.
 */
export async function moveOutput(sink: AudioSink, devices: MediaDevices | undefined, deviceId: string): Promise<void> {
  if (!sink.setSinkId) throw new DOMException('The browser plays where the system says.', 'NotSupportedError');
  try {
    await sink.setSinkId(deviceId);
  } catch (thrown) {
    const select = (devices as SomeMediaDevices | undefined)?.selectAudioOutput?.bind(devices);
    if (!select || !isNamed(thrown, 'NotAllowedError')) throw thrown;
    const chosen = await select({ deviceId });
    await sink.setSinkId(chosen.deviceId);
  }
}

/**
 * The devices that a person can choose among. Before permission Firefox and Safari tell of one of each kind without an id, which
 * says that there is one and nothing else; Chromium lists its default a second time under the name `default`, which it is by itself.
 */
export function choosable(devices: readonly MediaDeviceInfo[], isOutputChoosable: boolean): MediaDeviceInfo[] {
  return devices.filter(({ kind, deviceId }) => {
    if (deviceId === '') return kind !== 'audiooutput';
    return kind !== 'audiooutput' || isOutputChoosable;
  });
}

/**
 * Whether opening may work once the device that is held was let go: Firefox opens one microphone at a time, and Android one
 * camera.
 */
export function isHeldElsewhere(thrown: unknown): boolean {
  return isNamed(thrown, 'NotReadableError') || isNamed(thrown, 'AbortError');
}

/** How loud what arrives is. */
export class ReceivedLevels {
  private readonly newest = new WeakMap<RTCRtpReceiver, { timestamp: number; atMillis: number }>();

  constructor(private readonly maxAgeMillis: number) {}

  /**
   * The loudness of the newest packet, or 0 when there has been none for a while. Browsers do not agree on where the time line
   * of the packets begins: so it only counts whether the newest is another one than before.
   */
  read(receiver: RTCRtpReceiver, nowMillis: number): number {
    const [source] = receiver.getSynchronizationSources();
    if (!source) return 0;
    const before = this.newest.get(receiver);
    if (before?.timestamp !== source.timestamp) {
      this.newest.set(receiver, { timestamp: source.timestamp, atMillis: nowMillis });
    } else if (nowMillis - before.atMillis >= this.maxAgeMillis) {
      return 0;
    }
    return source.audioLevel ?? 0;
  }
}

/** The fields of `RTCStats` that browsers do not all have. */
interface SomeStats {
  readonly type: string;
  readonly kind?: string;
  readonly audioLevel?: number;
  readonly nominated?: boolean;
  readonly currentRoundTripTime?: number;
  readonly roundTripTime?: number;
}

/** The loudness of our own microphone, in [0, 1]; undefined in Firefox, whose statistics do not tell. */
export function sentLevel(report: RTCStatsReport): number | undefined {
  for (const { type, kind, audioLevel } of entriesOf(report)) {
    if (type === 'media-source' && kind === 'audio') return audioLevel;
  }
  return undefined;
}

/** The round trip to the server: of the path, or in Firefox, which does not measure that one, of the server's reports. */
export function roundTripMillis(report: RTCStatsReport): number | undefined {
  let ofReports: number | undefined;
  for (const { type, nominated, currentRoundTripTime, roundTripTime } of entriesOf(report)) {
    if (type === 'candidate-pair' && nominated && currentRoundTripTime !== undefined)
      return currentRoundTripTime * 1000;
    if (type === 'remote-inbound-rtp' && roundTripTime !== undefined) ofReports = roundTripTime * 1000;
  }
  return ofReports;
}

function entriesOf(report: RTCStatsReport): SomeStats[] {
  const all: SomeStats[] = [];
  report.forEach((entry) => all.push(entry as SomeStats));
  return all;
}

function isNamed(thrown: unknown, name: string): boolean {
  return thrown instanceof Error && thrown.name === name;
}

/** Measures a microphone itself, where the statistics do not tell how loud it is. */
export interface LevelMeter {
  /** In [0, 1], as the root of the mean square. */
  level(): number;
  close(): void;
}

/** Undefined where there is no Web Audio. */
export function createLevelMeter(track: MediaStreamTrack): LevelMeter | undefined {
  if (typeof AudioContext === 'undefined') return undefined;
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 1024 });
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return {
    level() {
      analyser.getFloatTimeDomainData(samples);
      return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
    },
    close: () => void context.close(),
  };
}
