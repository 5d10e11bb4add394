import type { CometChatException } from '../errors.js';
import { callSafely } from '../emitter.js';
import type { Call } from '../model/call.js';
import type { User } from '../model/user.js';

/** What an app can hear about rings. Give the ones you need. */
export interface CallCallbacks {
  /** Somebody calls; show it. */
  onIncomingCallReceived?(call: Call): void;
  /** The callee accepted the call of this device; start the session. */
  onOutgoingCallAccepted?(call: Call): void;
  /** The callee rejected (`rejected`), is busy (`busy`), or nobody answered (`unanswered`). */
  onOutgoingCallRejected?(call: Call): void;
  /** It no longer rings: the caller gave up (`cancelled`), the time is over (`unanswered`), or another device answered. */
  onIncomingCallCancelled?(call: Call): void;
  /** The other side ended the call. */
  onCallEndedMessageReceived?(call: Call): void;
}

/** Who came and went. Needs one of the `subscribePresence…` settings. */
export interface UserCallbacks {
  /** The first device of a user connected. */
  onUserOnline?(user: User): void;
  /** The last device of a user disconnected. */
  onUserOffline?(user: User): void;
}

/** The state of the connection to the server. */
export interface ConnectionCallbacks {
  /** The connection is up; rings arrive. */
  onConnected?(): void;
  /** Connecting, also after a loss. The name is that of the compatible API. */
  inConnecting?(): void;
  /** The connection is closed, and nothing tries to open it again. */
  onDisconnected?(): void;
  /** Kept for compatibility: never called. */
  onFeatureThrottled?(): void;
}

/** What an app can hear about logging in and out. Give the ones you need. */
export interface LoginCallbacks {
  /** `login` succeeded; a login that was kept is taken up without it. */
  loginSuccess?(user: User): void;
  /** A login was refused or could not be made. */
  loginFailure?(error: CometChatException): void;
  /** Logged out; also when the server no longer accepts the login. */
  logoutSuccess?(): void;
  /** The logout did not reach the server. */
  logoutFailure?(error: CometChatException): void;
}

/** Changes of groups. Kept for compatibility: the server tells of no such changes. */
export interface GroupCallbacks {
  /** Kept for compatibility: never called. */
  onGroupMemberJoined?(...event: unknown[]): void;
  /** Kept for compatibility: never called. */
  onGroupMemberLeft?(...event: unknown[]): void;
  /** Kept for compatibility: never called. */
  onGroupMemberKicked?(...event: unknown[]): void;
  /** Kept for compatibility: never called. */
  onGroupMemberBanned?(...event: unknown[]): void;
  /** Kept for compatibility: never called. */
  onGroupMemberUnbanned?(...event: unknown[]): void;
  /** Kept for compatibility: never called. */
  onGroupMemberScopeChanged?(...event: unknown[]): void;
  /** Kept for compatibility: never called. */
  onMemberAddedToGroup?(...event: unknown[]): void;
}

/** Listens to rings: `CometChat.addCallListener(id, new CometChat.CallListener({ … }))`. */
export class CallListener implements CallCallbacks {
  /** Somebody calls; show it. */
  declare onIncomingCallReceived?: (call: Call) => void;
  /** The callee accepted the call of this device; start the session. */
  declare onOutgoingCallAccepted?: (call: Call) => void;
  /** The callee rejected (`rejected`), is busy (`busy`), or nobody answered (`unanswered`). */
  declare onOutgoingCallRejected?: (call: Call) => void;
  /** It no longer rings: given up (`cancelled`), not answered in time (`unanswered`), or answered by another device. */
  declare onIncomingCallCancelled?: (call: Call) => void;
  /** The other side ended the call. */
  declare onCallEndedMessageReceived?: (call: Call) => void;

  /** A listener with these callbacks; all are optional. */
  constructor(callbacks: CallCallbacks) {
    Object.assign(this, callbacks);
  }
}

/** Listens to presence. */
export class UserListener implements UserCallbacks {
  /** The first device of a user connected. */
  declare onUserOnline?: (user: User) => void;
  /** The last device of a user disconnected. */
  declare onUserOffline?: (user: User) => void;

  /** A listener with these callbacks; all are optional. */
  constructor(callbacks: UserCallbacks) {
    Object.assign(this, callbacks);
  }
}

/** Listens to the state of the connection. */
export class ConnectionListener implements ConnectionCallbacks {
  /** The connection is up; rings arrive. */
  declare onConnected?: () => void;
  /** Connecting, also after a loss. */
  declare inConnecting?: () => void;
  /** The connection is closed, and nothing tries to open it again. */
  declare onDisconnected?: () => void;
  /** Kept for compatibility: never called. */
  declare onFeatureThrottled?: () => void;

  /** A listener with these callbacks; all are optional. */
  constructor(callbacks: ConnectionCallbacks) {
    Object.assign(this, callbacks);
  }
}

/** Listens to logins and logouts. */
export class LoginListener implements LoginCallbacks {
  /** `login` succeeded; a login that was kept is taken up without it. */
  declare loginSuccess?: (user: User) => void;
  /** A login was refused or could not be made. */
  declare loginFailure?: (error: CometChatException) => void;
  /** Logged out; also when the server no longer accepts the login. */
  declare logoutSuccess?: () => void;
  /** The logout did not reach the server. */
  declare logoutFailure?: (error: CometChatException) => void;

  /** A listener with these callbacks; all are optional. */
  constructor(callbacks: LoginCallbacks) {
    Object.assign(this, callbacks);
  }
}

/** Listens to changes of groups. */
export class GroupListener implements GroupCallbacks {
  /** Kept for compatibility: never called. */
  declare onGroupMemberJoined?: (...event: unknown[]) => void;
  /** Kept for compatibility: never called. */
  declare onGroupMemberLeft?: (...event: unknown[]) => void;
  /** Kept for compatibility: never called. */
  declare onGroupMemberKicked?: (...event: unknown[]) => void;
  /** Kept for compatibility: never called. */
  declare onGroupMemberBanned?: (...event: unknown[]) => void;
  /** Kept for compatibility: never called. */
  declare onGroupMemberUnbanned?: (...event: unknown[]) => void;
  /** Kept for compatibility: never called. */
  declare onGroupMemberScopeChanged?: (...event: unknown[]) => void;
  /** Kept for compatibility: never called. */
  declare onMemberAddedToGroup?: (...event: unknown[]) => void;

  /** A listener with these callbacks; all are optional. */
  constructor(callbacks: GroupCallbacks) {
    Object.assign(this, callbacks);
  }
}

/** Listeners by the app's ids. A second one with the same id replaces the first. */
export class ListenerRegistry<L extends object> {
  private readonly listeners = new Map<string, L>();

  add(id: string, listener: L): void {
    this.listeners.set(id, listener);
  }

  remove(id: string): void {
    this.listeners.delete(id);
  }

  /** Calls `invoke` for each; an error in one listener does not reach the others. */
  each(invoke: (listener: L) => void): void {
    for (const listener of [...this.listeners.values()]) callSafely(() => invoke(listener));
  }
}

/** All that listen, over logins and logouts. */
export class Listeners {
  readonly calls = new ListenerRegistry<CallCallbacks>();
  readonly users = new ListenerRegistry<UserCallbacks>();
  readonly connection = new ListenerRegistry<ConnectionCallbacks>();
  readonly groups = new ListenerRegistry<GroupCallbacks>();
  readonly login = new ListenerRegistry<LoginCallbacks>();
}
