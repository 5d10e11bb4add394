import { CONNECTION_STATUS } from '../constants.js';
import { asException, clientError, invalidArgument, missingArgument, type CometChatException } from '../errors.js';
import { Call } from '../model/call.js';
import { Group, type GroupJson } from '../model/group.js';
import { Me, User, type UserJson } from '../model/user.js';
import type { Platform } from '../platform.js';
import { DeviceSocket } from '../transport/device-socket.js';
import type { FinalClose, SocketState } from '../transport/json-socket.js';
import { Rest, serverAddress } from '../transport/rest.js';
import type { PresenceMode } from '../transport/wire.js';
import { ActiveCalls } from './active-calls.js';
import type { AppSettings, SubscriptionType } from './app-settings.js';
import { JoinGrants } from './join-grants.js';
import type { Listeners } from './listeners.js';
import { LoginStore } from './login-store.js';
import type { Ask } from './requests.js';

const PRESENCE_MODES: Record<SubscriptionType, PresenceMode> = {
  NONE: 'none',
  ALL_USERS: 'all',
  ROLES: 'roles',
  FRIENDS: 'friends',
};

/** One app's login, connection and calls: what the static methods of `CometChat` act on. */
export class ChatClient {
  readonly rest: Rest;
  readonly calls: ActiveCalls;
  /** What came with the acceptance of a call. */
  readonly grants: JoinGrants;
  private readonly store: LoginStore;
  private user: User | undefined;
  private isLoginUnderWay = false;
  private socket: DeviceSocket | undefined;
  private status: string = CONNECTION_STATUS.DISCONNECTED;

  constructor(
    private readonly platform: Platform,
    appId: string,
    private readonly settings: AppSettings,
    private readonly listeners: Listeners,
  ) {
    const host = settings.getClientHost() ?? settings.getAdminHost();
    this.rest = new Rest(platform, serverAddress(host, platform.origin));
    this.store = new LoginStore(platform, appId, settings.getStorageMode());
    this.calls = new ActiveCalls(listeners.calls, this.store);
    this.grants = new JoinGrants(platform.clock);
  }

  get loggedInUser(): User | undefined {
    return this.user;
  }

  get connectionStatus(): string {
    return this.status;
  }

  /** Takes up a kept login. One that the server no longer accepts is forgotten; a server that is away does not matter. */
  async restore(): Promise<void> {
    const kept = this.store.load();
    if (!kept) return;
    let json = kept.user;
    try {
      json = (await this.rest.call<{ user: UserJson }>('GET', '/v1/me', { authToken: kept.authToken })).user;
    } catch (thrown) {
      if (isLoginRefused(asException(thrown))) {
        this.store.clear();
        return;
      }
    }
    await this.adopt(json, kept.authToken);
  }

  /** `{uid, authKey}` (development) or `{authToken}`. */
  async login(credentials: { uid: string; authKey: string } | { authToken: string }): Promise<User> {
    if (this.isLoginUnderWay) throw clientError('LOGIN_IN_PROGRESS');
    this.isLoginUnderWay = true;
    try {
      const answer = await this.rest.call<{ user: UserJson; authToken: string }>(
        'POST',
        '/v1/login',
        undefined,
        credentials,
      );
      if (this.user) this.forget();
      const user = await this.adopt(answer.user, answer.authToken);
      this.listeners.login.each((listener) => listener.loginSuccess?.(user));
      return user;
    } catch (thrown) {
      const error = asException(thrown);
      this.listeners.login.each((listener) => listener.loginFailure?.(error));
      throw error;
    } finally {
      this.isLoginUnderWay = false;
    }
  }

  async logout(): Promise<void> {
    const user = this.requireUser();
    try {
      await this.rest.call('POST', '/v1/logout', { authToken: user.getAuthToken() }, {});
    } catch (thrown) {
      const error = asException(thrown);
      if (!isLoginRefused(error)) {
        this.listeners.login.each((listener) => listener.logoutFailure?.(error));
        throw error;
      }
    }
    this.forget();
    this.listeners.login.each((listener) => listener.logoutSuccess?.());
  }

  connect(): void {
    if (this.user && !this.socket) void this.openSocket(this.user);
  }

  disconnect(): void {
    this.socket?.close();
    this.socket = undefined;
    this.setStatus(CONNECTION_STATUS.DISCONNECTED);
  }

  /** Ends everything of this client, but keeps the login for the next one. */
  dispose(): void {
    this.disconnect();
    this.user = undefined;
  }

  /** Asks REST as the logged-in user. */
  readonly ask: Ask = (path) => this.rest.call('GET', path, { authToken: this.requireUser().getAuthToken() });

  /** Posts to REST as the logged-in user. */
  post<T>(path: string, body: object): Promise<T> {
    return this.rest.call('POST', path, { authToken: this.requireUser().getAuthToken() }, body);
  }

  get appSettings(): AppSettings {
    return this.settings;
  }

  async getUser(uid: string): Promise<User> {
    return new User((await this.ask<{ user: UserJson }>(`/v1/users/${encodeURIComponent(uid)}`)).user);
  }

  async getGroup(guid: string): Promise<Group> {
    return Group.fromJSON((await this.ask<{ group: GroupJson }>(`/v1/groups/${encodeURIComponent(guid)}`)).group);
  }

  async initiateCall(call: Call, timeoutSeconds?: number): Promise<Call> {
    this.calls.requireFree();
    const { call: json } = await this.requireSocket('NOT_LOGGED_IN').request('initiateCall', {
      receiverId: call.receiverId,
      receiverType: call.receiverType,
      callType: call.type,
      ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
      ...(call.metadata ? { metadata: call.metadata } : {}),
    });
    return this.calls.onAnswer(json);
  }

