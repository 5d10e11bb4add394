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
import { Group as GroupOfUsers, type GroupJson } from '../model/group.js';
import { Me as Myself, User as Person, type UserJson } from '../model/user.js';
import { notProvided } from '../not-provided.js';
import { AppSettings as Settings, AppSettingsBuilder as SettingsBuilder } from './app-settings.js';
import { CallController as Controller, startCall } from './call-controller.js';
import { ChatClient, loginCredentials } from './client.js';
import { currentClient, listeners, replaceClient, requireClient, sharedPlatform } from './current.js';
import {
  CallListener as CallEvents,
  ConnectionListener as ConnectionEvents,
  GroupListener as GroupEvents,
  LoginListener as LoginEvents,
  UserListener as UserEvents,
  type CallCallbacks,
  type ConnectionCallbacks,
  type GroupCallbacks,
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
  /** A call, as of one action on it. */
  static readonly Call = CallMessage;
  /** What calls share with the other messages of a conversation. */
  static readonly BaseMessage = Message;
  /** A person who can log in, call and be called. */
  static readonly User = Person;
  /** People who can be called together. */
  static readonly Group = GroupOfUsers;
  /** Listens to rings. */
  static readonly CallListener = CallEvents;
  /** Listens to presence. */
  static readonly UserListener = UserEvents;
  /** Listens to the state of the connection. */
  static readonly ConnectionListener = ConnectionEvents;
  /** Listens to logins and logouts. */
  static readonly LoginListener = LoginEvents;
  /** Kept for compatibility: the server tells of no changes of groups. */
  static readonly GroupListener = GroupEvents;
  /** The logged-in user. */
  static readonly Me = Myself;
  /** The ring of this device as an object. */
  static readonly CallController = Controller;
  /** What `init` takes. */
  static readonly AppSettings = Settings;
  /** Builds what `init` takes. */
  static readonly AppSettingsBuilder = SettingsBuilder;
  /** The one error type of `CometChat`. */
  static readonly CometChatException = Exception;
  /** Pages through users. */
  static readonly UsersRequest = UserPages;
  /** Pages through the groups one is a member of. */
  static readonly GroupsRequest = GroupPages;
  /** Builds a request that pages through users. */
  static readonly UsersRequestBuilder = UserPagesBuilder;
  /** Builds a request that pages through the groups one is a member of. */
  static readonly GroupsRequestBuilder = GroupPagesBuilder;

  /** Seconds a call rings when `initiateCall` is given no time-out: 45. */
  static readonly DEFAULT_TIMEOUT = DEFAULT_TIMEOUT;
  /** What a call begins with. */
  static readonly CALL_TYPE = CALL_TYPE;
  /** Who is called. */
  static readonly RECEIVER_TYPE = RECEIVER_TYPE;
  /** The states of the ring. */
  static readonly CALL_STATUS = CALL_STATUS;
  /** Arrangements of the default call layout. */
  static readonly CALL_MODE = CALL_MODE;
  /** The states of the connection to the server. */
  static readonly CONNECTION_STATUS = CONNECTION_STATUS;
  /** Whether a user has a device connected. */
  static readonly USER_STATUS = USER_STATUS;
  /** Who may join a group. */
  static readonly GROUP_TYPE = GROUP_TYPE;
  /** What a member may do in a group. Kept for compatibility: here all members are participants. */
  static readonly GROUP_MEMBER_SCOPE = GROUP_MEMBER_SCOPE;
  /** Which messages there are: calls only. */
  static readonly MessageCategory = MESSAGE_CATEGORY;
  /** The category of every call. */
  static readonly CATEGORY_CALL = MESSAGE_CATEGORY.CALL;
  /** Where a login is kept. */
  static readonly StorageMode = STORAGE_MODE;
  /** Errors of calls that the SDK raises before it asks the server. */
  static readonly CALL_ERROR = CALL_ERROR;
  /** Names that a call has on the wire. */
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

  /** The same as {@link CometChat.init}, from a plain object. */
  static initFromSettings(settings: CometChatSettings): Promise<boolean> {
    const { appId = 'belfry', region, adminHost, clientHost, storageMode, subscribePresence, roles } = settings;
    const builder = new SettingsBuilder();
    if (region) builder.setRegion(region);
    if (adminHost) builder.overrideAdminHost(adminHost);
    if (clientHost) builder.overrideClientHost(clientHost);
    if (storageMode) builder.setStorageMode(storageMode);
    if (settings.autoEstablishSocketConnection !== undefined) {
      builder.autoEstablishSocketConnection(settings.autoEstablishSocketConnection);
    }
    if (subscribePresence === 'ALL_USERS') builder.subscribePresenceForAllUsers();
    if (subscribePresence === 'FRIENDS') builder.subscribePresenceForFriends();
    if (subscribePresence === 'ROLES') builder.subscribePresenceForRoles(roles ?? []);
    return CometChat.init(appId, builder.build());
  }

  /** The one instance; everything on it is static. */
  static getInstance(_appId?: string): CometChat {
    return (instance ??= new CometChat());
  }

  /** What `init` was given. */
  static getAppSettings(): Settings {
    return requireClient().appSettings;
  }

  /** Whether `init` was called. */
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

  /** Changes a user; for operators, with the API key. */
  static async updateUser(user: Person, apiKey: string): Promise<Person> {
    const path = `/v1/users/${encodeURIComponent(user.getUid())}`;
    const answer = await requireClient().rest.call<{ user: UserJson }>('PUT', path, { apikey: apiKey }, profile(user));
    return new Person(answer.user);
  }

  /** Changes the name or avatar of the logged-in user. */
  static async updateCurrentUserDetails(user: Person): Promise<Person> {
    const client = requireClient();
    const authToken = client.loggedInUser?.getAuthToken() ?? '';
    const answer = await client.rest.call<{ user: UserJson }>('PUT', '/v1/me', { authToken }, profile(user));
    client.loggedInUser?.setName(answer.user.name ?? '');
    client.loggedInUser?.setAvatar(answer.user.avatar ?? '');
    return new Person(answer.user);
  }

  /** How many users are online. */
  static async getOnlineUserCount(): Promise<number> {
    const pages = new UserPagesBuilder().setLimit(100).build();
    let count = 0;
    for (let page = await pages.fetchNext(); page.length > 0; page = await pages.fetchNext()) {
      count += page.filter((user) => user.getStatus() === USER_STATUS.ONLINE).length;
    }
    return count;
  }

  /** How many members of each group are online, by guid. */
  static async getOnlineGroupMemberCount(groups: string[]): Promise<Record<string, number>> {
    const { ask } = requireClient();
    const counts = groups.map(async (guid): Promise<[string, number]> => {
      let online = 0;
      let after: string | null = '';
      while (after !== null) {
        const path = `${membersPath(guid)}?after=${encodeURIComponent(after)}`;
        const page: { members: UserJson[]; next?: string | null } = await ask(path);
        online += page.members.filter(({ status }) => status === USER_STATUS.ONLINE).length;
        after = page.next ?? null;
      }
      return [guid, online];
    });
    return Object.fromEntries(await Promise.all(counts));
  }

  /** Creates a group, where the server lets users do so. */
  static async createGroup(group: GroupOfUsers): Promise<GroupOfUsers> {
    const { guid, name, type, icon, password, description } = group;
    const body = { guid, name, type, ...defined({ icon, password, description }) };
    return GroupOfUsers.fromJSON((await requireClient().post<{ group: GroupJson }>('/v1/groups', body)).group);
  }

  /** Creates a group with its first members, where the server lets users do so. */
  static async createGroupWithMembers(
    group: GroupOfUsers,
    members: (Person | string)[],
    _banMembers: string[] = [],
  ): Promise<{
    /** As the server made it. */
    group: GroupOfUsers;
    /** `success` for each uid that was added. */
    members: Record<string, string>;
  }> {
    const created = await CometChat.createGroup(group);
    const uids = members.map((member) => (typeof member === 'string' ? member : member.getUid()));
    if (uids.length > 0) await requireClient().post(membersPath(created.getGuid()), { uids });
    return { group: created, members: Object.fromEntries(uids.map((uid) => [uid, 'success'])) };
  }

  /** Joins a group, where the server lets users do so. */
  static async joinGroup(grp: GroupOfUsers | string, _type?: string, password?: string): Promise<GroupOfUsers> {
    const guid = typeof grp === 'string' ? grp : grp.getGuid();
    const uid = requireClient().loggedInUser?.getUid() ?? '';
    await requireClient().post(membersPath(guid), { uids: [uid], ...defined({ password }) });
    return CometChat.getGroup(guid);
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
  static async endCall(sessionid: string, _isInternal?: boolean): Promise<CallMessage> {
    return requireClient().endCall(requireSessionId(sessionid));
  }

  /**
   * Joins the session of a call and draws it into `view`: `CometChatCalls.generateToken` and `startSession` in one.
   *
   * @param callSettings - built with `CometChatCalls.CallSettingsBuilder`, for the active call; or a session id
   */
  static startCall(callSettings: object | string, view: HTMLElement | null, ongoingCallListener?: object): void {
    startCall(callSettings, view, ongoingCallListener).catch((error: unknown) => {
      (ongoingCallListener as { onError?: (error: unknown) => void } | undefined)?.onError?.(error);
    });
  }

  /** How many are in a call now. */
  static async getCallParticipantCount(sessionId: string, _type?: string): Promise<number> {
    const path = `/v1/calls/${encodeURIComponent(requireSessionId(sessionId))}`;
    const { call } = await requireClient().ask<{ call: { participants?: { state?: string }[] } }>(path);
    return (call.participants ?? []).filter(({ state }) => state === undefined || state === 'ongoing').length;
  }

  /** Kept for compatibility: the server says `unanswered` to both sides by itself. */
  static sendUnansweredResponse(sessionid: string): Promise<CallMessage> {
    notProvided('CometChat.sendUnansweredResponse', 'The server owns the ringing time.');
    const active = CometChat.getActiveCall();
    if (active?.getSessionId() === sessionid) return Promise.resolve(active);
    return Promise.reject(clientError('ERROR_INVALID_SESSIONID'));
  }

  /** Tells the server where to push when no device is connected. */
  static async registerTokenForPushNotification(token: string, settings: object = {}): Promise<string> {
    if (!token) throw missingArgument('token');
    await requireClient().post('/v1/me/push_tokens', { token, ...settings });
    return 'Push token registered.';
  }

  /** No extensions exist here: resolves with false. */
  static isExtensionEnabled(_id: string): Promise<boolean> {
    notProvided('CometChat.isExtensionEnabled', 'There are no extensions; the answer is always false.');
    return Promise.resolve(false);
  }

  /** Whether the server has a feature: true for calls, false for everything else. */
  static isFeatureEnabled(feature: string): Promise<boolean> {
    return Promise.resolve(/call|ringing|presence/i.test(feature));
  }

  /** Kept for compatibility: nothing is counted. */
  static setSource(_resource: string, _platform: string, _language: string): void {
    notProvided('CometChat.setSource', 'Nothing is counted.');
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
  /** No longer tells the listener of this name; an unknown name is no error. */
  static removeCallListener(name: string): void {
    listeners.calls.remove(name);
  }
  /** Listens to presence. */
  static addUserListener(name: string, listener: UserCallbacks): void {
    listeners.users.add(name, listener);
  }
  /** No longer tells the listener of this name; an unknown name is no error. */
  static removeUserListener(name: string): void {
    listeners.users.remove(name);
  }
  /** Listens to the state of the connection. */
  static addConnectionListener(name: string, listener: ConnectionCallbacks): void {
    listeners.connection.add(name, listener);
  }
  /** No longer tells the listener of this name; an unknown name is no error. */
  static removeConnectionListener(name: string): void {
    listeners.connection.remove(name);
  }
  /** Kept for compatibility: the server tells of no changes of groups. */
  static addGroupListener(name: string, listener: GroupCallbacks): void {
    listeners.groups.add(name, listener);
  }
  /** No longer tells the listener of this name; an unknown name is no error. */
  static removeGroupListener(name: string): void {
    listeners.groups.remove(name);
  }
  /** Listens to logins and logouts. */
  static addLoginListener(name: string, listener: LoginCallbacks): void {
    listeners.login.add(name, listener);
  }
  /** No longer tells the listener of this name; an unknown name is no error. */
  static removeLoginListener(name: string): void {
    listeners.login.remove(name);
  }
}

let instance: CometChat | undefined;

/** What {@link CometChat.initFromSettings} takes. */
export interface CometChatSettings {
  /** The app's id; default `belfry`. */
  appId?: string;
  /** The server, in the place of a region: a host name or an origin. */
  region?: string;
  /** The server, as with `overrideAdminHost`. */
  adminHost?: string;
  /** The server, as with `overrideClientHost`. */
  clientHost?: string;
  /** Where a login is kept. Default `LOCAL`. */
  storageMode?: 'LOCAL' | 'SESSION';
  /** Whether to connect with the login; else `connect` does. Default true. */
  autoEstablishSocketConnection?: boolean;
  /** Whose coming and going the user listeners hear of. Default: nobody. */
  subscribePresence?: 'ALL_USERS' | 'ROLES' | 'FRIENDS';
  /** The roles for `ROLES`. */
  roles?: string[];
}

function membersPath(guid: string): string {
  return `/v1/groups/${encodeURIComponent(guid)}/members`;
}

function profile({ name, avatar, role }: Person): object {
  return defined({ name, avatar, role });
}

/** Only the fields that have a value. */
function defined(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''));
}

