import { describe, expect, it } from 'vitest';
import { CallSettings, CallSettingsBuilder, MainVideoContainerSetting } from '../../src/calls/settings.js';
import { CallAppSettingsBuilder } from '../../src/calls/app-settings.js';

const FLAGS = [
  ['enableDefaultLayout', 'isDefaultLayoutEnabled', true],
  ['setIsAudioOnlyCall', 'isAudioOnlyCall', false],
  ['showEndCallButton', 'isEndCallButtonEnabled', true],
  ['showMuteAudioButton', 'isMuteAudioButtonEnabled', true],
  ['showPauseVideoButton', 'isPauseVideoButtonEnabled', true],
  ['showScreenShareButton', 'isScreenShareButtonEnabled', true],
  ['showModeButton', 'isModeButtonEnabled', true],
  ['showSwitchToVideoCallButton', 'isAudioToVideoButtonEnabled', true],
  ['showVirtualBackgroundSetting', 'isVirtualBackgroundSettingEnabled', true],
  ['showRecordingButton', 'isRecordingButtonEnabled', false],
  ['startRecordingOnCallStart', 'shouldStartRecordingOnCallStart', false],
  ['startWithAudioMuted', 'getStartWithAudioMuted', false],
  ['startWithVideoMuted', 'getStartWithVideoMuted', false],
] as const;

describe('call settings', () => {
  it.each(FLAGS)('%s is %s(), by default %s, and can be turned', (set, get, byDefault) => {
    expect(new CallSettingsBuilder().build()[get]()).toBe(byDefault);
    const builder = new CallSettingsBuilder();
    expect(builder[set](!byDefault)).toBe(builder);
    expect(builder.build()[get]()).toBe(!byDefault);
  });

  it('have the documented other defaults', () => {
    const settings = new CallSettingsBuilder().build();
    expect(settings.getMode()).toBe('DEFAULT');
    expect(settings.getIdleTimeoutPeriod()).toBe(180);
    expect(settings.getLocalizedStringObject()).toEqual({});
    expect(settings.getCallListener()).toBeUndefined();
    expect(settings.getMainVideoContainerSetting()).toBeInstanceOf(MainVideoContainerSetting);
    expect(settings.getCustomCSS()).toBe('');
    expect(settings.getVirtualBackground()).toBeUndefined();
  });

  it('take the listener under both names', () => {
    const listener = { onCallEnded: () => {} };
    expect(new CallSettingsBuilder().setCallListener(listener).build().getCallListener()).toBe(listener);
    expect(new CallSettingsBuilder().setCallEventListener(listener).build().getCallListener()).toBe(listener);
  });

  it('do not change after they were built', () => {
    const builder = new CallSettingsBuilder();
    const settings = builder.build();
    builder.setMode('SPOTLIGHT');
    expect(settings.getMode()).toBe('DEFAULT');
  });

  it('name positions and aspect ratios', () => {
    expect(Object.values(CallSettings.POSITION)).toEqual(['top-left', 'top-right', 'bottom-left', 'bottom-right']);
    expect(Object.values(CallSettings.ASPECT_RATIO)).toEqual(['default', 'contain', 'cover']);
  });
});

it('app settings for calls carry app, region and host', () => {
  const settings = new CallAppSettingsBuilder().setAppId('belfry').setRegion('eu').setHost('calls.example.org').build();
  expect([settings.getAppId(), settings.getRegion(), settings.getHost()]).toEqual([
    'belfry',
    'eu',
    'calls.example.org',
  ]);
});
