import type { CallMode } from '../engine/view.js';
import type { OngoingCallCallbacks } from './listener.js';

/** Where a label or button sits in the large picture of the default layout. */
export const POSITION = {
  /** `top-left`. */
  TOP_LEFT: 'top-left',
  /** `top-right`; the default of the full-screen button. */
  TOP_RIGHT: 'top-right',
  /** `bottom-left`; the default of the labels. */
  BOTTOM_LEFT: 'bottom-left',
  /** `bottom-right`. */
  BOTTOM_RIGHT: 'bottom-right',
} as const;

/** How a picture fills its tile. */
export const ASPECT_RATIO = {
  /** The same as `COVER`. */
  DEFAULT: 'default',
  /** Shows the whole picture, with bars where the tile has another shape. */
  CONTAIN: 'contain',
  /** Fills the tile and cuts off what sticks out; a shared screen is always shown whole. */
  COVER: 'cover',
} as const;

export type Position = (typeof POSITION)[keyof typeof POSITION];
export type AspectRatio = (typeof ASPECT_RATIO)[keyof typeof ASPECT_RATIO];

/** How the large picture of the default layout looks. */
export class MainVideoContainerSetting {
  /** How the large picture fills its tile. Default `ASPECT_RATIO.DEFAULT`. */
  aspectRatio: AspectRatio = ASPECT_RATIO.DEFAULT;
  /** Where the full-screen button is, and whether there is one. Default: shown at the top right. */
  fullScreenButton: { position: Position; visibility: boolean } = { position: POSITION.TOP_RIGHT, visibility: true };
  /** Where the name is, whether it is shown, and the CSS colour behind it (empty: the layout's own). Default: shown at the bottom left. */
  nameLabel: { position: Position; visibility: boolean; color: string } = {
    position: POSITION.BOTTOM_LEFT,
    visibility: true,
    color: '',
  };
  /** Whether the quality of the connection is shown; its position is that of the name. Default: shown. */
  networkLabel: { position: Position; visibility: boolean } = { position: POSITION.BOTTOM_LEFT, visibility: true };

  /** How the large picture fills its tile. Default `ASPECT_RATIO.DEFAULT`. */
  setMainVideoAspectRatio(aspectRatio: AspectRatio): void {
    this.aspectRatio = aspectRatio;
  }
  /** Where the full-screen button is, and whether there is one. Default: shown at the top right. */
  setFullScreenButtonParams(position: Position, visibility: boolean): void {
    this.fullScreenButton = { position, visibility };
  }
  /** Where the name is, whether it is shown, and the CSS colour behind it. Default: shown at the bottom left. */
  setNameLabelParams(position: Position, visibility: boolean, color: string): void {
    this.nameLabel = { position, visibility, color };
  }
  /** Whether the quality of the connection is shown; it sits beside the name, whatever the position. Default: shown. */
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
  /** Where a label or button sits in the large picture, for `MainVideoContainerSetting`. */
  static readonly POSITION = POSITION;
  /** How the large picture fills its tile, for `MainVideoContainerSetting`. */
  static readonly ASPECT_RATIO = ASPECT_RATIO;

  /** Use {@link CallSettingsBuilder}. */
  constructor(private readonly fields: CallFields) {}

