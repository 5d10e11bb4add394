import { afterEach, describe, expect, it } from 'vitest';
import type { CallEngineOptions } from '../../src/engine/engine.js';
import type { SessionSnapshot } from '../../src/engine/view.js';
import { BEN, CARA, EngineRig, ME } from '../support/engine-rig.js';
import { FakeMedia } from '../support/fake-media.js';
import { settle } from '../support/manual-clock.js';

const rigs: EngineRig[] = [];

function rig(options: Partial<CallEngineOptions> = {}, media = new FakeMedia()): EngineRig {
  const created = new EngineRig(options, media);
  rigs.push(created);
  return created;
}

/** After every test: nothing is left behind. */
afterEach(async () => {
  for (const { engine, media, clock, platform, server } of rigs.splice(0)) {
    engine.dispose();
    await settle();
    expect(media.devices.live).toEqual([]);
    expect(media.peerConnections.every(({ connectionState }) => connectionState === 'closed')).toBe(true);
    expect(media.sinks.every(({ isRemoved, srcObject }) => isRemoved && srcObject === null)).toBe(true);
    expect(media.devices.listenerCount).toBe(0);
    expect(media.pageHideListenerCount).toBe(0);
    expect(platform.onlineListenerCount).toBe(0);
    expect(clock.pending).toBe(0);
    expect(server.connections.every(({ closedWith }) => closedWith)).toBe(true);
  }
});

