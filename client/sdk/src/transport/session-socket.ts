import type { CometChatException } from '../errors.js';
import { Emitter } from '../emitter.js';
import type { OpenSocket, Platform } from '../platform.js';
import { JsonSocket, type FinalClose, type SocketState, type SocketTimes } from './json-socket.js';
import { PROTOCOL_VERSION, type JoinAnswer, type SessionEvents, type SessionRequests } from './wire.js';

export interface SessionSocketOptions {
  readonly platform: Platform;
  /** Instead of the platform's. */
  readonly openSocket?: OpenSocket;
  readonly url: string;
  readonly token: string;
  /** The mute state to join with; asked at each attempt. */
  readonly muted: () => { isAudioMuted: boolean; isVideoMuted: boolean };
  /** The first offer, if it is to go with the first join; asked once, when the connection is open. */
  readonly firstOffer?: () => Promise<SessionRequests['publish']['fields']> | undefined;
  readonly times?: Partial<SocketTimes>;
}

/** What the owner of a session socket hears, besides the server's events. */
export interface SessionSocketEvents extends SessionEvents {
  state: { state: SocketState; final: FinalClose | undefined };
  /** Joined. `isResumed`: the same participant as before, transports and tracks kept. */
  joined: { answer: JoinAnswer; isResumed: boolean };
}

/** A participant has ten seconds to come back: the attempts are close together. */
const SESSION_TIMES: Partial<SocketTimes> = {
  connectTimeoutMillis: 6_000,
  backOffFirstMillis: 200,
  backOffLongestMillis: 3_000,
};

/** The socket of one participant in a call (protocol §5): joining, SDP, who is there. */
export class SessionSocket {
  readonly events = new Emitter<SessionSocketEvents>();
  private readonly socket: JsonSocket;
  private readonly stopOnline: () => void;
  private place: { participantId: string; resumeKey: string } | undefined;

  constructor(options: SessionSocketOptions) {
    const { platform, url, token, muted, times } = options;
    let { firstOffer } = options;
    this.socket = new JsonSocket({
      clock: platform.clock,
      openSocket: options.openSocket ?? platform.openSocket,
      times: { ...SESSION_TIMES, ...times },
      url: () => url,
      greeting: (lastSeq) => {
        const join = (publish?: SessionRequests['publish']['fields']) => ({
          type: 'join',
          fields: {
            protocol: PROTOCOL_VERSION,
            token,
            ...muted(),
            ...this.place,
            ...(this.place && lastSeq !== undefined ? { lastSeq } : {}),
            ...(publish ? { publish } : {}),
          },
        });
        const prepared = firstOffer?.();
        firstOffer = undefined;
        return prepared ? prepared.then(join, () => join()) : join();
      },
      onGreeted: (data) => this.onJoined(data as JoinAnswer),
      onEvent: (type, data) => this.events.emit(type as keyof SessionEvents, data as never),
      onState: (state, final) => this.events.emit('state', { state, final }),
      isFinalRefusal: (error) => this.isFinalRefusal(error),
    });
    this.stopOnline = platform.onOnline(() => this.socket.onNetworkBack());
  }

  get state(): SocketState {
    return this.socket.currentState;
  }

  open(): void {
    this.socket.open();
  }

  /** Closes for good, without leaving first. */
  close(): void {
    this.stopOnline();
    this.socket.close();
    this.events.clear();
  }

  request<T extends keyof SessionRequests>(
    type: T,
    fields: SessionRequests[T]['fields'],
  ): Promise<SessionRequests[T]['answer']> {
    return this.socket.request(type, fields) as Promise<SessionRequests[T]['answer']>;
  }

  private onJoined(answer: JoinAnswer): { heartbeatSeconds: number; eventsContinue: boolean } {
    const isResumed = this.place?.participantId === answer.participantId;
    this.place = { participantId: answer.participantId, resumeKey: answer.resumeKey };
    this.events.emit('joined', { answer, isResumed });
    return { heartbeatSeconds: answer.heartbeatSeconds, eventsContinue: isResumed };
  }

  private isFinalRefusal({ code }: CometChatException): boolean {
    if (code === 'ERR_PARTICIPANT_NOT_FOUND') {
      this.place = undefined; // it came too late: the next attempt joins anew
      return false;
    }
    return code !== 'ERR_OVERLOADED';
  }
}
