import { CometChatException, clientError, type ErrorModel } from '../errors.js';
import { callSafely } from '../emitter.js';
import type { Clock, OpenSocket, RawSocket } from '../platform.js';
import { CLOSE, type ServerFrame } from './wire.js';

/** `waiting`: broken, and the next attempt is due in a moment. `closed`: for good. */
export type SocketState = 'idle' | 'connecting' | 'open' | 'waiting' | 'closed';

/** Why a socket is closed for good. */
export interface FinalClose {
  /** The WebSocket close code, or 0 when the greeting was refused or the owner closed it. */
  code: number;
  reason: string;
  /** The server's refusal of the greeting. */
  error?: CometChatException;
}

/** The first request of a connection. */
export interface Greeting {
  type: string;
  fields: object;
}

/** What the greeting's answer says to the socket itself. */
export interface Greeted {
  heartbeatSeconds: number;
  /** False when the server knows nothing of earlier events: their numbering begins anew. */
  eventsContinue: boolean;
}

export interface JsonSocketOptions {
  readonly clock: Clock;
  readonly openSocket: OpenSocket;
  /** Asked before each attempt. */
  readonly url: () => string;
  /** The first request of each connection; `lastSeq` is the last event handled, absent before the first. */
  readonly greeting: (lastSeq: number | undefined) => Greeting | Promise<Greeting>;
  /** The greeting was answered; called before the socket is open for requests. */
  readonly onGreeted: (answer: unknown) => Greeted;
  readonly onEvent: (type: string, data: unknown) => void;
  readonly onState: (state: SocketState, final: FinalClose | undefined) => void;
  /** Whether a refused greeting leaves no hope for another attempt. */
  readonly isFinalRefusal: (error: CometChatException) => boolean;
  readonly times?: Partial<SocketTimes>;
}

/** Milliseconds, except the ratios. */
export interface SocketTimes {
  /** From opening to the greeting's answer. */
  connectTimeoutMillis: number;
  requestTimeoutMillis: number;
  /** Delay of the first attempt to come back; doubles with each, up to the longest. */
  backOffFirstMillis: number;
  backOffLongestMillis: number;
  /** How long an answer to a ping may take after the network came back. */
  probeTimeoutMillis: number;
}

const DEFAULT_TIMES: SocketTimes = {
  connectTimeoutMillis: 10_000,
  requestTimeoutMillis: 10_000,
  backOffFirstMillis: 300,
  backOffLongestMillis: 15_000,
  probeTimeoutMillis: 3_000,
};

/** Heart-beats in a row without any word from the server after which the socket is dead (protocol §1). */
const SILENT_INTERVALS_MAX = 2.5;
/** The close code towards a server that is given up; browsers allow 1000 and 3000 to 4999. */
const CLOSE_ABANDONED = 4000;

interface Pending {
  resolve: (data: unknown) => void;
  reject: (error: CometChatException) => void;
  cancelTimer: () => void;
  /** Set once it is on the wire; until then it waits for the connection. */
  sent: boolean;
  frame: { id: number; type: string };
}

/**
 * One JSON WebSocket (protocol §1) that stays: requests with ids and time-outs, events in order and acknowledged, a
 * heart-beat, and reconnection with back-off, jitter and a fresh greeting. Knows no message by name but `ping`.
 */
export class JsonSocket {
  private readonly times: SocketTimes;
  private state: SocketState = 'idle';
  private raw: RawSocket | undefined;
  /** Grows with each raw socket, so that a late word of an old one is not heard. */
  private generation = 0;
  private nextId = 1;
  private greetingId = 0;
  private readonly pending = new Map<number, Pending>();
  private lastSeq: number | undefined;
  private attempts = 0;
  private lastHeardMillis = 0;
  /** The ping that asks whether the connection survived; 0 when none does. */
  private probeId = 0;
  private pingsUnanswered = 0;
  private heartbeatMillis = 0;
  private cancelTimer: () => void = () => undefined;
  private cancelHeartbeat: () => void = () => undefined;

  constructor(private readonly options: JsonSocketOptions) {
    this.times = { ...DEFAULT_TIMES, ...options.times };
  }

  get currentState(): SocketState {
    return this.state;
  }

  /** Connects, unless it is connected or on its way. */
  open(): void {
    if (this.state === 'idle' || this.state === 'waiting') this.connect();
  }

  /** Closes for good; requests under way are refused. */
  close(code: number = CLOSE.DONE, reason = ''): void {
    this.finish({ code: 0, reason: reason || 'closed here' }, code);
  }

