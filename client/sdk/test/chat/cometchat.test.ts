import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setPlatformForTests } from '../../src/chat/current.js';
import { CometChat, CometChatCalls, CometChatException } from '../../src/index.js';
import type { CallJson } from '../../src/model/call.js';
import { FakePlatform, memoryStore } from '../support/fake-platform.js';
import { settle } from '../support/manual-clock.js';
import { HENRY, RONALD, SEED } from '../support/seed.js';

let platform: FakePlatform;
let told: string[];

const settings = () => new CometChat.AppSettingsBuilder();

function listen(): void {
  const tell = (name: string) => (call: CometChat.Call) => void told.push(`${name} ${call.getStatus()}`);
  CometChat.addCallListener(
    'test',
    new CometChat.CallListener({
      onIncomingCallReceived: tell('incoming'),
      onOutgoingCallAccepted: tell('accepted'),
      onOutgoingCallRejected: tell('rejected'),
      onIncomingCallCancelled: tell('cancelled'),
      onCallEndedMessageReceived: tell('ended'),
    }),
  );
}

async function start(appSettings = settings().build()): Promise<void> {
  await CometChat.init('belfry', appSettings);
  await CometChat.login('cometchat-uid-6', 'key');
  await settle();
}

/** The same browser tab after a reload: new memory, the same stores. */
async function reload(appSettings = settings().build()): Promise<void> {
  const { localStore, tabStore, rest, server } = platform;
  platform = new FakePlatform();
  platform.tabStore = tabStore;
  for (const [key, value] of localStore.values) platform.localStore.setItem(key, value);
  for (const [key, script] of rest) platform.rest.set(key, script);
  for (const [type, script] of server.scripts) platform.server.scripts.set(type, script);
  setPlatformForTests(() => platform);
  await CometChat.init('belfry', appSettings);
  await settle();
}

const code = (error: unknown) => (error as CometChatException).code;
const refusal = (promise: Promise<unknown>) => promise.then(() => 'no refusal', code);
const sameCall = (json: CallJson, over: Partial<CallJson>) => ({ ...json, ...over });

beforeEach(() => {
  platform = new FakePlatform();
  told = [];
  setPlatformForTests(() => platform);
  platform.rest.set('POST /v1/login', () => ({ data: { user: RONALD, authToken: 'token-1' } }));
  platform.rest.set('POST /v1/logout', () => ({ data: {} }));
  platform.rest.set('GET /v1/me', () => ({ data: { user: RONALD } }));
  platform.server
    .answer('hello', { user: RONALD, heartbeatSeconds: 15, lastSeq: 0, resumed: false, activeCall: null })
    .answer('ping', {})
    .answer('subscribePresence', {});
  listen();
});

afterEach(() => {
  for (const remove of ['CallListener', 'UserListener', 'ConnectionListener', 'LoginListener'] as const) {
    CometChat[`remove${remove}`]('test');
  }
});

describe('before init and login', () => {
  it('everything says what is missing', async () => {
    expect(CometChat.isInitialized()).toBe(false);
    expect(await refusal(CometChat.login('token'))).toBe('NOT_INITIALIZED');
    expect(await refusal(CometChat.getLoggedinUser())).toBe('NOT_INITIALIZED');
    await CometChat.init('belfry', settings().build());
    expect(CometChat.isInitialized()).toBe(true);
    expect(await CometChat.getLoggedinUser()).toBeNull();
    const call = new CometChat.Call('ben', CometChat.CALL_TYPE.AUDIO, CometChat.RECEIVER_TYPE.USER);
    expect(await refusal(CometChat.initiateCall(call))).toBe('NOT_LOGGED_IN');
    expect(await refusal(CometChat.acceptCall('s'))).toBe('USER_NOT_LOGGED_IN');
    expect(await refusal(CometChat.acceptCall(''))).toBe('SESSION_ID_REQUIRED');
    expect(await refusal(CometChat.getUser(''))).toBe('UID_IS_COMPULSORY');
    expect(CometChat.getConnectionStatus()).toBe('disconnected');
    expect(CometChat.getActiveCall()).toBeNull();
  });
});

