import {
  CALL_ERROR,
  CALL_KEYS,
  CALL_MODE,
  CALL_STATUS,
  CALL_TYPE,
  CONNECTION_STATUS,
  DEFAULT_TIMEOUT,
  GROUP_MEMBER_SCOPE,
  GROUP_TYPE,
  MESSAGE_CATEGORY,
  RECEIVER_TYPE,
  STORAGE_MODE,
  USER_STATUS,
} from '../constants.js';
import { CometChatException as Exception, clientError, missingArgument } from '../errors.js';
import { BaseMessage as Message, Call as CallMessage } from '../model/call.js';
import { Group as GroupOfUsers } from '../model/group.js';
import { User as Person, type UserJson } from '../model/user.js';
import { AppSettings as Settings, AppSettingsBuilder as SettingsBuilder } from './app-settings.js';
import { ChatClient, loginCredentials } from './client.js';
import { currentClient, listeners, replaceClient, requireClient, sharedPlatform } from './current.js';
import {
  CallListener as CallEvents,
  ConnectionListener as ConnectionEvents,
  LoginListener as LoginEvents,
  UserListener as UserEvents,
  type CallCallbacks,
  type ConnectionCallbacks,
  type LoginCallbacks,
  type UserCallbacks,
} from './listeners.js';
import {
  GroupsRequest as GroupPages,
  GroupsRequestBuilder as GroupPagesBuilder,
  UsersRequest as UserPages,
  UsersRequestBuilder as UserPagesBuilder,
} from './requests.js';

/** A session id that was given, or the error that says so. */
function requireSessionId(sessionId: string): string {
  if (typeof sessionId !== 'string' || sessionId === '') throw clientError('SESSION_ID_REQUIRED');
  return sessionId;
}

/**
 * Login, presence and ringing. Everything is static: `await CometChat.init(appId, settings)`, `await CometChat.login(…)`, then
 * `CometChat.initiateCall(…)`. Rejections are {@link CometChat.CometChatException}.
 */
export class CometChat {
  static readonly Call = CallMessage;
  static readonly BaseMessage = Message;
  static readonly User = Person;
  static readonly Group = GroupOfUsers;
  static readonly CallListener = CallEvents;
  static readonly UserListener = UserEvents;
  static readonly ConnectionListener = ConnectionEvents;
  static readonly LoginListener = LoginEvents;
  static readonly AppSettings = Settings;
  static readonly AppSettingsBuilder = SettingsBuilder;
  static readonly CometChatException = Exception;
  static readonly UsersRequest = UserPages;
  static readonly GroupsRequest = GroupPages;
  /** Builds a request that pages through users. */
  static readonly UsersRequestBuilder = UserPagesBuilder;
  /** Builds a request that pages through the groups one is a member of. */
  static readonly GroupsRequestBuilder = GroupPagesBuilder;

  static readonly DEFAULT_TIMEOUT = DEFAULT_TIMEOUT;
  static readonly CALL_TYPE = CALL_TYPE;
  static readonly RECEIVER_TYPE = RECEIVER_TYPE;
  static readonly CALL_STATUS = CALL_STATUS;
  static readonly CALL_MODE = CALL_MODE;
  static readonly CONNECTION_STATUS = CONNECTION_STATUS;
  static readonly USER_STATUS = USER_STATUS;
  static readonly GROUP_TYPE = GROUP_TYPE;
  static readonly GROUP_MEMBER_SCOPE = GROUP_MEMBER_SCOPE;
  static readonly MessageCategory = MESSAGE_CATEGORY;
  static readonly CATEGORY_CALL = MESSAGE_CATEGORY.CALL;
  static readonly StorageMode = STORAGE_MODE;
  static readonly CALL_ERROR = CALL_ERROR;
  static readonly CallConstants = { CALL_KEYS } as const;

  /**
   * Sets up; takes up a login that was kept. Call it once, before anything else; a second call starts over.
   *
   * @param appId - the app's id; a self-hosted server has one
   * @param appSettings - built with `CometChat.AppSettingsBuilder`
   */
  static async init(appId: string | number, appSettings: Settings = new SettingsBuilder().build()): Promise<boolean> {
    if (appId === '') throw missingArgument('appId');
    const fresh = new ChatClient(sharedPlatform(), String(appId), appSettings, listeners);
    replaceClient(fresh);
    await fresh.restore();
    return true;
  }

  static isInitialized(): boolean {
    return currentClient() !== undefined;
  }

  /** Logs in: `login(authToken)`, or `login(uid, authKey)` while developing. */
  static async login(...args: [authToken: string] | [uid: string, authKey: string]): Promise<Person> {
    return requireClient().login(loginCredentials(args));
  }

  /** Logs out; the token is revoked. */
  static async logout(): Promise<object> {
    await requireClient().logout();
    return { success: true };
  }

