import type { CallUiOptions, EngineView, ParticipantView, SessionSnapshot } from '../engine/view.js';
import { Controls } from './controls.js';
import { h, iconButton, setIcon, setLabel, setShown, setText } from './dom.js';
import { computeLayout } from './layout.js';
import { Notices } from './notices.js';
import { type CallStrings, clock, fill, withOverrides } from './strings.js';
import { STYLES } from './styles.js';
import { PeoplePanel } from './people.js';
import { Tile, type TileView } from './tile.js';

/** The element's name in a page. */
export const CALL_ELEMENT = 'belfry-call';

/**
 * The call as a web component: the tiles, the control bar and the messages of one session.
 *
 * Its looks follow `prefers-color-scheme`; the custom properties at the top of `styles.ts` can be set from outside.
 */
export interface BelfryCallElement extends HTMLElement {
  /** Draws the session from now on. */
  start(view: EngineView, options: CallUiOptions): void;
  /** Lets go of the session and empties the element. */
  stop(): void;
}

declare global {
  interface HTMLElementTagNameMap {
    [CALL_ELEMENT]: BelfryCallElement;
  }
}

/** Registers the element; the class is made here because a server that renders pages has no `HTMLElement`. */
export function defineCallElement(): void {
  if (customElements.get(CALL_ELEMENT) !== undefined) {
    return;
  }
  class CallElement extends HTMLElement implements BelfryCallElement {
    private running: RunningCall | null = null;

    start(view: EngineView, options: CallUiOptions): void {
      this.stop();
      this.running = new RunningCall(this, view, options);
    }

    stop(): void {
      this.running?.dispose();
      this.running = null;
    }
  }
  customElements.define(CALL_ELEMENT, CallElement);
}

/** One session on the screen. */
class RunningCall {
  private readonly strings: CallStrings;
  private readonly root: ShadowRoot;
  private readonly call: HTMLElement;
  private readonly stage = h('div', { class: 'stage' });
  private readonly timer = h('span', { class: 'timer', role: 'timer' });
  private readonly announcer = h('div', { class: 'unseen', 'aria-live': 'polite' });
  private readonly fullScreen: HTMLButtonElement;
  private readonly pager: HTMLElement;
  private readonly pageText = h('span');
  private readonly notices: Notices;
  private readonly controls: Controls;
  private readonly people: PeoplePanel;
  private readonly tiles = new Map<string, Tile>();
  private readonly resizes: ResizeObserver;
  private readonly unsubscribe: () => void;
  private readonly clockTimer: ReturnType<typeof setInterval>;
  private participants: readonly ParticipantView[] = [];
  private page = 0;
  private pages = 1;
  private levelFrame = 0;

  constructor(
    private readonly host: HTMLElement,
    private readonly view: EngineView,
    private readonly options: CallUiOptions,
  ) {
    this.strings = withOverrides(options.strings);
    this.notices = new Notices(view, this.strings, options.strings);
    this.controls = new Controls(view, options, this.strings);
    this.people = new PeoplePanel(view, this.strings, () => this.closePeople());
    this.fullScreen = iconButton('expand', this.strings.enterFullScreen, () => this.toggleFullScreen());
    this.fullScreen.classList.add('full-screen');
    this.pager = this.buildPager();
    this.stage.append(this.notices.status);
    this.call = h(
      'div',
      { class: 'call', role: 'region', 'aria-label': this.strings.callLabel, tabindex: '-1' },
      h(
        'div',
        { class: 'room', ...mainVideoAttributes(options) },
        h('div', { class: 'pictures' }, this.stage),
        h('div', { class: 'top' }, this.timer, this.pager),
        this.fullScreen,
        this.notices.element,
        this.people.element,
      ),
      this.controls.element,
      this.announcer,
    );
    this.root = host.shadowRoot ?? host.attachShadow({ mode: 'open' });
    this.root.replaceChildren(h('style', {}, STYLES), h('style', {}, options.customCss), this.call);
    if (options.mainVideo.nameLabel.color !== '') {
      this.call.style.setProperty('--belfry-name-label', options.mainVideo.nameLabel.color);
    }
    this.call.addEventListener('keydown', this.onKey);
    this.call.addEventListener('fullscreenchange', this.drawFullScreen);
    this.resizes = new ResizeObserver(() => this.arrange());
    this.resizes.observe(this.stage);
    this.clockTimer = setInterval(() => this.drawClock(), 500);
    this.unsubscribe = view.subscribe((snapshot) => this.draw(snapshot));
    this.draw(view.snapshot);
    this.drawFullScreen();
    if (document.activeElement === document.body) {
      this.call.focus({ preventScroll: true }); // so that the shortcuts work at once
    }
  }

  dispose(): void {
    this.unsubscribe();
    clearInterval(this.clockTimer);
    cancelAnimationFrame(this.levelFrame);
    this.resizes.disconnect();
    this.controls.dispose();
    for (const tile of this.tiles.values()) {
      tile.dispose();
    }
    this.root.replaceChildren();
  }

  private draw(snapshot: SessionSnapshot): void {
    this.announceChanges(snapshot.participants);
    this.drawTiles(snapshot);
    this.notices.update(snapshot);
    this.controls.update(snapshot);
    this.drawPeople(snapshot);
    this.host.dataset.state = snapshot.state;
    this.call.classList.toggle('is-dimmed', snapshot.state === 'reconnecting' || snapshot.state === 'ended');
    this.drawClock();
    this.arrange();
    this.pollLevels();
  }

