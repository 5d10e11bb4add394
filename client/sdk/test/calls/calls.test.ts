import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { setMediaForTests } from '../../src/calls/calls.js';
import { setPlatformForTests } from '../../src/chat/current.js';
import type { MountCallUi } from '../../src/engine/view.js';
import { CometChat, CometChatCalls, CometChatCallsException, SessionParticipant } from '../../src/index.js';
import type { OngoingCallCallbacks } from '../../src/index.js';
import { FakeMedia } from '../support/fake-media.js';
import { FakePlatform } from '../support/fake-platform.js';
import { BEN, CARA, ME } from '../support/engine-rig.js';
import { settle } from '../support/manual-clock.js';
import { RONALD } from '../support/seed.js';

const ui = vi.hoisted(() => ({ mounted: [] as unknown[][], disposed: 0 }));
vi.mock('../../src/ui/index.js', () => {
  const mountCallUi: MountCallUi = (...args) => {
    ui.mounted.push(args);
    return {
      dispose: () => {
        ui.disposed++;
      },
    };
  };
  return { mountCallUi };
});

const HOST = {} as HTMLElement;

let platform: FakePlatform;
let media: FakeMedia;
let told: unknown[][];
let seq: number;

/** A listener that writes everything down. */
function listener(names: (keyof OngoingCallCallbacks)[]): OngoingCallCallbacks {
  return Object.fromEntries(names.map((name) => [name, (...args: unknown[]) => void told.push([name, ...args])]));
}

const settings = (callbacks: OngoingCallCallbacks = {}) =>
  new CometChatCalls.CallSettingsBuilder().setCallListener(new CometChatCalls.OngoingCallListener(callbacks));

async function start(callbacks: OngoingCallCallbacks = {}, users = [ME, BEN]): Promise<void> {
  joinWith(users);
  const started = CometChatCalls.startSession('jwt', settings(callbacks).build(), HOST);
  await settle();
  await started;
  await settle();
}

function joinWith(users: (typeof ME)[]): void {
  platform.server.answer('join', {
    participantId: ME.id,
    resumeKey: 'key',
    joinedAt: ME.joinedAt,
    heartbeatSeconds: 15,
    users,
    iceServers: [],
  });
}

const event = (type: string, data: object) => platform.server.event(++seq, type, data);
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no refusal',
    (error: unknown) => {
      expect(error).toBeInstanceOf(CometChatCallsException);
      return (error as CometChatCallsException).code;
    },
  );

beforeEach(async () => {
  platform = new FakePlatform();
  media = new FakeMedia();
  told = [];
  seq = 0;
  ui.mounted = [];
  ui.disposed = 0;
  setPlatformForTests(() => platform);
  setMediaForTests(() => media);
  for (const type of ['setMuted', 'leave', 'ping', 'subscribeAnswer']) platform.server.answer(type, {});
  platform.server.answer('publish', { sdp: 'answer' });
  platform.rest.set('POST /v1/calls/session-1/token', () => ({
    data: { sessionId: 'session-1', token: 'jwt-1', url: 'wss://sfu-2.example.org/v1/session' },
  }));
  await CometChatCalls.init(new CometChatCalls.CallAppSettingsBuilder().setAppId('belfry').setRegion('eu').build());
});

afterEach(() => CometChatCalls.endSession());

