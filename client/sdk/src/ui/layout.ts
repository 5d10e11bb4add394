/**
 * Where each tile of the call goes: a pure function of the space, the tiles and the chosen mode.
 *
 * Nothing here touches the DOM. The element asks again whenever its size, its participants or the mode change.
 */

import type { CallMode } from '../engine/view.js';

/** Something that wants a place: a face, or a shared screen. */
export interface LayoutTile {
  readonly id: string;
  readonly isScreen: boolean;
  readonly isLocal: boolean;
}

/** Everything the layout depends on. */
export interface LayoutInput {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly tiles: readonly LayoutTile[];
  /**
   * `DEFAULT`: two people as a conversation (the other one large, oneself small in a corner), more of them all alike.
   * `TILE`: always all alike. `SPOTLIGHT`: the speaker, and oneself small in a corner. `SIDEBAR`: the speaker, and the
   * others beside.
   */
  readonly mode: CallMode;
  /** The tile that the user pinned, or null; it goes before screens and speakers. */
  readonly pinnedId: string | null;
  /** Who spoke last, or null; shown in `SPOTLIGHT`. */
  readonly speakerId: string | null;
  /** The page that the user asked for; clamped to those there are. */
  readonly page: number;
}

/** What a place means, for the tile's looks. */
export type PlaceRole = 'grid' | 'stage' | 'strip' | 'preview';

