import type { EngineView, ParticipantView, SessionSnapshot } from '../engine/view.js';
import { h, icon, iconButton, setAttribute, setIcon, setLabel, setShown, setText } from './dom.js';
import { type CallStrings, fill, hueOf, initials } from './strings.js';
import { displayName } from './tile.js';

/** More people than this are searched by name. */
const SEARCH_FROM = 8;

/** Who is in the call, as a list beside the pictures; the host mutes others from it. */
export class PeoplePanel {
  readonly element: HTMLElement;
  private readonly title = h('h2');
  private readonly list = h('ul');
  private readonly search = h('input', { type: 'search', class: 'search', autocomplete: 'off' });
  private readonly nobody: HTMLElement;
  private readonly muteAll = h('button', { type: 'button', class: 'second' });
  private readonly endAll = h('button', { type: 'button', class: 'second danger' });
  private readonly hostActions: HTMLElement;
  private readonly question: HTMLElement;
  private readonly questionText = h('span');
  private isAsking = false;
  private readonly rows = new Map<string, Row>();

  constructor(
    private readonly view: EngineView,
    private readonly strings: CallStrings,
    onClose: () => void,
  ) {
    const close = iconButton('close', strings.close, onClose);
    setAttribute(this.search, 'placeholder', strings.find);
    setAttribute(this.search, 'aria-label', strings.find);
    this.search.addEventListener('input', () => this.update(view.snapshot));
    this.nobody = h('p', { class: 'note', role: 'status' }, strings.nobodyFound);
    setText(this.muteAll, strings.muteEveryone);
    this.muteAll.addEventListener('click', () => this.muteOthers());
    setText(this.endAll, strings.endForAll);
    this.endAll.addEventListener('click', () => this.ask(true));
    this.hostActions = h('div', { class: 'host' }, this.muteAll, this.endAll);
    const end = h('button', { type: 'button', class: 'danger main' }, strings.endForAll);
    end.addEventListener('click', () => void view.endForAll());
    const cancel = h('button', { type: 'button', class: 'second' }, strings.cancel);
    cancel.addEventListener('click', () => this.ask(false));
    this.question = h('div', { class: 'host', role: 'alertdialog' }, this.questionText, cancel, end);
    this.element = h(
      'aside',
      { class: 'people', role: 'complementary', 'aria-label': strings.participants },
      h('header', {}, this.title, close),
      this.search,
      this.nobody,
      this.list,
      this.hostActions,
      this.question,
    );
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') {
        event.stopPropagation();
        if (this.isAsking) {
          this.ask(false);
        } else {
          onClose();
        }
      }
    });
  }

  /** Draws a snapshot. */
  update({ participants, local, isParticipantListShown }: SessionSnapshot): void {
    setShown(this.element, isParticipantListShown);
    if (!isParticipantListShown) {
      return;
    }
    setText(this.title, fill(this.strings.participantsCount, { count: participants.length }));
    const ids = new Set(participants.map(({ id }) => id));
    for (const [id, row] of this.rows) {
      if (!ids.has(id)) {
        row.element.remove();
        this.rows.delete(id);
      }
    }
    setShown(this.search, participants.length > SEARCH_FROM);
    const wanted = participants.length > SEARCH_FROM ? this.search.value.trim().toLocaleLowerCase() : '';
    const focused = this.focused();
    let found = 0;
    inOrder(participants).forEach((participant, index) => {
      let row = this.rows.get(participant.id);
      if (row === undefined) {
        row = new Row(this.view, this.strings, participant.id);
        this.rows.set(participant.id, row);
      }
      row.update(participant, local.isHost);
      const isFound = participant.name.toLocaleLowerCase().includes(wanted);
      found += isFound ? 1 : 0;
      setShown(row.element, isFound);
      if (this.list.children[index] !== row.element) {
        this.list.insertBefore(row.element, this.list.children[index] ?? null);
      }
    });
    if (focused !== null && focused !== this.focused()) {
      focused.focus(); // what is moved in the list loses the keyboard
    }
    setShown(this.nobody, found === 0);
    setText(this.questionText, fill(this.strings.endForAllQuestion, { count: participants.length }));
    setAttribute(this.question, 'aria-label', this.questionText.textContent);
    const others = participants.filter(({ isLocal }) => !isLocal);
    this.muteAll.disabled = others.every(({ isAudioMuted }) => isAudioMuted);
    if (!local.isHost || others.length === 0) {
      this.isAsking = false;
    }
    setShown(this.question, this.isAsking);
    setShown(this.hostActions, local.isHost && others.length > 0 && !this.isAsking);
  }

  /** Puts the keyboard into the list. */
  focus(): void {
    this.element.querySelector('button')?.focus();
  }

  private focused(): HTMLElement | null {
    const { activeElement } = this.element.getRootNode() as Document | ShadowRoot;
    return activeElement instanceof HTMLElement && this.list.contains(activeElement) ? activeElement : null;
  }

  private muteOthers(): void {
    for (const { id, isLocal, isAudioMuted } of this.view.snapshot.participants) {
      if (!isLocal && !isAudioMuted) {
        void this.view.askToMute(id, 'microphone');
      }
    }
  }

  /** Ending it for everybody cannot be taken back, so it is asked once more. */
  private ask(isAsked: boolean): void {
    this.isAsking = isAsked;
    this.update(this.view.snapshot);
    (isAsked ? this.question.querySelector('button') : this.endAll)?.focus();
  }
}

