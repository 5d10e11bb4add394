import type { ParticipantView } from '../engine/view.js';
import { h, icon, setAttribute, setIcon, setLabel, setShown, setText } from './dom.js';
import type { Place } from './layout.js';
import { type CallStrings, fill, hueOf, initials } from './strings.js';

/** What a tile shows: a participant's face, or the screen that the participant shares. */
export interface TileView {
  readonly id: string;
  readonly participant: ParticipantView;
  readonly isScreen: boolean;
  readonly isPinned: boolean;
}

/** One picture of the call, with the name and the state of whom it shows. */
export class Tile {
  readonly element: HTMLElement;
  private readonly video = h('video', { autoplay: '', playsinline: '' });
  private readonly avatar = h('div', { class: 'avatar', 'aria-hidden': 'true' });
  private readonly name = h('span', { class: 'name' });
  private readonly mutedMark = h('span', { class: 'muted-mark' }, icon('micOff'));
  private readonly hand = h('span', { class: 'raised' }, icon('hand'));
  private readonly bars = h('span', { class: 'bars' }, h('i'), h('i'), h('i'));
  private readonly pinButton = h('button', { type: 'button', class: 'pin' });

  constructor(
    private readonly strings: CallStrings,
    onPin: () => void,
  ) {
    this.video.muted = true; // the engine plays the sound
    this.video.addEventListener('loadeddata', () => this.drawPicture());
    this.pinButton.addEventListener('click', onPin);
    const label = h('div', { class: 'label', 'aria-hidden': 'true' }, this.mutedMark, this.name, this.bars);
    this.element = h(
      'div',
      { class: 'tile', role: 'group' },
      this.avatar,
      this.video,
      label,
      this.hand,
      this.pinButton,
    );
    this.element.addEventListener('dblclick', onPin);
  }

  /** Draws a snapshot. */
  update({ participant, isScreen, isPinned }: TileView): void {
    const { strings } = this;
    const track = isScreen ? participant.screen : participant.camera;
    const name = displayName(participant, strings);
    this.show(track);
    const { classList } = this.element;
    classList.toggle('is-screen', isScreen);
    classList.toggle('is-speaking', participant.isSpeaking && !isScreen);
    classList.toggle('is-lost', participant.quality === 'lost');
    classList.toggle(
      'is-mirrored',
      participant.isLocal && !isScreen && track?.getSettings().facingMode !== 'environment',
    );
    this.element.style.setProperty('--hue', String(hueOf(participant.uid)));
    setText(this.name, isScreen ? fill(strings.screenOf, { name }) : name);
    this.drawAvatar(participant);
    setShown(this.mutedMark, participant.isAudioMuted && !isScreen);
    setShown(this.hand, participant.isHandRaised && !isScreen);
    setShown(this.bars, participant.quality !== 'unknown' && !isScreen);
    setAttribute(this.bars, 'data-quality', participant.quality);
    setIcon(this.pinButton, isPinned ? 'unpin' : 'pin');
    setLabel(this.pinButton, fill(isPinned ? strings.unpin : strings.pin, { name: this.name.textContent }));
    setAttribute(this.element, 'aria-label', this.describe(participant, isScreen));
    setAttribute(this.element, 'data-participant', participant.id);
  }

  /** Moves the tile. A null place takes it from the page, and stops its decoding. */
  place(place: Place | null): void {
    const { style } = this.element;
    setShown(this.element, place !== null);
    if (place === null) {
      return;
    }
    setAttribute(this.element, 'data-role', place.role);
    style.insetInlineStart = `${place.startPx}px`;
    style.top = `${place.topPx}px`;
    style.width = `${place.widthPx}px`;
    style.height = `${place.heightPx}px`;
  }

  /** The voice's loudness, in [0, 1], for the ring around the tile. */
  setLevel(level: number): void {
    this.element.style.setProperty('--level', level.toFixed(2));
  }

  /** Lets go of the picture. */
  dispose(): void {
    this.video.srcObject = null;
    this.element.remove();
  }

  private show(track: MediaStreamTrack | null): void {
    const shown = this.video.srcObject instanceof MediaStream ? this.video.srcObject.getVideoTracks()[0] : undefined;
    if ((track ?? undefined) !== shown) {
      this.video.srcObject = track === null ? null : new MediaStream([track]);
      if (track !== null) {
        // Refused only when the element was taken out meanwhile; muted video may always play.
        this.video.play().catch(() => undefined);
      }
    }
    this.drawPicture();
  }

  /** The avatar stays until the first frame is there. */
  private drawPicture(): void {
    const hasPicture = this.video.srcObject !== null && this.video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA;
    this.video.classList.toggle('is-empty', !hasPicture);
    setShown(this.avatar, !hasPicture);
  }

  private drawAvatar(participant: ParticipantView): void {
    const shown = participant.avatar ?? initials(participant.name);
    if (this.avatar.dataset.shown === shown) {
      return;
    }
    this.avatar.dataset.shown = shown;
    this.avatar.replaceChildren(initials(participant.name));
    if (participant.avatar !== null) {
      const image = h('img', { src: participant.avatar, alt: '' });
      image.addEventListener('error', () => image.remove());
      this.avatar.append(image);
    }
  }

  private describe(participant: ParticipantView, isScreen: boolean): string {
    const { strings } = this;
    if (isScreen) {
      return this.name.textContent;
    }
    const parts = [displayName(participant, strings)];
    if (participant.isAudioMuted) {
      parts.push(strings.muted);
    }
    if (participant.isHandRaised) {
      parts.push(strings.handRaised);
    }
    if (participant.camera === null) {
      parts.push(strings.cameraOff);
    }
    const quality = qualityWord(participant, strings);
    if (quality !== null) {
      parts.push(quality);
    }
    return parts.join(', ');
  }
}

/** The participant's name, or "You". */
export function displayName(participant: ParticipantView, strings: CallStrings): string {
  return participant.isLocal ? strings.you : participant.name;
}

function qualityWord({ quality }: ParticipantView, strings: CallStrings): string | null {
  switch (quality) {
    case 'unknown':
      return null;
    case 'good':
      return strings.qualityGood;
    case 'fair':
      return strings.qualityFair;
    case 'poor':
      return strings.qualityPoor;
    case 'lost':
      return strings.qualityLost;
  }
}