describe('generateToken', () => {
  it('gives session and token, and nothing else', async () => {
    expect(await CometChatCalls.generateToken('session-1', 'auth-1')).toEqual({
      sessionId: 'session-1',
      token: 'jwt-1',
    });
    expect(platform.requests).toMatchObject([
      { url: 'https://calls.example.org/v1/calls/session-1/token', headers: { authToken: 'auth-1' } },
    ]);
  });

  it('takes the login of CometChat when no token is given', async () => {
    platform.rest.set('POST /v1/login', () => ({ data: { user: RONALD, authToken: 'auth-2' } }));
    await CometChat.init('belfry', new CometChat.AppSettingsBuilder().autoEstablishSocketConnection(false).build());
    await CometChat.login('auth-2');
    await CometChatCalls.generateToken('session-1');
    expect(platform.requests.at(-1)?.headers).toMatchObject({ authToken: 'auth-2' });
  });

  it('asks the host of the settings, in any of its spellings', async () => {
    await CometChatCalls.init({ appId: 'a', region: 'eu', host: 'other.org' });
    await CometChatCalls.generateToken('session-1', 'auth-1');
    expect(platform.requests.at(-1)?.url).toBe('https://other.org/v1/calls/session-1/token');
  });

  it('says what is missing', async () => {
    expect(await refusal(CometChatCalls.generateToken('', 'auth'))).toBe('SESSION_ID_REQUIRED');
    expect(await refusal(CometChatCalls.generateToken('session-1', ''))).toBe('USER_NOT_LOGGED_IN');
    platform.rest.set('POST /v1/calls/session-1/token', () => ({
      status: 403,
      error: { code: 'ERR_CALL_NOT_A_PART', message: 'You are not in this call.' },
    }));
    expect(await refusal(CometChatCalls.generateToken('session-1', 'auth'))).toBe('ERR_CALL_NOT_A_PART');
  });
});

describe('startSession', () => {
  it.each([
    ['the answer of generateToken', (answer: { token: string }) => answer],
    ['its token', (answer: { token: string }) => answer.token],
  ])('takes %s, and goes to the server that came with it', async (_, pick) => {
    joinWith([ME]);
    const answer = await CometChatCalls.generateToken('session-1', 'auth-1');
    const started = CometChatCalls.startSession(pick(answer), settings().build(), HOST);
    await settle();
    await started;
    expect(platform.server.last.url).toBe('wss://sfu-2.example.org/v1/session');
    expect(platform.server.last.received[0]).toMatchObject({ type: 'join', token: 'jwt-1' });
  });

  it('goes to the server of the page with a token from elsewhere', async () => {
    await start();
    expect(platform.server.last.url).toBe('wss://calls.example.org/v1/session');
  });

  it('draws the default layout with the wanted buttons', async () => {
    joinWith([ME]);
    const built = settings().showScreenShareButton(false).setLocalizedStringObject({ mute: 'Stumm' }).build();
    const started = CometChatCalls.startSession('jwt', built, HOST);
    expect(ui.mounted).toEqual([
      [
        HOST,
        CometChatCalls.getSessionView(),
        {
          showEndCallButton: true,
          showMuteAudioButton: true,
          showPauseVideoButton: true,
          showScreenShareButton: false,
          showModeButton: true,
          showSwitchToVideoCallButton: true,
          showParticipantListButton: true,
          showRaiseHandButton: true,
          showPictureInPictureButton: true,
          mainVideo: new CometChatCalls.MainVideoContainerSetting(),
          customCss: '',
          strings: { mute: 'Stumm' },
        },
      ],
    ]);
    await settle();
    await started;
    CometChatCalls.endSession();
    expect(ui.disposed).toBe(1);
  });

  it('draws nothing when the app draws by itself', async () => {
    joinWith([ME]);
    const started = CometChatCalls.startSession('jwt', settings().enableDefaultLayout(false).build(), HOST);
    await settle();
    await started;
    expect(ui.mounted).toEqual([]);
    expect(CometChatCalls.getSessionView()?.snapshot.state).toBe('connected');
  });

  it('ends the session before it', async () => {
    await start();
    const first = CometChatCalls.getSessionView();
    await start();
    expect(first?.snapshot.state).toBe('ended');
    expect(CometChatCalls.getSessionView()).not.toBe(first);
    expect(ui.disposed).toBe(1);
  });

  it('says what is missing, also to the listener', async () => {
    const built = settings(listener(['onError'])).build();
    expect(await refusal(CometChatCalls.startSession('', built, HOST))).toBe('JWT_NOT_FOUND');
    expect(told).toMatchObject([['onError', { code: 'JWT_NOT_FOUND' }]]);
    const none = undefined as unknown as typeof built;
    expect(await refusal(CometChatCalls.startSession('jwt', none, HOST))).toBe('INVALID_CALL_SETTINGS');
  });

  it('says that the browser cannot, where it has no WebRTC; to prepare is no error', async () => {
    media.hasWebRtc = false;
    CometChatCalls.prepareSession();
    const built = settings(listener(['onError'])).build();
    expect(await refusal(CometChatCalls.startSession('jwt', built, HOST))).toBe('ERR_MEDIA_UNSUPPORTED');
    expect(told).toMatchObject([['onError', { code: 'ERR_MEDIA_UNSUPPORTED' }]]);
    expect(media.peerConnections).toEqual([]);
  });

  it('rejects with the words of the server, and tells the listener once', async () => {
    platform.server.answer('join', { error: { code: 'ERR_SESSION_FULL', message: 'The call is full.' } });
    const refused = refusal(CometChatCalls.startSession('jwt', settings(listener(['onError'])).build(), HOST));
    await settle();
    expect(await refused).toBe('ERR_SESSION_FULL');
    expect(told).toMatchObject([['onError', { code: 'ERR_SESSION_FULL', message: 'The call is full.' }]]);
  });
});

