import type { CallMode } from '../engine/view.js';
import type { OngoingCallCallbacks } from './listener.js';

/** Where a label or button sits in the large picture of the default layout. */
export const POSITION = {
  TOP_LEFT: 'top-left',
  TOP_RIGHT: 'top-right',
  BOTTOM_LEFT: 'bottom-left',
  BOTTOM_RIGHT: 'bottom-right',
} as const;

/** How a picture fills its tile. */
export const ASPECT_RATIO = { DEFAULT: 'default', CONTAIN: 'contain', COVER: 'cover' } as const;

export type Position = (typeof POSITION)[keyof typeof POSITION];
export type AspectRatio = (typeof ASPECT_RATIO)[keyof typeof ASPECT_RATIO];

/** How the large picture of the default layout looks. */
export class MainVideoContainerSetting {
  aspectRatio: AspectRatio = ASPECT_RATIO.DEFAULT;
  fullScreenButton: { position: Position; visibility: boolean } = { position: POSITION.TOP_RIGHT, visibility: true };
  nameLabel: { position: Position; visibility: boolean; color: string } = {
    position: POSITION.BOTTOM_LEFT,
    visibility: true,
    color: '',
  };
  networkLabel: { position: Position; visibility: boolean } = { position: POSITION.BOTTOM_LEFT, visibility: true };

  setMainVideoAspectRatio(aspectRatio: AspectRatio): void {
    this.aspectRatio = aspectRatio;
  }
  setFullScreenButtonParams(position: Position, visibility: boolean): void {
    this.fullScreenButton = { position, visibility };
  }
  setNameLabelParams(position: Position, visibility: boolean, color: string): void {
    this.nameLabel = { position, visibility, color };
  }
  setNetworkLabelParams(position: Position, visibility: boolean): void {
    this.networkLabel = { position, visibility };
  }
}

interface CallFields {
  defaultLayout: boolean;
  audioOnly: boolean;
  mode: CallMode;
  showEndCallButton: boolean;
  showMuteAudioButton: boolean;
  showPauseVideoButton: boolean;
  showScreenShareButton: boolean;
  showModeButton: boolean;
  showSwitchToVideoCallButton: boolean;
  showVirtualBackgroundSetting: boolean;
  showParticipantListButton: boolean;
  showRaiseHandButton: boolean;
  showPictureInPictureButton: boolean;
  showPreviewBeforeJoining: boolean;
  showRecordingButton: boolean;
  startRecordingOnCallStart: boolean;
  startWithAudioMuted: boolean;
  startWithVideoMuted: boolean;
  idleTimeoutSeconds: number;
  idlePromptSeconds: number;
  localizedStrings: Record<string, string>;
  customCss: string;
  virtualBackground: object | undefined;
  mainVideoContainerSetting: MainVideoContainerSetting;
  listener: OngoingCallCallbacks | undefined;
}

/** How a session looks and starts; made by {@link CallSettingsBuilder}. */
export class CallSettings {
  static readonly POSITION = POSITION;
  static readonly ASPECT_RATIO = ASPECT_RATIO;

  /** Use {@link CallSettingsBuilder}. */
  constructor(private readonly fields: CallFields) {}

  getCallListener(): OngoingCallCallbacks | undefined {
    return this.fields.listener;
  }
  isDefaultLayoutEnabled(): boolean {
    return this.fields.defaultLayout;
  }
  isAudioOnlyCall(): boolean {
    return this.fields.audioOnly;
  }
  getMode(): CallMode {
    return this.fields.mode;
  }
  isEndCallButtonEnabled(): boolean {
    return this.fields.showEndCallButton;
  }
  isMuteAudioButtonEnabled(): boolean {
    return this.fields.showMuteAudioButton;
  }
  isPauseVideoButtonEnabled(): boolean {
    return this.fields.showPauseVideoButton;
  }
  isScreenShareButtonEnabled(): boolean {
    return this.fields.showScreenShareButton;
  }
  isModeButtonEnabled(): boolean {
    return this.fields.showModeButton;
  }
  isAudioToVideoButtonEnabled(): boolean {
    return this.fields.showSwitchToVideoCallButton;
  }
  isVirtualBackgroundSettingEnabled(): boolean {
    return this.fields.showVirtualBackgroundSetting;
  }
  isParticipantListButtonEnabled(): boolean {
    return this.fields.showParticipantListButton;
  }
  isRaiseHandButtonEnabled(): boolean {
    return this.fields.showRaiseHandButton;
  }
  isPictureInPictureButtonEnabled(): boolean {
    return this.fields.showPictureInPictureButton;
  }
  isPreviewBeforeJoiningEnabled(): boolean {
    return this.fields.showPreviewBeforeJoining;
  }
  isRecordingButtonEnabled(): boolean {
    return this.fields.showRecordingButton;
  }
  shouldStartRecordingOnCallStart(): boolean {
    return this.fields.startRecordingOnCallStart;
  }
  getStartWithAudioMuted(): boolean {
    return this.fields.startWithAudioMuted;
  }
  getStartWithVideoMuted(): boolean {
    return this.fields.startWithVideoMuted;
  }
  /** Seconds. */
  getIdleTimeoutPeriod(): number {
    return this.fields.idleTimeoutSeconds;
  }
  /** Seconds for which the person is asked before the idle session ends. */
  getIdlePromptPeriod(): number {
    return this.fields.idlePromptSeconds;
  }
  getLocalizedStringObject(): Record<string, string> {
    return this.fields.localizedStrings;
  }
  getCustomCSS(): string {
    return this.fields.customCss;
  }
  getVirtualBackground(): object | undefined {
    return this.fields.virtualBackground;
  }
  getMainVideoContainerSetting(): MainVideoContainerSetting {
    return this.fields.mainVideoContainerSetting;
  }
}

