import { describe, expect, it } from 'vitest';
import { BEN, CARA, EngineRig, ME, rig } from '../support/engine-rig.js';
import { settle } from '../support/manual-clock.js';

describe('the others', () => {
  it('are answered, seen and heard', async () => {
    const one = await rig().start();
    await one.offerBen();
    expect(one.server.last.requests('subscribeAnswer')).toMatchObject([{ revision: 1, sdp: 'answer' }]);
    expect(one.view(BEN.id).camera).toBe(one.media.subscribe.receiverTrack('1'));
    expect(one.media.sinks).toMatchObject([{ isPlaying: true, track: one.media.subscribe.receiverTrack('0') }]);
  });

  it('have no picture until media flows, and none while muted', async () => {
    const one = await rig().start();
    await one.offerBen();
    const track = one.media.subscribe.receiverTrack('1');
    track.setMuted(true);
    expect(one.view(BEN.id).camera).toBeNull();
    track.setMuted(false);
    expect(one.view(BEN.id).camera).toBe(track);
    await one.event('onUserMuteChanged', { user: { ...BEN, isVideoMuted: true } });
    expect(one.view(BEN.id).camera).toBeNull();
  });

  it('whose section is used again for someone else are not mixed up', async () => {
    const one = await rig().start([ME, BEN, CARA]);
    await one.offerBen();
    await one.event('onSubscribeOffer', {
      revision: 2,
      sdp: '0:audio 1:video',
      tracks: [{ mid: '1', participantId: CARA.id, uid: 'cara', kind: 'video', source: 'camera', trackId: 'd' }],
    });
    expect(one.view(BEN.id).camera).toBeNull();
    expect(one.view(CARA.id).camera).toBe(one.media.subscribe.receiverTrack('1'));
    expect(one.media.sinks[0]?.isRemoved).toBe(true);
  });

  it('of several waiting offers only the newest is answered', async () => {
    const one = await rig().start();
    const offer = (revision: number) =>
      one.server.last.send({
        seq: revision,
        type: 'onSubscribeOffer',
        data: { revision, sdp: '0:audio', tracks: [] },
      });
    offer(1);
    offer(2);
    offer(3);
    await settle();
    expect(one.server.last.requests('subscribeAnswer').map((frame) => frame.revision)).toEqual([1, 3]);
  });

  it('whose offer is broken are a problem, not a crash', async () => {
    const one = await rig().start();
    await one.event('onSubscribeOffer', { revision: 1, sdp: 'broken', tracks: [] });
    expect(one.engine.snapshot.problems).toHaveLength(1);
    await one.offerBen(2);
    expect(one.view(BEN.id).camera).not.toBeNull();
  });

  it('come and go, and the last one’s leaving is told', async () => {
    const one = await rig().start([ME, BEN]);
    await one.event('onUserJoined', { user: CARA });
    await one.event('onUserListUpdated', { users: [ME, BEN, CARA] });
    await one.event('onUserLeft', { user: CARA, reason: 'left' });
    expect(one.names()).not.toContain('lastRemoteLeft');
    await one.event('onUserLeft', { user: BEN, reason: 'connection-lost' });
    await one.event('onUserListUpdated', { users: [ME] });
    expect(one.names().filter((name) => name === 'userJoined')).toHaveLength(2);
    expect(one.names().filter((name) => name === 'userLeft')).toHaveLength(2);
    expect(one.names().filter((name) => name === 'lastRemoteLeft')).toHaveLength(1);
    expect(one.engine.snapshot.participants.map(({ name }) => name)).toEqual(['Anna']);
  });

  it('need a gesture where the browser blocks sound', async () => {
    const one = rig();
    one.media.isAutoplayBlocked = true;
    await one.start();
    await one.offerBen();
    expect(one.engine.snapshot.isAudioPlaybackBlocked).toBe(true);
    one.media.isAutoplayBlocked = false;
    await one.engine.resumeAudioPlayback();
    await settle();
    expect(one.engine.snapshot.isAudioPlaybackBlocked).toBe(false);
    expect(one.media.sinks[0]?.isPlaying).toBe(true);
  });

  it('who speak are marked, and the loudest takes the stage', async () => {
    const one = await rig().start();
    await one.offerBen();
    one.media.subscribe.transceivers[0]!.receiver.level = 0.4;
    await one.clock.advance(200);
    expect(one.view(BEN.id).isSpeaking).toBe(true);
    expect(one.engine.snapshot.dominantSpeakerId).toBe(BEN.id);
    expect(one.engine.audioLevel(BEN.id)).toBe(0.4);
    await one.event('onUserMuteChanged', { user: { ...BEN, isAudioMuted: true } });
    expect(one.view(BEN.id).isSpeaking).toBe(false);
  });

  it('whose media arrives badly are marked', async () => {
    const one = await rig().start();
    await one.offerBen();
    const { subscribe } = one.media;
    const flow = (packetsReceived: number, packetsLost: number) =>
      subscribe.stats.set('a', {
        type: 'inbound-rtp',
        trackIdentifier: subscribe.receiverTrack('1').id,
        packetsReceived,
        packetsLost,
      });
    await one.clock.advance(2_000);
    expect(one.view(BEN.id).quality).toBe('unknown'); // still connecting
    flow(100, 0);
    await one.clock.advance(2_000);
    expect(one.view(BEN.id).quality).toBe('good');
    flow(190, 10);
    await one.clock.advance(2_000);
    expect(one.view(BEN.id).quality).toBe('poor');
    await one.clock.advance(2_000);
    expect(one.view(BEN.id).quality).toBe('lost');
  });
});

