/** Above this loudness, in [0, 1], somebody is speaking. */
const SPEAKING_LEVEL = 0.02;
/** A pause between words is not the end of speech. */
const HOLD_MILLIS = 700;
/** Another voice becomes the dominant one only after this much speech: a cough does not take the stage. */
const TAKE_OVER_MILLIS = 1_000;

interface Voice {
  level: number;
  /** Smoothed over about half a second, to compare who is louder. */
  loudness: number;
  heardAtMillis: number;
  speaksSinceMillis: number | undefined;
}

/** Tells from loudness alone who speaks, and whom a spotlight should show. Time comes in. */
export class SpeakerDetector {
  private readonly voices = new Map<string, Voice>();
  private dominant: string | null = null;

  /** The one to show large, or null before anybody spoke. */
  get dominantId(): string | null {
    return this.dominant;
  }

  isSpeaking(id: string): boolean {
    return this.voices.get(id)?.speaksSinceMillis !== undefined;
  }

  /** The newest loudness, in [0, 1]. */
  level(id: string): number {
    return this.voices.get(id)?.level ?? 0;
  }

  /** Takes one measurement of everybody; `eligible` says who can be dominant. True if something visible changed. */
  update(levels: ReadonlyMap<string, number>, eligible: (id: string) => boolean, nowMillis: number): boolean {
    let changed = false;
    for (const id of [...this.voices.keys()]) {
      if (levels.has(id)) continue;
      changed = this.isSpeaking(id) || changed;
      this.voices.delete(id);
      if (this.dominant === id) this.dominant = null;
    }
    for (const [id, level] of levels) changed = this.hear(id, level, nowMillis) || changed;
    const next = this.chooseDominant(eligible, nowMillis);
    changed ||= next !== this.dominant;
    this.dominant = next;
    return changed;
  }

  private hear(id: string, level: number, nowMillis: number): boolean {
    const voice = this.voices.get(id) ?? {
      level: 0,
      loudness: 0,
      heardAtMillis: -Infinity,
      speaksSinceMillis: undefined,
    };
    this.voices.set(id, voice);
    voice.level = level;
    voice.loudness = 0.7 * voice.loudness + 0.3 * level;
    if (level >= SPEAKING_LEVEL) voice.heardAtMillis = nowMillis;
    const speaks = nowMillis - voice.heardAtMillis < HOLD_MILLIS;
    if (speaks === (voice.speaksSinceMillis !== undefined)) return false;
    voice.speaksSinceMillis = speaks ? nowMillis : undefined;
    return true;
  }

  private chooseDominant(eligible: (id: string) => boolean, nowMillis: number): string | null {
    let best: string | null = null;
    for (const [id, voice] of this.voices) {
      if (voice.speaksSinceMillis === undefined || !eligible(id)) continue;
      if (best === null || voice.loudness > (this.voices.get(best)?.loudness ?? 0)) best = id;
    }
    if (best === null || best === this.dominant) return this.dominant;
    const current = this.dominant === null ? undefined : this.voices.get(this.dominant);
    if (current?.speaksSinceMillis === undefined) return best;
    const speaksSince = this.voices.get(best)?.speaksSinceMillis ?? nowMillis;
    return nowMillis - speaksSince >= TAKE_OVER_MILLIS ? best : this.dominant;
  }
}
