import { clientErrorModel } from './errors.js';

/** Seconds a call rings when `initiateCall` is given no time-out. The server owns the timer. */
export const DEFAULT_TIMEOUT = 45;

/** What a call begins with. */
export const CALL_TYPE = {
  /** Voices only; it can become a video call, see `switchToVideoCall`. */
  AUDIO: 'audio',
  /** Voices and cameras. */
  VIDEO: 'video',
} as const;
/** Who is called. */
export const RECEIVER_TYPE = {
  /** One user, on all of their devices. */
  USER: 'user',
  /** All members of a group. */
  GROUP: 'group',
} as const;
/** Which messages there are: calls only. */
export const MESSAGE_CATEGORY = {
  /** `call`. */
  CALL: 'call',
} as const;

/** The states of the ring, as every `Call` carries them in `status` and `action`. */
export const CALL_STATUS = {
  /** It rings. */
  INITIATED: 'initiated',
  /** Somebody accepted. */
  ONGOING: 'ongoing',
  /** Nobody answered in time. */
  UNANSWERED: 'unanswered',
  /** The callee declined. */
  REJECTED: 'rejected',
  /** The callee is in another call. */
  BUSY: 'busy',
  /** The caller gave up while it rang. */
  CANCELLED: 'cancelled',
  /** It is over after having been accepted. */
  ENDED: 'ended',
} as const;

/** Arrangements of the default call layout: tiles, or the speaker large. */
export const CALL_MODE = {
  /** Chosen by the number of people. */
  DEFAULT: 'DEFAULT',
  /** Whoever speaks is large. */
  SPOTLIGHT: 'SPOTLIGHT',
  /** Kept for compatibility: drawn like `TILE`. */
  SINGLE: 'SINGLE',
  /** All tiles are equally large. */
  TILE: 'TILE',
  /** Another name of `TILE`. */
  GRID: 'TILE',
} as const;

/** The states of the connection to the server. */
export const CONNECTION_STATUS = {
  /** Rings arrive. */
  CONNECTED: 'connected',
  /** Opening, also again after a loss. */
  CONNECTING: 'connecting',
  /** Closed: logged out, or by `disconnect`. */
  DISCONNECTED: 'disconnected',
  /** Kept for compatibility: never reached. */
  FEATURE_THROTTLED: 'featureThrottled',
} as const;

/** Whether a user has a device connected. */
export const USER_STATUS = {
  /** At least one device is connected. */
  ONLINE: 'online',
  /** No device is connected. */
  OFFLINE: 'offline',
} as const;

/** Who may join a group. */
export const GROUP_TYPE = {
  /** Anybody may join, where the server lets users do so. */
  PUBLIC: 'public',
  /** Members are added by others. */
  PRIVATE: 'private',
  /** Kept for compatibility: the server knows no such groups. */
  PROTECTED: 'protected',
  /** Kept for compatibility: users can make no such groups. */
  PASSWORD: 'password',
} as const;

/** What a member may do in a group. Kept for compatibility: here all members are participants. */
export const GROUP_MEMBER_SCOPE = {
  /** `admin`. */
  ADMIN: 'admin',
  /** `moderator`. */
  MODERATOR: 'moderator',
  /** `participant`. */
  PARTICIPANT: 'participant',
} as const;

/** Where a login is kept: for all tabs of this browser and over restarts, or for this tab only. */
export const STORAGE_MODE = {
  /** `localStorage`: all tabs, also after a restart of the browser. */
  LOCAL: 'LOCAL',
  /** `sessionStorage`: this tab, until it is closed. */
  SESSION: 'SESSION',
} as const;

/** Errors of calls that the SDK raises before it asks the server. */
export const CALL_ERROR = {
  /** A call that was started here is not over. */
  CALL_ALREADY_INITIATED: clientErrorModel('CALL_ALREADY_INITIATED'),
  /** A call is in progress; the code is `CALL_IN_PROGRESS`. */
  ERROR_IN_CALLING: clientErrorModel('CALL_IN_PROGRESS'),
  /** A call is in progress; the code is `CALL_IN_PROGRESS`. */
  CANNOT_ACCEPT_CALL: clientErrorModel('CALL_IN_PROGRESS'),
  /** `CometChat.init` was not called. */
  NOT_INITIALIZED: clientErrorModel('NOT_INITIALIZED'),
  /** Nobody is logged in. */
  NOT_LOGGED_IN: clientErrorModel('NOT_LOGGED_IN'),
  /** No session id was given. */
  SESSION_ID_REQUIRED: clientErrorModel('SESSION_ID_REQUIRED'),
  /** No call settings were given. */
  CALL_SETTINGS_REQUIRED: clientErrorModel('CALL_SETTINGS_REQUIRED'),
  /** No call token was given. */
  JWT_NOT_FOUND: clientErrorModel('JWT_NOT_FOUND'),
} as const;

/** The field names of a call on the wire. */
export const CALL_KEYS = {
  /** The action and its parties. */
  CALL_DATA: 'data',
  /** The message's id. */
  CALL_ID: 'id',
  /** The session's id. */
  CALL_SESSION_ID: 'sessionid',
  /** Who is called. */
  CALL_RECEIVER: 'receiver',
  /** Who called. */
  CALL_INITIATOR: 'initiator',
  /** Who acted. */
  CALL_SENDER: 'sender',
  /** One of `RECEIVER_TYPE`. */
  CALL_RECEIVER_TYPE: 'receiverType',
  /** One of `CALL_STATUS`. */
  CALL_STATUS: 'status',
  /** One of `CALL_TYPE`. */
  CALL_TYPE: 'type',
  /** When it began to ring, in Unix seconds. */
  CALL_INITIATED_AT: 'initiatedAt',
  /** When it was accepted, in Unix seconds. */
  CALL_JOINED_AT: 'joinedAt',
  /** When somebody left, in Unix seconds. */
  CALL_LEFT_AT: 'leftAt',
  /** What the caller attached. */
  CALL_METADATA: 'metadata',
  /** The parties of the action. */
  CALL_ENTITIES: 'entities',
  /** Whether a party is a user or a group. */
  CALL_ENTITY_TYPE: 'entityType',
  /** A party itself. */
  CALL_ENTITY: 'entity',
  /** The value of `CALL_ENTITY_TYPE` for a user. */
  CALL_ENTITY_USER: 'user',
  /** The value of `CALL_ENTITY_TYPE` for a group. */
  CALL_ENTITY_GROUP: 'group',
} as const;
