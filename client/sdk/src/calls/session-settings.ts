import type { CallMode } from '../engine/view.js';
import { CallSettings, CallSettingsBuilder } from './settings.js';
import type { OngoingCallCallbacks } from './listener.js';

/** How `CometChatCalls.joinSession` joins; every field may be left out. */
export interface SessionSettings {
  /** `VOICE` for a call without pictures. Default `VIDEO`. */
  sessionType?: 'VIDEO' | 'VOICE';
  /** How the default layout arranges the tiles: all alike, or the speaker large with or without the others beside. Default `TILE`. */
  layout?: 'TILE' | 'SIDEBAR' | 'SPOTLIGHT';
  /** Joins with the microphone muted; it is opened only when it is unmuted. Default false. */
  startAudioMuted?: boolean;
  /** Joins with the camera off; it is opened only when it is turned on. Default false. */
  startVideoPaused?: boolean;
  /** Recording is not provided. */
  autoStartRecording?: boolean;
  /** Transcription is not provided. */
  autoStartTranscription?: boolean;
  /** Kept for compatibility: does nothing, as there are no captions. */
  captionLanguage?: string;
  /** Milliseconds alone until the person is asked. Default 60000. */
  idleTimeoutPeriodBeforePrompt?: number;
  /** Milliseconds the question stays open. Default 180000. */
  idleTimeoutPeriodAfterPrompt?: number;
  /** Hides every button that has a working `hide…` setting. Default false. */
  hideControlPanel?: boolean;
  /** Kept for compatibility: does nothing. */
  hideHeaderPanel?: boolean;
  /** Kept for compatibility: does nothing. */
  hideSessionTimer?: boolean;
  /** Hides the end button. Default false. */
  hideLeaveSessionButton?: boolean;
  /** Hides the microphone button. Default false. */
  hideToggleAudioButton?: boolean;
  /** Hides the camera button. Default false. */
  hideToggleVideoButton?: boolean;
  /** Hides the button that shares the screen. Default false. */
  hideScreenSharingButton?: boolean;
  /** Hides the choice of layouts in the settings panel. Default false. */
  hideChangeLayoutButton?: boolean;
  /** Hides the button for the list of participants, which else shows from three people on. Default false. */
  hideParticipantListButton?: boolean;
  /** Hides the hand button, which else shows from three people on. Default false. */
  hideRaiseHandButton?: boolean;
  /** Hides the button for the small window that stays on top. Default false. */
  hidePictureInPictureButton?: boolean;
  /** Shows one's own picture and the devices first, and joins when the person says so. Default false. */
  showPreviewBeforeJoining?: boolean;
  /** Kept for compatibility: does nothing. */
  hideNetworkIndicator?: boolean;
  /** Kept for compatibility: does nothing. */
  hideSettingsButton?: boolean;
  /** Kept for compatibility: does nothing. */
  hideSwitchCameraButton?: boolean;
  /** Kept for compatibility: does nothing, as there is no such button. */
  hideRecordingButton?: boolean;
  /** Kept for compatibility: does nothing, as there is no such button. */
  hideStreamingButton?: boolean;
  /** Kept for compatibility: does nothing, as there is no such button. */
  hideTranscriptionButton?: boolean;
  /** Kept for compatibility: does nothing, as there is no such button. */
  hideVirtualBackgroundButton?: boolean;
  /** Kept for compatibility: does nothing, as there is no such button. */
  hideChatButton?: boolean;
  /** Kept for compatibility: does nothing, as there is no such button. */
  hideShareInviteButton?: boolean;
  /** Kept for compatibility: does nothing. */
  hideAudioModeButton?: boolean;
  /** Kept for compatibility: does nothing; the name is the one of the call token's user. */
  displayName?: string;
  /** Kept for compatibility: does nothing, as the default layout shows no title. */
  title?: string;
  /** The session ends for oneself when the other one of two leaves. */
  isPeerCall?: boolean;
  /** Kept for compatibility: does nothing. */
  enableNoiseReduction?: boolean;
  /** Draws nothing: the app draws the call by itself, from `getSessionView`. Default false. */
  unstable_headlessMode?: boolean;
  /** The `deviceId` of the microphone to take once joined. Default: the browser's choice. */
  audioInputDeviceId?: string;
  /** The `deviceId` of the loudspeaker to take once joined, where the browser can. Default: the browser's choice. */
  audioOutputDeviceId?: string;
  /** The `deviceId` of the camera to take once joined. Default: the browser's choice. */
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
