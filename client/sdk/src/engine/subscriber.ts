import { asException, type CometChatException } from '../errors.js';
import type { Clock } from '../platform.js';
import type { SubscribeOffer, SubscribedTrackJson } from '../transport/wire.js';
import { LinkGuard, type LinkState } from './link-guard.js';
import type { TrackSource } from './view.js';

/** A track of somebody else, as it is received. */
export interface RemoteTrack {
  readonly participantId: string;
  readonly kind: 'audio' | 'video';
  readonly source: TrackSource;
  readonly trackId: string;
  readonly track: MediaStreamTrack;
  readonly receiver: RTCRtpReceiver;
}

export interface SubscriberOptions {
  readonly createPeerConnection: () => RTCPeerConnection;
  readonly clock: Clock;
  readonly answer: (revision: number, sdp: string) => Promise<unknown>;
  /** Asks the server for an offer with new ICE credentials. */
  readonly restart: () => Promise<unknown>;
  /** The tracks, or whether one of them has media, changed. */
  readonly onTracks: () => void;
  readonly onLink: (state: LinkState) => void;
  readonly onStuck: () => void;
  readonly onError: (error: CometChatException) => void;
}

/**
 * The receiving half: one peer connection on which the server offers. When the server had to begin anew, which another session
 * id in its offer tells (RFC 8866 §5.2), so does this.
 */
export class Subscriber {
  private tracks: readonly RemoteTrack[] = [];
  private next: SubscribeOffer | undefined;
  private isRunning = false;
  private isClosed = false;
  private connection: { peerConnection: RTCPeerConnection; guard: LinkGuard };
  private sdpSessionId: string | undefined;
  private readonly watched = new Set<MediaStreamTrack>();
  private readonly onTrackChange = () => this.options.onTracks();

  constructor(private readonly options: SubscriberOptions) {
    this.connection = this.connect('new');
  }

  get link(): LinkState {
    return this.connection.guard.current;
  }

  /** Everything that the others publish, as of the last offer. */
  get remoteTracks(): readonly RemoteTrack[] {
    return this.tracks;
  }

  /** Answers an offer; of several that wait, only the newest counts. */
  onOffer(offer: SubscribeOffer): void {
    if (this.next && this.next.revision > offer.revision) return;
    this.next = offer;
    if (!this.isRunning) void this.run();
  }

  onSocketBack(): void {
    this.connection.guard.nudge();
  }

  getStats(): Promise<RTCStatsReport> {
    return this.connection.peerConnection.getStats();
  }

  close(): void {
    this.isClosed = true;
    for (const track of this.watched) this.unwatch(track);
    this.tracks = [];
    this.disconnect();
  }

  private connect(initial: LinkState): { peerConnection: RTCPeerConnection; guard: LinkGuard } {
    const { createPeerConnection, clock, restart, onLink, onStuck } = this.options;
    const peerConnection = createPeerConnection();
    const guard = new LinkGuard({
      peerConnection,
      clock,
      initial,
      onStuck,
      onState: onLink,
      restartIce: () => void restart().catch(() => undefined), // the guard tries again
    });
    return { peerConnection, guard };
  }

  private disconnect(): void {
    this.connection.guard.close();
    this.connection.peerConnection.close();
  }

  private beginAnewIfTheServerDid(sdp: string): void {
    const sessionId = /^o=\S+ (\S+)/m.exec(sdp)?.[1];
    if (this.sdpSessionId !== undefined && sessionId !== this.sdpSessionId) {
      const { current } = this.connection.guard;
      this.disconnect();
      this.connection = this.connect(current === 'new' ? 'new' : 'interrupted');
    }
    this.sdpSessionId = sessionId;
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    try {
      while (this.next && !this.isClosed) {
        const offer = this.next;
        this.next = undefined;
        await this.accept(offer);
      }
    } catch (thrown) {
      if (!this.isClosed) this.options.onError(asException(thrown));
    } finally {
      this.isRunning = false;
    }
  }

  private async accept({ revision, sdp, tracks }: SubscribeOffer): Promise<void> {
    this.beginAnewIfTheServerDid(sdp);
    const { peerConnection, guard } = this.connection;
    await peerConnection.setRemoteDescription({ type: 'offer', sdp });
    const answer = await peerConnection.createAnswer();
    await peerConnection.setLocalDescription(answer);
    if (this.isClosed) return;
    this.setTracks(tracks);
    guard.expectConnection();
    try {
      await this.options.answer(revision, answer.sdp ?? '');
    } catch {
      // The socket broke: the server offers again when it is back.
    }
  }

  private setTracks(sections: readonly SubscribedTrackJson[]): void {
    const transceivers = new Map(this.connection.peerConnection.getTransceivers().map((one) => [one.mid, one]));
    this.tracks = sections.flatMap(({ mid, participantId, kind, source, trackId }) => {
      const receiver = transceivers.get(mid)?.receiver;
      return receiver ? [{ participantId, kind, source, trackId, track: receiver.track, receiver }] : [];
    });
    const current = new Set(this.tracks.map(({ track }) => track));
    for (const track of [...this.watched]) if (!current.has(track)) this.unwatch(track);
    for (const track of current) this.watch(track);
    this.options.onTracks();
  }

  private watch(track: MediaStreamTrack): void {
    if (this.watched.has(track)) return;
    this.watched.add(track);
    track.addEventListener('mute', this.onTrackChange);
    track.addEventListener('unmute', this.onTrackChange);
  }

  private unwatch(track: MediaStreamTrack): void {
    this.watched.delete(track);
    track.removeEventListener('mute', this.onTrackChange);
    track.removeEventListener('unmute', this.onTrackChange);
  }
}