  async acceptCall(sessionId: string): Promise<Call> {
    this.calls.requireFree(sessionId);
    const { call, grant } = await this.requireSocket().request('acceptCall', { sessionId });
    this.grants.keep(grant);
    return this.calls.onAnswer(call);
  }

  async rejectCall(sessionId: string, status: string): Promise<Call> {
    if (!['rejected', 'busy', 'cancelled'].includes(status)) {
      throw invalidArgument('status', 'rejected, busy or cancelled');
    }
    return this.calls.onAnswer((await this.requireSocket().request('rejectCall', { sessionId, status })).call);
  }

  async endCall(sessionId: string): Promise<Call> {
    return this.calls.onAnswer((await this.requireSocket().request('endCall', { sessionId })).call);
  }

  private requireUser(): User {
    if (!this.user) throw clientError('USER_NOT_LOGGED_IN');
    return this.user;
  }

  private requireSocket(code: 'NOT_LOGGED_IN' | 'USER_NOT_LOGGED_IN' = 'USER_NOT_LOGGED_IN'): DeviceSocket {
    if (!this.user) throw clientError(code);
    if (!this.socket) throw clientError('WS_CONNECTION_FAIL', 'CometChat.connect() was not called.');
    return this.socket;
  }

  private async adopt(json: UserJson, authToken: string): Promise<User> {
    const user = new Me(json);
    user.setAuthToken(authToken);
    this.user = user;
    this.store.save({ authToken, user: json });
    if (this.settings.shouldAutoEstablishSocket()) await this.openSocket(user);
    return user;
  }

  private forget(): void {
    this.disconnect();
    this.calls.clear();
    this.grants.clear();
    this.store.clear();
    this.user = undefined;
  }

  private async openSocket(user: User): Promise<void> {
    const deviceId = await this.store.deviceId();
    if (this.user !== user || this.socket) return; // logged out, or connected, meanwhile
    const socket = new DeviceSocket({
      platform: this.platform,
      url: this.rest.socketUrl('/v1/connect'),
      authToken: user.getAuthToken(),
      deviceId,
    });
    this.socket = socket;
    const { events } = socket;
    events.on('state', ({ state, final }) => this.onSocketState(state, final));
    events.on('greeted', ({ answer, isResumed }) => {
      this.calls.onGreeted(answer, isResumed);
      if (this.settings.getSubscriptionType() !== 'NONE') void this.subscribePresence(socket);
    });
    events.on('onIncomingCallReceived', ({ call }) => this.calls.onIncoming(call));
    events.on('onOutgoingCallAccepted', ({ call, grant }) => {
      if (this.calls.current?.sessionId === call.sessionId) this.grants.keep(grant);
      this.calls.onAccepted(call);
    });
    events.on('onOutgoingCallRejected', ({ call }) => this.calls.onRejected(call));
    events.on('onIncomingCallCancelled', ({ call }) => this.calls.onCancelled(call));
    events.on('onCallEndedMessageReceived', ({ call }) => this.calls.onEnded(call));
    events.on('onUserOnline', (data) => {
      const online = new User(data.user);
      this.listeners.users.each((listener) => listener.onUserOnline?.(online));
    });
    events.on('onUserOffline', (data) => {
      const offline = new User(data.user);
      this.listeners.users.each((listener) => listener.onUserOffline?.(offline));
    });
    socket.open();
  }

  private async subscribePresence(socket: DeviceSocket): Promise<void> {
    const mode = PRESENCE_MODES[this.settings.getSubscriptionType()];
    const roles = this.settings.getRoles();
    try {
      await socket.request('subscribePresence', mode === 'roles' ? { mode, roles } : { mode });
    } catch {
      // The connection broke: the next greeting subscribes again.
    }
  }

  private onSocketState(state: SocketState, final: FinalClose | undefined): void {
    switch (state) {
      case 'connecting':
      case 'waiting':
        this.setStatus(CONNECTION_STATUS.CONNECTING);
        break;
      case 'open':
        this.setStatus(CONNECTION_STATUS.CONNECTED);
        break;
      case 'closed': {
        const isRefused = final?.code === 4401 || (final?.error !== undefined && isLoginRefused(final.error));
        if (isRefused) {
          this.forget();
          this.listeners.login.each((listener) => listener.logoutSuccess?.());
        } else {
          this.disconnect();
        }
        break;
      }
      case 'idle':
        break;
    }
  }

  private setStatus(status: string): void {
    if (status === this.status) return;
    this.status = status;
    this.listeners.connection.each((listener) => {
      if (status === CONNECTION_STATUS.CONNECTED) listener.onConnected?.();
      else if (status === CONNECTION_STATUS.CONNECTING) listener.inConnecting?.();
      else listener.onDisconnected?.();
    });
  }
}

/** The server says that the token is not, or no longer, a login. */
function isLoginRefused(error: CometChatException): boolean {
  return String(error.code).startsWith('AUTH_ERR_');
}

/** The credentials in the arguments of `CometChat.login`. */
export function loginCredentials(args: readonly unknown[]): { uid: string; authKey: string } | { authToken: string } {
  const [first, second] = args;
  if (typeof first !== 'string' || first === '') throw missingArgument(args.length > 1 ? 'uid' : 'authToken');
  if (args.length === 1) return { authToken: first };
  if (typeof second !== 'string' || second === '') throw missingArgument('authKey');
  return { uid: first, authKey: second };
}
