import { CallSettingsBuilder, type CallSettings } from './settings.js';

/** How `joinPresentation` joins; made by {@link PresenterSettingsBuilder}. */
export class PresenterSettings {
  /** Use {@link PresenterSettingsBuilder}. */
  constructor(
    private readonly settings: CallSettings,
    private readonly presents: boolean,
  ) {}

  isPresenter(): boolean {
    return this.presents;
  }
  /** The session that this is: who only watches neither sends nor sees the buttons for it. */
  toCallSettings(): CallSettings {
    return this.settings;
  }
  getMode(): 'PRESENTER' {
    return 'PRESENTER';
  }
}

/** Builds {@link PresenterSettings}: the methods of `CallSettingsBuilder`, and whether one presents. */
export class PresenterSettingsBuilder {
  private readonly builder = new CallSettingsBuilder().setMode('SPOTLIGHT');
  private presents = false;

  /** True for who is seen and heard, false for who watches. Default false. */
  setIsPresenter(isPresenter: boolean): this {
    this.presents = isPresenter;
    return this;
  }
  enableDefaultLayout(enable: boolean): this {
    this.builder.enableDefaultLayout(enable);
    return this;
  }
  setIsAudioOnlyCall(audioOnly: boolean): this {
    this.builder.setIsAudioOnlyCall(audioOnly);
    return this;
  }
  showEndCallButton(show: boolean): this {
    this.builder.showEndCallButton(show);
    return this;
  }
  showMuteAudioButton(show: boolean): this {
    this.builder.showMuteAudioButton(show);
    return this;
  }
  showPauseVideoButton(show: boolean): this {
    this.builder.showPauseVideoButton(show);
    return this;
  }
  showScreenShareButton(show: boolean): this {
    this.builder.showScreenShareButton(show);
    return this;
  }
  showModeButton(show: boolean): this {
    this.builder.showModeButton(show);
    return this;
  }
  showSwitchToVideoCallButton(show: boolean): this {
    this.builder.showSwitchToVideoCallButton(show);
    return this;
  }
  showVirtualBackgroundSetting(show: boolean): this {
    this.builder.showVirtualBackgroundSetting(show);
    return this;
  }
  showRecordingButton(show: boolean): this {
    this.builder.showRecordingButton(show);
    return this;
  }
  startRecordingOnCallStart(start: boolean): this {
    this.builder.startRecordingOnCallStart(start);
    return this;
  }
  startWithAudioMuted(muted: boolean): this {
    this.builder.startWithAudioMuted(muted);
    return this;
  }
  startWithVideoMuted(muted: boolean): this {
    this.builder.startWithVideoMuted(muted);
    return this;
  }
  setIdleTimeoutPeriod(seconds: number): this {
    this.builder.setIdleTimeoutPeriod(seconds);
    return this;
  }
  setLocalizedStringObject(strings: Record<string, string>): this {
    this.builder.setLocalizedStringObject(strings);
    return this;
  }
  setAnalyticsSettings(settings: object): this {
    this.builder.setAnalyticsSettings(settings);
    return this;
  }
  setVirtualBackground(virtualBackground: object): this {
    this.builder.setVirtualBackground(virtualBackground);
    return this;
  }
  setMainVideoContainerSetting(setting: Parameters<CallSettingsBuilder['setMainVideoContainerSetting']>[0]): this {
    this.builder.setMainVideoContainerSetting(setting);
    return this;
  }
  setCallListener(listener: Parameters<CallSettingsBuilder['setCallListener']>[0]): this {
    this.builder.setCallListener(listener);
    return this;
  }
  /** The same as {@link setCallListener}; both spellings exist. */
  setCallEventListener(listener: Parameters<CallSettingsBuilder['setCallListener']>[0]): this {
    return this.setCallListener(listener);
  }

  build(): PresenterSettings {
    if (!this.presents) {
      this.builder
        .startWithAudioMuted(true)
        .startWithVideoMuted(true)
        .showMuteAudioButton(false)
        .showPauseVideoButton(false)
        .showScreenShareButton(false);
    }
    return new PresenterSettings(this.builder.build(), this.presents);
  }
}
