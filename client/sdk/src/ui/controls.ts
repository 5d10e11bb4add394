import type { CallUiOptions, EngineView, SessionSnapshot } from '../engine/view.js';
import { type IconName, h, iconButton, setAttribute, setIcon, setLabel, setShown } from './dom.js';
import { SettingsMenu } from './settings.js';
import type { CallStrings } from './strings.js';

/** The bar of buttons below the pictures. */
export class Controls {
  readonly element: HTMLElement;
  private readonly microphone: HTMLButtonElement;
  private readonly camera: HTMLButtonElement;
  private readonly screen: HTMLButtonElement;
  private readonly toVideo: HTMLButtonElement;
  private readonly hand: HTMLButtonElement;
  private readonly people: HTMLButtonElement;
  private readonly endCall: HTMLButtonElement;
  private readonly menu: SettingsMenu;

  constructor(
    private readonly view: EngineView,
    private readonly options: CallUiOptions,
    private readonly strings: CallStrings,
  ) {
    this.microphone = iconButton('mic', strings.muteAudio, () => this.toggleMicrophone());
    this.camera = iconButton('camera', strings.pauseVideo, () => this.toggleCamera());
    this.screen = iconButton('screen', strings.startScreenShare, () => this.toggleScreen());
    this.toVideo = iconButton('camera', strings.switchToVideo, () => void view.requestVideo());
    this.hand = iconButton('hand', strings.raiseHand, () => this.toggleHand());
    this.people = iconButton('people', strings.participants, () => this.togglePeople());
    this.menu = new SettingsMenu(view, options, strings);
    this.endCall = iconButton('hangUp', strings.endCall, () => {
      view.buttonPressed('end');
      view.pressEndCall();
    });
    this.endCall.classList.add('hang-up');
    name(this.microphone, 'microphone', 'M');
    name(this.camera, 'camera', 'V');
    name(this.screen, 'screen', 'S');
    name(this.toVideo, 'to-video');
    name(this.hand, 'hand', 'H');
    name(this.people, 'people', 'P');
    name(this.endCall, 'end-call');
    this.element = h(
      'div',
      { class: 'controls', role: 'toolbar', 'aria-label': strings.callLabel },
      this.microphone,
      this.camera,
      this.toVideo,
      this.screen,
      this.hand,
      this.people,
      this.menu.element,
      this.endCall,
    );
  }

  /** Draws a snapshot. */
  update(snapshot: SessionSnapshot): void {
    const { options, strings } = this;
    const { local } = snapshot;
    const isMicrophoneOff = local.isAudioMuted || !local.hasMicrophone;
    const isCameraOff = local.isVideoMuted || !local.hasCamera;
    draw(
      this.microphone,
      isMicrophoneOff ? 'micOff' : 'mic',
      isMicrophoneOff ? strings.unmuteAudio : strings.muteAudio,
    );
    draw(this.camera, isCameraOff ? 'cameraOff' : 'camera', isCameraOff ? strings.resumeVideo : strings.pauseVideo);
    draw(
      this.screen,
      local.isScreenSharing ? 'screenOff' : 'screen',
      local.isScreenSharing ? strings.stopScreenShare : strings.startScreenShare,
    );
    this.microphone.classList.toggle('is-off', isMicrophoneOff);
    this.camera.classList.toggle('is-off', isCameraOff);
    this.screen.classList.toggle('is-on', local.isScreenSharing);
    const isGoingOn = snapshot.state !== 'ended';
    const others = snapshot.participants.length - 1;
    setLabel(this.hand, local.isHandRaised ? strings.lowerHand : strings.raiseHand);
    this.hand.classList.toggle('is-on', local.isHandRaised);
    setAttribute(this.people, 'aria-expanded', String(snapshot.isParticipantListShown));
    this.people.classList.toggle('is-on', snapshot.isParticipantListShown);
    this.toVideo.disabled = snapshot.isVideoRequested;
    setShown(this.toVideo, isGoingOn && options.showSwitchToVideoCallButton && snapshot.isAudioOnly && others > 0);
    // Two people see each other's hands.
    setShown(this.hand, isGoingOn && options.showRaiseHandButton && others > 1);
    setShown(this.people, isGoingOn && options.showParticipantListButton && others > 1);
    setShown(this.microphone, isGoingOn && options.showMuteAudioButton);
    setShown(this.camera, isGoingOn && options.showPauseVideoButton && local.canSendVideo);
    setShown(this.screen, isGoingOn && options.showScreenShareButton && local.canShareScreen && !snapshot.isAudioOnly);
    setShown(this.menu.element, isGoingOn);
    setShown(this.endCall, options.showEndCallButton);
    this.menu.update(snapshot);
  }

  /** Single letters for what is pressed in a hurry; only while the focus is in the call, and not in a field. */
  onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) {
      return;
    }
    const button = { m: this.microphone, v: this.camera, s: this.screen, h: this.hand, p: this.people }[
      event.key.toLowerCase()
    ];
    if (button !== undefined && !button.hidden) {
      event.preventDefault();
      button.click();
    }
  }

  /** Closes what is open. */
  dispose(): void {
    this.menu.dispose();
  }

  private toggleHand(): void {
    this.view.buttonPressed('hand');
    void this.view.setHandRaised(!this.view.snapshot.local.isHandRaised);
  }

  private togglePeople(): void {
    this.view.buttonPressed('participants');
    this.view.showParticipantList(!this.view.snapshot.isParticipantListShown);
  }

  private toggleMicrophone(): void {
    this.view.buttonPressed('microphone');
    const { local } = this.view.snapshot;
    void this.view.setAudioMuted(!(local.isAudioMuted || !local.hasMicrophone));
  }

  private toggleCamera(): void {
    this.view.buttonPressed('camera');
    const { local } = this.view.snapshot;
    void this.view.setVideoMuted(!(local.isVideoMuted || !local.hasCamera));
  }

  private toggleScreen(): void {
    this.view.buttonPressed('screen');
    void (this.view.snapshot.local.isScreenSharing ? this.view.stopScreenShare() : this.view.startScreenShare());
  }
}

function name(button: HTMLButtonElement, control: string, key?: string): void {
  button.dataset.control = control;
  if (key !== undefined) {
    setAttribute(button, 'aria-keyshortcuts', key);
  }
}

function draw(button: HTMLButtonElement, drawing: IconName, label: string): void {
  setIcon(button, drawing);
  setLabel(button, label);
}