describe('login', () => {
  it('with uid and auth key gives the user with a token, and connects', async () => {
    await start();
    expect(platform.requests[0]).toMatchObject({
      url: 'https://calls.example.org/v1/login',
      body: { uid: 'cometchat-uid-6', authKey: 'key' },
    });
    const user = await CometChat.getLoggedinUser();
    expect(user?.getName()).toBe('Ronald Jerry');
    expect(user?.getAuthToken()).toBe('token-1');
    expect(await CometChat.getLoggedInUser()).toBe(user);
    expect(platform.server.last.url).toBe('wss://calls.example.org/v1/connect');
    expect(platform.server.last.received[0]).toMatchObject({ type: 'hello', authToken: 'token-1', protocol: 1 });
    expect(CometChat.getConnectionStatus()).toBe('connected');
  });

  it('with a token sends it', async () => {
    await CometChat.init('belfry', settings().build());
    await CometChat.login('token-1');
    expect(platform.requests[0]?.body).toEqual({ authToken: 'token-1' });
  });

  it('does not connect by itself when the settings say so', async () => {
    await start(settings().autoEstablishSocketConnection(false).build());
    expect(platform.server.connections).toHaveLength(0);
    CometChat.connect();
    await settle();
    expect(CometChat.getConnectionStatus()).toBe('connected');
  });

  it.each([
    ['calls.other.org', 'https://calls.other.org/v1/login'],
    ['http://localhost:8080/', 'http://localhost:8080/v1/login'],
    ['https://other.org/calls/', 'https://other.org/calls/v1/login'],
  ])('goes to the overridden host %s', async (host, url) => {
    platform.rest.set('POST /calls/v1/login', () => ({ data: { user: RONALD, authToken: 'token-1' } }));
    await start(settings().overrideClientHost(host).build());
    expect(platform.requests[0]?.url).toBe(url);
    expect(platform.server.last.url).toBe(url.replace('http', 'ws').replace('login', 'connect'));
  });

  it('tells its listeners of success and failure', async () => {
    CometChat.addLoginListener(
      'test',
      new CometChat.LoginListener({
        loginSuccess: (user) => void told.push(`in ${user.getUid()}`),
        loginFailure: (error) => void told.push(`failed ${error.code}`),
        logoutSuccess: () => void told.push('out'),
      }),
    );
    await start();
    await CometChat.logout();
    platform.rest.set('POST /v1/login', () => ({ status: 401, error: { code: 'AUTH_ERR_NO_ACCESS', message: 'No.' } }));
    expect(await refusal(CometChat.login('x', 'y'))).toBe('AUTH_ERR_NO_ACCESS');
    expect(told).toEqual(['in cometchat-uid-6', 'out', 'failed AUTH_ERR_NO_ACCESS']);
    expect(await CometChat.getLoggedinUser()).toBeNull();
  });

  it('refuses a second one while the first is under way', async () => {
    await CometChat.init('belfry', settings().build());
    const first = CometChat.login('token-1');
    expect(await refusal(CometChat.login('token-1'))).toBe('LOGIN_IN_PROGRESS');
    await first;
  });

  it('tells an unreachable server from being offline', async () => {
    await CometChat.init('belfry', settings().overrideAdminHost('nowhere.example').build());
    platform.rest.clear();
    expect(await refusal(CometChat.login('t'))).toBe('FAILED_TO_FETCH');
    platform.online = false;
    expect(await refusal(CometChat.login('t'))).toBe('NO_INTERNET_CONNECTION');
  });

  it('gives up a server that never answers', async () => {
    await CometChat.init('belfry', settings().build());
    platform.rest.set('POST /v1/login', () => {
      throw new Error('unused');
    });
    const hanging: typeof fetch = (_input, init) =>
      new Promise((_, reject) => init?.signal?.addEventListener('abort', () => reject(new Error('aborted'))));
    Object.assign(platform, { fetch: hanging });
    const login = refusal(CometChat.login('t'));
    await platform.clock.advance(15_000);
    expect(await login).toBe('REQUEST_TIMEOUT');
  });
});

