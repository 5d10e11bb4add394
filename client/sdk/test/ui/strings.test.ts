import { describe, expect, it } from 'vitest';
import { clock, ENGLISH, fill, hueOf, initials, withOverrides } from '../../src/ui/strings.js';

describe('words', () => {
  it.each([
    ['Anna Lind', 'AL'],
    ['ben', 'B'],
    ['Maria del Mar Ruiz', 'MR'],
    ['  ', '?'],
    ['Émile Zola', 'ÉZ'],
    ['🦊 Fox', '🦊F'],
  ])('shortens %j to %j', (name, letters) => {
    expect(initials(name)).toBe(letters);
  });

  it.each([
    [-1, '0:00'],
    [59_999, '0:59'],
    [60_000, '1:00'],
    [3_600_000, '1:00:00'],
    [36_061_000, '10:01:01'],
  ])('tells %i ms as %s', (durationMs, told) => {
    expect(clock(durationMs)).toBe(told);
  });

  it('fills in what it knows and leaves the rest', () => {
    expect(fill('Page {page} of {pages}', { page: 1 })).toBe('Page 1 of {pages}');
  });

  it('lets an app replace any word and keeps the others', () => {
    const strings = withOverrides({ endCall: 'Auflegen' });
    expect(strings.endCall).toBe('Auflegen');
    expect(strings.you).toBe(ENGLISH.you);
  });

  it('gives a uid a hue of its own, always the same', () => {
    expect(hueOf('anna')).toBe(hueOf('anna'));
    expect(hueOf('anna')).not.toBe(hueOf('ben'));
  });
});