  /** Who is logged in, or null. */
  static async getLoggedinUser(): Promise<Person | null> {
    return Promise.resolve(requireClient().loggedInUser ?? null);
  }

  /** The same as {@link CometChat.getLoggedinUser}; both spellings exist. */
  static getLoggedInUser(): Promise<Person | null> {
    return CometChat.getLoggedinUser();
  }

  /** A user by uid. */
  static async getUser(uid: string): Promise<Person> {
    if (!uid) throw missingArgument('uid');
    return requireClient().getUser(uid);
  }

  /** Creates a user; for operators, with the API key. */
  static async createUser(user: Person, apiKey: string): Promise<Person> {
    const { uid, name, avatar, role } = user;
    const body = { uid, name, ...(avatar ? { avatar } : {}), ...(role ? { role } : {}) };
    const answer = await requireClient().rest.call<{ user: UserJson }>('POST', '/v1/users', { apikey: apiKey }, body);
    return new Person(answer.user);
  }

  /** A group by guid, of which one is a member. */
  static async getGroup(guid: string): Promise<GroupOfUsers> {
    if (!guid) throw missingArgument('guid');
    return requireClient().getGroup(guid);
  }

  /** Opens the connection to the server, where the settings say not to do so by itself, or after `disconnect`. */
  static connect(): void {
    requireClient().connect();
  }

  /** Closes the connection; rings no longer arrive. The login stays. */
  static disconnect(): void {
    requireClient().disconnect();
  }

  /** One of `CometChat.CONNECTION_STATUS`. */
  static getConnectionStatus(): string {
    return currentClient()?.connectionStatus ?? CONNECTION_STATUS.DISCONNECTED;
  }

  /**
   * Calls a user or a group. Resolves as soon as it rings; what comes of it arrives at the call listeners.
   *
   * @param call - `new CometChat.Call(receiverId, callType, receiverType)`
   * @param timeout - seconds it rings, in [5, 300]; default 45
   */
  static async initiateCall(call: CallMessage, timeout?: number): Promise<CallMessage> {
    if (!(call instanceof CallMessage)) throw missingArgument('call');
    return requireClient().initiateCall(call, timeout);
  }

  /** Accepts an incoming call. Then start the session. */
  static async acceptCall(sessionid: string): Promise<CallMessage> {
    return requireClient().acceptCall(requireSessionId(sessionid));
  }

  /** Rejects an incoming call (`rejected`, `busy`) or gives up an outgoing one (`cancelled`). */
  static async rejectCall(sessionId: string, status: string): Promise<CallMessage> {
    return requireClient().rejectCall(requireSessionId(sessionId), status);
  }

  /** Ends an ongoing call for everyone in it. */
  static async endCall(sessionid: string): Promise<CallMessage> {
    return requireClient().endCall(requireSessionId(sessionid));
  }

  /** The call that was placed or accepted here and is not over, or null. */
  static getActiveCall(): CallMessage | null {
    return currentClient()?.calls.current ?? null;
  }

  /** Forgets the active call; does not end it. */
  static clearActiveCall(): void {
    currentClient()?.calls.clear();
  }

  /** Listens to rings; a second listener with the same name replaces the first. */
  static addCallListener(name: string, listener: CallCallbacks): void {
    listeners.calls.add(name, listener);
  }
  static removeCallListener(name: string): void {
    listeners.calls.remove(name);
  }
  /** Listens to presence. */
  static addUserListener(name: string, listener: UserCallbacks): void {
    listeners.users.add(name, listener);
  }
  static removeUserListener(name: string): void {
    listeners.users.remove(name);
  }
  /** Listens to the state of the connection. */
  static addConnectionListener(name: string, listener: ConnectionCallbacks): void {
    listeners.connection.add(name, listener);
  }
  static removeConnectionListener(name: string): void {
    listeners.connection.remove(name);
  }
  /** Listens to logins and logouts. */
  static addLoginListener(name: string, listener: LoginCallbacks): void {
    listeners.login.add(name, listener);
  }
  static removeLoginListener(name: string): void {
    listeners.login.remove(name);
  }
}

/** The classes of `CometChat` as types, so that `const call: CometChat.Call` reads as in the compatible API. */
export declare namespace CometChat {
  export type Call = CallMessage;
  export type BaseMessage = Message;
  export type User = Person;
  export type Group = GroupOfUsers;
  export type CallListener = CallEvents;
  export type UserListener = UserEvents;
  export type ConnectionListener = ConnectionEvents;
  export type LoginListener = LoginEvents;
  export type AppSettings = Settings;
  export type AppSettingsBuilder = SettingsBuilder;
  export type CometChatException = Exception;
  export type UsersRequest = UserPages;
  export type UsersRequestBuilder = UserPagesBuilder;
  export type GroupsRequestBuilder = GroupPagesBuilder;
  export type GroupsRequest = GroupPages;
}
