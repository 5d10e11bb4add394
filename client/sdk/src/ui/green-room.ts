import type { CallUiOptions, EngineView, SessionSnapshot } from '../engine/view.js';
import { DeviceFields } from './device-fields.js';
import { h, iconButton, setIcon, setLabel, setShown } from './dom.js';
import { Mirror } from './mirror.js';
import type { CallStrings } from './strings.js';

/** Before joining: how one looks and sounds, the devices to choose from, and the button that joins. */
export class GreenRoom {
  readonly element: HTMLElement;
  /** Where messages go. */
  readonly messages = h('div', { class: 'messages' });
  private readonly mirror: Mirror;
  private readonly devices: DeviceFields;
  private readonly microphone: HTMLButtonElement;
  private readonly camera: HTMLButtonElement;
  private readonly join: HTMLButtonElement;
  private isShown = false;

  constructor(
    view: EngineView,
    private readonly options: CallUiOptions,
    private readonly strings: CallStrings,
  ) {
    this.mirror = new Mirror(strings);
    this.devices = new DeviceFields(view, strings);
    this.microphone = iconButton('mic', '', () => {
      view.buttonPressed('microphone');
      void view.setAudioMuted(!view.snapshot.local.isAudioMuted);
    });
    this.camera = iconButton('camera', '', () => {
      view.buttonPressed('camera');
      void view.setVideoMuted(!view.snapshot.local.isVideoMuted);
    });
    this.join = h('button', { type: 'button', class: 'main' }, strings.join);
    this.join.addEventListener('click', () => view.join());
    const leave = h('button', { type: 'button', class: 'second' }, strings.notNow);
    leave.addEventListener('click', () => {
      view.buttonPressed('end');
      view.pressEndCall();
    });
    setShown(leave, options.showEndCallButton);
    const toggles = h('div', { class: 'toggles' }, this.microphone, this.camera);
    this.element = h(
      'section',
      { class: 'green-room', 'aria-label': strings.readyToJoin },
      h('div', { class: 'look' }, this.mirror.element, toggles),
      h(
        'div',
        { class: 'ready' },
        h('h2', {}, strings.readyToJoin),
        this.messages,
        this.devices.element,
        h('div', { class: 'go' }, this.join, leave),
      ),
    );
    setShown(this.element, false);
  }

  /** Draws a snapshot; there is something to see before joining only. */
  update(snapshot: SessionSnapshot): void {
    const wasShown = this.isShown;
    this.isShown = snapshot.state === 'preview';
    setShown(this.element, this.isShown);
    if (!this.isShown) {
      if (wasShown) {
        this.dispose();
      }
      return;
    }
    const { options, strings } = this;
    const { isAudioMuted, isVideoMuted } = snapshot.local;
    this.mirror.update(snapshot);
    this.devices.update(snapshot);
    setIcon(this.microphone, isAudioMuted ? 'micOff' : 'mic');
    setLabel(this.microphone, isAudioMuted ? strings.unmuteAudio : strings.muteAudio);
    this.microphone.classList.toggle('is-off', isAudioMuted);
    setIcon(this.camera, isVideoMuted ? 'cameraOff' : 'camera');
    setLabel(this.camera, isVideoMuted ? strings.resumeVideo : strings.pauseVideo);
    this.camera.classList.toggle('is-off', isVideoMuted);
    setShown(this.microphone, options.showMuteAudioButton);
    setShown(this.camera, options.showPauseVideoButton && !snapshot.isAudioOnly);
  }

  /** Puts the keyboard where one joins. */
  focus(): void {
    this.join.focus({ preventScroll: true });
  }

  /** Lets go of picture and sound. */
  dispose(): void {
    this.mirror.rest();
    this.devices.rest();
  }
}