describe('a reload', () => {
  it('keeps the login and the device', async () => {
    await start();
    const { deviceId } = platform.server.last.received[0]!;
    await reload();
    expect((await CometChat.getLoggedinUser())?.getAuthToken()).toBe('token-1');
    expect(platform.server.last.received[0]).toMatchObject({ authToken: 'token-1', deviceId });
  });

  it('keeps a login of this tab only in this tab', async () => {
    const perTab = settings().setStorageMode(CometChat.StorageMode.SESSION).build();
    await start(perTab);
    expect([...platform.localStore.values.keys()]).toEqual([]);
    await reload(perTab);
    expect(await CometChat.getLoggedinUser()).not.toBeNull();
    platform.tabStore = memoryStore();
    await reload(perTab);
    expect(await CometChat.getLoggedinUser()).toBeNull();
  });

  it('forgets a login that the server no longer accepts', async () => {
    await start();
    platform.rest.set('GET /v1/me', () => ({ status: 401, error: { code: 'AUTH_ERR_AUTH_TOKEN_NOT_FOUND' } }));
    await reload();
    expect(await CometChat.getLoggedinUser()).toBeNull();
    expect(platform.server.connections).toHaveLength(0);
  });

  it('keeps the login while the server is away', async () => {
    await start();
    platform.rest.delete('GET /v1/me');
    await reload();
    expect((await CometChat.getLoggedinUser())?.getName()).toBe('Ronald Jerry');
  });

  it('takes a new device id in a tab that was duplicated', async () => {
    await start();
    const { deviceId } = platform.server.last.received[0]!;
    const { tabStore, localStore, rest, server } = platform;
    platform = new FakePlatform();
    platform.tabStore = tabStore;
    platform.randomHex(1); // random in another page
    platform.claimed.add(`belfry-device-${String(deviceId)}`); // by the first tab
    for (const [key, value] of localStore.values) platform.localStore.setItem(key, value);
    for (const [key, script] of rest) platform.rest.set(key, script);
    for (const [type, script] of server.scripts) platform.server.scripts.set(type, script);
    setPlatformForTests(() => platform);
    await CometChat.init('belfry', settings().build());
    await settle();
    expect(platform.server.last.received[0]!.deviceId).not.toBe(deviceId);
  });

  it('takes up the call this tab was in', async () => {
    platform.server.answer('initiateCall', { call: SEED.initiated });
    await start();
    await CometChat.initiateCall(new CometChat.Call('cometchat-uid-7', 'audio', 'user'));
    platform.server.answer('hello', {
      user: RONALD,
      heartbeatSeconds: 15,
      lastSeq: 0,
      resumed: false,
      activeCall: SEED.initiated,
    });
    await reload();
    expect(CometChat.getActiveCall()?.getSessionId()).toBe(SEED.initiated.sessionId);
    await platform.server.event(1, 'onOutgoingCallAccepted', {
      call: sameCall(SEED.ongoing, { sessionId: SEED.initiated.sessionId }),
    });
    expect(told).toEqual(['accepted ongoing']);
  });
});

describe('logout', () => {
  it('revokes the token, closes the socket and forgets', async () => {
    await start();
    await CometChat.logout();
    expect(platform.requests.at(-1)).toMatchObject({ path: '/v1/logout', headers: { authToken: 'token-1' } });
    expect(platform.server.last.closedWith?.code).toBe(1000);
    expect(await CometChat.getLoggedinUser()).toBeNull();
    expect(platform.onlineListenerCount).toBe(0);
    expect(platform.clock.pending).toBe(0);
    await reload();
    expect(await CometChat.getLoggedinUser()).toBeNull();
  });

  it('also happens when the server revokes the login', async () => {
    CometChat.addLoginListener('test', { logoutSuccess: () => void told.push('out') });
    await start();
    platform.server.last.drop(4401, 'revoked');
    expect(told).toEqual(['out']);
    expect(await CometChat.getLoggedinUser()).toBeNull();
  });
});