describe('the host', () => {
  it('mutes, and nobody is unmuted', async () => {
    const one = await rig().start();
    await one.event('onMuteRequested', { by: BEN, isAudioMuted: true, isVideoMuted: true });
    await settle();
    expect(one.engine.snapshot.local).toMatchObject({ isAudioMuted: true, isVideoMuted: true });
    expect(one.server.last.requests('setMuted').at(-1)).toMatchObject({ isAudioMuted: true, by: BEN.id });
    await one.event('onMuteRequested', { by: BEN, isAudioMuted: false, isVideoMuted: false });
    expect(one.engine.snapshot.local).toMatchObject({ isAudioMuted: true, isVideoMuted: true });
  });

  it('is named when somebody was muted', async () => {
    const one = await rig().start();
    await one.event('onUserMuteChanged', { user: { ...BEN, isAudioMuted: true }, by: ME });
    expect(one.told.find(([type]) => type === 'userMuteChanged')?.[1]).toMatchObject({ by: { id: ME.id } });
  });
});

describe('a raised hand', () => {
  it('is told, shown, and raised again after a gap', async () => {
    const one = await rig().start();
    one.server.answer('setHandRaised', {});
    await one.engine.setHandRaised(true);
    expect(one.engine.snapshot.local.isHandRaised).toBe(true);
    await one.event('onUserHandChanged', { user: { ...BEN, isHandRaised: true } });
    expect(one.view(BEN.id).isHandRaised).toBe(true);
    one.server.last.drop();
    await one.clock.advance(200);
    expect(one.server.last.requests('setHandRaised')).toMatchObject([{ isHandRaised: true }]);
  });
});

describe('an audio call', () => {
  const audio = { isAudioOnly: true };
  const message = (one: EngineRig, topic: string) => one.event('onMessage', { from: BEN, topic, content: {} });

  it('becomes a video call when the other side agrees, and not before', async () => {
    const one = await rig(audio).start();
    one.server.answer('sendMessage', {});
    void one.engine.requestVideo();
    await settle();
    expect(one.server.last.requests('sendMessage')).toMatchObject([{ topic: 'video.ask' }]);
    expect(one.engine.snapshot).toMatchObject({ isVideoRequested: true, isAudioOnly: true });
    expect(one.sent('video')).toBeUndefined();
    await message(one, 'video.accept');
    await settle();
    expect(one.engine.snapshot).toMatchObject({ isVideoRequested: false, isAudioOnly: false });
    expect(one.sent('video')?.readyState).toBe('live');
    expect(one.told.find(([type]) => type === 'switchedToVideo')?.[1]).toMatchObject({
      initiator: { id: ME.id },
      responder: { id: BEN.id },
    });
  });

  it('asks the person before the camera opens', async () => {
    const one = await rig(audio).start();
    one.server.answer('sendMessage', {});
    await message(one, 'video.ask');
    expect(one.engine.snapshot.videoRequest).toEqual({ participantId: BEN.id, name: 'Ben' });
    expect(one.media.devices.opened.some(({ kind }) => kind === 'video')).toBe(false);
    void one.engine.answerVideoRequest(true);
    await settle();
    expect(one.server.last.requests('sendMessage')).toMatchObject([{ topic: 'video.accept', to: BEN.id }]);
    expect(one.sent('video')?.readyState).toBe('live');
  });

  it('stays one when the other side declines, or says nothing', async () => {
    const one = await rig(audio).start();
    one.server.answer('sendMessage', {});
    void one.engine.requestVideo();
    await settle();
    await message(one, 'video.decline');
    expect(one.engine.snapshot).toMatchObject({ isVideoRequested: false, isAudioOnly: true });
    expect(one.engine.snapshot.problems).toMatchObject([{ code: 'VIDEO_DECLINED' }]);
    void one.engine.requestVideo();
    await one.clock.advance(30_000);
    expect(one.engine.snapshot.isVideoRequested).toBe(false);
    await message(one, 'video.accept'); // too late
    expect(one.engine.snapshot.isAudioOnly).toBe(true);
  });
});
