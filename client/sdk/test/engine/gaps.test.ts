import { describe, expect, it } from 'vitest';
import { BEN, CARA, ME, rig } from '../support/engine-rig.js';
import { settle } from '../support/manual-clock.js';

describe('a lost socket', () => {
  it('comes back to its place, with everything kept', async () => {
    const one = await rig().start();
    await one.offerBen();
    one.joinWith([ME, { ...BEN, isAudioMuted: true }]);
    one.server.last.drop();
    expect(one.engine.snapshot.state).toBe('reconnecting');
    await one.clock.advance(200);
    expect(one.server.last.received[0]).toMatchObject({ participantId: ME.id, resumeKey: 'key', lastSeq: 1 });
    expect(one.engine.snapshot.state).toBe('connected');
    expect(one.media.peerConnections).toHaveLength(2);
    expect(one.view(BEN.id).camera).not.toBeNull();
    expect(one.told.filter(([type]) => type === 'userMuteChanged')).toHaveLength(1);
  });

  it('tells what happened in the gap', async () => {
    const one = await rig().start([ME, BEN]);
    one.joinWith([ME, CARA]);
    one.server.last.drop();
    await one.clock.advance(200);
    expect(one.names().filter((name) => name === 'userLeft' || name === 'userJoined')).toEqual([
      'userJoined',
      'userLeft',
      'userJoined',
    ]);
  });

  it('that comes too late joins anew, with fresh connections', async () => {
    const one = await rig().start([ME, BEN]);
    const again = { ...ME, id: '0000000f', joinedAt: '1772009399999' };
    one.joinWith([again, BEN], again.id);
    one.server.last.drop();
    await one.clock.advance(200);
    expect(one.media.peerConnections).toHaveLength(4);
    expect(one.media.peerConnections.slice(0, 2).every((pc) => pc.connectionState === 'closed')).toBe(true);
    expect(one.server.last.requests('publish')).toHaveLength(1);
    expect(one.sent('audio')?.readyState).toBe('live');
    expect(one.engine.snapshot.participants.map(({ id, isLocal }) => [id, isLocal])).toEqual([
      [again.id, true],
      [BEN.id, false],
    ]);
    expect(one.names()).not.toContain('lastRemoteLeft');
    expect(one.told).not.toContainEqual(['userLeft', expect.objectContaining({ user: ME })]);
  });

  it('whose place is gone is told so, and joins anew by itself', async () => {
    const one = await rig().start([ME, BEN]);
    const again = { ...ME, id: '0000000f' };
    one.server.answer('join', (frame) =>
      'resumeKey' in frame
        ? { error: { code: 'ERR_PARTICIPANT_NOT_FOUND', message: 'Gone.' } }
        : {
            participantId: again.id,
            resumeKey: 'k2',
            joinedAt: '1',
            heartbeatSeconds: 15,
            users: [again],
            iceServers: [],
          },
    );
    one.server.last.drop();
    await one.clock.advance(800);
    expect(one.engine.snapshot.state).toBe('connected');
    expect(one.engine.snapshot.participants.map(({ id }) => id)).toEqual([again.id]);
    expect(one.engine.snapshot.problems).toEqual([]);
  });

  it('makes an offer again whose answer was lost', async () => {
    const one = await rig().start();
    one.server.answer('publish', () => undefined);
    await one.engine.startScreenShare();
    await settle();
    one.server.answer('publish', (frame) => ({ sdp: `answer to ${String(frame.sdp)}` }));
    one.server.last.drop();
    await one.clock.advance(200);
    expect(one.server.last.requests('publish')).toMatchObject([{ sdp: 'offer-4' }]);
    expect(one.media.publish.signalingState).toBe('stable');
    expect(one.engine.snapshot.problems).toEqual([]);
  });

  it('replaced by another ends the session here', async () => {
    const one = await rig().start();
    one.server.last.drop(4409);
    expect(one.engine.snapshot).toMatchObject({ state: 'ended', endReason: 'replaced' });
  });
});

