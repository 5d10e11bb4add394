import { describe, expect, it } from 'vitest';
import { BEN, CARA, type EngineRig, ME, rig } from '../support/engine-rig.js';
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
    expect(one.server.last.requests('join')[0]).toMatchObject({ participantId: ME.id });
    expect(one.server.last.requests('join')[0]).not.toHaveProperty('resumeKey');
    one.media.publish.become('connected');
    expect(one.engine.snapshot.state).toBe('connected');
    expect(one.engine.snapshot.participants.map(({ id }) => id)).toEqual([again.id, BEN.id]);
    await one.clock.advance(15_000);
    expect(one.engine.snapshot.participants.map(({ id }) => id)).toEqual([again.id]);
    expect(one.engine.snapshot.problems).toEqual([]);
  });

  /** The server knows nobody any more, and who joins anew is the first. */
  async function restartedServer(one: EngineRig, users = [{ ...ME, joinedAt: '1772009399999' }]): Promise<void> {
    one.server.answer('join', (frame) =>
      'resumeKey' in frame
        ? { error: { code: 'ERR_PARTICIPANT_NOT_FOUND', message: 'Gone.' } }
        : { participantId: ME.id, resumeKey: 'k2', joinedAt: '1', heartbeatSeconds: 15, users, iceServers: [] },
    );
    one.server.last.drop();
    await one.clock.advance(800);
  }

  it('of a server that was restarted shows reconnecting until media flows again', async () => {
    const one = await rig().start([ME, BEN]);
    one.media.publish.become('connected');
    await restartedServer(one);
    expect(one.media.peerConnections).toHaveLength(4);
    expect(one.engine.snapshot.state).toBe('reconnecting');
    one.media.peerConnections.at(-2)!.become('connected');
    expect(one.engine.snapshot.state).toBe('connected');
  });

  it('of a server that was restarted costs nobody who comes back, and their places are kept', async () => {
    const one = await rig().start([ME, BEN, CARA]);
    const before = one.names().length;
    await restartedServer(one);
    expect(one.view(BEN.id).quality).toBe('lost');
    const back = [
      { ...ME, joinedAt: '1772009399999' },
      { ...BEN, joinedAt: '1772009400000' },
    ];
    await one.server.event(1, 'onUserJoined', { user: back[1] });
    await one.server.event(2, 'onUserListUpdated', { users: back });
    expect(one.view(BEN.id).quality).not.toBe('lost');
    expect(one.view(CARA.id).quality).toBe('lost');
    await one.clock.advance(14_000);
    const told = () => one.names().slice(before);
    expect(told()).not.toContain('userJoined');
    expect(told()).not.toContain('userLeft');
    await one.clock.advance(1_000);
    expect(one.told.filter(([type]) => type === 'userLeft')).toEqual([
      ['userLeft', expect.objectContaining({ user: CARA, reason: 'connection-lost' })],
    ]);
    expect(told()).not.toContain('lastRemoteLeft');
  });

  it('of a server that was restarted twice begins to wait anew', async () => {
    const one = await rig().start([ME, BEN]);
    await restartedServer(one);
    await one.clock.advance(10_000);
    await restartedServer(one, [{ ...ME, joinedAt: '1772009499999' }]);
    await one.clock.advance(10_000);
    expect(one.names()).not.toContain('userLeft');
    await one.clock.advance(5_000);
    expect(one.names()).toContain('lastRemoteLeft');
  });

  it('that comes too late misses nobody who left while others stayed', async () => {
    const one = await rig().start([ME, BEN, CARA]);
    await restartedServer(one, [{ ...ME, joinedAt: '1772009399999' }, BEN]);
    expect(one.told.filter(([type]) => type === 'userLeft')).toEqual([
      ['userLeft', expect.objectContaining({ user: CARA })],
    ]);
  });

  it('joins anew with another token when the first has expired', async () => {
    const renewed: string[] = [];
    const renewToken = () => Promise.resolve(`jwt-${renewed.push('')}`);
    const one = await rig({ renewToken }).start([ME, BEN]);
    const joins = {
      participantId: ME.id,
      resumeKey: 'k2',
      joinedAt: '1',
      heartbeatSeconds: 15,
      users: [ME],
      iceServers: [],
    };
    one.server.answer('join', (frame) => {
      if ('resumeKey' in frame) return { error: { code: 'ERR_PARTICIPANT_NOT_FOUND', message: 'Gone.' } };
      return frame.token === 'jwt-1' ? joins : { error: { code: 'ERR_TOKEN_EXPIRED', message: 'Expired.' } };
    });
    one.server.last.drop();
    await one.clock.advance(2_000);
    expect(one.server.last.requests('join')).toMatchObject([{ token: 'jwt-1' }]);
    expect(one.engine.snapshot.state).not.toBe('ended');
    expect(renewed).toHaveLength(1);
  });

  it('gives up when no token is good any more', async () => {
    const one = await rig({ renewToken: () => Promise.reject(new Error('logged out')) }).start([ME, BEN]);
    one.server.answer('join', (frame) => ({
      error: { code: 'resumeKey' in frame ? 'ERR_PARTICIPANT_NOT_FOUND' : 'ERR_TOKEN_EXPIRED', message: 'No.' },
    }));
    one.server.last.drop();
    await one.clock.advance(10_000);
    expect(one.engine.snapshot).toMatchObject({ state: 'ended', endReason: 'failed' });
    expect(one.engine.snapshot.problems).toMatchObject([{ code: 'ERR_TOKEN_EXPIRED' }]);
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
