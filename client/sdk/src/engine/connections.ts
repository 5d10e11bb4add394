import { clientError, type CometChatException } from '../errors.js';
import type { Clock } from '../platform.js';
import type { JoinAnswer, SessionRequests } from '../transport/wire.js';
import type { HeadStart } from './head-start.js';
import type { LinkState } from './link-guard.js';
import type { LocalMedia } from './local-media.js';
import { Publisher, type SendingConnection } from './publisher.js';
import { Subscriber } from './subscriber.js';
import type { TrackSource } from './view.js';

/** Of both peer connections. */
export const CONFIGURATION: RTCConfiguration = { bundlePolicy: 'max-bundle', rtcpMuxPolicy: 'require' };

type Requests = Pick<SessionRequests, 'publish' | 'subscribeAnswer' | 'restartSubscribe'>;

export interface ConnectionsOptions {
  readonly clock: Clock;
  readonly createPeerConnection: (configuration: RTCConfiguration) => RTCPeerConnection;
  readonly headStart: HeadStart | undefined;
  readonly local: LocalMedia;
  readonly isAudioOnly: () => boolean;
  readonly request: <T extends keyof Requests>(
    type: T,
    fields: Requests[T]['fields'],
  ) => Promise<Requests[T]['answer']>;
  readonly onRemoteTracks: () => void;
  readonly onLink: (state: LinkState) => void;
  readonly report: (problem: CometChatException) => void;
}

/** The two peer connections of a session, from the first offer to the end; broken ones are replaced. */
export class Connections {
  private sending: Publisher | undefined;
  private receiving: Subscriber | undefined;
  private isClosed = false;
  private configuration = CONFIGURATION;
  /** It goes with the join, which saves a round trip before the first frame. */
  private offering: Promise<SessionRequests['publish']['fields']> | undefined;

  constructor(private readonly options: ConnectionsOptions) {}

  get publisher(): Publisher | undefined {
    return this.sending;
  }

  get subscriber(): Subscriber | undefined {
    return this.receiving;
  }

  get isInterrupted(): boolean {
    return this.sending?.link === 'interrupted' || this.receiving?.link === 'interrupted';
  }

  /** The publisher's first offer, while it waits for the join. */
  get firstOffer(): Promise<SessionRequests['publish']['fields']> | undefined {
    return this.offering;
  }

  /** Makes the first offer; to be called while the socket connects. */
  prepare(): void {
    this.offering = this.makeFirstOffer();
    this.offering.catch(() => undefined); // then the join goes without
  }

  /** Two fresh peer connections; after a gap that was too long they replace dead ones. */
  open({ iceServers, publish }: JoinAnswer): void {
    this.configuration = { ...CONFIGURATION, iceServers };
    if (!this.offering || !this.sending) {
      this.openPublisher(this.sending !== undefined);
    } else {
      if (iceServers.length > 0) this.sending.useServers(this.configuration);
      // A server that left the offer unanswered says why when it is asked again.
      void (publish ? this.sending.onFirstAnswer(publish.sdp) : this.sending.negotiate());
    }
    this.offering = undefined;
    this.receiving?.close();
    this.receiving = new Subscriber({
      ...this.linkHandlers(),
      createPeerConnection: () => this.createPeerConnection(),
      answer: (revision, sdp) => this.options.request('subscribeAnswer', { revision, sdp }),
      restart: () => this.options.request('restartSubscribe', {}),
      onTracks: this.options.onRemoteTracks,
    });
  }

  /** The socket is back, with our place kept. */
  onSocketBack(): void {
    this.sending?.onSocketBack();
    this.receiving?.onSocketBack();
  }

  close(): void {
    this.isClosed = true;
    this.sending?.close();
    this.receiving?.close();
  }

  private createPeerConnection(): RTCPeerConnection {
    return this.options.createPeerConnection(this.configuration);
  }

  private async makeFirstOffer() {
    const early = this.options.headStart?.connection?.take(this.options.isAudioOnly());
    const connection = early ? await early.catch(() => this.newConnection()) : this.newConnection();
    if (this.isClosed) connection.peerConnection.close();
    const publisher = this.createPublisher(connection, false);
    this.sending = publisher;
    await this.addSources(publisher);
    return publisher.firstOffer();
  }

  private newConnection(): SendingConnection {
    return { peerConnection: this.createPeerConnection(), transceivers: new Map() };
  }

  private openPublisher(isReplacement: boolean): void {
    this.sending?.close();
    const publisher = this.createPublisher(this.newConnection(), isReplacement);
    this.sending = publisher;
    void this.publishAll(publisher);
  }

  private createPublisher(connection: SendingConnection, isReplacement: boolean): Publisher {
    return new Publisher({
      ...this.linkHandlers(),
      connection,
      isReplacement,
      onHopeless: () => this.openPublisher(true),
      publish: (sdp, tracks) => this.options.request('publish', { sdp, tracks }),
    });
  }

  private linkHandlers() {
    const { clock, onLink, report } = this.options;
    return { clock, onLink, onStuck: () => report(clientError('ERR_MEDIA_FAILED')), onError: report };
  }

  /** The microphone and the camera have their places from the start, so that unmuting needs no negotiation. */
  private async publishAll(publisher: Publisher): Promise<void> {
    await this.addSources(publisher);
    await publisher.negotiate();
  }

  private async addSources(publisher: Publisher): Promise<void> {
    const sources: TrackSource[] = this.options.isAudioOnly() ? ['microphone'] : ['microphone', 'camera'];
    for (const source of ['screen', 'screenAudio'] as const) if (this.options.local.track(source)) sources.push(source);
    // All places at once: a device that opens meanwhile finds its own.
    await Promise.all(sources.map((source) => publisher.add(source, this.options.local.track(source) ?? null)));
  }
}
