import { describe, expect, it } from 'vitest';
import { ago, duration, errorInWords, membersInWords } from '../src/words';

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

  it('counts members', () => {
    expect([1, 3].map(membersInWords)).toEqual(['1 member', '3 members']);
  });
});