describe('the connection', () => {
  it('tells its listeners each change once', async () => {
    CometChat.addConnectionListener(
      'test',
      new CometChat.ConnectionListener({
        onConnected: () => void told.push('connected'),
        inConnecting: () => void told.push('connecting'),
        onDisconnected: () => void told.push('disconnected'),
      }),
    );
    await start();
    platform.server.last.drop();
    await platform.clock.advance(300);
    CometChat.disconnect();
    expect(told).toEqual(['connecting', 'connected', 'connecting', 'connected', 'disconnected']);
  });

  it('is left to the newer socket of the same device', async () => {
    await start();
    platform.server.last.drop(4409);
    expect(CometChat.getConnectionStatus()).toBe('disconnected');
    expect(await CometChat.getLoggedinUser()).not.toBeNull();
    CometChat.connect();
    await settle();
    expect(CometChat.getConnectionStatus()).toBe('connected');
  });
});

describe('presence', () => {
  it.each([
    ['subscribePresenceForAllUsers', { mode: 'all' }],
    ['subscribePresenceForFriends', { mode: 'friends' }],
  ] as const)('%s subscribes again after each connection', async (method, fields) => {
    await start(settings()[method]().build());
    expect(platform.server.last.requests('subscribePresence')).toMatchObject([fields]);
    platform.server.last.drop();
    await platform.clock.advance(300);
    expect(platform.server.last.requests('subscribePresence')).toMatchObject([fields]);
  });

  it('for roles names them', async () => {
    await start(settings().subscribePresenceForRoles(['agent']).build());
    expect(platform.server.last.requests('subscribePresence')).toMatchObject([{ mode: 'roles', roles: ['agent'] }]);
  });

  it('is not subscribed unless asked for', async () => {
    await start();
    expect(platform.server.last.requests('subscribePresence')).toEqual([]);
  });

  it('reaches the user listeners', async () => {
    CometChat.addUserListener(
      'test',
      new CometChat.UserListener({
        onUserOnline: (user) => void told.push(`${user.getName()} ${user.getStatus()}`),
        onUserOffline: (user) => void told.push(`${user.getName()} ${user.getStatus()}`),
      }),
    );
    await start(settings().subscribePresenceForAllUsers().build());
    await platform.server.event(1, 'onUserOnline', { user: HENRY });
    await platform.server.event(2, 'onUserOffline', { user: { ...HENRY, status: 'offline' } });
    expect(told).toEqual(['Henry Marino online', 'Henry Marino offline']);
  });
});