describe('joining', () => {
  it('sends the token and the mute state', async () => {
    const { server } = await rig({ isVideoMuted: true }).start();
    expect(server.last.received[0]).toMatchObject({
      type: 'join',
      protocol: 1,
      token: 'jwt',
      isAudioMuted: false,
      isVideoMuted: true,
    });
    expect(server.last.received[0]).not.toHaveProperty('participantId');
  });

  it('looks at the devices first where it shall, and joins with what was chosen', async () => {
    const { engine, server, media } = rig({ isPreview: true });
    const started = engine.start();
    await settle();
    expect(engine.snapshot).toMatchObject({ state: 'preview', local: { isAudioMuted: false, isVideoMuted: false } });
    expect(engine.snapshot.local.camera).toBe(media.devices.live.find(({ kind }) => kind === 'video'));
    expect(engine.snapshot.local.microphone).toBe(media.devices.live.find(({ kind }) => kind === 'audio'));
    expect(server.connections).toHaveLength(0);
    await engine.setVideoMuted(true);
    expect(engine.snapshot.local.camera).toBeNull();
    engine.join();
    await started;
    expect(engine.snapshot.state).toBe('connected');
    expect(server.last.received[0]).toMatchObject({ type: 'join', isAudioMuted: false, isVideoMuted: true });
  });

  it('lets go of the devices when one does not join after all', async () => {
    const { engine, media } = rig({ isPreview: true });
    const started = engine.start();
    await settle();
    engine.dispose();
    await expect(started).rejects.toMatchObject({ code: 'ERR_SESSION_ENDED' });
    expect(media.devices.live).toEqual([]);
    engine.join();
    expect(engine.snapshot.state).toBe('ended');
  });

  it('shows everybody, oneself first', async () => {
    const { engine } = await rig().start([BEN, ME]);
    const { state, participants, joinedAt } = engine.snapshot;
    expect(state).toBe('connected');
    expect(joinedAt).toBe(1772009349593);
    expect(participants.map(({ name, isLocal }) => [name, isLocal])).toEqual([
      ['Anna', true],
      ['Ben', false],
    ]);
  });

  it('publishes the microphone and the camera in one offer', async () => {
    const one = rig();
    one.answersFirstOffer = true;
    const { server, media } = await one.start();
    expect(server.last.requests('join')).toMatchObject([
      {
        publish: {
          sdp: 'offer-1',
          tracks: [
            { mid: '0', source: 'microphone' },
            { mid: '1', source: 'camera' },
          ],
        },
      },
    ]);
    expect(server.last.requests('publish')).toEqual([]);
    expect(media.publish.log).toEqual(['local offer-1', 'remote answer to offer-1']);
    expect(media.publish.configuration).toMatchObject({ bundlePolicy: 'max-bundle', rtcpMuxPolicy: 'require' });
  });

  it('publishes again, to hear why not, when the first offer was left unanswered', async () => {
    const { server, media } = await rig().start();
    expect(server.last.requests('publish')).toMatchObject([{ sdp: 'offer-2' }]);
    expect(media.peerConnections).toHaveLength(2);
  });

  it('asks for echo cancellation, noise suppression and gain control', async () => {
    const { media } = await rig().start();
    expect(media.devices.constraints[0]).toMatchObject({
      audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
      video: { width: { ideal: 1280 } },
    });
  });

  it('does not wait for the permission prompt: tracks follow without another offer', async () => {
    const one = rig();
    let allow: () => void = () => undefined;
    one.media.devices.prompt = new Promise((resolve) => (allow = resolve));
    await one.start();
    expect(one.engine.snapshot.state).toBe('connected');
    expect(one.sent('audio')).toBeNull();
    allow();
    await settle();
    expect(one.sent('audio')?.kind).toBe('audio');
    expect(one.sent('video')?.kind).toBe('video');
    expect(one.view(ME.id).camera).toBe(one.sent('video'));
    expect(one.server.last.requests('publish')).toHaveLength(1);
  });

  it('of an audio call opens and publishes no camera', async () => {
    const one = await rig({ isAudioOnly: true }).start();
    expect(one.media.devices.constraints[0]?.video).toBe(false);
    expect(one.server.last.requests('publish')).toMatchObject([{ tracks: [{ source: 'microphone' }] }]);
    await one.engine.setVideoMuted(false);
    expect(one.engine.snapshot.local).toMatchObject({ isVideoMuted: true, canSendVideo: false });
  });

  it('muted opens no device', async () => {
    const { media } = await rig({ isAudioMuted: true, isVideoMuted: true }).start();
    expect(media.devices.constraints).toEqual([]);
  });

  it('that the server refuses is refused with its words', async () => {
    const one = rig();
    one.server.answer('join', { error: { code: 'ERR_TOKEN_EXPIRED', message: 'The call token is too old.' } });
    const refused = one.engine.start().catch((error: unknown) => error);
    await settle();
    expect(await refused).toMatchObject({ code: 'ERR_TOKEN_EXPIRED' });
    expect(one.engine.snapshot).toMatchObject({
      state: 'ended',
      endReason: 'failed',
      problems: [{ code: 'ERR_TOKEN_EXPIRED', message: 'The call token is too old.' }],
    });
  });

  it('can be called off', async () => {
    const one = rig();
    one.server.accepts = false;
    const refused = one.engine.start().catch((error: unknown) => error);
    one.engine.dispose();
    expect(await refused).toMatchObject({ code: 'ERR_SESSION_ENDED' });
  });

  it('that is called off while the prompt is open lets no light burn', async () => {
    const one = rig();
    let allow: () => void = () => undefined;
    one.media.devices.prompt = new Promise((resolve) => (allow = resolve));
    await one.start();
    one.engine.dispose();
    allow();
    await settle();
    expect(one.media.devices.opened).toHaveLength(2);
    expect(one.media.devices.live).toEqual([]);
  });
});