describe('the listener', () => {
  it('hears who joins and leaves, as the documented participants', async () => {
    await start(listener(['onUserJoined', 'onUserLeft', 'onUserListUpdated']), [ME, BEN]);
    expect(told[0]?.[0]).toBe('onUserJoined');
    const ben = told[0]?.[1];
    expect(ben).toBeInstanceOf(SessionParticipant);
    expect(ben).toMatchObject({ ...BEN, isLocalUser: false });
    expect((ben as SessionParticipant).getName()).toBe('Ben');
    const [, list] = told[1] as [string, SessionParticipant[]];
    expect(list.map((one) => [one.uid, one.isLocalUser])).toEqual([
      ['anna', true],
      ['ben', false],
    ]);
    await event('onUserLeft', { user: BEN, reason: 'left' });
    expect(told.at(-1)).toMatchObject(['onUserLeft', { uid: 'ben', joinedAt: BEN.joinedAt }]);
  });

  it('hears of microphones, not of cameras, in onUserMuted and onUserUnMuted', async () => {
    await start(listener(['onUserMuted', 'onUserUnMuted']));
    await event('onUserMuteChanged', { user: { ...BEN, isAudioMuted: true } });
    await event('onUserMuteChanged', { user: { ...BEN, isAudioMuted: true, isVideoMuted: true } });
    await event('onUserMuteChanged', { user: { ...BEN, isAudioMuted: false, isVideoMuted: true } });
    expect(told).toMatchObject([
      ['onUserMuted', { muted: { uid: 'ben', isAudioMuted: true }, mutedBy: { uid: 'ben' } }],
      ['onUserUnMuted', { uid: 'ben', isAudioMuted: false }],
    ]);
  });

  it('hears the end once: the other one leaves, then the server closes', async () => {
    await start(listener(['onCallEnded']));
    await event('onUserLeft', { user: BEN, reason: 'left' });
    await event('onSessionClosed', { reason: 'ended' });
    expect(told).toEqual([['onCallEnded', { reason: 'everyone-left', by: { uid: BEN.uid, name: BEN.name } }]]);
  });

  it('hears from the server why it ended, and by whom', async () => {
    await start(listener(['onCallEnded']), [ME, BEN, CARA]);
    const by = { uid: BEN.uid, name: BEN.name };
    await event('onSessionClosed', { reason: 'ended-by-host', by });
    expect(told).toEqual([['onCallEnded', { reason: 'ended-by-host', by }]]);
  });

  it('hears that nobody ended it', async () => {
    await start(listener(['onCallEnded']), [ME, BEN, CARA]);
    await event('onSessionClosed', { reason: 'server-stopped' });
    expect(told).toEqual([['onCallEnded', { reason: 'server-stopped', by: null }]]);
  });

  it('hears no end while more than one other is left', async () => {
    await start(listener(['onCallEnded']), [ME, BEN, CARA]);
    await event('onUserLeft', { user: CARA, reason: 'left' });
    expect(told).toEqual([]);
  });

  it('hears the end button, and then no end of its own making', async () => {
    await start(listener(['onCallEndButtonPressed', 'onCallEnded']));
    CometChatCalls.getSessionView()?.pressEndCall();
    await event('onSessionClosed', { reason: 'ended' });
    expect(told).toEqual([['onCallEndButtonPressed']]);
  });

  it('that has no ear for the end button: the session ends by itself', async () => {
    await start();
    CometChatCalls.getSessionView()?.pressEndCall();
    expect(CometChatCalls.getSessionView()).toBeUndefined();
    expect(platform.server.last.requests('leave')).toHaveLength(1);
  });

  it('can be joined by others, by name', async () => {
    CometChatCalls.addCallEventListener('a', listener(['onCallEndButtonPressed']));
    CometChatCalls.addCallEventListener('a', listener(['onUserLeft']));
    await start(listener(['onCallEnded']));
    await event('onUserLeft', { user: BEN, reason: 'left' });
    CometChatCalls.removeCallEventListener('a');
    expect(told.map(([name]) => name)).toEqual(['onUserLeft', 'onCallEnded']);
  });

  it('hears of devices, errors and screens', async () => {
    media.devices.refuse.video = 'NotAllowedError';
    await start(listener(['onMediaDeviceListUpdated', 'onError', 'onScreenShareStarted', 'onScreenShareStopped']));
    CometChatCalls.startScreenShare();
    await settle();
    CometChatCalls.stopScreenShare();
    await settle();
    expect(told.find(([name]) => name === 'onMediaDeviceListUpdated')?.[1]).toMatchObject({
      videoInputDevices: [{ deviceId: 'cam-1' }, { deviceId: 'cam-2' }],
      audioInputDevices: [{ deviceId: 'mic-1' }],
      audioOutputDevices: [{ deviceId: 'out-1' }],
    });
    const error = told.find(([name]) => name === 'onError')?.[1];
    expect(error).toBeInstanceOf(CometChatCallsException);
    expect(error).toMatchObject({ code: 'ERR_CAMERA_REFUSED' });
    expect(told.map(([name]) => name).slice(-2)).toEqual(['onScreenShareStarted', 'onScreenShareStopped']);
  });

  it('hears that it was alone for too long', async () => {
    await start(listener(['onSessionTimeout']), [ME]);
    await platform.clock.advance(180_000);
    expect(told).toEqual([['onSessionTimeout']]);
  });
});

