import { canShareScreen, choosable, isHeldElsewhere, SCREEN_CONSTRAINTS } from './browsers.js';
import type { KeyValueStore, Platform } from '../platform.js';
import type { MediaPlatform } from './media-platform.js';
import { deviceError, namedError, type DeviceKind } from './problems.js';
import type { CometChatException } from '../errors.js';
import type { TrackSource } from './view.js';
import { WarmDevices } from './warm-devices.js';

const DEVICE_KINDS = { microphone: 'audioinput', camera: 'videoinput' } as const;
const CHOICE_KEY = 'belfry.devices';

interface DeviceChoice {
  microphone: string;
  camera: string;
  speaker: string;
}

/** What opening devices gave. */
export interface Opened {
  tracks: Partial<Record<DeviceKind, MediaStreamTrack>>;
  errors: Partial<Record<DeviceKind, CometChatException>>;
}

/**
 * The local devices and the tracks taken from them: the one place that opens and stops a microphone, a camera or a screen.
 */
export class LocalMedia {
  private readonly tracks = new Map<TrackSource, MediaStreamTrack>();
  private readonly choice: DeviceChoice;
  private devices: MediaDeviceInfo[] = [];
  private isClosed = false;
  private readonly onDeviceChange = () => void this.refreshDevices();

  constructor(
    private readonly media: MediaPlatform,
    private readonly store: KeyValueStore,
    private readonly onDevices: () => void,
    /** A track ended by itself: the device was pulled, or "stop sharing" was pressed in the browser's own bar. */
    private readonly onTrackEnded: (source: TrackSource) => void,
    /** Another microphone is the browser's default, and the default is what is used. */
    private readonly onDefaultChanged: () => void,
    /** Devices that were opened ahead. */
    private warm: WarmDevices | undefined,
  ) {
    this.choice = readChoice(store);
    media.mediaDevices?.addEventListener('devicechange', this.onDeviceChange);
    void this.refreshDevices();
  }

  track(source: TrackSource): MediaStreamTrack | undefined {
    return this.tracks.get(source);
  }

  /** The chosen device, or `""` for the browser's default. */
  chosen(device: keyof DeviceChoice): string {
    return this.choice[device];
  }

  /** The loudspeaker to play on: the chosen one while it is there, else the browser's default. */
  get speaker(): string {
    const { speaker } = this.choice;
    return this.devices.some(({ kind, deviceId }) => kind === 'audiooutput' && deviceId === speaker) ? speaker : '';
  }

  choose(device: keyof DeviceChoice, deviceId: string): void {
    this.choice[device] = deviceId;
    this.store.setItem(CHOICE_KEY, JSON.stringify(this.choice));
  }

  devicesOf(kind: MediaDeviceKind): MediaDeviceInfo[] {
    return choosable(this.devices, this.media.canChooseOutput).filter((device) => device.kind === kind);
  }

  get canShareScreen(): boolean {
    return canShareScreen(this.media.mediaDevices);
  }

  /**
   * Opens the wanted devices with one prompt. When they cannot be had together, each is tried alone, so that a missing camera
   * does not cost the microphone.
   */
  async open(wanted: readonly DeviceKind[]): Promise<Opened> {
    const opened: Opened = { tracks: {}, errors: {} };
    if (wanted.length === 0) return opened;
    const warm = await this.takeWarm(wanted);
    if (warm) {
      this.take(opened, wanted, warm);
      return opened;
    }
    try {
      this.take(opened, wanted, await this.getUserMediaAgain(wanted));
    } catch (thrown) {
      if (wanted.length === 1) {
        for (const device of wanted) opened.errors[device] = deviceError(device, thrown);
      } else {
        for (const device of wanted) {
          const alone = await this.open([device]);
          Object.assign(opened.tracks, alone.tracks);
          Object.assign(opened.errors, alone.errors);
        }
      }
    }
    return opened;
  }

  /** Lets the person choose a screen. Rejects as the browser does. */
  async openScreen(): Promise<{ screen: MediaStreamTrack; screenAudio: MediaStreamTrack | undefined }> {
    if (!this.media.mediaDevices) throw namedError('InsecureContextError', 'no mediaDevices');
    const stream = await this.media.mediaDevices.getDisplayMedia(SCREEN_CONSTRAINTS);
    const [screen] = stream.getVideoTracks();
    const [screenAudio] = stream.getAudioTracks();
    if (!screen || this.isClosed) {
      for (const track of stream.getTracks()) track.stop();
      throw new Error('the screen has no picture');
    }
    screen.contentHint = 'detail'; // text stays sharp, the frame rate gives
    this.hold('screen', screen);
    if (screenAudio) this.hold('screenAudio', screenAudio);
    return { screen, screenAudio };
  }

