import { afterEach, expect } from 'vitest';
import { CallEngine, type CallEngineOptions } from '../../src/engine/engine.js';
import type { EngineEvents } from '../../src/engine/events.js';
import type { ParticipantJson } from '../../src/transport/wire.js';
import { FakeMedia } from './fake-media.js';
import { FakePlatform } from './fake-platform.js';
import { settle } from './manual-clock.js';

export const ME: ParticipantJson = {
  id: '00000001',
  uid: 'anna',
  name: 'Anna',
  joinedAt: '1772009349593',
  isAudioMuted: false,
  isVideoMuted: false,
};
export const BEN: ParticipantJson = { ...ME, id: '00000002', uid: 'ben', name: 'Ben', joinedAt: '1772009349999' };
export const CARA: ParticipantJson = { ...ME, id: '00000003', uid: 'cara', name: 'Cara', joinedAt: '1772009350999' };

const EVENTS: (keyof EngineEvents)[] = [
  'userJoined',
  'userLeft',
  'userListUpdated',
  'userMuteChanged',
  'switchedToVideo',
  'lastRemoteLeft',
  'screenShareStarted',
  'screenShareStopped',
  'error',
  'endCallPressed',
  'sessionTimedOut',
  'ended',
];

/** An engine between a scripted server and fake media. */
export class EngineRig {
  readonly platform = new FakePlatform();
  readonly told: [keyof EngineEvents, unknown][] = [];
  readonly server = this.platform.server;
  readonly clock = this.platform.clock;
  readonly engine: CallEngine;
  /** Whether the server answers the offer that comes with the join. */
  answersFirstOffer = false;
  private seq = 0;

  constructor(
    options: Partial<CallEngineOptions> = {},
    readonly media = new FakeMedia(),
  ) {
    this.engine = new CallEngine({
      platform: this.platform,
      media: this.media,
      url: 'wss://calls.example.org/v1/session',
      token: 'jwt',
      isAudioOnly: false,
      isAudioMuted: false,
      isVideoMuted: false,
      mode: 'DEFAULT',
      idleTimeoutSeconds: 180,
      ...options,
    });
    for (const type of EVENTS) this.engine.events.on(type, (payload: unknown) => this.told.push([type, payload]));
    this.joinWith([ME]);
    this.server
      .answer('publish', (frame) => ({ sdp: `answer to ${String(frame.sdp)}` }))
      .answer('subscribeAnswer', {})
      .answer('restartSubscribe', {})
      .answer('setMuted', {})
      .answer('leave', {})
      .answer('ping', {});
  }

  joinWith(users: ParticipantJson[], participantId = ME.id, iceServers: RTCIceServer[] = []): void {
    const { joinedAt } = ME;
    const answer = { participantId, resumeKey: 'key', joinedAt, heartbeatSeconds: 15, users, iceServers };
    this.server.answer('join', (frame) => {
      const { publish } = frame as { publish?: { sdp: string } };
      return publish && this.answersFirstOffer ? { ...answer, publish: { sdp: `answer to ${publish.sdp}` } } : answer;
    });
  }

  async start(users: ParticipantJson[] = [ME, BEN]): Promise<this> {
    this.joinWith(users);
    const started = this.engine.start();
    await settle();
    await started;
    await settle();
    return this;
  }

  async event(type: string, data: object): Promise<void> {
    await this.server.event(++this.seq, type, data);
  }

  /** What the subscribe side offers: Ben's microphone and camera. */
  async offerBen(revision = 1): Promise<void> {
    await this.event('onSubscribeOffer', {
      revision,
      sdp: '0:audio 1:video',
      tracks: [
        { mid: '0', participantId: BEN.id, uid: 'ben', kind: 'audio', source: 'microphone', trackId: 'm' },
        { mid: '1', participantId: BEN.id, uid: 'ben', kind: 'video', source: 'camera', trackId: 'c' },
      ],
    });
  }

  names(): (keyof EngineEvents)[] {
    return this.told.map(([type]) => type);
  }

  view(id: string) {
    return this.engine.snapshot.participants.find((one) => one.id === id)!;
  }

  /** The track that the publish connection sends for a kind now. */
  sent(kind: 'audio' | 'video') {
    return this.media.publish.transceivers.find((one) => one.kind === kind)?.sender.track;
  }
}

const rigs: EngineRig[] = [];

/** A rig that is looked at after the test: nothing is left behind. */
export function rig(options: Partial<CallEngineOptions> = {}, media = new FakeMedia()): EngineRig {
  const created = new EngineRig(options, media);
  rigs.push(created);
  return created;
}

afterEach(async () => {
  for (const { engine, media, clock, platform, server } of rigs.splice(0)) {
    engine.dispose();
    await settle();
    expect(media.devices.live).toEqual([]);
    expect(media.peerConnections.every(({ connectionState }) => connectionState === 'closed')).toBe(true);
    expect(media.sinks.every(({ isRemoved, srcObject }) => isRemoved && srcObject === null)).toBe(true);
    expect(media.metersOpen).toBe(0);
    expect(media.devices.listenerCount).toBe(0);
    expect(media.pageHideListenerCount).toBe(0);
    expect(platform.onlineListenerCount).toBe(0);
    expect(clock.pending).toBe(0);
    expect(server.connections.every(({ closedWith }) => closedWith)).toBe(true);
  }
});
