/** Time and chance, as arguments, so that a test steps through minutes at once. */
export interface Clock {
  /** Milliseconds; only differences mean anything. */
  nowMillis(): number;
  /** Runs `code` once after the delay. Returns the function that calls it off. */
  after(delayMillis: number, code: () => void): () => void;
  /** In [0, 1). */
  random(): number;
}

/** What the owner of a raw socket hears. After `onClose` nothing more comes. */
export interface SocketHandlers {
  onOpen(): void;
  onText(text: string): void;
  onClose(code: number, reason: string): void;
}

/** A WebSocket, or a test's double. */
export interface RawSocket {
  send(text: string): void;
  close(code: number, reason: string): void;
}

export type OpenSocket = (url: string, handlers: SocketHandlers) => RawSocket;

/** The part of `Storage` that is used. */
export type KeyValueStore = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Everything the SDK takes from its surroundings outside of media. */
export interface Platform {
  readonly clock: Clock;
  readonly openSocket: OpenSocket;
  readonly fetch: typeof fetch;
  /** Shared by all tabs of the browser. */
  readonly localStore: KeyValueStore;
  /** Of this tab; survives a reload. */
  readonly tabStore: KeyValueStore;
  /** Where the page came from, e.g. `https://calls.example.org`; the server's address unless the app says another. */
  readonly origin: string;
  isOnline(): boolean;
  /** Tells when the network came back, or the page woke and cannot know. Returns the function that stops it. */
  onOnline(listener: () => void): () => void;
  /**
   * Takes a name that only one tab can have at a time, for as long as this page lives. True where tabs cannot be told
   * apart.
   */
  claim(name: string): Promise<boolean>;
  /** Cryptographically random hexadecimal digits. */
  randomHex(digits: number): string;
}

const browserClock: Clock = {
  nowMillis: () => performance.now(),
  after(delayMillis, code) {
    const timer = setTimeout(code, delayMillis);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};

function openWebSocket(url: string, handlers: SocketHandlers): RawSocket {
  const socket = new WebSocket(url);
  socket.onopen = () => handlers.onOpen();
  socket.onmessage = (event: MessageEvent<unknown>) => {
    if (typeof event.data === 'string') handlers.onText(event.data);
  };
  socket.onclose = (event) => handlers.onClose(event.code, event.reason);
  return socket;
}

/** Keeps values for the life of the page, where the browser forbids storage. */
function memoryStore(): KeyValueStore {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
}

/** Reading `localStorage` throws where cookies are blocked. */
function storeOrMemory(read: () => Storage): KeyValueStore {
  try {
    return read();
  } catch {
    return memoryStore();
  }
}

async function claimLock(name: string): Promise<boolean> {
  const locks = (navigator as Partial<Navigator>).locks; // absent outside secure contexts
  if (!locks) return true;
  return new Promise((resolve) => {
    void locks.request(name, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock ? new Promise(() => undefined) : undefined; // held until the page is gone
    });
  });
}

function randomHex(digits: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(Math.ceil(digits / 2)));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .slice(0, digits);
}

/** The browser this runs in. */
export function browserPlatform(): Platform {
  return {
    clock: browserClock,
    openSocket: openWebSocket,
    fetch: (input, init) => fetch(input, init),
    localStore: storeOrMemory(() => localStorage),
    tabStore: storeOrMemory(() => sessionStorage),
    origin: location.origin,
    isOnline: () => navigator.onLine,
    onOnline(listener) {
      addEventListener('online', listener);
      document.addEventListener('resume', listener); // a page that the browser had frozen (Chromium)
      return () => {
        removeEventListener('online', listener);
        document.removeEventListener('resume', listener);
      };
    },
    claim: claimLock,
    randomHex,
  };
}
