/** The messages of the two sockets, as `docs/protocol.md` writes them. */
import type { ErrorModel } from '../errors.js';
import type { CallJson } from '../model/call.js';
import type { UserJson } from '../model/user.js';
import type { TrackSource } from '../engine/view.js';

export const PROTOCOL_VERSION = 1;

/** A frame from the server: an answer, a refusal, or an event. */
export type ServerFrame =
  | { re: number | null; data: unknown }
  | { re: number | null; error: ErrorModel }
  | { seq: number; type: string; data: unknown };

/** The requests of one socket: type → fields and answer. */
export interface DeviceRequests {
  initiateCall: {
    fields: {
      receiverId: string;
      receiverType: string;
      callType: string;
      timeoutSeconds?: number;
      metadata?: object;
    };
    answer: { call: CallJson };
  };
  acceptCall: { fields: { sessionId: string }; answer: { call: CallJson; grant?: JoinGrantJson } };
  rejectCall: { fields: { sessionId: string; status: string }; answer: { call: CallJson } };
  endCall: { fields: { sessionId: string }; answer: { call: CallJson } };
  subscribePresence: { fields: { mode: PresenceMode; roles?: string[] }; answer: object };
}

/** The right to join a session, and where. */
export interface JoinGrantJson {
  sessionId: string;
  token: string;
  url: string;
}

export type PresenceMode = 'all' | 'roles' | 'friends' | 'none';

export interface DeviceEvents {
  onIncomingCallReceived: { call: CallJson };
  onOutgoingCallAccepted: { call: CallJson; grant?: JoinGrantJson };
  onOutgoingCallRejected: { call: CallJson };
  onIncomingCallCancelled: { call: CallJson };
  onCallEndedMessageReceived: { call: CallJson };
  onUserOnline: { user: UserJson };
  onUserOffline: { user: UserJson };
}

export interface HelloAnswer {
  user: UserJson;
  heartbeatSeconds: number;
  lastSeq: number;
  resumed?: boolean;
  activeCall: CallJson | null;
}

/** Someone in a session. */
export interface ParticipantJson {
  id: string;
  uid: string;
  name: string;
  avatar?: string | null;
  /** Unix milliseconds, as a string. */
  joinedAt: string;
  isAudioMuted: boolean;
  isVideoMuted: boolean;
  isHandRaised?: boolean;
  /** Who has been in for the longest. */
  isHost?: boolean;
}

export interface JoinAnswer {
  participantId: string;
  resumeKey: string;
  joinedAt: string;
  heartbeatSeconds: number;
  users: ParticipantJson[];
  iceServers: RTCIceServer[];
  /** The answer to the offer that came with the join. */
  publish?: { sdp: string };
}

/** One sending section of the publish offer. */
export interface PublishedTrackJson {
  mid: string;
  source: TrackSource;
}

/** One section of the subscribe offer. */
export interface SubscribedTrackJson {
  mid: string;
  participantId: string;
  uid: string;
  kind: 'audio' | 'video';
  source: TrackSource;
  trackId: string;
}

export interface SubscribeOffer {
  revision: number;
  sdp: string;
  tracks: SubscribedTrackJson[];
}

export interface SessionRequests {
  publish: { fields: { sdp: string; tracks: PublishedTrackJson[] }; answer: { sdp: string } };
  subscribeAnswer: { fields: { revision: number; sdp: string }; answer: { stale?: boolean } };
  restartSubscribe: { fields: object; answer: object };
  setMuted: { fields: { isAudioMuted?: boolean; isVideoMuted?: boolean; by?: string }; answer: object };
  setHandRaised: { fields: { isHandRaised: boolean }; answer: object };
  askToMute: { fields: { participantId: string; isAudioMuted?: boolean; isVideoMuted?: boolean }; answer: object };
  sendMessage: { fields: { to?: string; topic: string; content?: object }; answer: object };
  closeSession: { fields: object; answer: object };
  leave: { fields: object; answer: object };
}

export type LeaveReason = 'left' | 'connection-lost' | 'replaced';

/** Why the session is closed, and by whom, if somebody did. */
export interface SessionClosedJson {
  reason: string;
  by?: { uid: string; name: string };
}

export interface SessionEvents {
  onUserJoined: { user: ParticipantJson };
  onUserLeft: { user: ParticipantJson; reason: LeaveReason };
  onUserListUpdated: { users: ParticipantJson[] };
  onUserMuteChanged: { user: ParticipantJson; by?: ParticipantJson };
  onUserHandChanged: { user: ParticipantJson };
  onMuteRequested: { by: ParticipantJson; isAudioMuted: boolean; isVideoMuted: boolean };
  onMessage: { from: ParticipantJson; topic: string; content: object };
  onSubscribeOffer: SubscribeOffer;
  onSessionClosed: SessionClosedJson;
}

/** Close codes of both sockets that mean: do not come back. */
export const CLOSE = {
  DONE: 1000,
  NOT_AUTHORISED: 4401,
  REPLACED: 4409,
  SESSION_CLOSED: 4410,
  PROTOCOL_VERSION: 4426,
} as const;