describe('placing a call', () => {
  beforeEach(() => platform.server.answer('initiateCall', { call: SEED.initiated }));
  const call = () => new CometChat.Call('cometchat-uid-7', CometChat.CALL_TYPE.AUDIO, CometChat.RECEIVER_TYPE.USER);

  it('sends what was asked, and resolves with the call', async () => {
    await start();
    const outgoing = call();
    outgoing.setMetadata({ reason: 'tea' });
    const placed = await CometChat.initiateCall(outgoing, 30);
    expect(platform.server.last.requests('initiateCall')).toMatchObject([
      {
        receiverId: 'cometchat-uid-7',
        receiverType: 'user',
        callType: 'audio',
        timeoutSeconds: 30,
        metadata: { reason: 'tea' },
      },
    ]);
    expect(placed).toBeInstanceOf(CometChat.Call);
    expect(CometChat.getActiveCall()).toBe(placed);
  });

  it('leaves the time-out to the server when none is given', async () => {
    await start();
    await CometChat.initiateCall(call());
    expect(platform.server.last.requests('initiateCall')[0]).not.toHaveProperty('timeoutSeconds');
  });

  it('is refused while another call of this device is on', async () => {
    await start();
    await CometChat.initiateCall(call());
    expect(await refusal(CometChat.initiateCall(call()))).toBe('CALL_ALREADY_INITIATED');
    await platform.server.event(1, 'onOutgoingCallAccepted', {
      call: sameCall(SEED.ongoing, { sessionId: SEED.initiated.sessionId }),
    });
    expect(await refusal(CometChat.initiateCall(call()))).toBe('CALL_IN_PROGRESS');
    expect(await refusal(CometChat.acceptCall('another'))).toBe('CALL_IN_PROGRESS');
    CometChat.clearActiveCall();
    expect(CometChat.getActiveCall()).toBeNull();
    await CometChat.initiateCall(call());
  });

  it.each([
    ['onOutgoingCallRejected', SEED.rejected, 'rejected rejected'],
    ['onOutgoingCallRejected', SEED.busy, 'rejected busy'],
    ['onOutgoingCallRejected', SEED.unanswered, 'rejected unanswered'],
    ['onCallEndedMessageReceived', SEED.ended, 'ended ended'],
  ])('is over with %s', async (event, json, expected) => {
    await start();
    await CometChat.initiateCall(call());
    await platform.server.event(1, event, { call: sameCall(json, { sessionId: SEED.initiated.sessionId }) });
    expect(told).toEqual([expected]);
    expect(CometChat.getActiveCall()).toBeNull();
  });

  it('can be given up', async () => {
    platform.server.answer('rejectCall', { call: sameCall(SEED.cancelled, { sessionId: SEED.initiated.sessionId }) });
    await start();
    const placed = await CometChat.initiateCall(call());
    const cancelled = await CometChat.rejectCall(placed.getSessionId(), CometChat.CALL_STATUS.CANCELLED);
    expect(cancelled.getStatus()).toBe('cancelled');
    expect(CometChat.getActiveCall()).toBeNull();
  });

  it('on another device of the same user does not start a session here', async () => {
    await start();
    await platform.server.event(1, 'onOutgoingCallAccepted', { call: SEED.ongoing });
    expect(told).toEqual([]);
  });
});

describe('an incoming call', () => {
  it('rings once, even when the server tells it again after a reconnection', async () => {
    await start();
    await platform.server.event(1, 'onIncomingCallReceived', { call: SEED.initiated });
    await platform.server.event(2, 'onIncomingCallReceived', { call: SEED.initiated });
    expect(told).toEqual(['incoming initiated']);
  });

  it('is active once it is accepted', async () => {
    platform.server.answer('acceptCall', { call: SEED.ongoing });
    await start();
    await platform.server.event(1, 'onIncomingCallReceived', {
      call: sameCall(SEED.initiated, { sessionId: SEED.ongoing.sessionId }),
    });
    expect(CometChat.getActiveCall()).toBeNull();
    const accepted = await CometChat.acceptCall(SEED.ongoing.sessionId);
    expect(accepted.getStatus()).toBe('ongoing');
    expect(CometChat.getActiveCall()).toBe(accepted);
  });

  it.each([
    ['rejected', SEED.rejected],
    ['busy', SEED.busy],
  ])('can be turned down as %s', async (status, json) => {
    platform.server.answer('rejectCall', { call: json });
    await start();
    const answer = await CometChat.rejectCall(json.sessionId, status);
    expect(platform.server.last.requests('rejectCall')).toMatchObject([{ sessionId: json.sessionId, status }]);
    expect(answer.getSender().getUid()).toBe('cometchat-uid-7');
  });

  it('cannot be turned down as anything else', async () => {
    await start();
    expect(await refusal(CometChat.rejectCall('s', 'ended'))).toBe('INVALID_STATUS');
  });

  it('stops ringing when the caller gives up', async () => {
    await start();
    await platform.server.event(1, 'onIncomingCallReceived', { call: SEED.initiated });
    await platform.server.event(2, 'onIncomingCallCancelled', { call: SEED.unanswered });
    expect(told).toEqual(['incoming initiated', 'cancelled unanswered']);
  });
});

