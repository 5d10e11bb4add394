import { describe, expect, it } from 'vitest';
import { IdleTimer } from '../../src/engine/idle-timer.js';
import { deviceError, namedError, screenError } from '../../src/engine/problems.js';
import { flowBetween, inboundCounters, outboundReading, qualityOf } from '../../src/engine/quality.js';
import { Roster } from '../../src/engine/roster.js';
import { SpeakerDetector } from '../../src/engine/speakers.js';
import { ManualClock } from '../support/manual-clock.js';

const anyone = () => true;
const levels = (values: Record<string, number>) => new Map(Object.entries(values));

describe('speaking', () => {
  it('begins with the first sound and lasts over short pauses', () => {
    const speakers = new SpeakerDetector();
    expect(speakers.update(levels({ a: 0.3 }), anyone, 0)).toBe(true);
    expect(speakers.isSpeaking('a')).toBe(true);
    speakers.update(levels({ a: 0 }), anyone, 699);
    expect(speakers.isSpeaking('a')).toBe(true);
    expect(speakers.update(levels({ a: 0 }), anyone, 700)).toBe(true);
    expect(speakers.isSpeaking('a')).toBe(false);
    expect(speakers.level('a')).toBe(0);
  });

  it('is not what a quiet room does', () => {
    const speakers = new SpeakerDetector();
    expect(speakers.update(levels({ a: 0.019 }), anyone, 0)).toBe(false);
    expect(speakers.dominantId).toBeNull();
  });

  it('gives the stage to the first speaker at once, to the next after a second of louder speech', () => {
    const speakers = new SpeakerDetector();
    speakers.update(levels({ a: 0.2, b: 0 }), anyone, 0);
    expect(speakers.dominantId).toBe('a');
    for (let t = 200; t < 1200; t += 200) {
      speakers.update(levels({ a: 0.1, b: 0.9 }), anyone, t);
      expect(speakers.dominantId).toBe('a');
    }
    speakers.update(levels({ a: 0.1, b: 0.9 }), anyone, 1200);
    expect(speakers.dominantId).toBe('b');
  });

  it('does not give the stage to a cough', () => {
    const speakers = new SpeakerDetector();
    speakers.update(levels({ a: 0.2, b: 0 }), anyone, 0);
    speakers.update(levels({ a: 0.2, b: 1 }), anyone, 200);
    for (let t = 400; t <= 2000; t += 200) speakers.update(levels({ a: 0.2, b: 0 }), anyone, t);
    expect(speakers.dominantId).toBe('a');
  });

  it('takes the stage from a silent speaker without delay, and keeps it while everyone is silent', () => {
    const speakers = new SpeakerDetector();
    speakers.update(levels({ a: 0.2, b: 0 }), anyone, 0);
    speakers.update(levels({ a: 0, b: 0 }), anyone, 1000);
    expect(speakers.dominantId).toBe('a');
    speakers.update(levels({ a: 0, b: 0.1 }), anyone, 1200);
    expect(speakers.dominantId).toBe('b');
  });

  it('never gives the stage to who is not eligible, or gone', () => {
    const speakers = new SpeakerDetector();
    speakers.update(levels({ me: 0.9 }), (id) => id !== 'me', 0);
    expect(speakers.isSpeaking('me')).toBe(true);
    expect(speakers.dominantId).toBeNull();
    speakers.update(levels({ me: 0.9, a: 0.5 }), (id) => id !== 'me', 200);
    expect(speakers.dominantId).toBe('a');
    expect(speakers.update(levels({ me: 0.9 }), (id) => id !== 'me', 400)).toBe(true);
    expect(speakers.dominantId).toBeNull();
  });
});

describe('quality', () => {
  it.each([
    [{ isExpected: false, packets: 0, packetsLost: 0 }, 'unknown'],
    [{ isExpected: true, packets: 0, packetsLost: 0 }, 'lost'],
    [{ isExpected: true, packets: 100, packetsLost: 0 }, 'good'],
    [{ isExpected: true, packets: 98, packetsLost: 2 }, 'good'],
    [{ isExpected: true, packets: 97, packetsLost: 3 }, 'fair'],
    [{ isExpected: true, packets: 90, packetsLost: 10 }, 'poor'],
    [{ isExpected: true, packets: 100, packetsLost: 0, roundTripMillis: 251 }, 'fair'],
    [{ isExpected: true, packets: 100, packetsLost: 0, roundTripMillis: 501 }, 'poor'],
  ])('of %o is %s', (sample, expected) => {
    expect(qualityOf(sample)).toBe(expected);
  });

  it('is judged by what happened since the last look', () => {
    expect(flowBetween({ packets: 100, packetsLost: 5 }, { packets: 150, packetsLost: 6 })).toEqual({
      packets: 50,
      packetsLost: 1,
    });
    expect(flowBetween(undefined, { packets: 9, packetsLost: 1 })).toEqual({ packets: 9, packetsLost: 1 });
    // A duplicate packet makes packetsLost shrink (RFC 3550 §6.4.1); a new receiver counts from zero.
    expect(flowBetween({ packets: 5, packetsLost: 3 }, { packets: 9, packetsLost: 2 }).packetsLost).toBe(0);
    expect(flowBetween({ packets: 50, packetsLost: 3 }, { packets: 9, packetsLost: 2 }).packets).toBe(9);
  });

  it('is read from the browser by the names of its statistics', () => {
    const report = new Map<string, object>([
      ['a', { type: 'inbound-rtp', trackIdentifier: 't1', packetsReceived: 7, packetsLost: 1 }],
      ['b', { type: 'inbound-rtp', packetsReceived: 7 }],
      ['c', { type: 'outbound-rtp', packetsSent: 5 }],
      ['d', { type: 'outbound-rtp', packetsSent: 6 }],
      ['e', { type: 'remote-inbound-rtp', fractionLost: 0.25 }],
      ['f', { type: 'candidate-pair', nominated: true, currentRoundTripTime: 0.05 }],
      ['g', { type: 'candidate-pair', nominated: false, currentRoundTripTime: 9 }],
    ]) as unknown as RTCStatsReport;
    expect(inboundCounters(report)).toEqual(new Map([['t1', { packets: 7, packetsLost: 1 }]]));
    expect(outboundReading(report)).toEqual({ packetsSent: 11, fractionLost: 0.25, roundTripMillis: 50 });
  });
});

