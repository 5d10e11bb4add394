import { describe, expect, it } from 'vitest';
import { computeLayout, GAP_PX, type Layout, type LayoutInput, type LayoutTile } from '../../src/ui/layout.js';

const DESKTOP = { widthPx: 1280, heightPx: 720 };
const PHONE = { widthPx: 348, heightPx: 600 };
const PHONE_ON_ITS_SIDE = { widthPx: 740, heightPx: 270 };

const local: LayoutTile = { id: 'me', isScreen: false, isLocal: true };

function remotes(count: number): LayoutTile[] {
  return Array.from({ length: count }, (_, index) => ({ id: `r${index}`, isScreen: false, isLocal: false }));
}

function layoutOf(input: Partial<LayoutInput>): Layout {
  return computeLayout({
    ...DESKTOP,
    tiles: [],
    mode: 'DEFAULT',
    pinnedId: null,
    speakerId: null,
    page: 0,
    ...input,
  });
}

function rolesOf(layout: Layout): Record<string, string> {
  return Object.fromEntries(layout.places.map(({ id, role }) => [id, role]));
}

const screen: LayoutTile = { id: 'r0/screen', isScreen: true, isLocal: false };

describe('computeLayout', () => {
  it.each<[string, Partial<LayoutInput>, Record<string, string>]>([
    ['nobody', { tiles: [] }, {}],
    ['oneself alone', { tiles: [local] }, { me: 'stage' }],
    ['a conversation', { tiles: [...remotes(1), local] }, { r0: 'stage', me: 'preview' }],
    ['a conversation, all alike', { mode: 'TILE', tiles: [...remotes(1), local] }, { r0: 'grid', me: 'grid' }],
    ['three', { tiles: [...remotes(2), local] }, { r0: 'grid', r1: 'grid', me: 'grid' }],
    [
      'the speaker only',
      { mode: 'SPOTLIGHT', tiles: [...remotes(3), local], speakerId: 'r1' },
      { r1: 'stage', me: 'preview' },
    ],
    [
      'the first one, before anybody spoke',
      { mode: 'SPOTLIGHT', tiles: [...remotes(3), local] },
      { r0: 'stage', me: 'preview' },
    ],
    ['oneself alone in the spotlight', { mode: 'SPOTLIGHT', tiles: [local] }, { me: 'stage' }],
    [
      'a screen with faces beside it',
      { tiles: [screen, ...remotes(1), local] },
      { 'r0/screen': 'stage', r0: 'strip', me: 'strip' },
    ],
    [
      'a screen before the speaker',
      { mode: 'SPOTLIGHT', tiles: [screen, ...remotes(1), local], speakerId: 'r0' },
      { 'r0/screen': 'stage', r0: 'strip', me: 'strip' },
    ],
    [
      'a pinned face before a screen',
      { tiles: [screen, ...remotes(1), local], pinnedId: 'r0' },
      { r0: 'stage', 'r0/screen': 'strip', me: 'strip' },
    ],
    ['oneself pinned', { tiles: [...remotes(1), local], pinnedId: 'me' }, { me: 'stage', r0: 'strip' }],
    ['a pin on somebody who left', { tiles: [...remotes(1), local], pinnedId: 'gone' }, { r0: 'stage', me: 'preview' }],
  ])('gives the right roles to %s', (_, input, roles) => {
    expect(rolesOf(layoutOf(input))).toEqual(roles);
  });

  it.each([
    ['desktop', DESKTOP, 2, 2],
    ['desktop', DESKTOP, 3, 2],
    ['desktop', DESKTOP, 4, 2],
    ['desktop', DESKTOP, 6, 3],
    ['desktop', DESKTOP, 9, 3],
    ['phone', PHONE, 2, 1],
    ['phone', PHONE, 4, 2],
    ['phone', PHONE, 6, 2],
    ['phone on its side', PHONE_ON_ITS_SIDE, 4, 4],
  ])('on a %s (%o) gives %i faces %i columns', (_, room, count, columns) => {
    const { places } = layoutOf({ ...room, mode: 'TILE', tiles: remotes(count) });
    expect(new Set(places.filter(({ topPx }) => topPx === places[0]!.topPx).map(({ startPx }) => startPx)).size).toBe(
      columns,
    );
  });

  const rooms = { DESKTOP, PHONE, PHONE_ON_ITS_SIDE, SMALL: { widthPx: 200, heightPx: 150 } };
  const cases = Object.entries(rooms).flatMap(([name, room]) =>
    [1, 2, 3, 5, 8, 13, 27, 50].flatMap((count) =>
      [false, true].map((withScreen) => ({ name, room, count, withScreen })),
    ),
  );
  it.each(cases)('keeps $count on $name apart and inside, screen: $withScreen', ({ room, count, withScreen }) => {
    const tiles = [...(withScreen ? [screen] : []), ...remotes(count), local];
    const seen = new Set<string>();
    for (let page = 0, pages = 1; page < pages; page++) {
      const layout = layoutOf({ ...room, tiles, page });
      pages = layout.pages;
      for (const place of layout.places) {
        seen.add(place.id);
        expect(place.startPx).toBeGreaterThanOrEqual(0);
        expect(place.topPx).toBeGreaterThanOrEqual(0);
        expect(place.startPx + place.widthPx).toBeLessThanOrEqual(room.widthPx + 1);
        expect(place.topPx + place.heightPx).toBeLessThanOrEqual(room.heightPx + 1);
        const others = layout.places.filter((other) => other !== place && other.role !== 'preview');
        if (place.role !== 'preview') {
          expect(others.filter((other) => overlaps(place, other))).toEqual([]);
        }
      }
    }
    expect(seen.size).toBe(tiles.length);
  });

  it('centres the last row', () => {
    const { places } = layoutOf({ mode: 'TILE', tiles: remotes(3) });
    const last = places[2]!;
    expect(Math.abs(last.startPx + last.widthPx / 2 - DESKTOP.widthPx / 2)).toBeLessThanOrEqual(1);
  });

  it('stays on a page that exists', () => {
    const many = layoutOf({ ...PHONE, mode: 'TILE', tiles: remotes(40), page: 99 });
    expect(many.page).toBe(many.pages - 1);
    expect(many.places.length).toBeGreaterThan(0);
  });

  it('gives a screen without faces all the room', () => {
    expect(layoutOf({ mode: 'SPOTLIGHT', tiles: [screen] }).places).toEqual([
      { id: screen.id, role: 'stage', startPx: 0, topPx: 0, ...DESKTOP },
    ]);
  });

  it('puts the faces below a screen on a phone, and beside it on a desktop', () => {
    const tiles = [screen, ...remotes(1), local];
    const below = layoutOf({ ...PHONE, tiles }).places;
    expect(below[1]!.topPx).toBeGreaterThanOrEqual(below[0]!.heightPx + GAP_PX - 1);
    const beside = layoutOf({ tiles }).places;
    expect(beside[1]!.startPx).toBeGreaterThanOrEqual(beside[0]!.widthPx + GAP_PX - 1);
  });
});

interface Box {
  readonly startPx: number;
  readonly topPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

function overlaps(a: Box, b: Box): boolean {
  return (
    a.startPx < b.startPx + b.widthPx &&
    b.startPx < a.startPx + a.widthPx &&
    a.topPx < b.topPx + b.heightPx &&
    b.topPx < a.topPx + a.heightPx
  );
}