describe('ending a call', () => {
  it('resolves with action ongoing and status ended, as documented', async () => {
    platform.server.answer('endCall', { call: SEED.endResult });
    await start();
    const ended = await CometChat.endCall(SEED.endResult.sessionId);
    expect([ended.getAction(), ended.getStatus()]).toEqual(['ongoing', 'ended']);
  });
});

describe('a connection that lost events', () => {
  const hello = (activeCall: CallJson | null) =>
    platform.server.answer('hello', { user: RONALD, heartbeatSeconds: 15, lastSeq: 0, resumed: false, activeCall });

  async function gap(activeCall: CallJson | null): Promise<void> {
    hello(activeCall);
    platform.server.last.drop();
    await platform.clock.advance(300);
  }

  it('ends a call that the server no longer knows', async () => {
    platform.server.answer('acceptCall', { call: SEED.ongoing });
    await start();
    await CometChat.acceptCall(SEED.ongoing.sessionId);
    await gap(null);
    expect(told).toEqual(['ended ended']);
    expect(CometChat.getActiveCall()).toBeNull();
  });

  it('takes an outgoing call back that nobody knows any more', async () => {
    platform.server.answer('initiateCall', { call: SEED.initiated });
    await start();
    await CometChat.initiateCall(new CometChat.Call('cometchat-uid-7', 'audio', 'user'));
    await gap(null);
    expect(told).toEqual(['rejected unanswered']);
  });

  it('stops a ring that is over', async () => {
    await start();
    await platform.server.event(1, 'onIncomingCallReceived', { call: SEED.initiated });
    await gap(null);
    expect(told).toEqual(['incoming initiated', 'cancelled cancelled']);
  });

  it('keeps a call that is still on', async () => {
    platform.server.answer('acceptCall', { call: SEED.ongoing });
    await start();
    await CometChat.acceptCall(SEED.ongoing.sessionId);
    await gap(SEED.ongoing);
    expect(told).toEqual([]);
    expect(CometChat.getActiveCall()).not.toBeNull();
  });
});

describe('listeners', () => {
  it('with the same name replace each other', async () => {
    CometChat.addCallListener('test', { onIncomingCallReceived: () => void told.push('second') });
    await start();
    await platform.server.event(1, 'onIncomingCallReceived', { call: SEED.initiated });
    expect(told).toEqual(['second']);
  });

  it('that throw do not keep the others from hearing', async () => {
    const reported: unknown[] = [];
    globalThis.reportError = (error) => void reported.push(error);
    CometChat.addCallListener('failing', {
      onIncomingCallReceived: () => {
        throw new Error('the app');
      },
    });
    await start();
    await platform.server.event(1, 'onIncomingCallReceived', { call: SEED.initiated });
    CometChat.removeCallListener('failing');
    expect(told).toEqual(['incoming initiated']);
    expect(reported).toHaveLength(1);
  });

  it('that were removed hear nothing', async () => {
    CometChat.removeCallListener('test');
    await start();
    await platform.server.event(1, 'onIncomingCallReceived', { call: SEED.initiated });
    expect(told).toEqual([]);
  });
});

