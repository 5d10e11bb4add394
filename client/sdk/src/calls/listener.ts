import type { CometChatCallsException } from '../errors.js';
import type { SessionParticipant } from './participant.js';

/** The devices there are. */
export interface MediaDeviceList {
  /** All cameras. */
  videoInputDevices: MediaDeviceInfo[];
  /** All microphones. */
  audioInputDevices: MediaDeviceInfo[];
  /** All loudspeakers; empty where the browser does not tell them. */
  audioOutputDevices: MediaDeviceInfo[];
}

/** Who was muted, and by whom. */
export interface UserMuted {
  /** Whose microphone was muted. */
  muted: SessionParticipant;
  /** Who muted it: the host, or `muted` themselves. */
  mutedBy: SessionParticipant;
}

/** How a session came to its end. */
export interface CallEnd {
  /**
   * `ended`: somebody ended the call. `ended-by-host`, `ended-by-operator`: for everybody. `participant-gone`: `by` went and
   * did not come back. `everyone-left`: nobody else is in it any more, `by` having left as the last; when the last other
   * one hangs up a call, this or `ended` is told, whichever this device hears first. `empty`, `not-accepted`,
   * `unknown-call`: the server closed it. Later servers may say others.
   */
  reason: string;
  /** Who ended it; null when nobody did. */
  by: {
    /** The id of the user. */
    uid: string;
    /** Their name. */
    name: string;
  } | null;
}

/** What an app can hear about a running session. Give the ones you need. */
export interface OngoingCallCallbacks {
  /** Somebody else joined. */
  onUserJoined?(user: SessionParticipant): void;
  /** Somebody else left, or their connection was lost for too long. */
  onUserLeft?(user: SessionParticipant): void;
  /** Everybody in the session, oneself included, after every change. */
  onUserListUpdated?(users: SessionParticipant[]): void;
  /** A device was plugged in or out, or permission told their names. */
  onMediaDeviceListUpdated?(devices: MediaDeviceList): void;
  /** Kept for compatibility: never called, as nothing is recorded. */
  onRecordingStarted?(event: { user: { name: string; uid: string } }): void;
  /** Kept for compatibility: never called, as nothing is recorded. */
  onRecordingStopped?(): void;
  /** The local screen is shared. */
  onScreenShareStarted?(): void;
  /** The local screen is no longer shared. */
  onScreenShareStopped?(): void;
  /** Somebody else's microphone was muted. */
  onUserMuted?(event: UserMuted): void;
  /** Somebody else's microphone was unmuted. */
  onUserUnMuted?(user: SessionParticipant): void;
  /** The audio call is a video call now: `initiator` asked for it, and `responder` agreed. */
  onCallSwitchedToVideo?(event: {
    sessionId: string;
    initiator: SessionParticipant;
    responder: SessionParticipant;
  }): void;
  /**
   * The other one of two left, or the call was ended: close the calling screen. Not after one's own end button. The server
   * says why and by whom.
   */
  onCallEnded?(end: CallEnd): void;
  /** Alone for too long: the session is over. */
  onSessionTimeout?(): void;
  /** The end button was pressed; the app ends the call and the session. Without it the session ends at once. */
  onCallEndButtonPressed?(): void;
  /** Something went wrong, e.g. a refused camera; the session may still go on. */
  onError?(error: CometChatCallsException): void;
}

/** Listens to a session: `new CometChatCalls.OngoingCallListener({ … })`. */
export class OngoingCallListener {
  declare onUserJoined?: Required<OngoingCallCallbacks>['onUserJoined'];
  declare onUserLeft?: Required<OngoingCallCallbacks>['onUserLeft'];
  declare onUserListUpdated?: Required<OngoingCallCallbacks>['onUserListUpdated'];
  declare onMediaDeviceListUpdated?: Required<OngoingCallCallbacks>['onMediaDeviceListUpdated'];
  declare onRecordingStarted?: Required<OngoingCallCallbacks>['onRecordingStarted'];
  declare onRecordingStopped?: Required<OngoingCallCallbacks>['onRecordingStopped'];
  declare onScreenShareStarted?: Required<OngoingCallCallbacks>['onScreenShareStarted'];
  declare onScreenShareStopped?: Required<OngoingCallCallbacks>['onScreenShareStopped'];
  declare onUserMuted?: Required<OngoingCallCallbacks>['onUserMuted'];
  declare onUserUnMuted?: Required<OngoingCallCallbacks>['onUserUnMuted'];
  declare onCallSwitchedToVideo?: Required<OngoingCallCallbacks>['onCallSwitchedToVideo'];
  declare onCallEnded?: Required<OngoingCallCallbacks>['onCallEnded'];
  declare onSessionTimeout?: Required<OngoingCallCallbacks>['onSessionTimeout'];
  declare onCallEndButtonPressed?: Required<OngoingCallCallbacks>['onCallEndButtonPressed'];
  declare onError?: Required<OngoingCallCallbacks>['onError'];

  constructor(callbacks: OngoingCallCallbacks) {
    Object.assign(this, callbacks);
  }
}
