import type { EngineView, ParticipantView, SessionSnapshot } from '../engine/view.js';
import { h, icon, iconButton, setIcon, setLabel, setShown, setText } from './dom.js';
import { type CallStrings, fill, hueOf, initials } from './strings.js';
import { displayName } from './tile.js';

/** Who is in the call, as a list beside the pictures; the host mutes others from it. */
export class PeoplePanel {
  readonly element: HTMLElement;
  private readonly title = h('h2');
  private readonly list = h('ul');
  private readonly rows = new Map<string, Row>();

  constructor(
    private readonly view: EngineView,
    private readonly strings: CallStrings,
    onClose: () => void,
  ) {
    const close = iconButton('close', strings.close, onClose);
    this.element = h(
      'aside',
      { class: 'people', role: 'complementary', 'aria-label': strings.participants },
      h('header', {}, this.title, close),
      this.list,
    );
    this.element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') {
        event.stopPropagation();
        onClose();
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
    for (const participant of inOrder(participants)) {
      let row = this.rows.get(participant.id);
      if (row === undefined) {
        row = new Row(this.view, this.strings, participant.id);
        this.rows.set(participant.id, row);
      }
      row.update(participant, local.isHost);
      if (row.element.parentElement === null) {
        this.list.append(row.element);
      }
    }
  }

  /** Puts the keyboard into the list. */
  focus(): void {
    this.element.querySelector('button')?.focus();
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
