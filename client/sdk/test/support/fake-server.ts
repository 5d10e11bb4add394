import type { OpenSocket, SocketHandlers } from '../../src/platform.js';
import { settle } from './manual-clock.js';

export type Frame = Record<string, unknown> & { id?: number; type?: string; ack?: number };

/** One connection as the server sees it. */
export class FakeConnection {
  readonly received: Frame[] = [];
  closedWith: { code: number; reason: string } | undefined;

  constructor(
    readonly url: string,
    private readonly handlers: SocketHandlers,
    private readonly server: FakeServer,
  ) {}

  open(): void {
    this.handlers.onOpen();
  }

  /** A frame from the client: answered by the script of the server, if it has one for this type. */
  onClientText(text: string): void {
    const frame = JSON.parse(text) as Frame;
    this.received.push(frame);
    const script = frame.type === undefined ? undefined : this.server.scripts.get(frame.type);
    if (!script || frame.id === undefined) return;
    const { id } = frame;
    queueMicrotask(() => {
      const answer = script(frame, this);
      if (answer === undefined) return; // silence
      this.send('error' in answer ? { re: id, error: answer.error } : { re: id, data: answer });
    });
  }

  send(frame: object): void {
    if (!this.closedWith) this.handlers.onText(JSON.stringify(frame));
  }

  sendText(text: string): void {
    this.handlers.onText(text);
  }

  /** The server, or the network, closes. */
  drop(code = 1006, reason = ''): void {
    if (this.closedWith) return;
    this.closedWith = { code, reason };
    this.handlers.onClose(code, reason);
  }

  closeByClient(code: number, reason: string): void {
    this.closedWith ??= { code, reason };
  }

  /** What the client sent of one type. */
  requests(type: string): Frame[] {
    return this.received.filter((frame) => frame.type === type);
  }

  get acks(): (number | undefined)[] {
    return this.received.filter((frame) => 'ack' in frame).map((frame) => frame.ack);
  }
}

type Script = (frame: Frame, connection: FakeConnection) => object | undefined;

/** A server of one socket path, scripted by request type. */
export class FakeServer {
  readonly connections: FakeConnection[] = [];
  readonly scripts = new Map<string, Script>();
  /** When false, sockets neither open nor fail until `drop`. */
  accepts = true;

  readonly openSocket: OpenSocket = (url, handlers) => {
    const connection = new FakeConnection(url, handlers, this);
    this.connections.push(connection);
    if (this.accepts) queueMicrotask(() => connection.closedWith ?? connection.open());
    return {
      send: (text) => connection.onClientText(text),
      close: (code, reason) => connection.closeByClient(code, reason),
    };
  };

  /** The newest connection. */
  get last(): FakeConnection {
    const last = this.connections.at(-1);
    if (!last) throw new Error('nobody connected');
    return last;
  }

  answer(type: string, script: Script | object): this {
    this.scripts.set(type, typeof script === 'function' ? (script as Script) : () => script);
    return this;
  }

  /** An event on the newest connection. */
  async event(seq: number, type: string, data: object = {}): Promise<void> {
    this.last.send({ seq, type, data });
    await settle();
  }
}
