import type { CallMode } from '../engine/view.js';
import { CallSettings, CallSettingsBuilder } from './settings.js';
import type { OngoingCallCallbacks } from './listener.js';

/** How `CometChatCalls.joinSession` joins; every field may be left out. */
export interface SessionSettings {
  sessionType?: 'VIDEO' | 'VOICE';
  layout?: 'TILE' | 'SIDEBAR' | 'SPOTLIGHT';
  startAudioMuted?: boolean;
  startVideoPaused?: boolean;
  /** Recording is not provided. */
  autoStartRecording?: boolean;
  /** Transcription is not provided. */
  autoStartTranscription?: boolean;
  captionLanguage?: string;
  /** Milliseconds alone until the person is asked. Default 60000. */
  idleTimeoutPeriodBeforePrompt?: number;
  /** Milliseconds the question stays open. Default 180000. */
  idleTimeoutPeriodAfterPrompt?: number;
  hideControlPanel?: boolean;
  hideHeaderPanel?: boolean;
  hideSessionTimer?: boolean;
  hideLeaveSessionButton?: boolean;
  hideToggleAudioButton?: boolean;
  hideToggleVideoButton?: boolean;
  hideScreenSharingButton?: boolean;
  hideChangeLayoutButton?: boolean;
  hideParticipantListButton?: boolean;
  hideRaiseHandButton?: boolean;
  hidePictureInPictureButton?: boolean;
  /** Shows one's own picture and the devices first, and joins when the person says so. Default false. */
  showPreviewBeforeJoining?: boolean;
  hideNetworkIndicator?: boolean;
  hideSettingsButton?: boolean;
  hideSwitchCameraButton?: boolean;
  hideRecordingButton?: boolean;
  hideStreamingButton?: boolean;
  hideTranscriptionButton?: boolean;
  hideVirtualBackgroundButton?: boolean;
  hideChatButton?: boolean;
  hideShareInviteButton?: boolean;
  hideAudioModeButton?: boolean;
  displayName?: string;
  title?: string;
  /** The session ends for oneself when the other one of two leaves. */
  isPeerCall?: boolean;
  enableNoiseReduction?: boolean;
  unstable_headlessMode?: boolean;
  audioInputDeviceId?: string;
  audioOutputDeviceId?: string;
  videoInputDeviceId?: string;
}

const BEFORE_PROMPT_MILLIS = 60_000;
const AFTER_PROMPT_MILLIS = 180_000;

/** The settings of version 5 as those of version 4. */
export function callSettingsOf(settings: SessionSettings | CallSettings, listener: OngoingCallCallbacks): CallSettings {
  if (settings instanceof CallSettings) return settings;
  const before = settings.idleTimeoutPeriodBeforePrompt ?? BEFORE_PROMPT_MILLIS;
  const after = settings.idleTimeoutPeriodAfterPrompt ?? AFTER_PROMPT_MILLIS;
  const shown = (hidden: boolean | undefined) => hidden !== true && settings.hideControlPanel !== true;
  return new CallSettingsBuilder()
    .enableDefaultLayout(settings.unstable_headlessMode !== true)
    .setIsAudioOnlyCall(settings.sessionType === 'VOICE')
    .setMode((settings.layout ?? 'TILE') satisfies CallMode)
    .startWithAudioMuted(settings.startAudioMuted ?? false)
    .startWithVideoMuted(settings.startVideoPaused ?? false)
    .setIdleTimeoutPeriod((before + after) / 1000, after / 1000)
    .showEndCallButton(shown(settings.hideLeaveSessionButton))
    .showMuteAudioButton(shown(settings.hideToggleAudioButton))
    .showPauseVideoButton(shown(settings.hideToggleVideoButton))
    .showScreenShareButton(shown(settings.hideScreenSharingButton))
    .showModeButton(shown(settings.hideChangeLayoutButton))
    .showParticipantListButton(shown(settings.hideParticipantListButton))
    .showRaiseHandButton(shown(settings.hideRaiseHandButton))
    .showPictureInPictureButton(shown(settings.hidePictureInPictureButton))
    .showPreviewBeforeJoining(settings.showPreviewBeforeJoining ?? false)
    .showRecordingButton(false)
    .startRecordingOnCallStart(settings.autoStartRecording ?? false)
    .setCallListener(listener)
    .build();
}