describe('devices that cannot be had', () => {
  it('a refused camera does not cost the microphone', async () => {
    const one = rig();
    one.media.devices.refuse.video = 'NotAllowedError';
    await one.start();
    expect(one.engine.snapshot.local).toMatchObject({ isAudioMuted: false, isVideoMuted: true });
    expect(one.engine.snapshot.problems).toMatchObject([{ code: 'ERR_CAMERA_REFUSED' }]);
    expect(one.told).toContainEqual(['error', expect.objectContaining({ code: 'ERR_CAMERA_REFUSED' })]);
    expect(one.sent('audio')?.readyState).toBe('live');
    expect(one.server.last.requests('setMuted')).toMatchObject([{ isAudioMuted: false, isVideoMuted: true }]);
  });

  it('a camera that works later takes its problem away', async () => {
    const one = rig();
    one.media.devices.refuse.video = 'NotReadableError';
    await one.start();
    await one.engine.setVideoMuted(false);
    expect(one.engine.snapshot.local.isVideoMuted).toBe(true);
    expect(one.engine.snapshot.problems).toHaveLength(1);
    delete one.media.devices.refuse.video;
    await one.engine.setVideoMuted(false);
    expect(one.engine.snapshot.local.isVideoMuted).toBe(false);
    expect(one.engine.snapshot.problems).toEqual([]);
  });

  it('outside a secure context are explained', async () => {
    const media = new FakeMedia();
    media.isSecure = false;
    const one = await rig({}, media).start();
    expect(one.engine.snapshot.problems.map(({ code }) => code)).toEqual([
      'ERR_MICROPHONE_INSECURE',
      'ERR_CAMERA_INSECURE',
    ]);
    expect(one.engine.snapshot.local.canShareScreen).toBe(false);
  });

  it('a camera that is pulled is replaced by another, silently', async () => {
    const one = await rig().start();
    const first = one.sent('video')!;
    first.endByItself();
    await settle();
    expect(one.sent('video')).not.toBe(first);
    expect(one.engine.snapshot.local.isVideoMuted).toBe(false);
  });

  it('a microphone that is pulled, with no other, mutes and says so', async () => {
    const one = await rig().start();
    one.media.devices.refuse.audio = 'NotFoundError';
    one.sent('audio')!.endByItself();
    await settle();
    expect(one.engine.snapshot.local.isAudioMuted).toBe(true);
    expect(one.engine.snapshot.problems).toMatchObject([{ code: 'ERR_MICROPHONE_LOST' }]);
    expect(one.server.last.requests('setMuted').at(-1)).toMatchObject({ isAudioMuted: true });
  });
});

describe('muting', () => {
  it('the microphone keeps the track, silent, and tells the server', async () => {
    const one = await rig().start();
    await one.engine.setAudioMuted(true);
    expect(one.sent('audio')).toMatchObject({ enabled: false, readyState: 'live' });
    expect(one.server.last.requests('setMuted').at(-1)).toMatchObject({ isAudioMuted: true, isVideoMuted: false });
    expect(one.view(ME.id).isAudioMuted).toBe(true);
    await one.engine.setAudioMuted(false);
    expect(one.sent('audio')?.enabled).toBe(true);
    expect(one.media.devices.constraints).toHaveLength(1);
  });

  it('the camera turns its light off, and on again in the same place', async () => {
    const one = await rig().start();
    const before = one.sent('video')!;
    await one.engine.setVideoMuted(true);
    expect(before.readyState).toBe('ended');
    expect(one.sent('video')).toBeNull();
    expect(one.view(ME.id).camera).toBeNull();
    await one.engine.setVideoMuted(false);
    expect(one.sent('video')?.readyState).toBe('live');
    expect(one.view(ME.id).camera).toBe(one.sent('video'));
    expect(one.server.last.requests('publish')).toHaveLength(1);
  });

  it('keeps the order of quick presses', async () => {
    const one = await rig().start();
    await Promise.all([true, false, true].map((muted) => one.engine.setVideoMuted(muted)));
    expect(one.engine.snapshot.local.isVideoMuted).toBe(true);
    expect(one.media.devices.live.map(({ kind }) => kind)).toEqual(['audio']);
  });

  it('of others is shown and told', async () => {
    const one = await rig().start();
    await one.event('onUserMuteChanged', { user: { ...BEN, isAudioMuted: true } });
    expect(one.view(BEN.id).isAudioMuted).toBe(true);
    expect(one.told.filter(([type]) => type === 'userMuteChanged')).toHaveLength(1);
    await one.event('onUserListUpdated', { users: [ME, { ...BEN, isAudioMuted: true }] });
    expect(one.told.filter(([type]) => type === 'userMuteChanged')).toHaveLength(1);
  });
});

