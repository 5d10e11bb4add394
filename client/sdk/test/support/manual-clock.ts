import type { Clock } from '../../src/platform.js';

interface Timer {
  dueMillis: number;
  code: () => void;
}

/** Lets everything that waits for promises go on. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** A clock that stands until a test moves it. */
export class ManualClock implements Clock {
  /** What `random` gives: 1 makes every back-off its longest. */
  chance = 1;
  private now = 1_000_000;
  private timers: Timer[] = [];

  nowMillis(): number {
    return this.now;
  }

  random(): number {
    return this.chance;
  }

  after(delayMillis: number, code: () => void): () => void {
    const timer = { dueMillis: this.now + Math.max(0, delayMillis), code };
    this.timers.push(timer);
    return () => (this.timers = this.timers.filter((one) => one !== timer));
  }

  /** Timers that are still to come. */
  get pending(): number {
    return this.timers.length;
  }

  /** Moves on, running what is due in order, with promises settled after each. */
  async advance(millis: number): Promise<void> {
    const end = this.now + millis;
    for (;;) {
      const next = this.timers.filter(({ dueMillis }) => dueMillis <= end).sort((a, b) => a.dueMillis - b.dueMillis)[0];
      if (!next) break;
      this.timers = this.timers.filter((one) => one !== next);
      this.now = next.dueMillis;
      next.code();
      await settle();
    }
    this.now = end;
    await settle();
  }
}
