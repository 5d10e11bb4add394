import { describe, expect, it, vi } from 'vitest';
import {
  canChooseOutput,
  canShareScreen,
  choosable,
  isHeldElsewhere,
  moveOutput,
  ReceivedLevels,
  roundTripMillis,
  sentLevel,
} from '../../src/engine/browsers.js';
import type { AudioSink } from '../../src/engine/media-platform.js';
import { EngineRig } from '../support/engine-rig.js';
import { settle } from '../support/manual-clock.js';

function named(name: string): Error {
  return Object.assign(new Error(name), { name });
}

function device(kind: MediaDeviceKind, deviceId: string, label = deviceId): MediaDeviceInfo {
  return { kind, deviceId, label, groupId: '', toJSON: () => ({}) };
}

function report(...stats: object[]): RTCStatsReport {
  return new Map(stats.map((stat, index) => [String(index), stat]));
}

/** What each family of browsers has, as far as the engine looks. */
interface Family {
  name: string;
  devices: Partial<MediaDevices> & { selectAudioOutput?: () => Promise<MediaDeviceInfo> };
  sink: Partial<AudioSink>;
  listedBeforePermission: MediaDeviceInfo[];
  listed: MediaDeviceInfo[];
  stats: object[];
  expected: {
    sharesScreen: boolean;
    choosesOutput: boolean;
    outputs: string[];
    level: number | undefined;
    roundTripMillis: number;
  };
}

const getDisplayMedia = () => Promise.reject(new Error('not asked here'));
const pair = { type: 'candidate-pair', nominated: true };
const remote = { type: 'remote-inbound-rtp', kind: 'audio', roundTripTime: 0.08 };
const mic = device('audioinput', 'm');
const speaker = device('audiooutput', 's');
const unnamed = [device('audioinput', ''), device('videoinput', '')];

const FAMILIES: Family[] = [
  {
    name: 'Chromium',
    devices: { getDisplayMedia },
    sink: { setSinkId: () => Promise.resolve() },
    listedBeforePermission: [...unnamed, device('audiooutput', '')],
    listed: [mic, speaker],
    stats: [{ ...pair, currentRoundTripTime: 0.04 }, remote, { type: 'media-source', kind: 'audio', audioLevel: 0.3 }],
    expected: { sharesScreen: true, choosesOutput: true, outputs: ['s'], level: 0.3, roundTripMillis: 40 },
  },
  {
    name: 'Firefox',
    devices: { getDisplayMedia, selectAudioOutput: () => Promise.resolve(speaker) },
    sink: { setSinkId: () => Promise.reject(named('NotAllowedError')) },
    listedBeforePermission: unnamed,
    listed: [mic, speaker],
    stats: [pair, remote, { type: 'media-source', kind: 'audio' }],
    expected: { sharesScreen: true, choosesOutput: true, outputs: ['s'], level: undefined, roundTripMillis: 80 },
  },
  {
    name: 'Safari on a Mac',
    devices: { getDisplayMedia },
    sink: {},
    listedBeforePermission: unnamed,
    listed: [mic, speaker],
    stats: [
      { ...pair, currentRoundTripTime: 0.04 },
      { type: 'media-source', kind: 'audio', audioLevel: 0.2 },
    ],
    expected: { sharesScreen: true, choosesOutput: false, outputs: [], level: 0.2, roundTripMillis: 40 },
  },
  {
    name: 'Safari on a phone',
    devices: {},
    sink: {},
    listedBeforePermission: unnamed,
    listed: [mic],
    stats: [
      { ...pair, currentRoundTripTime: 0.04 },
      { type: 'media-source', kind: 'audio', audioLevel: 0.2 },
    ],
    expected: { sharesScreen: false, choosesOutput: false, outputs: [], level: 0.2, roundTripMillis: 40 },
  },
];

describe.each(FAMILIES)('$name', ({ devices, sink, listedBeforePermission, listed, stats, expected }) => {
  const outputsOf = (list: MediaDeviceInfo[]) =>
    choosable(list, canChooseOutput(sink)).filter(({ kind }) => kind === 'audiooutput');

  it('offers what it can do', () => {
    expect(canShareScreen(devices as MediaDevices)).toBe(expected.sharesScreen);
    expect(canChooseOutput(sink)).toBe(expected.choosesOutput);
  });

  it('tells that there are devices before it names them, and no loudspeaker without a name', () => {
    const before = choosable(listedBeforePermission, canChooseOutput(sink));
    expect(before.map(({ kind }) => kind)).toEqual(['audioinput', 'videoinput']);
    expect(outputsOf(listed).map(({ deviceId }) => deviceId)).toEqual(expected.outputs);
  });

  it('gives loudness and round trip, or none', () => {
    expect(sentLevel(report(...stats))).toBe(expected.level);
    expect(roundTripMillis(report(...stats))).toBe(expected.roundTripMillis);
  });
});

