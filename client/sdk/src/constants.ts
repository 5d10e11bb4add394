import { clientErrorModel } from './errors.js';

/** Seconds a call rings when `initiateCall` is given no time-out. The server owns the timer. */
export const DEFAULT_TIMEOUT = 45;

export const CALL_TYPE = { AUDIO: 'audio', VIDEO: 'video' } as const;
export const RECEIVER_TYPE = { USER: 'user', GROUP: 'group' } as const;
export const MESSAGE_CATEGORY = { CALL: 'call' } as const;

/** The states of the ring, as every `Call` carries them in `status` and `action`. */
export const CALL_STATUS = {
  INITIATED: 'initiated',
  ONGOING: 'ongoing',
  UNANSWERED: 'unanswered',
  REJECTED: 'rejected',
  BUSY: 'busy',
  CANCELLED: 'cancelled',
  ENDED: 'ended',
} as const;

/** Arrangements of the default call layout: tiles, or the speaker large. */
export const CALL_MODE = {
  DEFAULT: 'DEFAULT',
  SPOTLIGHT: 'SPOTLIGHT',
  SINGLE: 'SINGLE',
  TILE: 'TILE',
  GRID: 'TILE',
} as const;

export const CONNECTION_STATUS = {
  CONNECTED: 'connected',
  CONNECTING: 'connecting',
  DISCONNECTED: 'disconnected',
  FEATURE_THROTTLED: 'featureThrottled',
} as const;

export const USER_STATUS = { ONLINE: 'online', OFFLINE: 'offline' } as const;

export const GROUP_TYPE = {
  PUBLIC: 'public',
  PRIVATE: 'private',
  PROTECTED: 'protected',
  PASSWORD: 'password',
} as const;

export const GROUP_MEMBER_SCOPE = { ADMIN: 'admin', MODERATOR: 'moderator', PARTICIPANT: 'participant' } as const;

/** Where a login is kept: for all tabs of this browser and over restarts, or for this tab only. */
export const STORAGE_MODE = { LOCAL: 'LOCAL', SESSION: 'SESSION' } as const;

/** Errors of calls that the SDK raises before it asks the server. */
export const CALL_ERROR = {
  CALL_ALREADY_INITIATED: clientErrorModel('CALL_ALREADY_INITIATED'),
  ERROR_IN_CALLING: clientErrorModel('CALL_IN_PROGRESS'),
  CANNOT_ACCEPT_CALL: clientErrorModel('CALL_IN_PROGRESS'),
  NOT_INITIALIZED: clientErrorModel('NOT_INITIALIZED'),
  NOT_LOGGED_IN: clientErrorModel('NOT_LOGGED_IN'),
  SESSION_ID_REQUIRED: clientErrorModel('SESSION_ID_REQUIRED'),
  CALL_SETTINGS_REQUIRED: clientErrorModel('CALL_SETTINGS_REQUIRED'),
  JWT_NOT_FOUND: clientErrorModel('JWT_NOT_FOUND'),
} as const;

/** The field names of a call on the wire. */
export const CALL_KEYS = {
  CALL_DATA: 'data',
  CALL_ID: 'id',
  CALL_SESSION_ID: 'sessionid',
  CALL_RECEIVER: 'receiver',
  CALL_INITIATOR: 'initiator',
  CALL_SENDER: 'sender',
  CALL_RECEIVER_TYPE: 'receiverType',
  CALL_STATUS: 'status',
  CALL_TYPE: 'type',
  CALL_INITIATED_AT: 'initiatedAt',
  CALL_JOINED_AT: 'joinedAt',
  CALL_LEFT_AT: 'leftAt',
  CALL_METADATA: 'metadata',
  CALL_ENTITIES: 'entities',
  CALL_ENTITY_TYPE: 'entityType',
  CALL_ENTITY: 'entity',
  CALL_ENTITY_USER: 'user',
  CALL_ENTITY_GROUP: 'group',
} as const;
