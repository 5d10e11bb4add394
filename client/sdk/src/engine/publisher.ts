import type { CometChatException } from '../errors.js';
import { asException } from '../errors.js';
import type { Clock } from '../platform.js';
import type { PublishedTrackJson } from '../transport/wire.js';
import { LinkGuard, type LinkState } from './link-guard.js';
import type { TrackSource } from './view.js';

/** A connection on which places for tracks, perhaps also the first offer, were made. */
export interface SendingConnection {
  readonly peerConnection: RTCPeerConnection;
  readonly transceivers: Map<TrackSource, RTCRtpTransceiver>;
}

export interface PublisherOptions {
  readonly connection: SendingConnection;
  readonly clock: Clock;
  /** Sends the offer and gives the server's answer. */
  readonly publish: (sdp: string, tracks: PublishedTrackJson[]) => Promise<{ sdp: string }>;
  readonly onLink: (state: LinkState) => void;
  readonly onStuck: () => void;
  /** It cannot be saved: another one has to take its place. */
  readonly onHopeless: () => void;
  /** True for the one that takes the place. */
  readonly isReplacement: boolean;
  /** The server refused an offer. */
  readonly onError: (error: CometChatException) => void;
}

const KINDS: Record<TrackSource, 'audio' | 'video'> = {
  microphone: 'audio',
  camera: 'video',
  screen: 'video',
  screenAudio: 'audio',
};

/** What a sender may use at most, bits per second. */
const MAX_BITRATES_BPS: Record<TrackSource, number> = {
  microphone: 64_000,
  camera: 2_500_000,
  screen: 4_000_000,
  screenAudio: 128_000,
};

/** Errors after which the same offer can be made again once the socket is back. */
const TRANSIENT_CODES = new Set<string | number>(['WS_CONNECTION_LOST', 'WS_CONNECTION_FAIL', 'REQUEST_TIMEOUT']);

/**
 * The sending half: one peer connection on which this client offers. A source keeps its section for the whole session; muting
 * and changing devices replace the track without a negotiation.
 */
export class Publisher {
  private readonly peerConnection: RTCPeerConnection;
  private readonly transceivers: Map<TrackSource, RTCRtpTransceiver>;
  private readonly guard: LinkGuard;
  private isDirty = false;
  private wantsIceRestart = false;
  private running: Promise<void> | undefined;
  private isClosed = false;

  constructor(private readonly options: PublisherOptions) {
    const { connection, clock, onLink, onStuck, onHopeless, isReplacement } = options;
    const { peerConnection } = connection;
    this.peerConnection = peerConnection;
    this.transceivers = connection.transceivers;
    this.guard = new LinkGuard({
      peerConnection,
      clock,
      initial: isReplacement ? 'interrupted' : 'new',
      onStuck,
      onHopeless,
      onState: onLink,
      restartIce: () => {
        this.wantsIceRestart = true;
        void this.negotiate();
      },
    });
  }

  get link(): LinkState {
    return this.guard.current;
  }

  /** Makes a place for a source, with or without a track yet. Takes effect with the next {@link negotiate}. */
  async add(source: TrackSource, track: MediaStreamTrack | null): Promise<void> {
    const known = this.transceivers.get(source);
    if (known) {
      known.direction = 'sendonly';
      await known.sender.replaceTrack(track);
      return;
    }
    addPlace({ peerConnection: this.peerConnection, transceivers: this.transceivers }, source, track);
  }

  /** Sends another track, or nothing, in the place of a source; no negotiation. */
  async replace(source: TrackSource, track: MediaStreamTrack | null): Promise<void> {
    await this.transceivers.get(source)?.sender.replaceTrack(track);
  }

  /** Takes a source away. Takes effect with the next {@link negotiate}. */
  async withdraw(source: TrackSource): Promise<void> {
    const transceiver = this.transceivers.get(source);
    if (!transceiver) return;
    transceiver.direction = 'inactive';
    await transceiver.sender.replaceTrack(null);
  }

  /** Whether the server is told of this source. */
  isActive(source: TrackSource): boolean {
    return this.transceivers.get(source)?.direction === 'sendonly';
  }