describe('contacts', () => {
  it('come page by page until the end', async () => {
    platform.rest.set('GET /v1/users?limit=1', () => ({ data: { users: [HENRY], next: 'cometchat-uid-7' } }));
    platform.rest.set('GET /v1/users?limit=1&after=cometchat-uid-7', () => ({ data: { users: [RONALD], next: null } }));
    await start();
    const request = new CometChat.UsersRequestBuilder().setLimit(1).build();
    expect((await request.fetchNext()).map((user) => user.getName())).toEqual(['Henry Marino']);
    expect((await request.fetchNext()).map((user) => user.getName())).toEqual(['Ronald Jerry']);
    expect(await request.fetchNext()).toEqual([]);
    expect(platform.requests.at(-1)?.headers).toEqual({ authToken: 'token-1' });
  });

  it('are searched by the server', async () => {
    platform.rest.set('GET /v1/users', () => ({ data: { users: [], next: null } }));
    await start();
    await new CometChat.UsersRequestBuilder().setSearchKeyword('ä b').build().fetchNext();
    expect(platform.requests.at(-1)?.path).toBe('/v1/users?limit=30&search=%C3%A4+b');
  });

  it('are found by uid', async () => {
    platform.rest.set('GET /v1/users/a%2Fb', () => ({ data: { user: { ...HENRY, uid: 'a/b' } } }));
    await start();
    expect((await CometChat.getUser('a/b')).getUid()).toBe('a/b');
  });

  it('have groups', async () => {
    const groups = ['One', 'Two', 'Three'].map((name) => ({ guid: name, name, type: 'public', membersCount: 2 }));
    platform.rest.set('GET /v1/groups', () => ({ data: { groups } }));
    await start();
    const request = new CometChat.GroupsRequestBuilder().setLimit(2).build();
    expect((await request.fetchNext()).map((group) => group.getName())).toEqual(['One', 'Two']);
    expect((await request.fetchNext()).map((group) => group.getGuid())).toEqual(['Three']);
    expect(await request.fetchNext()).toEqual([]);
  });

  it('counts who is online on all pages of the members', async () => {
    const path = 'GET /v1/groups/team/members?after=';
    const member = (uid: string, status: string) => ({ ...HENRY, uid, status });
    platform.rest.set(path, () => ({ data: { members: [member('a', 'online'), member('b', 'offline')], next: 'b' } }));
    platform.rest.set(path + 'b', () => ({ data: { members: [member('c', 'online')], next: null } }));
    await start();
    expect(await CometChat.getOnlineGroupMemberCount(['team'])).toEqual({ team: 2 });
  });
});

describe('the right to join', () => {
  const { sessionId } = SEED.ongoing;
  const grant = { sessionId, token: 'came along', url: '/v1/session' };
  const token = async () => (await CometChatCalls.generateToken(sessionId)).token;

  beforeEach(async () => {
    platform.rest.set(`POST /v1/calls/${sessionId}/token`, () => ({
      data: { sessionId, token: 'asked for', url: '/v1/session' },
    }));
    platform.server.answer('acceptCall', { call: SEED.ongoing, grant });
    await start();
    await CometChatCalls.init(new CometChatCalls.CallAppSettingsBuilder().setAppId('belfry').build());
  });

  it('comes with the answer to an acceptance, and is taken once', async () => {
    await CometChat.acceptCall(sessionId);
    expect([await token(), await token()]).toEqual(['came along', 'asked for']);
  });

  it('comes to the device that placed the call', async () => {
    platform.server.answer('initiateCall', { call: sameCall(SEED.initiated, { sessionId }) });
    await CometChat.initiateCall(new CometChat.Call('cometchat-uid-7', 'audio', 'user'));
    await platform.server.event(1, 'onOutgoingCallAccepted', { call: SEED.ongoing, grant });
    expect(await token()).toBe('came along');
  });

  it('is left where another device placed the call', async () => {
    await platform.server.event(1, 'onOutgoingCallAccepted', { call: SEED.ongoing, grant });
    expect(await token()).toBe('asked for');
  });

  it('is asked for when time has passed, or by another login', async () => {
    await CometChat.acceptCall(sessionId);
    expect((await CometChatCalls.generateToken(sessionId, 'of somebody else')).token).toBe('asked for');
    await platform.clock.advance(30_000);
    expect(await token()).toBe('asked for');
  });

  it('is asked for where the server gives none', async () => {
    platform.server.answer('acceptCall', { call: SEED.ongoing });
    await CometChat.acceptCall(sessionId);
    expect(await token()).toBe('asked for');
  });
});