/** A tile's place; `startPx` counts from the side where a line of text starts. */
export interface Place {
  readonly id: string;
  readonly role: PlaceRole;
  readonly startPx: number;
  readonly topPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** The answer: tiles without a place are on another page. */
export interface Layout {
  readonly places: readonly Place[];
  readonly page: number;
  readonly pages: number;
}

interface Box {
  readonly startPx: number;
  readonly topPx: number;
  readonly widthPx: number;
  readonly heightPx: number;
}

export const GAP_PX = 8;

/** A face smaller than this is no longer recognised; more of them go to the next page. */
const FACE_MIN_PX = { widthPx: 132, heightPx: 99 };

/** Decoding more videos than this at once makes a laptop's fan the loudest participant. */
const FACES_PER_PAGE_MAX = 25;

/** Cameras are wide: a face's tile is at most as wide as they are, and narrow only where the room is. */
const FACE_ASPECT_MAX = 16 / 9;
const FACE_ASPECT_MIN_WIDE = 1;
const FACE_ASPECT_MIN_TALL = 3 / 4;

/** Places all tiles. */
export function computeLayout(input: LayoutInput): Layout {
  const { widthPx, heightPx, tiles, mode } = input;
  if (widthPx <= 0 || heightPx <= 0 || tiles.length === 0) {
    return { places: [], page: 0, pages: 1 };
  }
  const room: Box = { startPx: 0, topPx: 0, widthPx, heightPx };
  const stage = stageOf(input);
  if (stage === undefined) {
    return paged(tiles, room, input.page, 'grid');
  }
  const others = tiles.filter((tile) => tile !== stage);
  const isAlone = others.every((tile) => tile.isLocal);
  if (others.length === 0 || (!stage.isScreen && ((isAlone && mode !== 'SIDEBAR') || mode === 'SPOTLIGHT'))) {
    const preview = others.find((tile) => tile.isLocal);
    const places = [placed(stage, 'stage', room)];
    if (preview !== undefined) {
      places.push(placed(preview, 'preview', previewBox(room)));
    }
    return { places, page: 0, pages: 1 };
  }
  const { stageBox, stripBox } = split(room, others.length);
  const strip = paged(others, stripBox, input.page, 'strip');
  return { ...strip, places: [placed(stage, 'stage', stageBox), ...strip.places] };
}

/** The tile that is shown large, or undefined when all are alike. */
function stageOf({ tiles, mode, pinnedId, speakerId }: LayoutInput): LayoutTile | undefined {
  const pinned = tiles.find((tile) => tile.id === pinnedId);
  if (pinned !== undefined) {
    return pinned;
  }
  const screen = tiles.findLast((tile) => tile.isScreen);
  if (screen !== undefined) {
    return screen;
  }
  const remotes = tiles.filter((tile) => !tile.isLocal);
  switch (mode) {
    case 'DEFAULT':
      return remotes.length <= 1 ? (remotes[0] ?? tiles[0]) : undefined;
    case 'SPOTLIGHT':
    case 'SIDEBAR':
      return remotes.find((tile) => tile.id === speakerId) ?? remotes[0] ?? tiles[0];
    case 'TILE':
      return undefined;
  }
}

/** Cuts a strip for the faces off the longer side. */
function split(room: Box, facesCount: number): { stageBox: Box; stripBox: Box } {
  if (room.widthPx >= room.heightPx) {
    const stripWidthPx = clamp(Math.round(room.widthPx * 0.2), FACE_MIN_PX.widthPx, 280);
    const stageWidthPx = room.widthPx - stripWidthPx - GAP_PX;
    return {
      stageBox: { ...room, widthPx: stageWidthPx },
      stripBox: { ...room, startPx: stageWidthPx + GAP_PX, widthPx: stripWidthPx },
    };
  }
  const rows = facesCount > 4 ? 2 : 1;
  const stripHeightPx = clamp(Math.round(room.heightPx * 0.2), FACE_MIN_PX.heightPx, 180) * rows + GAP_PX * (rows - 1);
  const stageHeightPx = room.heightPx - stripHeightPx - GAP_PX;
  return {
    stageBox: { ...room, heightPx: stageHeightPx },
    stripBox: { ...room, topPx: stageHeightPx + GAP_PX, heightPx: stripHeightPx },
  };
}

/** The small picture of oneself, in the lower corner at the end of the line. */
function previewBox(room: Box): Box {
  const isPortrait = room.heightPx > room.widthPx;
  const widthPx = isPortrait ? clamp(room.widthPx * 0.28, 84, 150) : clamp(room.widthPx * 0.2, 120, 256);
  const heightPx = isPortrait ? (widthPx * 4) / 3 : (widthPx * 9) / 16;
  const insetPx = 2 * GAP_PX;
  return {
    startPx: room.startPx + room.widthPx - widthPx - insetPx,
    topPx: room.topPx + room.heightPx - heightPx - insetPx,
    widthPx,
    heightPx,
  };
}

/** One page of a grid of tiles in a box. */
function paged(tiles: readonly LayoutTile[], box: Box, pageWanted: number, role: PlaceRole): Layout {
  const perPage = Math.min(
    fitting(box.widthPx, FACE_MIN_PX.widthPx) * fitting(box.heightPx, FACE_MIN_PX.heightPx),
    FACES_PER_PAGE_MAX,
  );
  const pages = Math.ceil(tiles.length / perPage);
  const page = clamp(pageWanted, 0, pages - 1);
  const shown = tiles.slice(page * perPage, (page + 1) * perPage);
  return { places: grid(shown, box, role), page, pages };
}

function fitting(roomPx: number, itemPx: number): number {
  return Math.max(1, Math.floor((roomPx + GAP_PX) / (itemPx + GAP_PX)));
}

/** The grid whose tiles are largest; its last row is centred. */
function grid(tiles: readonly LayoutTile[], box: Box, role: PlaceRole): Place[] {
  const count = tiles.length;
  let columns = 1;
  let face = { widthPx: 0, heightPx: 0 };
  for (let tried = 1; tried <= count; tried++) {
    const size = faceSize(box, tried, Math.ceil(count / tried));
    if (size.widthPx * size.heightPx > face.widthPx * face.heightPx + 1) {
      columns = tried;
      face = size;
    }
  }
  const rows = Math.ceil(count / columns);
  const topPx = box.topPx + (box.heightPx - spanPx(rows, face.heightPx)) / 2;
  return tiles.map((tile, index) => {
    const row = Math.floor(index / columns);
    const inRow = Math.min(columns, count - row * columns);
    const rowStartPx = box.startPx + (box.widthPx - spanPx(inRow, face.widthPx)) / 2;
    return placed(tile, role, {
      startPx: rowStartPx + (index % columns) * (face.widthPx + GAP_PX),
      topPx: topPx + row * (face.heightPx + GAP_PX),
      ...face,
    });
  });
}

function faceSize(box: Box, columns: number, rows: number): { widthPx: number; heightPx: number } {
  const widthPx = Math.max(0, (box.widthPx - GAP_PX * (columns - 1)) / columns);
  const heightPx = Math.max(0, (box.heightPx - GAP_PX * (rows - 1)) / rows);
  const aspectMin = box.widthPx > box.heightPx ? FACE_ASPECT_MIN_WIDE : FACE_ASPECT_MIN_TALL;
  return {
    widthPx: Math.min(widthPx, heightPx * FACE_ASPECT_MAX),
    heightPx: Math.min(heightPx, widthPx / aspectMin),
  };
}

function spanPx(count: number, itemPx: number): number {
  return count * itemPx + (count - 1) * GAP_PX;
}

function placed(tile: LayoutTile, role: PlaceRole, box: Box): Place {
  return {
    id: tile.id,
    role,
    startPx: Math.round(box.startPx),
    topPx: Math.round(box.topPx),
    widthPx: Math.floor(box.widthPx),
    heightPx: Math.floor(box.heightPx),
  };
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