describe('choosing devices', () => {
  it('opens the other camera in the same place and remembers it', async () => {
    const one = await rig().start();
    const before = one.sent('video')!;
    await one.engine.setVideoInputDevice('cam-2');
    expect(before.readyState).toBe('ended');
    expect(one.sent('video')?.deviceId).toBe('cam-2');
    expect(one.engine.snapshot.devices.videoInputId).toBe('cam-2');
    expect(one.platform.localStore.getItem('belfry.devices')).toContain('cam-2');
  });

  it('while muted takes effect with the next unmute', async () => {
    const one = await rig().start();
    await one.engine.setVideoMuted(true);
    await one.engine.setVideoInputDevice('cam-2');
    expect(one.media.devices.live.map(({ kind }) => kind)).toEqual(['audio']);
    await one.engine.setVideoMuted(false);
    expect(one.sent('video')?.deviceId).toBe('cam-2');
  });

  it('moves all sound to another loudspeaker', async () => {
    const one = await rig().start();
    await one.offerBen();
    await one.engine.setAudioOutputDevice('out-1');
    expect(one.media.sinks.map(({ sinkId }) => sinkId)).toEqual(['out-1']);
    expect(one.engine.snapshot.devices.audioOutputId).toBe('out-1');
  });

  it('lists what there is, and again when it changes', async () => {
    const one = await rig().start();
    const { devices } = one.engine.snapshot;
    expect(devices.videoInputs.map(({ deviceId }) => deviceId)).toEqual(['cam-1', 'cam-2']);
    one.media.devices.devices.pop();
    one.media.devices.dispatchEvent(new Event('devicechange'));
    await settle();
    expect(one.engine.snapshot.devices.audioOutputs).toEqual([]);
  });
});

describe('sharing the screen', () => {
  it('adds a second picture by another offer, and takes it away', async () => {
    const one = await rig().start();
    one.media.devices.screenHasAudio = true;
    await one.engine.startScreenShare();
    await settle();
    expect(one.server.last.requests('publish').at(-1)).toMatchObject({
      tracks: [
        { mid: '0', source: 'microphone' },
        { mid: '1', source: 'camera' },
        { mid: '2', source: 'screen' },
        { mid: '3', source: 'screenAudio' },
      ],
    });
    expect(one.engine.snapshot.local.isScreenSharing).toBe(true);
    expect(one.view(ME.id).screen).not.toBeNull();
    await one.engine.stopScreenShare();
    await settle();
    expect(one.server.last.requests('publish').at(-1)!.tracks).toHaveLength(2);
    expect(one.media.devices.live.map(({ kind }) => kind)).toEqual(['audio', 'video']);
    expect(one.names().filter((name) => name.startsWith('screenShare'))).toEqual([
      'screenShareStarted',
      'screenShareStopped',
    ]);
  });

  it('again uses the same section', async () => {
    const one = await rig().start();
    await one.engine.startScreenShare();
    await one.engine.stopScreenShare();
    await one.engine.startScreenShare();
    await settle();
    expect(one.media.publish.transceivers).toHaveLength(3);
    expect(one.server.last.requests('publish').at(-1)!.tracks).toContainEqual({ mid: '2', source: 'screen' });
  });

  it('ends when the browser’s own bar ends it', async () => {
    const one = await rig().start();
    await one.engine.startScreenShare();
    await settle();
    one.media.devices.opened.at(-1)!.endByItself();
    await settle();
    expect(one.engine.snapshot.local.isScreenSharing).toBe(false);
    expect(one.server.last.requests('publish').at(-1)!.tracks).toHaveLength(2);
  });

  it('that the person calls off is no problem', async () => {
    const one = await rig().start();
    one.media.devices.refuse.screen = 'NotAllowedError';
    await one.engine.startScreenShare();
    expect(one.engine.snapshot.problems).toEqual([]);
    expect(one.names()).not.toContain('screenShareStarted');
  });
});

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

