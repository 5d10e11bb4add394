import type { Clock } from '../platform.js';
import type { JoinGrantJson } from '../transport/wire.js';

/** Long enough to join after accepting; a later joiner asks anew. */
const GOOD_FOR_MILLIS = 30_000;

/** The right to join that came with a call's acceptance, which saves asking for it. Taken once. */
export class JoinGrants {
  private kept: { readonly grant: JoinGrantJson; readonly atMillis: number } | undefined;

  constructor(private readonly clock: Clock) {}

  /** Of the one call that this device can be in; an older server gives none. */
  keep(grant: JoinGrantJson | undefined): void {
    this.kept = grant && { grant, atMillis: this.clock.nowMillis() };
  }

  take(sessionId: string): JoinGrantJson | undefined {
    const { kept } = this;
    if (kept?.grant.sessionId !== sessionId) return undefined;
    this.kept = undefined;
    return this.clock.nowMillis() - kept.atMillis < GOOD_FOR_MILLIS ? kept.grant : undefined;
  }

  clear(): void {
    this.kept = undefined;
  }
}