  /** The listener of `setCallListener`; undefined when none was set. */
  getCallListener(): OngoingCallCallbacks | undefined {
    return this.fields.listener;
  }
  /** Whether the SDK draws the call. Default true. */
  isDefaultLayoutEnabled(): boolean {
    return this.fields.defaultLayout;
  }
  /** Whether it is a call without pictures. Default false. */
  isAudioOnlyCall(): boolean {
    return this.fields.audioOnly;
  }
  /** The layout that the session starts with. Default `DEFAULT`. */
  getMode(): CallMode {
    return this.fields.mode;
  }
  /** Whether the end button is shown. Default true. */
  isEndCallButtonEnabled(): boolean {
    return this.fields.showEndCallButton;
  }
  /** Whether the microphone button is shown. Default true. */
  isMuteAudioButtonEnabled(): boolean {
    return this.fields.showMuteAudioButton;
  }
  /** Whether the camera button is shown. Default true. */
  isPauseVideoButtonEnabled(): boolean {
    return this.fields.showPauseVideoButton;
  }
  /** Whether the button that shares the screen is shown. Default true. */
  isScreenShareButtonEnabled(): boolean {
    return this.fields.showScreenShareButton;
  }
  /** Whether the settings panel offers the layouts. Default true. */
  isModeButtonEnabled(): boolean {
    return this.fields.showModeButton;
  }
  /** Whether an audio call shows the button that asks for video. Default true. */
  isAudioToVideoButtonEnabled(): boolean {
    return this.fields.showSwitchToVideoCallButton;
  }
  /** Kept for compatibility: the value that was set, which has no effect. Default true. */
  isVirtualBackgroundSettingEnabled(): boolean {
    return this.fields.showVirtualBackgroundSetting;
  }
  /** Whether the button for the list of participants is shown, from three people on. Default true. */
  isParticipantListButtonEnabled(): boolean {
    return this.fields.showParticipantListButton;
  }
  /** Whether the hand button is shown, from three people on. Default true. */
  isRaiseHandButtonEnabled(): boolean {
    return this.fields.showRaiseHandButton;
  }
  /** Whether the button for the small window that stays on top is shown. Default true. */
  isPictureInPictureButtonEnabled(): boolean {
    return this.fields.showPictureInPictureButton;
  }
  /** Whether one's own picture and the devices are shown before joining. Default false. */
  isPreviewBeforeJoiningEnabled(): boolean {
    return this.fields.showPreviewBeforeJoining;
  }
  /** Kept for compatibility: the value that was set, which has no effect. Default false. */
  isRecordingButtonEnabled(): boolean {
    return this.fields.showRecordingButton;
  }
  /** Kept for compatibility: the value that was set; nothing is recorded. Default false. */
  shouldStartRecordingOnCallStart(): boolean {
    return this.fields.startRecordingOnCallStart;
  }
  /** Whether one joins with the microphone muted. Default false. */
  getStartWithAudioMuted(): boolean {
    return this.fields.startWithAudioMuted;
  }
  /** Whether one joins with the camera off. Default false. */
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
  /** The replaced words of the default layout, by key; empty by default. */
  getLocalizedStringObject(): Record<string, string> {
    return this.fields.localizedStrings;
  }
  /** The style sheet that was added to the default layout; empty by default. */
  getCustomCSS(): string {
    return this.fields.customCss;
  }
  /** Kept for compatibility: what was set, which has no effect; undefined by default. */
  getVirtualBackground(): object | undefined {
    return this.fields.virtualBackground;
  }
  /** How the large picture of the default layout looks. */
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
  /** Shows the end button in the default layout. Default true. */
  showEndCallButton(show: boolean): this {
    this.fields.showEndCallButton = show;
    return this;
  }
  /** Shows the microphone button in the default layout. Default true. */
  showMuteAudioButton(show: boolean): this {
    this.fields.showMuteAudioButton = show;
    return this;
  }
  /** Shows the camera button in the default layout; an audio call has none. Default true. */
  showPauseVideoButton(show: boolean): this {
    this.fields.showPauseVideoButton = show;
    return this;
  }
  /** Shows the button that shares the screen, in video calls where the browser can. Default true. */
  showScreenShareButton(show: boolean): this {
    this.fields.showScreenShareButton = show;
    return this;
  }
  /** Offers the layouts in the settings panel of the default layout. Default true. */
  showModeButton(show: boolean): this {
    this.fields.showModeButton = show;
    return this;
  }
  /** Shows the button that asks for video, in an audio call that somebody else is in. Default true. */
  showSwitchToVideoCallButton(show: boolean): this {
    this.fields.showSwitchToVideoCallButton = show;
    return this;
  }
  /** Kept for compatibility: has no effect, as backgrounds are not provided. */
  showVirtualBackgroundSetting(show: boolean): this {
    this.fields.showVirtualBackgroundSetting = show;
    return this;
  }
  /** Shows the button for the list of participants, from three people on. Default true. */
  showParticipantListButton(show: boolean): this {
    this.fields.showParticipantListButton = show;
    return this;
  }
  /** Shows the hand button, from three people on. Default true. */
  showRaiseHandButton(show: boolean): this {
    this.fields.showRaiseHandButton = show;
    return this;
  }
  /** Shows the button for a small window that stays on top, where the browser has one. Default true. */
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
  /** Kept for compatibility: there is no such button, as nothing is recorded. */
  showRecordingButton(show: boolean): this {
    this.fields.showRecordingButton = show;
    return this;
  }
  /** Kept for compatibility: nothing is recorded; with `true` the console says so once. */
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
  /** A style sheet for the default layout, added behind its own. Default: none. */
  setCustomCSS(css: string): this {
    this.fields.customCss = css;
    return this;
  }
  /** Kept for compatibility: has no effect, and the console says so once. */
  setVirtualBackground(virtualBackground: object): this {
    this.fields.virtualBackground = virtualBackground;
    return this;
  }
  /** How the large picture of the default layout looks. */
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
  /** The settings as they are now; the builder can be used on. */
  build(): CallSettings {
    return new CallSettings({ ...this.fields });
  }
}
