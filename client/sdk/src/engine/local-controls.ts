import { asException, CometChatException } from '../errors.js';
import type { ParticipantJson } from '../transport/wire.js';
import type { LocalMedia } from './local-media.js';
import { deviceError, namedError, screenError, type DeviceKind } from './problems.js';
import type { Publisher } from './publisher.js';
import type { TrackSource } from './view.js';

export interface LocalControlsOptions {
  readonly isAudioOnly: boolean;
  readonly isAudioMuted: boolean;
  readonly isVideoMuted: boolean;
  /** Where what is opened is sent, if it is there yet. */
  readonly publisher: () => Publisher | undefined;
  readonly isEnded: () => boolean;
  /** The mute state changed; `by` is the host who wanted it. */
  readonly tellMuted: (by?: string) => void;
  readonly onScreen: (isShared: boolean) => void;
  /** Problems whose code begins so are over. */
  readonly onCured: (codePrefix: string) => void;
  readonly report: (problem: CometChatException) => void;
  readonly onChange: () => void;
}

const DEVICE_OF: Partial<Record<TrackSource, DeviceKind>> = { microphone: 'microphone', camera: 'camera' };

/** What the person does with microphone, camera and screen, and what becomes of them: one change at a time. */
export class LocalControls {
  isAudioMuted: boolean;
  isVideoMuted: boolean;
  isAudioOnly: boolean;
  private isChoosingScreen = false;
  /** One change at a time, in the order they were asked for. */
  private queue: Promise<void> = Promise.resolve();

  constructor(
    private readonly local: LocalMedia,
    private readonly options: LocalControlsOptions,
  ) {
    this.isAudioMuted = options.isAudioMuted;
    this.isAudioOnly = options.isAudioOnly;
    this.isVideoMuted = options.isVideoMuted || options.isAudioOnly;
  }

  setAudioMuted(muted: boolean): Promise<void> {
    return this.change(async () => {
      if (muted === this.isAudioMuted) return;
      const held = this.local.track('microphone');
      if (held) held.enabled = !muted;
      else if (!muted && !(await this.openAndSend('microphone'))) return;
      this.isAudioMuted = muted;
      this.options.tellMuted();
    });
  }

  setVideoMuted(muted: boolean): Promise<void> {
    return this.change(async () => {
      if (muted === this.isVideoMuted || this.isAudioOnly) return;
      if (muted) {
        this.local.stop('camera');
        await this.options.publisher()?.replace('camera', null);
      } else if (!(await this.openAndSend('camera'))) {
        return;
      }
      this.isVideoMuted = muted;
      this.options.tellMuted();
    });
  }

  /** The screen is asked for at once: a browser wants that to come straight from a press. */
  startScreenShare(): Promise<void> {
    if (this.local.track('screen') || this.isChoosingScreen) return Promise.resolve();
    this.isChoosingScreen = true;
    const choosing = this.local.openScreen().finally(() => (this.isChoosingScreen = false));
    choosing.catch(() => undefined); // told below
    return this.change(async () => {
      try {
        const { screen, screenAudio } = await choosing;
        await this.options.publisher()?.add('screen', screen);
        if (screenAudio) await this.options.publisher()?.add('screenAudio', screenAudio);
      } catch (thrown) {
        const error = screenError(thrown);
        if (error) this.options.report(error);
        return;
      }
      void this.options.publisher()?.negotiate();
      this.options.onScreen(true);
    });
  }

  stopScreenShare(): Promise<void> {
    return this.change(() => this.withdrawScreen());
  }

  /** Another device of a kind; `""` is the browser's default. */
  choose(device: DeviceKind, deviceId: string): Promise<void> {
    this.local.choose(device, deviceId);
    return this.change(() => this.reopen(device, device === 'microphone' ? this.isAudioMuted : this.isVideoMuted));
  }

  /** The browser's default is another device now. */
  followDefault(device: DeviceKind): Promise<void> {
    return this.change(async () => {
      if (this.local.track(device))
        await this.reopen(device, device === 'microphone' ? this.isAudioMuted : this.isVideoMuted);
    });
  }