describe('the roster', () => {
  const user = (id: string, joinedAt: string, isAudioMuted = false) => ({
    id,
    uid: `uid-${id}`,
    name: id,
    joinedAt,
    isAudioMuted,
    isVideoMuted: false,
  });

  it('tells each change once, whether a list or an event brings it', () => {
    const roster = new Roster();
    expect(roster.put(user('b', '20')).map(({ type }) => type)).toEqual(['joined']);
    expect(roster.replace([user('b', '20'), user('a', '10')])).toMatchObject([{ type: 'joined', user: { id: 'a' } }]);
    expect(roster.put(user('b', '20'))).toEqual([]);
    expect(roster.put(user('b', '20', true))).toMatchObject([
      { type: 'muteChanged', before: { isAudioMuted: false }, user: { isAudioMuted: true } },
    ]);
    expect(roster.all.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(roster.remove(user('a', '10'), 'connection-lost')).toMatchObject([
      { type: 'left', reason: 'connection-lost' },
    ]);
    expect(roster.remove(user('a', '10'), 'left')).toEqual([]);
    expect(roster.replace([])).toMatchObject([{ type: 'left', user: { id: 'b' } }]);
    expect(roster.size).toBe(0);
  });
});

describe('the idle timer', () => {
  function create(timeoutSeconds: number) {
    const clock = new ManualClock();
    const seen: (number | null)[] = [];
    const timer: IdleTimer = new IdleTimer(
      clock,
      timeoutSeconds,
      60,
      () => seen.push(timer.promptSecondsLeft),
      () => seen.push(-1),
    );
    return { clock, seen, timer };
  }

  it('asks for the last minute, then ends', async () => {
    const { clock, seen, timer } = create(180);
    timer.setAlone(true);
    await clock.advance(119_999);
    expect(seen).toEqual([]);
    await clock.advance(1);
    expect(timer.promptSecondsLeft).toBe(60);
    await clock.advance(60_000);
    expect(seen).toHaveLength(62);
    expect(seen.slice(-2)).toEqual([0, -1]);
  });

  it('counts from the beginning when the person is there', async () => {
    const { clock, timer } = create(180);
    timer.setAlone(true);
    await clock.advance(130_000);
    expect(timer.promptSecondsLeft).toBe(50);
    timer.restart();
    expect(timer.promptSecondsLeft).toBeNull();
    await clock.advance(119_000);
    expect(timer.promptSecondsLeft).toBeNull();
  });

  it('stops when somebody comes', async () => {
    const { clock, seen, timer } = create(90);
    timer.setAlone(true);
    await clock.advance(40_000);
    timer.setAlone(false);
    await clock.advance(200_000);
    expect(seen.at(-1)).toBeNull();
    expect(clock.pending).toBe(0);
  });

  it('never ends a session whose timeout is 0', async () => {
    const { clock, seen, timer } = create(0);
    timer.setAlone(true);
    await clock.advance(1_000_000);
    expect(seen).toEqual([]);
  });
});

describe('a device that cannot be opened', () => {
  const thrown = (name: string) => Object.assign(new Error('details'), { name });
  it.each([
    ['NotAllowedError', 'ERR_CAMERA_REFUSED', 'Allow it'],
    ['SecurityError', 'ERR_CAMERA_REFUSED', 'Allow it'],
    ['NotFoundError', 'ERR_CAMERA_MISSING', 'No camera'],
    ['OverconstrainedError', 'ERR_CAMERA_MISSING', 'No camera'],
    ['NotReadableError', 'ERR_CAMERA_IN_USE', 'Another program'],
    ['AbortError', 'ERR_CAMERA_IN_USE', 'Another program'],
  ])('with %s is %s, in words', (name, code, words) => {
    const error = deviceError('camera', thrown(name));
    expect(error.code).toBe(code);
    expect(error.message).toContain(words);
    expect(error.details).toBe('details');
  });

  it('for lack of https says so', () => {
    const error = deviceError('microphone', namedError('InsecureContextError', ''));
    expect(error.code).toBe('ERR_MICROPHONE_INSECURE');
    expect(error.message).toContain('https://');
  });

  it('is no error when a person closes the screen picker', () => {
    expect(screenError(thrown('NotAllowedError'))).toBeUndefined();
    expect(screenError(thrown('NotReadableError'))?.code).toBe('ERR_SCREEN_FAILED');
  });
});
