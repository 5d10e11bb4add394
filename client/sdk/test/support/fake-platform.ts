import type { KeyValueStore, Platform } from '../../src/platform.js';
import { FakeServer } from './fake-server.js';
import { ManualClock } from './manual-clock.js';

export function memoryStore(): KeyValueStore & { values: Map<string, string> } {
  const values = new Map<string, string>();
  return {
    values,
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
}

export interface RestRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: unknown;
}

type RestScript = (request: RestRequest) => { status?: number; data?: unknown; error?: object };

/** A browser without a network: REST and sockets are scripted, time stands still. */
export class FakePlatform implements Platform {
  readonly clock = new ManualClock();
  readonly server = new FakeServer();
  readonly openSocket = this.server.openSocket;
  readonly localStore = memoryStore();
  tabStore = memoryStore();
  readonly origin = 'https://calls.example.org';
  readonly requests: (RestRequest & { url: string })[] = [];
  readonly rest = new Map<string, RestScript>();
  readonly claimed = new Set<string>();
  online = true;
  private readonly onlineListeners = new Set<() => void>();

  readonly fetch: typeof fetch = (input, init) => {
    const url = new URL(input as string);
    const method = init?.method ?? 'GET';
    const path = url.pathname + url.search;
    const body: unknown = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined;
    const request = { method, path, headers: init?.headers as Record<string, string>, body };
    this.requests.push({ ...request, url: url.href });
    const script = this.rest.get(`${method} ${path}`) ?? this.rest.get(`${method} ${url.pathname}`);
    if (!script) return Promise.reject(new TypeError(`no route to ${method} ${path}`));
    const { status = 200, ...answer } = script(request);
    return Promise.resolve(new Response(JSON.stringify(answer), { status }));
  };

  isOnline(): boolean {
    return this.online;
  }

  onOnline(listener: () => void): () => void {
    this.onlineListeners.add(listener);
    return () => this.onlineListeners.delete(listener);
  }

  comeOnline(): void {
    for (const listener of [...this.onlineListeners]) listener();
  }

  get onlineListenerCount(): number {
    return this.onlineListeners.size;
  }

  claim(name: string): Promise<boolean> {
    if (this.claimed.has(name)) return Promise.resolve(false);
    this.claimed.add(name);
    return Promise.resolve(true);
  }

  private nextHex = 0;
  randomHex(digits: number): string {
    return (++this.nextHex).toString(16).padStart(digits, '0');
  }
}
