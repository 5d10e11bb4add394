import { describe, expect, it } from 'vitest';
import { BEN, ME, rig } from '../support/engine-rig.js';
import { settle } from '../support/manual-clock.js';

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

  it('looks for a way through a relay when the direct one does not connect soon', async () => {
    const one = rig();
    one.answersFirstOffer = true;
    const relays = [{ urls: 'turn:relay.example.org', username: 'u', credential: 'c' }];
    one.joinWith([ME, BEN], ME.id, relays);
    const started = one.engine.start();
    await settle();
    await started;
    expect(one.media.publish.configuration.iceServers).toEqual(relays);
    expect(one.server.last.requests('publish')).toEqual([]);
    await one.clock.advance(1_500);
    expect(one.server.last.requests('publish')).toMatchObject([{ sdp: 'offer-2-restart' }]);
  });

  it('leaves a direct way that connected alone', async () => {
    const one = rig();
    one.answersFirstOffer = true;
    one.joinWith([ME, BEN], ME.id, [{ urls: 'turn:relay.example.org', username: 'u', credential: 'c' }]);
    const started = one.engine.start();
    await settle();
    await started;
    one.media.publish.become('connected');
    await one.clock.advance(20_000);
    expect(one.server.last.requests('publish')).toEqual([]);
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