  private drawTiles(snapshot: SessionSnapshot): void {
    const wanted = this.wantedTiles(snapshot);
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
        this.stage.append(tile.element);
      }
      tile.update(view);
    }
  }

  /** The others first, then oneself; a shared screen before its owner. One's own screen needs no picture. */
  private wantedTiles(snapshot: SessionSnapshot): TileView[] {
    const { participants } = snapshot;
    const others = participants.filter((participant) => !participant.isLocal);
    const local = participants.filter((participant) => participant.isLocal);
    return [...others, ...local].flatMap((participant) => {
      const faceId = participant.id;
      const screenId = `${participant.id}/screen`;
      const face = { id: faceId, participant, isScreen: false, isPinned: snapshot.pinnedId === faceId };
      const screen = { id: screenId, participant, isScreen: true, isPinned: snapshot.pinnedId === screenId };
      return participant.screen !== null && !participant.isLocal ? [screen, face] : [face];
    });
  }

  private arrange(): void {
    const { snapshot } = this.view;
    const layout = computeLayout({
      widthPx: this.stage.clientWidth,
      heightPx: this.stage.clientHeight,
      tiles: this.wantedTiles(snapshot).map(({ id, participant, isScreen }) => ({
        id,
        isScreen,
        isLocal: participant.isLocal,
      })),
      mode: snapshot.mode,
      pinnedId: snapshot.pinnedId,
      speakerId: snapshot.dominantSpeakerId,
      page: this.page,
    });
    const places = new Map(layout.places.map((place) => [place.id, place]));
    for (const [id, tile] of this.tiles) {
      tile.place(places.get(id) ?? null);
    }
    this.page = layout.page;
    this.pages = layout.pages;
    setShown(this.pager, layout.pages > 1);
    setText(this.pageText, `${layout.page + 1} / ${layout.pages}`);
  }

  private pin(id: string): void {
    this.view.pin(this.view.snapshot.pinnedId === id ? null : id);
  }

  private drawPeople(snapshot: SessionSnapshot): void {
    const wasShown = this.call.classList.contains('has-people');
    this.call.classList.toggle('has-people', snapshot.isParticipantListShown);
    this.people.update(snapshot);
    if (snapshot.isParticipantListShown && !wasShown && this.root.activeElement?.matches('[data-control=people]')) {
      this.people.focus();
    }
  }

  private closePeople(): void {
    this.view.showParticipantList(false);
    this.call.querySelector<HTMLElement>('[data-control=people]')?.focus();
  }

  private buildPager(): HTMLElement {
    const back = iconButton('back', this.strings.previousPage, () => this.turnPage(-1));
    const forward = iconButton('forward', this.strings.nextPage, () => this.turnPage(1));
    return h('div', { class: 'pager', role: 'group', 'aria-label': this.strings.pages }, back, this.pageText, forward);
  }

  private turnPage(by: number): void {
    this.page = (this.page + by + this.pages) % this.pages;
    this.arrange();
  }

  private announceChanges(now: readonly ParticipantView[]): void {
    const before = this.participants;
    this.participants = now;
    if (before.length === 0) {
      return;
    }
    const joined = now.filter(({ id }) => !before.some((participant) => participant.id === id));
    const left = before.filter(({ id }) => !now.some((participant) => participant.id === id));
    const raised = now.filter(({ id, isHandRaised }) => {
      const was = before.find((participant) => participant.id === id);
      return isHandRaised && was?.isHandRaised === false;
    });
    const words = [
      ...raised.map(({ name }) => fill(this.strings.raisedHand, { name })),
      ...joined.map(({ name }) => fill(this.strings.joined, { name })),
      ...left.map(({ name }) => fill(this.strings.left, { name })),
    ];
    if (words.length > 0) {
      setText(this.announcer, words.join('. '));
    }
  }

  private drawClock(): void {
    const { joinedAt, state } = this.view.snapshot;
    if (joinedAt !== null && state !== 'ended') {
      setText(this.timer, clock(Date.now() - joinedAt));
    }
    setShown(this.timer, this.timer.textContent !== '');
  }

  /** Rings follow the voices, frame by frame, while somebody speaks. */
  private pollLevels(): void {
    cancelAnimationFrame(this.levelFrame);
    const speakers = this.view.snapshot.participants.filter((participant) => participant.isSpeaking);
    for (const { id } of speakers) {
      this.tiles.get(id)?.setLevel(this.view.audioLevel(id));
    }
    if (speakers.length > 0) {
      this.levelFrame = requestAnimationFrame(() => this.pollLevels());
    }
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const isField = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    if (!isField) {
      this.controls.onKey(event);
    }
  };

  private toggleFullScreen(): void {
    // A refusal (an embedding page may forbid it) leaves everything as it is.
    const change = this.root.fullscreenElement === null ? this.call.requestFullscreen() : document.exitFullscreen();
    change.catch(() => undefined);
  }

  private readonly drawFullScreen = (): void => {
    const isFull = this.root.fullscreenElement !== null;
    setShown(this.fullScreen, document.fullscreenEnabled && this.options.mainVideo.fullScreenButton.visibility);
    setIcon(this.fullScreen, isFull ? 'shrink' : 'expand');
    setLabel(this.fullScreen, isFull ? this.strings.exitFullScreen : this.strings.enterFullScreen);
  };
}

/** What an app says about the large picture, for the style sheet. */
function mainVideoAttributes({ mainVideo }: CallUiOptions): Record<string, string> {
  const { aspectRatio, fullScreenButton, nameLabel, networkLabel } = mainVideo;
  return {
    'data-aspect': aspectRatio,
    'data-full-screen': fullScreenButton.position,
    'data-name-label': nameLabel.visibility ? nameLabel.position : 'none',
    'data-network-label': networkLabel.visibility ? networkLabel.position : 'none',
  };
}
