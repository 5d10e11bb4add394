import type { CallUiOptions, EngineView, ParticipantView, SessionSnapshot } from '../engine/view.js';
import { Controls } from './controls.js';
import { h, iconButton, setIcon, setLabel, setShown, setText } from './dom.js';
import { GreenRoom } from './green-room.js';
import { Notices } from './notices.js';
import { type CallStrings, clock, fill, withOverrides } from './strings.js';
import { STYLES } from './styles.js';
import { PeoplePanel } from './people.js';
import { canShowPictureInPicture, PictureInPicture } from './picture-in-picture.js';
import { Stage } from './stage.js';

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

/** With more people than this, faces are too small to lie under buttons. */
const CROWD_FROM = 6;

/** One session on the screen. */
class RunningCall {
  private readonly strings: CallStrings;
  private readonly root: ShadowRoot;
  private readonly call: HTMLElement;
  private readonly stage: Stage;
  private readonly timer = h('span', { class: 'timer', role: 'timer' });
  private readonly announcer = h('div', { class: 'unseen', 'aria-live': 'polite' });
  private readonly room: HTMLElement;
  private readonly fullScreen: HTMLButtonElement;
  private readonly smallWindow: HTMLButtonElement;
  private readonly pager: HTMLElement;
  private readonly pageText = h('span');
  private readonly notices: Notices;
  private readonly controls: Controls;
  private readonly people: PeoplePanel;
  private readonly greenRoom: GreenRoom;
  private readonly pictureInPicture: PictureInPicture;
  private readonly resizes: ResizeObserver;
  private readonly unsubscribe: () => void;
  private readonly clockTimer: ReturnType<typeof setInterval>;
  private participants: readonly ParticipantView[] = [];
  private page = 0;
  private pages = 1;

  constructor(
    private readonly host: HTMLElement,
    private readonly view: EngineView,
    private readonly options: CallUiOptions,
  ) {
    this.strings = withOverrides(options.strings);
    this.stage = new Stage(view, this.strings);
    this.notices = new Notices(view, this.strings, options.strings);
    this.controls = new Controls(view, options, this.strings);
    this.people = new PeoplePanel(view, this.strings, () => this.closePeople());
    this.greenRoom = new GreenRoom(view, options, this.strings);
    this.pictureInPicture = new PictureInPicture(view, this.strings, options.customCss);
    this.fullScreen = iconButton('expand', this.strings.enterFullScreen, () => this.toggleFullScreen());
    this.smallWindow = iconButton('pip', this.strings.pictureInPicture, () => this.toggleSmallWindow());
    this.pager = this.buildPager();
    this.stage.element.append(this.notices.status);
    this.room = h(
      'div',
      { class: 'room', ...mainVideoAttributes(options) },
      h('div', { class: 'pictures' }, this.stage.element),
      h('div', { class: 'corner' }, this.smallWindow, this.fullScreen),
      this.notices.element,
      this.people.element,
    );
    this.call = h(
      'div',
      { class: 'call', role: 'region', 'aria-label': this.strings.callLabel, tabindex: '-1' },
      this.room,
      this.greenRoom.element,
      h('div', { class: 'bar' }, h('div', { class: 'top' }, this.timer, this.pager), this.controls.element),
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
    this.resizes.observe(this.stage.element);
    this.clockTimer = setInterval(() => this.drawClock(), 500);
    this.unsubscribe = view.subscribe((snapshot) => this.draw(snapshot));
    this.draw(view.snapshot);
    this.drawFullScreen();
    if (document.activeElement === document.body) {
      this.takeFocus(); // so that the shortcuts work at once
    }
  }

  dispose(): void {
    this.unsubscribe();
    clearInterval(this.clockTimer);
    this.resizes.disconnect();
    this.controls.dispose();
    this.greenRoom.dispose();
    this.pictureInPicture.dispose();
    this.stage.dispose();
    this.root.replaceChildren();
  }

  private draw(snapshot: SessionSnapshot): void {
    const isPreview = snapshot.state === 'preview';
    const wasPreview = this.call.classList.contains('is-preview');
    this.announceChanges(snapshot.participants);
    this.stage.update(snapshot);
    this.greenRoom.update(snapshot);
    this.notices.update(snapshot);
    this.controls.update(snapshot);
    this.pictureInPicture.update(snapshot);
    this.drawPeople(snapshot);
    this.host.dataset.state = snapshot.state;
    const { classList } = this.call;
    classList.toggle('is-preview', isPreview);
    classList.toggle('is-ended', snapshot.state === 'ended');
    classList.toggle('is-dimmed', snapshot.state === 'reconnecting' || snapshot.state === 'ended');
    if (isPreview !== wasPreview) {
      (isPreview ? this.greenRoom.messages : this.room).append(this.notices.element);
      const active = this.root.activeElement;
      if (wasPreview && (active === null || this.greenRoom.element.contains(active))) {
        this.takeFocus();
      }
    }
    this.drawSmallWindow(snapshot);
    this.drawClock();
    this.arrange();
  }

  private takeFocus(): void {
    if (this.view.snapshot.state === 'preview') {
      this.greenRoom.focus();
    } else {
      this.call.focus({ preventScroll: true });
    }
  }

  private arrange(): void {
    const { snapshot } = this.view;
    const { page, pages, stripPx, large } = this.stage.arrange({ mode: snapshot.mode, page: this.page });
    this.page = page;
    this.pages = pages;
    this.room.style.setProperty('--strip', `${stripPx}px`);
    // Buttons may lie over a large face, but neither over small ones nor over what somebody wants to have read.
    const isCrowd = large === 'none' && (pages > 1 || snapshot.participants.length > CROWD_FROM);
    this.call.classList.toggle('is-crowded', isCrowd || large === 'screen');
    setShown(this.pager, pages > 1);
    setText(this.pageText, `${page + 1} / ${pages}`);
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

  private toggleSmallWindow(): void {
    this.view.showPictureInPicture(!this.view.snapshot.isPictureInPicture);
  }

  private drawSmallWindow({ isPictureInPicture, state }: SessionSnapshot): void {
    const { smallWindow, strings } = this;
    setShown(smallWindow, this.options.showPictureInPictureButton && canShowPictureInPicture() && state !== 'ended');
    setLabel(smallWindow, isPictureInPicture ? strings.exitPictureInPicture : strings.pictureInPicture);
    smallWindow.classList.toggle('is-on', isPictureInPicture);
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