describe('a loudspeaker', () => {
  it('that the person has to choose in the list of the browser is asked for there', async () => {
    const used: string[] = [];
    const sink = {
      setSinkId: (id: string) => {
        used.push(id);
        return used.length === 1 ? Promise.reject(named('NotAllowedError')) : Promise.resolve();
      },
    } as unknown as AudioSink;
    const selectAudioOutput = vi.fn(() => Promise.resolve(device('audiooutput', 'permitted')));
    await moveOutput(sink, { selectAudioOutput } as unknown as MediaDevices, 'wanted');
    expect(selectAudioOutput).toHaveBeenCalledWith({ deviceId: 'wanted' });
    expect(used).toEqual(['wanted', 'permitted']);
  });

  it.each([
    ['is gone', 'NotFoundError', true],
    ['is refused where there is no list', 'NotAllowedError', false],
  ])('that %s is an error', async (_, name, hasList) => {
    const sink = { setSinkId: () => Promise.reject(named(name)) } as unknown as AudioSink;
    const selectAudioOutput = vi.fn();
    const devices = (hasList ? { selectAudioOutput } : {}) as unknown as MediaDevices;
    await expect(moveOutput(sink, devices, 'x')).rejects.toThrow(name);
    expect(selectAudioOutput).not.toHaveBeenCalled();
  });

  it('cannot be chosen everywhere, and then that is said', async () => {
    const rig = new EngineRig();
    rig.media.canChooseOutput = false;
    await rig.start();
    await rig.engine.setAudioOutputDevice('out-1');
    expect(rig.engine.snapshot.problems).toMatchObject([{ code: 'ERR_OUTPUT_NOT_CHOOSABLE' }]);
    expect(rig.engine.snapshot.devices.audioOutputId).toBe('');
    expect(rig.engine.snapshot.devices.audioOutputs).toEqual([]);
    rig.engine.dispose();
  });
});

describe('a second microphone', () => {
  it.each(['NotReadableError', 'AbortError'])('opens once the first is let go, after %s', async (name) => {
    const rig = await new EngineRig().start();
    const [first] = rig.media.devices.opened;
    rig.media.devices.refuseWhileOpen.audio = name;
    await rig.engine.setAudioInputDevice('mic-1');
    await settle();
    expect(first?.readyState).toBe('ended');
    expect(rig.media.devices.live.map(({ kind }) => kind).sort()).toEqual(['audio', 'video']);
    expect(rig.engine.snapshot.local.isAudioMuted).toBe(false);
    rig.engine.dispose();
  });

  it.each(['NotAllowedError', 'NotFoundError'])('that fails with %s costs nothing', (name) => {
    expect(isHeldElsewhere(named(name))).toBe(false);
  });
});

describe('the loudness of what arrives', () => {
  /** Chromium counts from 1970, Safari from when the page was opened. */
  it.each([1_772_009_349_593, 12])('is read on any time line: %d', (origin) => {
    const levels = new ReceivedLevels(600);
    let timestamp = origin;
    const receiver = { getSynchronizationSources: () => [{ timestamp, audioLevel: 0.5 }] } as unknown as RTCRtpReceiver;
    expect(levels.read(receiver, 0)).toBe(0.5);
    expect(levels.read(receiver, 599)).toBe(0.5);
    expect(levels.read(receiver, 600)).toBe(0); // nothing new has come
    timestamp += 700;
    expect(levels.read(receiver, 700)).toBe(0.5);
  });

  it('is none before the first packet', () => {
    const receiver = { getSynchronizationSources: () => [] } as unknown as RTCRtpReceiver;
    expect(new ReceivedLevels(600).read(receiver, 0)).toBe(0);
  });
});

describe('our own loudness', () => {
  it('is measured where the statistics do not tell it, and no longer than needed', async () => {
    const rig = await new EngineRig().start();
    rig.media.microphoneLevel = 0.4;
    await rig.clock.advance(400);
    expect(rig.engine.audioLevel(rig.engine.snapshot.participants[0]!.id)).toBeGreaterThan(0);
    expect(rig.media.metersOpen).toBe(1);
    rig.engine.dispose();
    expect(rig.media.metersOpen).toBe(0);
  });
});
