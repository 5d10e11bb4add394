import type { EngineView, SessionSnapshot } from '../engine/view.js';
import { h } from './dom.js';
import { type LayoutInput, computeLayout } from './layout.js';
import type { CallStrings } from './strings.js';
import { Tile, type TileView } from './tile.js';

/** What is shown of a session, and how: `mode` and `page` of {@link LayoutInput}. */
export interface StageChoice extends Pick<LayoutInput, 'mode' | 'page'> {
  /** There is room for one picture: a shared screen goes alone. */
  readonly isSmall?: boolean;
}

/** What came of it. */
export interface Arranged {
  readonly page: number;
  readonly pages: number;
  /** How wide the strip of faces beside a large picture is. */
  readonly stripPx: number;
  /** What is shown large, if anything. */
  readonly large: 'none' | 'face' | 'screen';
}

/** The pictures of a call: a tile for each face and each shared screen, in their places. */
export class Stage {
  readonly element = h('div', { class: 'stage' });
  private readonly tiles = new Map<string, Tile>();
  private levelFrame = 0;

  constructor(
    private readonly view: EngineView,
    private readonly strings: CallStrings,
  ) {}

  /** Draws the tiles of a snapshot; {@link arrange} places them. */
  update(snapshot: SessionSnapshot): void {
    const wanted = wantedTiles(snapshot);
    const ids = new Set(wanted.map((view) => view.id));
    for (const [id, tile] of this.tiles) {
      if (!ids.has(id)) {
        tile.dispose();
        this.tiles.delete(id);
      }
    }
    for (const view of wanted) {
      let tile = this.tiles.get(view.id);
      if (tile === undefined) {
        tile = new Tile(this.strings, () => this.pin(view.id));
        this.tiles.set(view.id, tile);
        this.element.append(tile.element);
      }
      tile.update(view);
    }
    this.pollLevels();
  }

  /** Places the tiles in the element's size of now. */
  arrange({ mode, page, isSmall = false }: StageChoice): Arranged {
    const { snapshot } = this.view;
    const tiles = wantedTiles(snapshot);
    const screens = tiles.filter(({ isScreen }) => isScreen);
    const layout = computeLayout({
      widthPx: this.element.clientWidth,
      heightPx: this.element.clientHeight,
      tiles: (isSmall && screens.length > 0 ? screens.slice(-1) : tiles).map(({ id, participant, isScreen }) => ({
        id,
        isScreen,
        isLocal: participant.isLocal,
      })),
      mode,
      pinnedId: snapshot.pinnedId,
      speakerId: snapshot.dominantSpeakerId,
      page,
    });
    const places = new Map(layout.places.map((place) => [place.id, place]));
    for (const [id, tile] of this.tiles) {
      tile.place(places.get(id) ?? null);
    }
    const large = layout.places.find(({ role }) => role === 'stage');
    const endPx = large === undefined ? 0 : this.element.clientWidth - large.startPx - large.widthPx;
    return {
      page: layout.page,
      pages: layout.pages,
      stripPx: Math.max(0, endPx),
      large: large === undefined ? 'none' : large.id.endsWith('/screen') ? 'screen' : 'face',
    };
  }

  /** Lets go of every picture. */
  dispose(): void {
    this.window.cancelAnimationFrame(this.levelFrame);
    for (const tile of this.tiles.values()) {
      tile.dispose();
    }
    this.tiles.clear();
  }

  /** Its own window: frames of a page in the background do not come, those of a window on top of it do. */
  private get window(): Window {
    return this.element.ownerDocument.defaultView ?? window;
  }

  private pin(id: string): void {
    this.view.pin(this.view.snapshot.pinnedId === id ? null : id);
  }

  /** Rings follow the voices, frame by frame, while somebody speaks. */
  private pollLevels(): void {
    this.window.cancelAnimationFrame(this.levelFrame);
    const speakers = this.view.snapshot.participants.filter((participant) => participant.isSpeaking);
    for (const { id } of speakers) {
      this.tiles.get(id)?.setLevel(this.view.audioLevel(id));
    }
    if (speakers.length > 0) {
      this.levelFrame = this.window.requestAnimationFrame(() => this.pollLevels());
    }
  }
}

/** The others first, then oneself; a shared screen before its owner. One's own screen needs no picture. */
function wantedTiles({ participants, pinnedId }: SessionSnapshot): TileView[] {
  const others = participants.filter((participant) => !participant.isLocal);
  const local = participants.filter((participant) => participant.isLocal);
  return [...others, ...local].flatMap((participant) => {
    const faceId = participant.id;
    const screenId = `${participant.id}/screen`;
    const face = { id: faceId, participant, isScreen: false, isPinned: pinnedId === faceId };
    const screen = { id: screenId, participant, isScreen: true, isPinned: pinnedId === screenId };
    return participant.screen !== null && !participant.isLocal ? [screen, face] : [face];
  });
}