  sender(source: TrackSource): RTCRtpSender | undefined {
    return this.transceivers.get(source)?.sender;
  }

  /** The first offer, to be sent with the join. */
  async firstOffer(): Promise<{ sdp: string; tracks: PublishedTrackJson[] }> {
    const { peerConnection } = this;
    if (!peerConnection.localDescription) await peerConnection.setLocalDescription(await peerConnection.createOffer());
    return { sdp: peerConnection.localDescription?.sdp ?? '', tracks: this.sections() };
  }

  /** ICE servers that the server told of when candidates had been gathered without them: if those do not connect soon, others will. */
  useServers(configuration: RTCConfiguration): void {
    this.peerConnection.setConfiguration(configuration);
    this.guard.restartUnlessConnected();
  }

  /** The server's answer to {@link firstOffer}. */
  async onFirstAnswer(sdp: string): Promise<void> {
    try {
      await this.peerConnection.setRemoteDescription({ type: 'answer', sdp });
      this.guard.expectConnection();
    } catch (thrown) {
      this.reportUnlessClosed(asException(thrown));
    }
  }

  /** Brings the server up to date; requests made meanwhile are one more round, not several. */
  negotiate(): Promise<void> {
    this.isDirty = true;
    this.running ??= this.run().finally(() => (this.running = undefined));
    return this.running;
  }

  /** The socket is back: an offer whose answer was lost is made again, and a broken path is looked for at once. */
  onSocketBack(): void {
    if (this.isDirty) void this.negotiate();
    this.guard.nudge();
  }

  getStats(): Promise<RTCStatsReport> {
    return this.peerConnection.getStats();
  }

  close(): void {
    this.isClosed = true;
    this.guard.close();
    this.peerConnection.close();
  }

  private async run(): Promise<void> {
    while (this.isDirty && !this.isClosed) {
      this.isDirty = false;
      try {
        await this.offer();
      } catch (thrown) {
        const error = asException(thrown);
        if (TRANSIENT_CODES.has(error.code)) {
          this.isDirty = true;
          return;
        }
        await this.rollBack();
        this.reportUnlessClosed(error);
        return;
      }
    }
  }

  private async offer(): Promise<void> {
    const { peerConnection } = this;
    const iceRestart = this.wantsIceRestart;
    const offer = await peerConnection.createOffer({ iceRestart });
    await peerConnection.setLocalDescription(offer);
    const { sdp } = await this.options.publish(offer.sdp ?? '', this.sections());
    if (this.isClosed) return;
    await peerConnection.setRemoteDescription({ type: 'answer', sdp });
    if (iceRestart) this.wantsIceRestart = false;
    this.guard.expectConnection();
  }

  private sections(): PublishedTrackJson[] {
    const sections: PublishedTrackJson[] = [];
    for (const [source, { mid, direction }] of this.transceivers) {
      if (mid !== null && direction === 'sendonly') sections.push({ mid, source });
    }
    return sections;
  }

  private reportUnlessClosed(error: CometChatException): void {
    if (!this.isClosed) this.options.onError(error);
  }

  private async rollBack(): Promise<void> {
    try {
      await this.peerConnection.setLocalDescription({ type: 'rollback' });
    } catch {
      // It was stable already.
    }
  }
}

/** Makes a place for a source. */
function addPlace(connection: SendingConnection, source: TrackSource, track: MediaStreamTrack | null): void {
  const transceiver = connection.peerConnection.addTransceiver(track ?? KINDS[source], {
    direction: 'sendonly',
    sendEncodings: [{ maxBitrate: MAX_BITRATES_BPS[source] }],
  });
  connection.transceivers.set(source, transceiver);
}

/** A connection with places for these sources, offered already: everything that can be done before there is a session. */
export async function offerAhead(
  peerConnection: RTCPeerConnection,
  sources: readonly TrackSource[],
): Promise<SendingConnection> {
  const connection = { peerConnection, transceivers: new Map<TrackSource, RTCRtpTransceiver>() };
  for (const source of sources) addPlace(connection, source, null);
  await peerConnection.setLocalDescription(await peerConnection.createOffer());
  return connection;
}