describe('a refused offer', () => {
  it('is a problem, and the connection stays usable', async () => {
    const one = rig();
    one.server.answer('publish', { error: { code: 'ERR_NOT_PERMITTED', message: 'You may only watch.' } });
    await one.start();
    expect(one.engine.snapshot.problems).toMatchObject([{ code: 'ERR_NOT_PERMITTED' }]);
    expect(one.media.publish.signalingState).toBe('stable');
    expect(one.engine.snapshot.state).toBe('connected');
  });
});

describe('the end', () => {
  it('tells the server', async () => {
    const one = await rig().start();
    one.engine.dispose();
    expect(one.server.last.requests('leave')).toHaveLength(1);
    expect(one.server.last.closedWith?.code).toBe(1000);
  });

  it('is told once, and final', async () => {
    const one = await rig().start();
    await one.event('onSessionClosed', { reason: 'ended' });
    one.engine.dispose();
    expect(one.told.filter(([type]) => type === 'ended')).toEqual([['ended', 'closed-by-server']]);
    await one.engine.setVideoMuted(true);
    await one.engine.startScreenShare();
    expect(one.engine.snapshot.state).toBe('ended');
  });

  it('comes when the page goes', async () => {
    const one = await rig().start();
    one.media.hidePage();
    expect(one.server.last.requests('leave')).toHaveLength(1);
  });

  it('comes after being alone for too long, with a question first', async () => {
    const one = await rig({ idleTimeoutSeconds: 180 }).start([ME]);
    await one.clock.advance(120_000);
    expect(one.engine.snapshot.idleSecondsLeft).toBe(60);
    one.engine.stayInSession();
    expect(one.engine.snapshot.idleSecondsLeft).toBeNull();
    await one.clock.advance(180_000);
    expect(one.names().slice(-2)).toEqual(['sessionTimedOut', 'ended']);
    expect(one.engine.snapshot.endReason).toBe('idle');
  });
});

describe('snapshots', () => {
  it('are the same object until something changes, and keep what did not change', async () => {
    const one = await rig().start();
    const before = one.engine.snapshot;
    await one.clock.advance(1_000);
    expect(one.engine.snapshot).toBe(before);
    await one.event('onUserMuteChanged', { user: { ...BEN, isAudioMuted: true } });
    const after = one.engine.snapshot;
    expect(after).not.toBe(before);
    expect(after.participants[0]).toBe(before.participants[0]);
    expect(after.participants[1]).not.toBe(before.participants[1]);
    expect(after.devices).toBe(before.devices);
  });

  it('are announced once per change, until the listener has enough', async () => {
    const one = await rig().start();
    const seen: SessionSnapshot[] = [];
    const stop = one.engine.subscribe((snapshot) => seen.push(snapshot));
    one.engine.setMode('SPOTLIGHT');
    one.engine.setMode('TILE');
    await settle();
    expect(seen.map(({ mode }) => mode)).toEqual(['TILE']);
    one.engine.setMode('TILE');
    await settle();
    expect(seen).toHaveLength(1);
    stop();
    one.engine.setMode('DEFAULT');
    await settle();
    expect(seen).toHaveLength(1);
  });

  it('drop a problem that was dismissed', async () => {
    const one = rig();
    one.media.devices.refuse.audio = 'NotFoundError';
    await one.start();
    one.engine.dismissProblem(one.engine.snapshot.problems[0]!.id);
    expect(one.engine.snapshot.problems).toEqual([]);
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