  /**
   * Sends a request and gives the `data` of its answer. Without a connection it waits for one, within the same
   * time-out. A request whose connection broke is refused: whether the server acted on it is not known.
   */
  request(type: string, fields: object = {}, timeoutMillis = this.times.requestTimeoutMillis): Promise<unknown> {
    if (this.state === 'closed') return Promise.reject(clientError('WS_CONNECTION_FAIL'));
    return new Promise((resolve, reject) => {
      const id = this.nextId++;
      const cancelTimer = this.options.clock.after(timeoutMillis, () => {
        const entry = this.pending.get(id);
        this.pending.delete(id);
        reject(clientError(entry?.sent ? 'REQUEST_TIMEOUT' : 'WS_CONNECTION_FAIL'));
      });
      const entry: Pending = { resolve, reject, cancelTimer, sent: false, frame: { ...fields, id, type } };
      this.pending.set(id, entry);
      if (this.state === 'open') this.transmit(entry);
    });
  }

  /** The network came back: tries at once, or asks whether the connection survived. */
  onNetworkBack(): void {
    if (this.state === 'waiting') {
      this.attempts = 0;
      this.connect();
    } else if (this.state === 'open') {
      // Only its own answer counts: frames from before a sleep may still be waiting to be heard.
      const probeId = this.ping();
      this.probeId = probeId;
      this.options.clock.after(this.times.probeTimeoutMillis, () => {
        if (this.probeId === probeId) this.drop('no answer to a probe');
      });
    }
  }

  private connect(): void {
    this.cancelTimer();
    const generation = ++this.generation;
    const isCurrent = () => generation === this.generation;
    this.setState('connecting');
    this.cancelTimer = this.options.clock.after(this.times.connectTimeoutMillis, () =>
      this.drop('connecting took too long'),
    );
    this.raw = this.options.openSocket(this.options.url(), {
      onOpen: () => isCurrent() && this.prepareGreeting(isCurrent),
      onText: (text) => isCurrent() && this.onText(text),
      onClose: (code, reason) => isCurrent() && this.onRawClose(code, reason),
    });
  }

  private prepareGreeting(isCurrent: () => boolean): void {
    const greeting = this.options.greeting(this.lastSeq);
    if (!(greeting instanceof Promise)) this.greet(greeting);
    else void greeting.then((ready) => isCurrent() && this.greet(ready));
  }

  private greet({ type, fields }: Greeting): void {
    this.greetingId = this.nextId++;
    this.send({ id: this.greetingId, type, ...fields });
  }

  private onText(text: string): void {
    const frame = parseFrame(text);
    if (!frame) return;
    this.lastHeardMillis = this.options.clock.nowMillis();
    this.pingsUnanswered = 0;
    if ('seq' in frame) this.onEventFrame(frame);
    else if (frame.re !== null && frame.re === this.greetingId) this.onGreetingAnswer(frame);
    else this.onAnswer(frame);
  }

  private onGreetingAnswer(frame: { data: unknown } | { error: ErrorModel }): void {
    this.greetingId = 0;
    if ('error' in frame) {
      const error = new CometChatException(frame.error);
      if (this.options.isFinalRefusal(error)) this.finish({ code: 0, reason: error.message, error });
      else this.drop('greeting refused');
      return;
    }
    const { heartbeatSeconds, eventsContinue } = this.options.onGreeted(frame.data);
    if (!eventsContinue) this.lastSeq = undefined;
    this.cancelTimer();
    this.attempts = 0;
    this.startHeartbeat(heartbeatSeconds * 1000);
    this.setState('open');
    for (const entry of [...this.pending.values()]) if (!entry.sent) this.transmit(entry);
  }

  private onAnswer(frame: { re: number | null } & ({ data: unknown } | { error: ErrorModel })): void {
    if (frame.re === this.probeId) this.probeId = 0;
    const entry = frame.re === null ? undefined : this.pending.get(frame.re);
    if (!entry || frame.re === null) return; // late, or the heart-beat's
    this.pending.delete(frame.re);
    entry.cancelTimer();
    if ('error' in frame) entry.reject(new CometChatException(frame.error));
    else entry.resolve(frame.data);
  }

