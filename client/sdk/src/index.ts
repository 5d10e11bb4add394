/**
 * Ringing and calls in the browser, against a Belfry server.
 *
 * @packageDocumentation
 */
export { CometChat } from './chat/cometchat.js';
export type { StorageMode } from './chat/app-settings.js';
export type {
  CallCallbacks,
  ConnectionCallbacks,
  GroupCallbacks,
  LoginCallbacks,
  UserCallbacks,
} from './chat/listeners.js';
export { CometChatNotifications } from './chat/notifications.js';
export { CallController } from './chat/call-controller.js';
export {
  CometChatCalls,
  type CallInitSettings,
  type GenerateToken,
  type GuestInvitation,
  type GuestToken,
  type Result,
} from './calls/calls.js';
export {
  CallGroup,
  CallLog,
  CallLogRequest,
  CallLogRequestBuilder,
  CallUser,
  Participant,
  Recording,
} from './calls/call-log.js';
export type { SessionSettings } from './calls/session-settings.js';
export type {
  SessionEventListener,
  SessionEventMap,
  SessionEventParticipant,
  SessionEventType,
} from './calls/session-events.js';
export type { CallEnd, MediaDeviceList, OngoingCallCallbacks, UserMuted } from './calls/listener.js';
export { SessionParticipant } from './calls/participant.js';
export { CallSettings, CallSettingsBuilder } from './calls/settings.js';
export { CometChatCallsException, CometChatException, type ErrorModel } from './errors.js';
export type { CallJson } from './model/call.js';
export type { GroupJson } from './model/group.js';
export type { UserJson } from './model/user.js';
export type {
  CallButton,
  CallMode,
  MainVideoOptions,
  VideoRequestView,
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
