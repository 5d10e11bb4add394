import type { CometChatException } from '../errors.js';
import { Emitter } from '../emitter.js';
import type { Platform } from '../platform.js';
import { JsonSocket, type FinalClose, type SocketState, type SocketTimes } from './json-socket.js';
import { PROTOCOL_VERSION, type DeviceEvents, type DeviceRequests, type HelloAnswer } from './wire.js';

export interface DeviceSocketOptions {
  readonly platform: Platform;
  readonly url: string;
  readonly authToken: string;
  readonly deviceId: string;
  readonly times?: Partial<SocketTimes>;
}

/** What the owner of a device socket hears, besides the server's events. */
export interface DeviceSocketEvents extends DeviceEvents {
  state: { state: SocketState; final: FinalClose | undefined };
  /** Greeted; `isResumed` says that no event was missed since the last time. */
  greeted: { answer: HelloAnswer; isResumed: boolean };
}

/** The signalling socket of this device (protocol §3): rings and presence. */
export class DeviceSocket {
  readonly events = new Emitter<DeviceSocketEvents>();
  private readonly socket: JsonSocket;
  private readonly stopOnline: () => void;
  private sentLastSeq: number | undefined;

  constructor(options: DeviceSocketOptions) {
    const { platform, url, authToken, deviceId, times } = options;
    this.socket = new JsonSocket({
      clock: platform.clock,
      openSocket: platform.openSocket,
      ...(times ? { times } : {}),
      url: () => url,
      greeting: (lastSeq) => {
        this.sentLastSeq = lastSeq;
        const fields = { protocol: PROTOCOL_VERSION, authToken, deviceId, platform: 'web' };
        return { type: 'hello', fields: lastSeq === undefined ? fields : { ...fields, lastSeq } };
      },
      onGreeted: (data) => this.onGreeted(data as HelloAnswer),
      onEvent: (type, data) => this.events.emit(type as keyof DeviceEvents, data as never),
      onState: (state, final) => this.events.emit('state', { state, final }),
      isFinalRefusal,
    });
    this.stopOnline = platform.onOnline(() => this.socket.onNetworkBack());
  }

  get state(): SocketState {
    return this.socket.currentState;
  }

  open(): void {
    this.socket.open();
  }

  close(): void {
    this.stopOnline();
    this.socket.close();
    this.events.clear();
  }

  request<T extends keyof DeviceRequests>(
    type: T,
    fields: DeviceRequests[T]['fields'],
  ): Promise<DeviceRequests[T]['answer']> {
    return this.socket.request(type, fields) as Promise<DeviceRequests[T]['answer']>;
  }

  private onGreeted(answer: HelloAnswer): { heartbeatSeconds: number; eventsContinue: boolean } {
    const { sentLastSeq } = this;
    const isResumed = sentLastSeq !== undefined && (answer.resumed ?? answer.lastSeq >= sentLastSeq);
    this.events.emit('greeted', { answer, isResumed });
    return { heartbeatSeconds: answer.heartbeatSeconds, eventsContinue: isResumed };
  }
}

/** No later attempt can succeed with the same token and protocol. */
function isFinalRefusal(error: CometChatException): boolean {
  const code = String(error.code);
  return code.startsWith('AUTH_ERR_') || code === 'ERR_PROTOCOL_VERSION' || code === 'ERR_BAD_REQUEST';
}
