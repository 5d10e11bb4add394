/**
 * Ringing and calls in the browser, against a Belfry server.
 *
 * @packageDocumentation
 */
export { CometChat } from './chat/cometchat.js';
export type { StorageMode } from './chat/app-settings.js';
export type { CallCallbacks, ConnectionCallbacks, LoginCallbacks, UserCallbacks } from './chat/listeners.js';
export { CometChatCalls, type GenerateToken } from './calls/calls.js';
export type { MediaDeviceList, OngoingCallCallbacks, UserMuted } from './calls/listener.js';
export { SessionParticipant } from './calls/participant.js';
export { CallSettings } from './calls/settings.js';
export { CometChatCallsException, CometChatException, type ErrorModel } from './errors.js';
export type { CallJson } from './model/call.js';
export type { GroupJson } from './model/group.js';
export type { UserJson } from './model/user.js';
export type {
  CallMode,
  CallUi,
  CallUiOptions,
  ConnectionQuality,
  DevicesView,
  EndReason,
  EngineView,
  LocalView,
  MountCallUi,
  ParticipantView,
  ProblemView,
  SessionSnapshot,
  SessionState,
  TrackSource,
} from './engine/view.js';
