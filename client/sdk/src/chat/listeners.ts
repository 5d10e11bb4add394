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
  onUserOnline?(user: User): void;
  onUserOffline?(user: User): void;
}

/** The state of the connection to the server. */
export interface ConnectionCallbacks {
  onConnected?(): void;
  /** Connecting, also after a loss. The name is that of the compatible API. */
  inConnecting?(): void;
  onDisconnected?(): void;
  onFeatureThrottled?(): void;
}

/** What an app can hear about logging in and out. Give the ones you need. */
export interface LoginCallbacks {
  loginSuccess?(user: User): void;
  loginFailure?(error: CometChatException): void;
  /** Logged out; also when the server no longer accepts the login. */
  logoutSuccess?(): void;
  logoutFailure?(error: CometChatException): void;
}

/** Changes of groups. Kept for compatibility: the server tells of no such changes. */
export interface GroupCallbacks {
  onGroupMemberJoined?(...event: unknown[]): void;
  onGroupMemberLeft?(...event: unknown[]): void;
  onGroupMemberKicked?(...event: unknown[]): void;
  onGroupMemberBanned?(...event: unknown[]): void;
  onGroupMemberUnbanned?(...event: unknown[]): void;
  onGroupMemberScopeChanged?(...event: unknown[]): void;
  onMemberAddedToGroup?(...event: unknown[]): void;
}

/** Listens to rings: `CometChat.addCallListener(id, new CometChat.CallListener({ … }))`. */
export class CallListener implements CallCallbacks {
  declare onIncomingCallReceived?: (call: Call) => void;
  declare onOutgoingCallAccepted?: (call: Call) => void;
  declare onOutgoingCallRejected?: (call: Call) => void;
  declare onIncomingCallCancelled?: (call: Call) => void;
  declare onCallEndedMessageReceived?: (call: Call) => void;

  constructor(callbacks: CallCallbacks) {
    Object.assign(this, callbacks);
  }
}

/** Listens to presence. */
export class UserListener implements UserCallbacks {
  declare onUserOnline?: (user: User) => void;
  declare onUserOffline?: (user: User) => void;

  constructor(callbacks: UserCallbacks) {
    Object.assign(this, callbacks);
  }
}

/** Listens to the state of the connection. */
export class ConnectionListener implements ConnectionCallbacks {
  declare onConnected?: () => void;
  declare inConnecting?: () => void;
  declare onDisconnected?: () => void;
  declare onFeatureThrottled?: () => void;

  constructor(callbacks: ConnectionCallbacks) {
    Object.assign(this, callbacks);
  }
}

/** Listens to logins and logouts. */
export class LoginListener implements LoginCallbacks {
  declare loginSuccess?: (user: User) => void;
  declare loginFailure?: (error: CometChatException) => void;
  declare logoutSuccess?: () => void;
  declare logoutFailure?: (error: CometChatException) => void;

  constructor(callbacks: LoginCallbacks) {
    Object.assign(this, callbacks);
  }
}

/** Listens to changes of groups. */
export class GroupListener implements GroupCallbacks {
  declare onGroupMemberJoined?: (...event: unknown[]) => void;
  declare onGroupMemberLeft?: (...event: unknown[]) => void;
  declare onGroupMemberKicked?: (...event: unknown[]) => void;
  declare onGroupMemberBanned?: (...event: unknown[]) => void;
  declare onGroupMemberUnbanned?: (...event: unknown[]) => void;
  declare onGroupMemberScopeChanged?: (...event: unknown[]) => void;
  declare onMemberAddedToGroup?: (...event: unknown[]) => void;

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
