import type { Clock } from '../platform.js';
import type { DeviceKind } from './problems.js';

/** Devices that nobody takes are let go after this long; the lights go out. */
const KEPT_MILLIS = 30_000;

/**
 * Devices opened ahead of a session, so that its first frame does not wait for them. They are taken once, or let go.
 */
export class WarmDevices {
  private isTaken = false;
  private readonly cancelTimer: () => void;

  constructor(
    clock: Clock,
    readonly kinds: readonly DeviceKind[],
    private readonly opening: Promise<MediaStream>,
  ) {
    opening.catch(() => undefined); // who takes it hears of it
    this.cancelTimer = clock.after(KEPT_MILLIS, () => this.release());
  }

  /** The wanted tracks; undefined when these are not the devices that were opened, or they could not be. */
  async take(wanted: readonly DeviceKind[]): Promise<MediaStream | undefined> {
    if (this.isTaken || !wanted.every((kind) => this.kinds.includes(kind))) {
      this.release();
      return undefined;
    }
    this.isTaken = true;
    this.cancelTimer();
    try {
      const stream = await this.opening;
      if (!wanted.includes('microphone')) stop(stream.getAudioTracks());
      if (!wanted.includes('camera')) stop(stream.getVideoTracks());
      return stream;
    } catch {
      return undefined;
    }
  }

  release(): void {
    if (this.isTaken) return;
    this.isTaken = true;
    this.cancelTimer();
    this.opening.then(
      (stream) => stop(stream.getTracks()),
      () => undefined,
    );
  }
}

function stop(tracks: readonly MediaStreamTrack[]): void {
  for (const track of tracks) track.stop();
}
