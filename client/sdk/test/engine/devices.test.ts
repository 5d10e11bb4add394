import { describe, expect, it } from 'vitest';
import { BEN, ME, rig } from '../support/engine-rig.js';
import { FakeMedia } from '../support/fake-media.js';
import { settle } from '../support/manual-clock.js';

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

  it('takes the microphone that has become the default, unless another was chosen', async () => {
    const one = await rig().start();
    const { devices } = one.media;
    const becomesDefault = async (label: string) => {
      const others = devices.devices.filter(({ deviceId }) => deviceId !== 'default');
      devices.devices = [{ kind: 'audioinput', deviceId: 'default', label }, ...others];
      devices.dispatchEvent(new Event('devicechange'));
      await settle();
    };
    const first = one.sent('audio');
    await becomesDefault('Default - Built-in');
    expect(one.sent('audio')).toBe(first);
    await becomesDefault('Default - Headset');
    const second = one.sent('audio');
    expect(second).not.toBe(first);
    expect([first?.readyState, second?.readyState]).toEqual(['ended', 'live']);
    await one.engine.setAudioInputDevice('mic-1');
    const chosen = one.sent('audio');
    await becomesDefault('Default - Built-in');
    expect(one.sent('audio')).toBe(chosen);
  });

  it('plays on the default while the chosen loudspeaker is pulled out', async () => {
    const one = await rig().start();
    await one.offerBen();
    await one.engine.setAudioOutputDevice('out-1');
    const sinks = () => one.media.sinks.map(({ sinkId }) => sinkId);
    const pulled = one.media.devices.devices.splice(
      one.media.devices.devices.findIndex((d) => d.deviceId === 'out-1'),
      1,
    );
    one.media.devices.dispatchEvent(new Event('devicechange'));
    await settle();
    expect(sinks()).toEqual(['']);
    one.media.devices.devices.push(...pulled);
    one.media.devices.dispatchEvent(new Event('devicechange'));
    await settle();
    expect(sinks()).toEqual(['out-1']);
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