describe('the controls', () => {
  it('need a session', () => {
    expect(() => CometChatCalls.muteAudio()).toThrow(CometChatCallsException);
    expect(() => CometChatCalls.getVideoInputDevices()).toThrow('no running session');
    CometChatCalls.endSession(); // does nothing
  });

  it('mute and unmute, under all their names', async () => {
    await start();
    const local = () => CometChatCalls.getSessionView()!.snapshot.local;
    CometChatCalls.muteAudio();
    CometChatCalls.pauseVideo();
    await settle();
    expect(local()).toMatchObject({ isAudioMuted: true, isVideoMuted: true });
    CometChatCalls.unMuteAudio();
    CometChatCalls.unPauseVideo();
    await settle();
    expect(local()).toMatchObject({ isAudioMuted: false, isVideoMuted: false });
    CometChatCalls.muteAudio(true);
    CometChatCalls.pauseVideo(true);
    CometChatCalls.muteAudio(false);
    CometChatCalls.resumeVideo();
    await settle();
    expect(local()).toMatchObject({ isAudioMuted: false, isVideoMuted: false });
  });

  it('list and choose devices', async () => {
    await start();
    expect(CometChatCalls.getAudioInputDevices().map(({ deviceId }) => deviceId)).toEqual(['mic-1']);
    expect(CometChatCalls.getAudioOutputDevices().map(({ deviceId }) => deviceId)).toEqual(['out-1']);
    CometChatCalls.setVideoInputDevice('cam-1');
    CometChatCalls.setAudioInputDevice('mic-1');
    CometChatCalls.setAudioOutputDevice('out-1');
    await settle();
    CometChatCalls.switchCamera();
    await settle();
    expect(CometChatCalls.getSessionView()!.snapshot.devices).toMatchObject({
      videoInputId: 'cam-2',
      audioInputId: 'mic-1',
      audioOutputId: 'out-1',
    });
    CometChatCalls.setMode(CometChatCalls.CALL_MODE.SPOTLIGHT);
    expect(CometChatCalls.getSessionView()!.snapshot.mode).toBe('SPOTLIGHT');
  });
});

