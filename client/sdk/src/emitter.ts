/** Runs code of the app; what it throws is reported to the page and stops nothing of ours. */
export function callSafely(code: () => void): void {
  try {
    code();
  } catch (error) {
    globalThis.reportError(error);
  }
}

/** A small typed emitter: `Events` maps each event's name to its payload. */
export class Emitter<Events extends object> {
  private readonly listeners = new Map<keyof Events, Set<(payload: never) => void>>();

  /** Listens; returns the function that stops it. */
  on<K extends keyof Events>(type: K, listener: (payload: Events[K]) => void): () => void {
    let set = this.listeners.get(type);
    if (!set) this.listeners.set(type, (set = new Set()));
    set.add(listener);
    return () => set.delete(listener);
  }

  /** Calls every listener of `type`, in the order of registration. */
  emit<K extends keyof Events>(type: K, payload: Events[K]): void {
    for (const listener of [...(this.listeners.get(type) ?? [])]) {
      callSafely(() => (listener as (payload: Events[K]) => void)(payload));
    }
  }

  /** Forgets all listeners. */
  clear(): void {
    this.listeners.clear();
  }
}
