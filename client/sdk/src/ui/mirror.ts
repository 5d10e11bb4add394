import type { SessionSnapshot } from '../engine/view.js';
import { h, icon, setIcon, setShown, setText } from './dom.js';
import type { CallStrings } from './strings.js';

/** One's own picture as in a mirror, or why there is none. */
export class Mirror {
  readonly element: HTMLElement;
  private readonly video = h('video', { autoplay: '', playsinline: '' });
  private readonly text = h('span');
  private readonly empty = h('div', { class: 'empty', role: 'status' }, icon('cameraOff'), this.text);

  constructor(private readonly strings: CallStrings) {
    this.video.muted = true;
    this.video.setAttribute('aria-label', strings.preview);
    this.element = h('div', { class: 'mirror' }, this.video, this.empty);
  }

  /** Draws a snapshot. */
  update({ local, isAudioOnly }: SessionSnapshot): void {
    this.show(local.isVideoMuted ? null : local.camera);
    setIcon(this.empty, isAudioOnly ? 'mic' : 'cameraOff');
    setShown(this.empty, this.video.srcObject === null);
    const { previewAudio, previewOff, previewWaiting } = this.strings;
    setText(this.text, isAudioOnly ? previewAudio : local.isVideoMuted ? previewOff : previewWaiting);
  }

  /** Lets go of the picture; {@link update} shows it again. */
  rest(): void {
    this.show(null);
  }

  private show(track: MediaStreamTrack | null): void {
    const shown = this.video.srcObject instanceof MediaStream ? this.video.srcObject.getVideoTracks()[0] : undefined;
    if ((track ?? undefined) === shown) {
      return;
    }
    this.video.srcObject = track === null ? null : new MediaStream([track]);
    this.video.classList.toggle('is-mirrored', track?.getSettings().facingMode !== 'environment');
    if (track !== null) {
      // Refused only when the element was taken out meanwhile; muted video may always play.
      this.video.play().catch(() => undefined);
    }
  }
}