describe('a lost media path', () => {
  it('of the publish side is restarted by an offer', async () => {
    const one = await rig().start();
    one.media.publish.become('connected');
    one.media.publish.become('failed');
    expect(one.engine.snapshot.state).toBe('reconnecting');
    await one.clock.advance(0);
    expect(one.server.last.requests('publish').at(-1)).toMatchObject({ sdp: 'offer-3-restart' });
    one.media.publish.become('connected');
    expect(one.engine.snapshot.state).toBe('connected');
    await one.clock.advance(60_000);
    expect(one.server.last.requests('publish')).toHaveLength(2);
  });

  it('of the subscribe side is restarted by asking for an offer', async () => {
    const one = await rig().start();
    one.media.subscribe.become('connected');
    one.media.subscribe.become('failed');
    await one.clock.advance(0);
    expect(one.server.last.requests('restartSubscribe')).toHaveLength(1);
  });

  it('gets a moment to come back by itself', async () => {
    const one = await rig().start();
    one.media.publish.become('connected');
    one.media.publish.become('disconnected');
    await one.clock.advance(2_499);
    expect(one.engine.snapshot.state).toBe('connected');
    one.media.publish.become('connected');
    await one.clock.advance(10_000);
    expect(one.server.last.requests('publish')).toHaveLength(1);
  });

  it('is looked for with growing pauses', async () => {
    const one = await rig().start();
    one.media.publish.become('connected');
    one.media.publish.become('failed');
    await one.clock.advance(13_999); // restarts after 0, 2 and 6 s
    expect(one.server.last.requests('publish')).toHaveLength(4);
    expect(one.media.peerConnections).toHaveLength(2);
  });

  it('that restarts do not bring back is replaced, with other keys', async () => {
    const one = await rig().start();
    const broken = one.media.publish;
    broken.become('connected');
    broken.become('failed');
    await one.clock.advance(14_000);
    expect(broken.connectionState).toBe('closed');
    const fresh = one.media.peerConnections[2]!;
    expect(fresh.transceivers.map(({ sender }) => sender.track?.readyState)).toEqual(['live', 'live']);
    expect(one.server.last.requests('publish').at(-1)).toMatchObject({ sdp: 'offer-1' });
    expect(one.engine.snapshot.state).toBe('reconnecting');
    fresh.become('connected');
    expect(one.engine.snapshot.state).toBe('connected');
  });

  it('of the subscribe side that the server had to begin anew is begun anew here too', async () => {
    const one = await rig().start();
    const offer = (revision: number, sessionId: number) =>
      one.event('onSubscribeOffer', {
        revision,
        sdp: `v=0\r\no=- ${sessionId} ${revision} IN IP4 0.0.0.0\r\n0:audio 1:video`,
        tracks: [{ mid: '1', participantId: BEN.id, uid: 'ben', kind: 'video', source: 'camera', trackId: 'c' }],
      });
    await offer(1, 7);
    await offer(2, 7);
    expect(one.media.peerConnections).toHaveLength(2);
    const before = one.media.subscribe;
    await offer(3, 8);
    expect(one.media.peerConnections).toHaveLength(3);
    expect(before.connectionState).toBe('closed');
    expect(one.view(BEN.id).camera).toBe(one.media.subscribe.receiverTrack('1'));
    expect(one.server.last.requests('subscribeAnswer')).toHaveLength(3);
  });

  it('that never connected is said in words', async () => {
    const one = await rig().start();
    await one.offerBen();
    one.media.publish.become('connecting');
    await one.clock.advance(15_000);
    expect(one.engine.snapshot.problems).toMatchObject([{ code: 'ERR_MEDIA_FAILED' }]);
    one.media.publish.become('connected');
    expect(one.engine.snapshot.problems).toEqual([]);
  });

  it('is looked for at once when the socket comes back', async () => {
    const one = await rig().start();
    one.media.publish.become('connected');
    one.media.publish.become('failed');
    await one.clock.advance(7_000);
    const before = one.server.last.requests('publish').length;
    expect(before).toBe(4);
    one.server.last.drop();
    await one.clock.advance(200);
    expect(one.server.last.requests('publish')).toHaveLength(1);
  });
});