  /** The audio call is a video call from now on. */
  async becomeVideo(): Promise<void> {
    this.isAudioOnly = false;
    await this.change(async () => {
      await this.options.publisher()?.add('camera', null);
      if (await this.openAndSend('camera')) this.isVideoMuted = false;
      void this.options.publisher()?.negotiate();
      this.options.tellMuted();
    });
  }

  /** Opens what the call begins with. */
  start(): Promise<void> {
    return this.change(() => this.openInitialDevices());
  }

  /** Runs one change after the other; what a change throws is told as a problem. */
  private change(change: () => Promise<void>): Promise<void> {
    this.queue = this.queue
      .then(async () => {
        if (!this.options.isEnded()) await change();
      })
      .catch((thrown: unknown) => this.options.report(asException(thrown)))
      .then(() => this.options.onChange());
    return this.queue;
  }

  private async openInitialDevices(): Promise<void> {
    const wanted: DeviceKind[] = [];
    if (!this.isAudioMuted) wanted.push('microphone');
    if (!this.isVideoMuted) wanted.push('camera');
    const { tracks, errors } = await this.local.open(wanted);
    for (const device of wanted) {
      const track = tracks[device];
      if (track) await this.options.publisher()?.replace(device, track);
    }
    if (errors.microphone) this.isAudioMuted = true;
    if (errors.camera) this.isVideoMuted = true;
    for (const error of Object.values(errors)) this.options.report(error);
    if (Object.keys(errors).length > 0) this.options.tellMuted();
  }

  /** True when the device is open and its track is on its way. */
  private async openAndSend(device: DeviceKind): Promise<boolean> {
    const { tracks, errors } = await this.local.open([device]);
    const error = errors[device];
    if (error) this.options.report(error);
    const track = tracks[device];
    if (!track) return false;
    this.options.onCured(`ERR_${device.toUpperCase()}_`);
    await this.options.publisher()?.replace(device, track);
    return true;
  }

  private async reopen(device: DeviceKind, isMuted: boolean): Promise<void> {
    if (isMuted) {
      this.local.stop(device); // the next unmute opens the chosen one
      await this.options.publisher()?.replace(device, null);
    } else if (!(await this.openAndSend(device))) {
      await this.muteLost(device);
    }
  }

  /** A track ended by itself. */
  async onTrackEnded(source: TrackSource): Promise<void> {
    const device = DEVICE_OF[source];
    if (!device) return this.stopScreenShare();
    await this.change(async () => {
      this.local.choose(device, '');
      const isMuted = device === 'microphone' ? this.isAudioMuted : this.isVideoMuted;
      if (isMuted) return;
      const { tracks } = await this.local.open([device]); // another one may be there
      const track = tracks[device] ?? null;
      await this.options.publisher()?.replace(device, track);
      if (track) return;
      this.options.report(deviceError(device, namedError('DeviceLostError', `the ${device}'s track ended`)));
      await this.muteLost(device);
    });
  }

  private async muteLost(device: DeviceKind): Promise<void> {
    await this.options.publisher()?.replace(device, null);
    if (device === 'microphone') this.isAudioMuted = true;
    else this.isVideoMuted = true;
    this.options.tellMuted();
  }

  private async withdrawScreen(): Promise<void> {
    const isPublished = this.options.publisher()?.isActive('screen') ?? false;
    this.local.stop('screen');
    this.local.stop('screenAudio');
    if (!isPublished) return;
    await this.options.publisher()?.withdraw('screen');
    await this.options.publisher()?.withdraw('screenAudio');
    void this.options.publisher()?.negotiate();
    this.options.onScreen(false);
  }

  /** The host asked for it. Only ever mutes. */
  obeyHost(by: ParticipantJson, mutesAudio: boolean, mutesVideo: boolean): Promise<void> {
    return this.change(async () => {
      const isObeyed = (mutesAudio && !this.isAudioMuted) || (mutesVideo && !this.isVideoMuted);
      if (!isObeyed) return;
      if (mutesAudio) {
        const held = this.local.track('microphone');
        if (held) held.enabled = false;
        this.isAudioMuted = true;
      }
      if (mutesVideo) {
        this.local.stop('camera');
        await this.options.publisher()?.replace('camera', null);
        this.isVideoMuted = true;
      }
      this.options.report(new CometChatException({ code: 'MUTED_BY_HOST', message: `${by.name} muted you.` }));
      this.options.tellMuted(by.id);
    });
  }
}
