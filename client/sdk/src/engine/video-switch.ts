import type { Clock } from '../platform.js';
import type { ParticipantJson } from '../transport/wire.js';
import type { VideoRequestView } from './view.js';

const ASK = 'video.ask';
const ACCEPT = 'video.accept';
const DECLINE = 'video.decline';

/** A question that nobody answers is forgotten after this long. */
const QUESTION_MILLIS = 30_000;

export interface VideoSwitchOptions {
  readonly clock: Clock;
  readonly send: (topic: string, to?: string) => Promise<unknown>;
  readonly isVideo: () => boolean;
  /** Both sides agree: from now on the call has pictures here. */
  readonly onAgreed: (initiator: ParticipantJson | undefined, responder: ParticipantJson | undefined) => void;
  readonly onDeclined: (by: ParticipantJson) => void;
  readonly onChange: () => void;
}

/**
 * Turns an audio call into a video call, with the consent of each side: one asks, the other agrees or does not. Nobody's camera
 * opens before its person said yes.
 */
export class VideoSwitch {
  private asker: ParticipantJson | undefined;
  private isAsking = false;
  private cancelTimer: () => void = () => undefined;

  constructor(private readonly options: VideoSwitchOptions) {}

  get request(): VideoRequestView | null {
    return this.asker ? { participantId: this.asker.id, name: this.asker.name } : null;
  }

  get isRequested(): boolean {
    return this.isAsking;
  }

  /** Asks the others. */
  async ask(): Promise<void> {
    if (this.isAsking || this.options.isVideo()) return;
    this.isAsking = true;
    this.forgetLater();
    this.options.onChange();
    try {
      await this.options.send(ASK);
    } catch (thrown) {
      this.forget();
      throw thrown;
    }
  }

  /** Answers the question that is open, if there is one. */
  async answer(accept: boolean): Promise<void> {
    const { asker } = this;
    if (!asker) return;
    this.forget();
    if (accept) this.options.onAgreed(asker, undefined);
    await this.options.send(accept ? ACCEPT : DECLINE, asker.id);
  }

  onMessage(from: ParticipantJson, topic: string): void {
    if (topic === ASK) {
      if (this.options.isVideo()) void this.options.send(ACCEPT, from.id).catch(() => undefined);
      else if (this.isAsking)
        this.agree(from); // both asked at once: both want it
      else {
        this.asker = from;
        this.forgetLater();
      }
    } else if (this.isAsking && topic === ACCEPT) {
      this.agree(from);
    } else if (this.isAsking && topic === DECLINE) {
      this.forget();
      this.options.onDeclined(from);
    }
    this.options.onChange();
  }

  /** Somebody left: their question goes with them. */
  onLeft(participantId: string): void {
    if (this.asker?.id === participantId) this.forget();
  }

  stop(): void {
    this.cancelTimer();
  }

  private agree(responder: ParticipantJson): void {
    this.forget();
    this.options.onAgreed(undefined, responder);
  }

  private forgetLater(): void {
    this.cancelTimer();
    this.cancelTimer = this.options.clock.after(QUESTION_MILLIS, () => this.forget());
  }

  private forget(): void {
    this.cancelTimer();
    this.asker = undefined;
    this.isAsking = false;
    this.options.onChange();
  }
}