  /** Stops a source's track; its light goes out. */
  stop(source: TrackSource): void {
    const track = this.tracks.get(source);
    this.tracks.delete(source);
    if (track) {
      track.onended = null;
      track.stop();
    }
  }

  close(): void {
    this.isClosed = true;
    this.warm?.release();
    this.media.mediaDevices?.removeEventListener('devicechange', this.onDeviceChange);
    for (const source of [...this.tracks.keys()]) this.stop(source);
  }

  private async takeWarm(wanted: readonly DeviceKind[]): Promise<MediaStream | undefined> {
    const { warm } = this;
    this.warm = undefined;
    return warm?.take(wanted);
  }

  /** Lets go of what is held of the wanted, and tries again, where the browser opens one at a time. */
  private async getUserMediaAgain(wanted: readonly DeviceKind[]): Promise<MediaStream> {
    try {
      return await this.getUserMedia(wanted);
    } catch (thrown) {
      const held = wanted.filter((device) => this.tracks.has(device));
      if (held.length === 0 || !isHeldElsewhere(thrown)) throw thrown;
      for (const device of held) this.stop(device);
      return this.getUserMedia(wanted);
    }
  }

  private async getUserMedia(wanted: readonly DeviceKind[]): Promise<MediaStream> {
    if (!this.media.mediaDevices) throw namedError('InsecureContextError', 'no mediaDevices');
    const device = (kind: DeviceKind) => {
      const id = this.choice[kind];
      // A remembered device may be unplugged: then any other is better than none.
      return this.devices.some((known) => known.kind === DEVICE_KINDS[kind] && known.deviceId === id)
        ? { exact: id }
        : id;
    };
    return this.media.mediaDevices.getUserMedia(constraintsOf(wanted, this.choice, device));
  }

  private take(opened: Opened, wanted: readonly DeviceKind[], stream: MediaStream): void {
    for (const kind of wanted) {
      const [track] = kind === 'microphone' ? stream.getAudioTracks() : stream.getVideoTracks();
      if (!track) continue;
      if (this.isClosed) {
        track.stop(); // the call ended while the prompt was open
        continue;
      }
      this.hold(kind, track);
      opened.tracks[kind] = track;
    }
    void this.refreshDevices(); // labels are told once permission is given
  }

  private hold(source: TrackSource, track: MediaStreamTrack): void {
    this.stop(source);
    this.tracks.set(source, track);
    track.onended = () => {
      this.tracks.delete(source);
      this.onTrackEnded(source);
    };
  }

  private async refreshDevices(): Promise<void> {
    const before = this.defaultMicrophone;
    try {
      this.devices = (await this.media.mediaDevices?.enumerateDevices()) ?? [];
    } catch {
      this.devices = []; // some browsers refuse before permission
    }
    if (this.isClosed) return;
    this.onDevices();
    const now = this.defaultMicrophone;
    if (before && now && before !== now && this.choice.microphone === '') this.onDefaultChanged();
  }

  /** What stands behind the browser's default, where it tells: a track stays with the device that it was opened on. */
  private get defaultMicrophone(): string {
    return this.devices.find(({ kind, deviceId }) => kind === 'audioinput' && deviceId === 'default')?.label ?? '';
  }
}

function readChoice(store: KeyValueStore): DeviceChoice {
  const choice = { microphone: '', camera: '', speaker: '' };
  try {
    const kept = JSON.parse(store.getItem(CHOICE_KEY) ?? '{}') as Partial<Record<keyof DeviceChoice, unknown>>;
    for (const key of ['microphone', 'camera', 'speaker'] as const) {
      if (typeof kept[key] === 'string') choice[key] = kept[key];
    }
  } catch {
    // A choice that cannot be read is no choice.
  }
  return choice;
}

function constraintsOf(
  wanted: readonly DeviceKind[],
  choice: DeviceChoice,
  device: (kind: DeviceKind) => ConstrainDOMString,
): MediaStreamConstraints {
  return {
    audio: wanted.includes('microphone') && {
      echoCancellation: true,
      noiseSuppression: true,
      autoGainControl: true,
      ...(choice.microphone ? { deviceId: device('microphone') } : {}),
    },
    video: wanted.includes('camera') && {
      width: { ideal: 1280 },
      height: { ideal: 720 },
      frameRate: { ideal: 30, max: 30 },
      ...(choice.camera ? { deviceId: device('camera') } : {}),
    },
  };
}

/** Opens the chosen devices ahead of a session. */
export function warmDevices(media: MediaPlatform, platform: Platform, wanted: readonly DeviceKind[]): WarmDevices {
  const choice = readChoice(platform.localStore);
  const constraints = constraintsOf(wanted, choice, (kind) => choice[kind]);
  const opening = media.mediaDevices
    ? media.mediaDevices.getUserMedia(constraints)
    : Promise.reject(namedError('InsecureContextError', 'no mediaDevices'));
  return new WarmDevices(platform.clock, wanted, opening);
}