/** The classes of `CometChat` as types, so that `const call: CometChat.Call` reads as in the compatible API. */
export declare namespace CometChat {
  /** A call, as of one action on it. */
  export type Call = CallMessage;
  /** What calls share with the other messages of a conversation. */
  export type BaseMessage = Message;
  /** A person who can log in, call and be called. */
  export type User = Person;
  /** People who can be called together. */
  export type Group = GroupOfUsers;
  /** Listens to rings. */
  export type CallListener = CallEvents;
  /** Listens to presence. */
  export type UserListener = UserEvents;
  /** Listens to the state of the connection. */
  export type ConnectionListener = ConnectionEvents;
  /** Listens to logins and logouts. */
  export type LoginListener = LoginEvents;
  /** Kept for compatibility: the server tells of no changes of groups. */
  export type GroupListener = GroupEvents;
  /** The logged-in user. */
  export type Me = Myself;
  /** The ring of this device as an object. */
  export type CallController = Controller;
  /** What `init` takes. */
  export type AppSettings = Settings;
  /** Builds what `init` takes. */
  export type AppSettingsBuilder = SettingsBuilder;
  /** The one error type of `CometChat`. */
  export type CometChatException = Exception;
  /** Pages through users. */
  export type UsersRequest = UserPages;
  /** Builds a request that pages through users. */
  export type UsersRequestBuilder = UserPagesBuilder;
  /** Builds a request that pages through the groups one is a member of. */
  export type GroupsRequestBuilder = GroupPagesBuilder;
  /** Pages through the groups one is a member of. */
  export type GroupsRequest = GroupPages;
}
