/**
 * Ringing and calls in the browser, against a Belfry server.
 *
 * @packageDocumentation
 */
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
