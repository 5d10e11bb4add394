import type { Clock } from '../platform.js';

/** Ends a session in which somebody stays alone, after asking whether they are still there. */
export class IdleTimer {
  private cancel: () => void = () => undefined;
  private secondsLeft: number | null = null;
  private isAlone = false;

  constructor(
    private readonly clock: Clock,
    private readonly timeoutSeconds: number,
    /** The person is asked this long before the session ends. */
    private readonly longestPromptSeconds: number,
    private readonly onChange: () => void,
    private readonly onTimeout: () => void,
  ) {}

  /** Seconds left while the question is open, else null. */
  get promptSecondsLeft(): number | null {
    return this.secondsLeft;
  }

  setAlone(isAlone: boolean): void {
    if (isAlone === this.isAlone) return;
    this.isAlone = isAlone;
    this.restart();
  }

  /** The person is there: counts from the beginning. */
  restart(): void {
    this.stop();
    if (!this.isAlone || this.timeoutSeconds <= 0) return;
    const promptSeconds = Math.min(this.longestPromptSeconds, this.timeoutSeconds);
    this.cancel = this.clock.after((this.timeoutSeconds - promptSeconds) * 1000, () => this.count(promptSeconds));
  }

  stop(): void {
    this.cancel();
    this.setSecondsLeft(null);
  }

  private count(secondsLeft: number): void {
    this.setSecondsLeft(secondsLeft);
    if (secondsLeft === 0) this.onTimeout();
    else this.cancel = this.clock.after(1000, () => this.count(secondsLeft - 1));
  }

  private setSecondsLeft(secondsLeft: number | null): void {
    if (secondsLeft === this.secondsLeft) return;
    this.secondsLeft = secondsLeft;
    this.onChange();
  }
}