describe('prepareSession', () => {
  it('opens the devices once, and the session takes them', async () => {
    CometChatCalls.prepareSession();
    await settle();
    expect(media.devices.opened).toHaveLength(2);
    await start();
    expect(media.devices.opened).toHaveLength(2);
    expect(media.devices.opened.every(({ readyState }) => readyState === 'live')).toBe(true);
    CometChatCalls.endSession();
    expect(media.devices.opened.every(({ readyState }) => readyState === 'ended')).toBe(true);
  });

  it('lets go what no session takes', async () => {
    CometChatCalls.prepareSession({ isAudioOnly: true });
    await settle();
    expect(media.devices.opened.map(({ kind }) => kind)).toEqual(['audio']);
    await platform.clock.advance(30_000);
    expect(media.devices.opened[0]?.readyState).toBe('ended');
  });

  it('makes the offer and connects once, and the session takes both', async () => {
    CometChatCalls.prepareSession({ openDevices: false });
    await settle();
    expect(media.devices.opened).toHaveLength(0);
    expect(media.peerConnections.map(({ log }) => log)).toEqual([['local offer-1']]);
    const socketsBefore = platform.server.connections.length;
    CometChatCalls.prepareSession();
    await settle();
    await start();
    expect(platform.server.connections).toHaveLength(socketsBefore + 1);
    expect(platform.server.last.requests('join')).toMatchObject([{ publish: { sdp: 'offer-1' } }]);
    expect(media.peerConnections).toHaveLength(2); // that one, and the receiving one
    CometChatCalls.endSession();
    expect(media.peerConnections.every(({ connectionState }) => connectionState === 'closed')).toBe(true);
    expect(platform.server.last.closedWith).toBeDefined();
  });

  it('makes another offer for a call of another kind', async () => {
    CometChatCalls.prepareSession({ isAudioOnly: true, openDevices: false });
    await start();
    expect(media.peerConnections[0]?.connectionState).toBe('closed');
    expect(platform.server.last.requests('join')).toMatchObject([
      { publish: { tracks: [{ mid: '0' }, { mid: '1' }] } },
    ]);
  });

  it('connects again when what it had opened broke, or led elsewhere', async () => {
    CometChatCalls.prepareSession();
    await settle();
    platform.server.last.drop();
    await start();
    expect(platform.server.last.requests('join')).toHaveLength(1);
  });

  it('lets the connection go that no session takes', async () => {
    CometChatCalls.prepareSession({ openDevices: false });
    await platform.clock.advance(60_000);
    expect(media.peerConnections[0]?.connectionState).toBe('closed');
  });

  it('says what is wrong with a device when the session opens it', async () => {
    media.devices.refuse.video = 'NotAllowedError';
    CometChatCalls.prepareSession();
    await start();
    await settle();
    expect(CometChatCalls.getSessionView()?.snapshot.problems).toMatchObject([{ code: 'ERR_CAMERA_REFUSED' }]);
  });
});