/** Oneself, then raised hands, then the others. */
function inOrder(participants: readonly ParticipantView[]): ParticipantView[] {
  const rank = ({ isLocal, isHandRaised }: ParticipantView) => (isLocal ? 0 : isHandRaised ? 1 : 2);
  return [...participants].sort((a, b) => rank(a) - rank(b));
}

class Row {
  readonly element: HTMLElement;
  private readonly face = h('span', { class: 'avatar', 'aria-hidden': 'true' });
  private readonly name = h('span', { class: 'who' });
  private readonly note = h('span', { class: 'note' });
  private readonly hand = h('span', { class: 'raised' }, icon('hand'));
  private readonly microphone: HTMLButtonElement;
  private readonly camera: HTMLButtonElement;

  constructor(
    view: EngineView,
    private readonly strings: CallStrings,
    id: string,
  ) {
    this.microphone = iconButton('mic', '', () => void view.askToMute(id, 'microphone'));
    this.camera = iconButton('camera', '', () => void view.askToMute(id, 'camera'));
    const words = h('span', { class: 'words' }, this.name, this.note);
    this.element = h('li', {}, this.face, words, this.hand, this.microphone, this.camera);
  }

  update(participant: ParticipantView, isHost: boolean): void {
    const { strings } = this;
    const name = displayName(participant, strings);
    const { isAudioMuted, isVideoMuted, isHandRaised, isLocal } = participant;
    this.element.style.setProperty('--hue', String(hueOf(participant.uid)));
    setText(this.face, initials(participant.name));
    setText(this.name, name);
    const notes = [
      ...(participant.isHost ? [strings.host] : []),
      ...(isHandRaised ? [strings.handRaised] : []),
      ...(isAudioMuted ? [strings.muted] : []),
      ...(isVideoMuted ? [strings.cameraOff] : []),
    ];
    setText(this.note, notes.join(', '));
    setShown(this.hand, isHandRaised);
    setIcon(this.microphone, isAudioMuted ? 'micOff' : 'mic');
    setIcon(this.camera, isVideoMuted ? 'cameraOff' : 'camera');
    setLabel(this.microphone, fill(strings.muteOther, { name }));
    setLabel(this.camera, fill(strings.stopOthersVideo, { name }));
    // Only the host can, and nobody can be unmuted by others.
    setShown(this.microphone, isHost && !isLocal && !isAudioMuted);
    setShown(this.camera, isHost && !isLocal && !isVideoMuted);
  }
}