/** Builds {@link CallSettings}; every method returns the builder. */
export class CallSettingsBuilder {
  private readonly fields: CallFields = {
    defaultLayout: true,
    audioOnly: false,
    mode: 'DEFAULT',
    showEndCallButton: true,
    showMuteAudioButton: true,
    showPauseVideoButton: true,
    showScreenShareButton: true,
    showModeButton: true,
    showSwitchToVideoCallButton: true,
    showVirtualBackgroundSetting: true,
    showParticipantListButton: true,
    showRaiseHandButton: true,
    showPictureInPictureButton: true,
    showPreviewBeforeJoining: false,
    showRecordingButton: false,
    startRecordingOnCallStart: false,
    startWithAudioMuted: false,
    startWithVideoMuted: false,
    idleTimeoutSeconds: 180,
    idlePromptSeconds: 60,
    localizedStrings: {},
    customCss: '',
    virtualBackground: undefined,
    mainVideoContainerSetting: new MainVideoContainerSetting(),
    listener: undefined,
  };

  /** Draws the call into the element given to `startSession`; else the app draws its own. Default true. */
  enableDefaultLayout(enable: boolean): this {
    this.fields.defaultLayout = enable;
    return this;
  }
  /** A call without pictures. Default false. */
  setIsAudioOnlyCall(audioOnly: boolean): this {
    this.fields.audioOnly = audioOnly;
    return this;
  }
  /** `DEFAULT`, `SPOTLIGHT` or `TILE`. */
  setMode(mode: CallMode): this {
    this.fields.mode = mode;
    return this;
  }
  showEndCallButton(show: boolean): this {
    this.fields.showEndCallButton = show;
    return this;
  }
  showMuteAudioButton(show: boolean): this {
    this.fields.showMuteAudioButton = show;
    return this;
  }
  showPauseVideoButton(show: boolean): this {
    this.fields.showPauseVideoButton = show;
    return this;
  }
  showScreenShareButton(show: boolean): this {
    this.fields.showScreenShareButton = show;
    return this;
  }
  showModeButton(show: boolean): this {
    this.fields.showModeButton = show;
    return this;
  }
  showSwitchToVideoCallButton(show: boolean): this {
    this.fields.showSwitchToVideoCallButton = show;
    return this;
  }
  showVirtualBackgroundSetting(show: boolean): this {
    this.fields.showVirtualBackgroundSetting = show;
    return this;
  }
  showParticipantListButton(show: boolean): this {
    this.fields.showParticipantListButton = show;
    return this;
  }
  showRaiseHandButton(show: boolean): this {
    this.fields.showRaiseHandButton = show;
    return this;
  }
  showPictureInPictureButton(show: boolean): this {
    this.fields.showPictureInPictureButton = show;
    return this;
  }
  /**
   * The default layout first shows one's own picture, the microphone's level and the devices to choose from; the session is joined when
   * the person says so, and `startSession` resolves then. Default false: it joins at once. A call token is good for some minutes only.
   */
  showPreviewBeforeJoining(show: boolean): this {
    this.fields.showPreviewBeforeJoining = show;
    return this;
  }
  showRecordingButton(show: boolean): this {
    this.fields.showRecordingButton = show;
    return this;
  }
  startRecordingOnCallStart(start: boolean): this {
    this.fields.startRecordingOnCallStart = start;
    return this;
  }
  /** The microphone is opened only when it is unmuted. Default false. */
  startWithAudioMuted(muted: boolean): this {
    this.fields.startWithAudioMuted = muted;
    return this;
  }
  /** The camera is opened only when it is turned on. Default false. */
  startWithVideoMuted(muted: boolean): this {
    this.fields.startWithVideoMuted = muted;
    return this;
  }
  /** Seconds alone in the session until it ends; the person is asked during the last ones. Default 180, and 60. */
  setIdleTimeoutPeriod(seconds: number, promptSeconds = 60): this {
    this.fields.idleTimeoutSeconds = seconds;
    this.fields.idlePromptSeconds = promptSeconds;
    return this;
  }
  /** Replaces words of the default layout. */
  setLocalizedStringObject(strings: Record<string, string>): this {
    this.fields.localizedStrings = { ...strings };
    return this;
  }
  /** Kept for compatibility: nothing is analysed. */
  setAnalyticsSettings(_settings: object): this {
    return this;
  }
  setCustomCSS(css: string): this {
    this.fields.customCss = css;
    return this;
  }
  setVirtualBackground(virtualBackground: object): this {
    this.fields.virtualBackground = virtualBackground;
    return this;
  }
  setMainVideoContainerSetting(setting: MainVideoContainerSetting): this {
    this.fields.mainVideoContainerSetting = setting;
    return this;
  }
  /** Who hears what happens in the session. */
  setCallListener(listener: OngoingCallCallbacks): this {
    this.fields.listener = listener;
    return this;
  }
  /** The same as {@link setCallListener}; both spellings exist. */
  setCallEventListener(listener: OngoingCallCallbacks): this {
    return this.setCallListener(listener);
  }
  build(): CallSettings {
    return new CallSettings({ ...this.fields });
  }
}
