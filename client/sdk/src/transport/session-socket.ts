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
  /** Gets another token for the same session, to join anew with when the first has expired. */
  readonly renewToken?: (() => Promise<string>) | undefined;
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

/** Tokens that are got in a row: one that has just been made and is refused as expired will not be the last. */
const RENEWALS_MAX = 2;

/**
 * Refusals of who comes back that may be over in a moment: a media node that was restarted by itself knows neither keys nor sessions
 * until its signalling node has found it.
 */
const NOT_YET_CODES = new Set<string | number>(['ERR_SESSION_NOT_FOUND', 'ERR_TOKEN_SIGNATURE']);
const NOT_YET_MAX = 6;

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
  /** Who we were in a place that is gone: so that others need not learn another id. */
  private formerId: string | undefined;
  private token: string;
  private isTokenExpired = false;
  private renewals = 0;
  private notYet = 0;

  constructor(private readonly options: SessionSocketOptions) {
    const { platform, url, muted, times } = options;
    this.token = options.token;
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
            token: this.token,
            ...muted(),
            ...(this.place ?? (this.formerId === undefined ? {} : { participantId: this.formerId })),
            ...(this.place && lastSeq !== undefined ? { lastSeq } : {}),
            ...(publish ? { publish } : {}),
          },
        });
        if (this.isTokenExpired) return this.renew().then(() => join());
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
    const isResumed = this.place?.participantId === answer.participantId; // no place, no resuming
    this.renewals = 0;
    this.notYet = 0;
    this.place = { participantId: answer.participantId, resumeKey: answer.resumeKey };
    this.events.emit('joined', { answer, isResumed });
    return { heartbeatSeconds: answer.heartbeatSeconds, eventsContinue: isResumed };
  }

  private async renew(): Promise<void> {
    try {
      this.token = (await this.options.renewToken?.()) ?? this.token;
      this.isTokenExpired = false;
    } catch {
      // Then the server says once more why it lets nobody in.
    }
  }

  private isFinalRefusal({ code }: CometChatException): boolean {
    if (code === 'ERR_PARTICIPANT_NOT_FOUND') {
      // It came too late, or the server was restarted: the next attempt joins anew.
      this.formerId = this.place?.participantId;
      this.place = undefined;
      return false;
    }
    if (NOT_YET_CODES.has(code) && (this.place ?? this.formerId) !== undefined) return ++this.notYet > NOT_YET_MAX;
    // A token is good for minutes, a call may last for hours.
    if (code === 'ERR_TOKEN_EXPIRED' && this.formerId !== undefined && this.options.renewToken) {
      this.isTokenExpired = true;
      return ++this.renewals > RENEWALS_MAX;
    }
    return code !== 'ERR_OVERLOADED';
  }
}
