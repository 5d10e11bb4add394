import { describe, expect, it } from 'vitest';
import { AT_REST, type Line, type Phone, type PhoneCall, type PhoneEvent, stepPhone } from '../src/phone';

const BEN = { id: 'ben', name: 'Ben', avatar: null, isGroup: false };
const CLARA = { id: 'clara', name: 'Clara', avatar: null, isGroup: false };

const withBen: PhoneCall = { sessionId: 's-ben', party: BEN, callerName: 'Ben', isVideo: true };
const withClara: PhoneCall = { sessionId: 's-clara', party: CLARA, callerName: 'Clara', isVideo: false };

const outgoing: Line = { is: 'outgoing', call: withBen };
const talking: Line = { is: 'talking', call: withBen, startWithVideo: true, sinceMs: 1000 };

function run(line: Line, ...events: PhoneEvent[]): Phone {
  return events.reduce(stepPhone, { line, ringing: [] });
}

function shown({ line, ringing }: Phone): string {
  const outcome = line.is === 'over' ? ` ${line.outcome}` : '';
  return `${line.is}${outcome}${ringing.map(({ callerName }) => ` +${callerName}`).join('')}`;
}

describe('stepPhone', () => {
  const idle: Line = { is: 'idle' };
  const rang: PhoneEvent = { type: 'rang', call: withClara };
  it.each<[string, Line, PhoneEvent[], string]>([
    ['dials', idle, [{ type: 'dialled', party: BEN, isVideo: true }], 'dialling'],
    ['rings there', idle, [{ type: 'initiated', call: withBen }], 'outgoing'],
    ['does not dial while talking', talking, [{ type: 'dialled', party: CLARA, isVideo: true }], 'talking'],
    ['talks once accepted', outgoing, [{ type: 'accepted', sessionId: 's-ben', nowMs: 5 }], 'talking'],
    ['ignores an answer to another call', outgoing, [{ type: 'accepted', sessionId: 's-x', nowMs: 5 }], 'outgoing'],
    ['hears a refusal', outgoing, [{ type: 'refused', sessionId: 's-ben', outcome: 'declined' }], 'over declined'],
    ['tells what failed', idle, [{ type: 'failed', party: BEN, isVideo: true, reason: 'x' }], 'over failed'],
    ['rings', idle, [rang], 'idle +Clara'],
    ['rings once for one call', idle, [rang, rang], 'idle +Clara'],
    ['does not ring for the call it is in', talking, [{ type: 'rang', call: withBen }], 'talking'],
    ['rings over a call', talking, [rang], 'talking +Clara'],
    ['misses a call', idle, [rang, { type: 'stoppedRinging', sessionId: 's-clara', outcome: 'missed' }], 'over missed'],
    [
      'goes back to rest after declining',
      idle,
      [rang, { type: 'stoppedRinging', sessionId: 's-clara', outcome: null }],
      'idle',
    ],
    [
      'keeps talking when a second caller gives up',
      talking,
      [rang, { type: 'stoppedRinging', sessionId: 's-clara', outcome: 'missed' }],
      'talking',
    ],
    [
      'is not answering a call that was cancelled meanwhile',
      { is: 'answering', call: withClara },
      [{ type: 'stoppedRinging', sessionId: 's-clara', outcome: 'missed' }],
      'over missed',
    ],
    [
      'answers',
      idle,
      [
        rang,
        { type: 'answering', call: withClara },
        { type: 'answered', call: withClara, startWithVideo: false, nowMs: 1 },
      ],
      'talking',
    ],
    [
      'still rings for the second when the first call ends',
      talking,
      [rang, { type: 'ended', sessionId: 's-ben', outcome: 'ended', nowMs: 2 }],
      'over ended +Clara',
    ],
    [
      'ignores the end of another call',
      talking,
      [{ type: 'ended', sessionId: 's-x', outcome: 'ended', nowMs: 2 }],
      'talking',
    ],
    [
      'rests when told',
      { is: 'over', party: BEN, isVideo: true, outcome: 'busy', reason: null, durationMs: null },
      [{ type: 'dismissed' }],
      'idle',
    ],
    ['does not hang up when told to rest', talking, [{ type: 'dismissed' }], 'talking'],
  ])('%s', (_, line, events, expected) => {
    expect(shown(run(line, ...events))).toBe(expected);
  });

  it('measures how long they talked', () => {
    const { line } = run(talking, { type: 'ended', sessionId: 's-ben', outcome: 'ended', nowMs: 66_000 });
    expect(line).toMatchObject({ is: 'over', durationMs: 65_000 });
  });

  it('starts at rest', () => {
    expect(shown(AT_REST)).toBe('idle');
  });
});