  private onEventFrame(frame: { seq: number; type: string; data: unknown }): void {
    const isNew = this.lastSeq === undefined || frame.seq > this.lastSeq;
    if (isNew) {
      this.lastSeq = frame.seq;
      callSafely(() => this.options.onEvent(frame.type, frame.data));
    }
    if (this.raw) this.send({ ack: this.lastSeq });
  }

  private onRawClose(code: number, reason: string): void {
    this.raw = undefined;
    const isFinal =
      code === CLOSE.NOT_AUTHORISED ||
      code === CLOSE.REPLACED ||
      code === CLOSE.SESSION_CLOSED ||
      code === CLOSE.PROTOCOL_VERSION;
    if (isFinal) this.finish({ code, reason });
    else this.drop(reason || `closed with ${code}`);
  }

  /** Gives the raw socket up and comes back after a while. */
  private drop(reason: string): void {
    if (this.state === 'closed') return;
    this.discardRaw(CLOSE_ABANDONED, reason);
    this.refusePending((entry) => entry.sent, 'WS_CONNECTION_LOST');
    const { backOffFirstMillis, backOffLongestMillis } = this.times;
    const longest = Math.min(backOffLongestMillis, backOffFirstMillis * 2 ** Math.min(this.attempts++, 20));
    const delayMillis = longest * (0.5 + 0.5 * this.options.clock.random());
    this.cancelTimer = this.options.clock.after(delayMillis, () => this.connect());
    this.setState('waiting');
  }

  private finish(final: FinalClose, code: number = CLOSE.DONE): void {
    if (this.state === 'closed') return;
    this.discardRaw(code, final.reason);
    this.refusePending(() => true, 'WS_CONNECTION_FAIL');
    this.setState('closed', final);
  }

  private discardRaw(code: number, reason: string): void {
    this.generation++;
    this.cancelTimer();
    this.cancelHeartbeat();
    this.greetingId = 0;
    this.probeId = 0;
    const raw = this.raw;
    this.raw = undefined;
    raw?.close(code, reason.slice(0, 100)); // a reason is at most 123 bytes (RFC 6455 §5.5)
  }

  private refusePending(which: (entry: Pending) => boolean, code: 'WS_CONNECTION_LOST' | 'WS_CONNECTION_FAIL'): void {
    for (const [id, entry] of [...this.pending]) {
      if (!which(entry)) continue;
      this.pending.delete(id);
      entry.cancelTimer();
      entry.reject(clientError(code));
    }
  }

  /**
   * Looks twice per interval, pings every second time. Silence alone is not death: a hidden tab's timers come late, so two
   * pings must have gone unanswered too.
   */
  private startHeartbeat(intervalMillis: number): void {
    this.cancelHeartbeat();
    this.heartbeatMillis = intervalMillis;
    this.pingsUnanswered = 0;
    let isPingDue = false;
    const look = () => {
      const silentMillis = this.options.clock.nowMillis() - this.lastHeardMillis;
      if (silentMillis >= SILENT_INTERVALS_MAX * this.heartbeatMillis && this.pingsUnanswered >= 2) {
        this.drop('the server fell silent');
        return;
      }
      if (isPingDue) this.ping();
      isPingDue = !isPingDue;
      this.cancelHeartbeat = this.options.clock.after(intervalMillis / 2, look);
    };
    this.cancelHeartbeat = this.options.clock.after(intervalMillis / 2, look);
  }

  /** Returns the id that its answer will have. */
  private ping(): number {
    this.pingsUnanswered++;
    const id = this.nextId++;
    this.send({ id, type: 'ping' });
    return id;
  }

  private transmit(entry: Pending): void {
    entry.sent = true;
    this.send(entry.frame);
  }

  private send(frame: object): void {
    this.raw?.send(JSON.stringify(frame));
  }

  private setState(state: SocketState, final?: FinalClose): void {
    if (this.state === state) return;
    this.state = state;
    callSafely(() => this.options.onState(state, final));
  }
}

function parseFrame(text: string): ServerFrame | undefined {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof frame !== 'object' || frame === null) return undefined;
  if ('seq' in frame && typeof frame.seq === 'number' && 'type' in frame && typeof frame.type === 'string') {
    return { seq: frame.seq, type: frame.type, data: 'data' in frame ? frame.data : {} };
  }
  if (!('re' in frame) || (typeof frame.re !== 'number' && frame.re !== null)) return undefined;
  if ('error' in frame && typeof frame.error === 'object' && frame.error !== null) {
    return { re: frame.re, error: frame.error };
  }
  return { re: frame.re, data: 'data' in frame ? frame.data : {} };
}
