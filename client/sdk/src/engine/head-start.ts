import type { Clock, OpenSocket, RawSocket, SocketHandlers } from '../platform.js';
import type { SendingConnection } from './publisher.js';
import type { WarmDevices } from './warm-devices.js';

/** A connection that no session takes is let go after this long: longer than most calls ring. */
const KEPT_MILLIS = 60_000;

/** What was done ahead of a session, so that its first frame does not wait for it. Each part may be absent. */
export interface HeadStart {
  readonly devices?: WarmDevices | undefined;
  readonly connection?: EarlyConnection | undefined;
  readonly socket?: EarlySocket | undefined;
}

/** The sending peer connection with its first offer, made before there is a session. Taken once, or let go. */
export class EarlyConnection {
  private isTaken = false;
  private readonly cancelTimer: () => void;

  constructor(
    clock: Clock,
    readonly isAudioOnly: boolean,
    private readonly peerConnection: RTCPeerConnection,
    private readonly offering: Promise<SendingConnection>,
  ) {
    offering.catch(() => this.release());
    this.cancelTimer = clock.after(KEPT_MILLIS, () => this.release());
  }

  get isGone(): boolean {
    return this.isTaken;
  }

  /** Undefined when it has no place for what is wanted, or was taken. */
  take(isAudioOnly: boolean): Promise<SendingConnection> | undefined {
    if (this.isTaken || isAudioOnly !== this.isAudioOnly) {
      this.release();
      return undefined;
    }
    this.isTaken = true;
    this.cancelTimer();
    return this.offering;
  }

  release(): void {
    if (this.isTaken) return;
    this.isTaken = true;
    this.cancelTimer();
    this.peerConnection.close();
  }
}

const NOBODY: SocketHandlers = { onOpen: () => undefined, onText: () => undefined, onClose: () => undefined };

/** A session socket that connects before it is known which session it is for. Taken once, or closed. */
export class EarlySocket {
  private readonly raw: RawSocket;
  private handlers = NOBODY;
  private isOpen = false;
  private isTaken = false;

  constructor(
    openSocket: OpenSocket,
    private readonly url: string,
  ) {
    this.raw = openSocket(url, {
      onOpen: () => {
        this.isOpen = true;
        this.handlers.onOpen();
      },
      onText: (text) => this.handlers.onText(text),
      onClose: (code, reason) => {
        this.isTaken = true; // broken before anybody came: it is no use
        this.handlers.onClose(code, reason);
      },
    });
  }

  /** The socket for its new owner; undefined when it leads elsewhere, broke, or was taken. */
  take(url: string, handlers: SocketHandlers): RawSocket | undefined {
    if (this.isTaken || url !== this.url) {
      this.release();
      return undefined;
    }
    this.isTaken = true;
    this.handlers = handlers;
    if (this.isOpen) queueMicrotask(() => handlers.onOpen());
    return this.raw;
  }

  release(): void {
    if (this.isTaken) return;
    this.isTaken = true;
    this.raw.close(1000, 'not needed');
  }
}
