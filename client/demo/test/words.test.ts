import { describe, expect, it } from 'vitest';
import { ago, duration, errorInWords, guestEnd, guestEndInWords, membersInWords } from '../src/words';

describe('words', () => {
  it.each([
    [0, '0:00'],
    [133_900, '2:13'],
    [3_733_000, '1:02:13'],
  ])('tells %i ms as %s', (ms, told) => {
    expect(duration(ms)).toBe(told);
  });

  it.each([
    [30, 'just now'],
    [60, '1 minute ago'],
    [7_300, '2 hours ago'],
    [200_000, '2 days ago'],
  ])('tells %i s ago as %s', (seconds, told) => {
    expect(ago(1_700_000_000 - seconds, 1_700_000_000_000)).toBe(told);
  });

  it.each([
    [{ code: 'ERR_UID_NOT_FOUND' }, 'There is no user “bob” on this server. Check the spelling.'],
    [{ code: 'ERR_NEW', message: 'The server says so.' }, 'The server says so.'],
    [{}, 'Something went wrong. Try again.'],
  ])('tells %o in words', (error, told) => {
    expect(errorInWords(error, 'bob')).toBe(told);
  });

  it.each([
    [{ is: 'left' }, 'You left the call', true],
    [{ is: 'ended', by: 'Anna' }, 'Anna ended the call', false],
    [{ is: 'ended', by: null }, 'The call was ended for everyone', false],
    [{ is: 'alone', by: 'Ben' }, 'Ben left as the last one', true],
    [{ is: 'lost', by: 'Anna' }, 'The call ended because Anna is gone', false],
    [{ is: 'lost', by: null }, 'The call is over', false],
    [{ is: 'idle' }, 'You were alone for a while', true],
  ] as const)('tells a guest how the call ended: %o', (end, title, canComeBack) => {
    expect(guestEndInWords(end)).toMatchObject({ title, canComeBack });
  });

  it.each([
    ['ended', 'ended'],
    ['ended-by-host', 'ended'],
    ['of-a-later-server', 'ended'],
    ['participant-gone', 'lost'],
    ['everyone-left', 'alone'],
  ])('knows what %s means to a guest', (reason, is) => {
    expect(guestEnd({ reason, by: { uid: 'anna', name: 'Anna' } })).toEqual({ is, by: 'Anna' });
    expect(guestEnd({ reason, by: null })).toEqual({ is, by: null });
  });

  it('counts members', () => {
    expect([1, 3].map(membersInWords)).toEqual(['1 member', '3 members']);
  });
});
