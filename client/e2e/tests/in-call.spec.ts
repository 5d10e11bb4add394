import { type Browser, type CDPSession, chromium, expect, test } from '@playwright/test';
import { Member, SDK } from '../support/member.js';
import { Person } from '../support/person.js';
import { Server } from '../support/server.js';

/** What happens to devices, screens and pages during a call, between two browsers' pages through the real server. */

declare global {
  interface Window {
    /** Titles of the system's notifications, and which of them were closed. */
    notifications: string[];
  }
}

/** As browsers on desktops are; one that nobody watches plays at once. */
const AUTOPLAY = '--autoplay-policy=document-user-activation-required';

test.describe.configure({ mode: 'serial' });

let server: Server;
let browser: Browser;
let anna: Member;
let ben: Member;
let devTools: CDPSession;

test.beforeAll(async ({ launchOptions }) => {
  server = await Server.shared();
  const args = (launchOptions.args ?? []).map((arg) =>
    arg.startsWith('--use-fake-device-for-media-stream') ? `${arg},device-count=2` : arg,
  );
  browser = await chromium.launch({ ...launchOptions, args: [...args, AUTOPLAY] });
  [anna, ben] = await Promise.all([
    Member.logIn(browser, server.address, 'anna', { hasTone: false }),
    Member.logIn(browser, server.address, 'ben'),
  ]);
  devTools = await browser.newBrowserCDPSession();
});
test.afterAll(() => browser.close());

/** What the app is told of the session. */
const snapshot = (member: Member) => member.page.evaluate(() => CometChatCalls.getSessionView()!.snapshot);

/** The other one, as a member sees them. */
async function other(member: Member) {
  const { participants } = await snapshot(member);
  return participants.find(({ isLocal }) => !isLocal)!;
}

async function call(type: 'audio' | 'video'): Promise<string> {
  const sessionId = await anna.callsUser('ben', type);
  await ben.accepts(sessionId);
  await Promise.all([anna, ben].map((member) => member.joins(sessionId, { isAudioOnly: type === 'audio' })));
  return sessionId;
}

/** What the person says of a device on the browser's own page; what was open is taken away at once. */
async function permits(name: 'camera' | 'microphone', setting: 'granted' | 'denied'): Promise<void> {
  const { targetInfos } = await devTools.send('Target.getTargets');
  const { targetId } = (await (await anna.page.context().newCDPSession(anna.page)).send('Target.getTargetInfo'))
    .targetInfo;
  const { browserContextId } = targetInfos.find((one) => one.targetId === targetId)!;
  const origin = server.address.slice(0, -1);
  await devTools.send('Browser.setPermission', {
    permission: { name },
    setting,
    origin,
    ...(browserContextId === undefined ? {} : { browserContextId }),
  });
}

/** Hides a device from a page, or shows all again, as when it is pulled out or put in. */
async function pullsOut(member: Member, label: string | null): Promise<void> {
  await member.page.evaluate((hidden) => {
    const { mediaDevices } = navigator;
    const all = MediaDevices.prototype.enumerateDevices.bind(mediaDevices);
    mediaDevices.enumerateDevices = async () => (await all()).filter((device) => device.label !== hidden);
    mediaDevices.dispatchEvent(new Event('devicechange'));
  }, label);
}

test.describe('a video call', () => {
  let sessionId: string;
  test.beforeAll(async () => {
    sessionId = await call('video');
    await Promise.all([anna.receivesMedia(), ben.receivesMedia()]);
  });
  test.afterAll(async () => {
    await anna.ends(sessionId);
    await ben.ends();
  });

  test('a camera that is pulled out gives way to another, and the other side goes on seeing', async () => {
    const cameras = (await snapshot(anna)).devices.videoInputs.map(({ label }) => label);
    expect(cameras).toEqual(['fake_device_0', 'fake_device_1']);
    const inUse = () =>
      anna.page.evaluate(() => CometChatCalls.getSessionView()!.snapshot.local.camera?.label ?? 'none');
    await anna.page.evaluate(() =>
      CometChatCalls.setVideoInputDevice(CometChatCalls.getVideoInputDevices()[1]!.deviceId),
    );
    await expect.poll(inUse).toBe('fake_device_1');
    await pullsOut(anna, 'fake_device_1');
    await anna.page.evaluate(() => (window.isPulledOut = true));
    await permits('camera', 'denied'); // ends the track, as pulling it out does
    await expect.poll(inUse).toBe('fake_device_0');
    expect((await snapshot(anna)).devices).toMatchObject({
      videoInputId: '',
      videoInputs: [{ label: 'fake_device_0' }],
    });
    expect((await snapshot(anna)).problems).toEqual([]);
    await ben.receivesMedia();
    await permits('camera', 'granted');
    await anna.page.evaluate(() => (window.isPulledOut = false));
    await pullsOut(anna, null);
    await expect.poll(async () => (await snapshot(anna)).devices.videoInputs.length).toBe(2);
  });

  test('a microphone that is taken away is said on both sides, and works when it is permitted again', async () => {
    await permits('microphone', 'denied');
    await expect.poll(async () => (await snapshot(anna)).local.isAudioMuted).toBe(true);
    expect((await snapshot(anna)).problems.map(({ code }) => code)).toEqual(['ERR_MICROPHONE_LOST']);
    await expect.poll(async () => (await other(ben)).isAudioMuted).toBe(true);
    await permits('microphone', 'granted');
    await anna.page.evaluate(() => CometChatCalls.muteAudio(false));
    await expect.poll(async () => (await other(ben)).isAudioMuted).toBe(false);
    expect((await snapshot(anna)).problems).toEqual([]);
    await ben.receivesMedia();
  });

  test('sound goes to the chosen loudspeaker, and to the default while that one is away', async () => {
    const sinks = () =>
      anna.page.evaluate(() =>
        [...document.querySelectorAll<HTMLAudioElement>('audio[data-belfry]')].map(({ sinkId }) => sinkId),
      );
    const chosen = (await snapshot(anna)).devices.audioOutputs.find(({ label }) => label === 'Fake Audio Output 2')!;
    expect(await sinks()).toEqual(['']);
    await anna.page.evaluate((id) => CometChatCalls.setAudioOutputDevice(id), chosen.deviceId);
    await expect.poll(sinks).toEqual([chosen.deviceId]);
    await pullsOut(anna, 'Fake Audio Output 2');
    await expect.poll(sinks).toEqual(['']);
    await pullsOut(anna, null);
    await expect.poll(sinks).toEqual([chosen.deviceId]);
  });

  test('a screen is seen beside the camera of who shares it, with its sound', async () => {
    const arrives = () =>
      ben.page.evaluate(async () => {
        const { participants } = CometChatCalls.getSessionView()!.snapshot;
        const { camera, screen } = participants.find(({ isLocal }) => !isLocal)!;
        const found = { camera: 0, screen: 0, sounds: 0 };
        for (const connection of window.peerConnections) {
          if (connection.connectionState !== 'connected') continue;
          for (const stat of (await connection.getStats()).values() as Iterable<Record<string, unknown>>) {
            if (stat.type !== 'inbound-rtp') continue;
            if (stat.kind === 'audio' && Number(stat.totalAudioEnergy ?? 0) > 0) found.sounds++;
            if (stat.trackIdentifier === camera?.id) found.camera = Number(stat.framesDecoded ?? 0);
            if (stat.trackIdentifier === screen?.id) found.screen = Number(stat.framesDecoded ?? 0);
          }
        }
        return found;
      });
    const before = await arrives();
    expect(before).toMatchObject({ screen: 0, sounds: 1 });
    await anna.page.evaluate(() => CometChatCalls.startScreenShare());
    await expect.poll(async () => (await arrives()).screen).toBeGreaterThan(5);
    await expect.poll(async () => (await arrives()).sounds).toBe(2);
    await expect.poll(async () => (await arrives()).camera).toBeGreaterThan(before.camera);
    await anna.page.evaluate(() => CometChatCalls.stopScreenShare());
    await expect.poll(async () => (await other(ben)).screen).toBe(null);
    await ben.receivesMedia();
  });
});

test('a ring is noticed in a tab that nobody looks at', async () => {
  const chiara = await Person.logIn(browser, server.address, 'chiara', {
    permissions: ['notifications'],
    beforeLoad: () => {
      Object.defineProperty(document, 'hidden', { get: () => true });
      window.notifications = [];
      window.Notification = class extends EventTarget {
        static readonly permission = 'granted';
        constructor(readonly title: string) {
          super();
          window.notifications.push(title);
        }
        close(): void {
          window.notifications.push(`closed: ${this.title}`);
        }
      } as unknown as typeof Notification;
    },
  });
  const sessionId = await anna.callsUser('chiara');
  await expect(chiara.page).toHaveTitle(/^🔔 Anna \S+ is calling/);
  await expect.poll(() => chiara.page.evaluate(() => window.notifications)).toEqual([expect.stringMatching(/^Anna/)]);
  await anna.page.evaluate((id) => CometChat.rejectCall(id, CometChat.CALL_STATUS.CANCELLED), sessionId);
  await expect(chiara.page).toHaveTitle('Belfry');
  const [rung, ...rest] = await chiara.page.evaluate(() => window.notifications);
  expect(rest).toEqual([`closed: ${rung}`]);
  await chiara.leaves();
});

test('an audio call becomes a video call when the other side wants it, and not before', async () => {
  const sessionId = await call('audio');
  const heard = () =>
    ben.page.evaluate(
      () => window.peerConnections.filter(({ connectionState }) => connectionState === 'connected').length,
    );
  await expect.poll(heard).toBe(2);
  for (const { page } of [anna, ben]) {
    await page.evaluate(() =>
      CometChatCalls.addCallEventListener('video', {
        onCallSwitchedToVideo: ({ initiator, responder }) =>
          window.told.push(`video of ${initiator.getUid()} by ${responder.getUid()}`),
      }),
    );
  }
  const cameras = async () => [(await snapshot(anna)).local.camera, (await snapshot(ben)).local.camera];

  await anna.page.evaluate(() => CometChatCalls.switchToVideoCall());
  await expect(ben.page.getByText('would like to see you')).toBeVisible();
  await ben.page.getByRole('button', { name: 'Stay with sound' }).click();
  await expect(anna.page.getByRole('alert')).toContainText('prefers to go on without video.');
  expect(await cameras()).toEqual([null, null]);
  expect((await snapshot(anna)).isAudioOnly).toBe(true);

  await anna.page.evaluate(() => CometChatCalls.switchToVideoCall());
  await ben.page.getByRole('button', { name: 'Turn video on' }).click();
  await Promise.all([anna.receivesMedia(), ben.receivesMedia()]);
  for (const member of [anna, ben]) {
    expect(await member.told('video')).toEqual(['video of anna by ben']);
    expect((await snapshot(member)).isAudioOnly).toBe(false);
  }
  await anna.ends(sessionId);
  await ben.ends();
});

test('who stays alone is asked, stays when answering, and is taken out when not', async () => {
  await anna.page.evaluate(() => {
    CometChatCalls.addCallEventListener('idle', { onSessionTimeout: () => window.told.push('timed out') });
    CometChatCalls.addEventListener('onSessionLeft', () => window.told.push('timed out and left'));
  });
  await anna.joins(await anna.ownSession(), { idleSeconds: 3, idlePromptSeconds: 2 });
  const question = anna.page.getByText('Nobody else is here.');
  await expect(question).toBeVisible();
  await anna.page.getByRole('button', { name: 'Stay in the call' }).click();
  await expect(question).toBeHidden();
  expect((await snapshot(anna)).state).toBe('connected');
  await expect(question).toBeVisible();
  await expect
    .poll(async () => anna.page.evaluate(() => window.told.filter((line) => line.startsWith('timed out'))))
    .toEqual(['timed out', 'timed out and left']);
  expect(await anna.page.evaluate(() => CometChatCalls.getSessionView()?.snapshot.endReason)).toBe('idle');
  await anna.ends();
});

test('a page that nobody touched asks for a click before it plays sound', async () => {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`${server.address}v1/settings`);
  const untouched = await page.context().newCDPSession(page);
  /** What Playwright evaluates, locators too, counts as somebody's touch; this does not. */
  const evaluate = async (expression: string): Promise<unknown> => {
    const options = { expression, awaitPromise: true, returnByValue: true, userGesture: false };
    const { result, exceptionDetails } = await untouched.send('Runtime.evaluate', options);
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  const session = await ben.ownSession();
  await ben.joins(session);
  await evaluate(SDK);
  await evaluate(`(async () => {
    await CometChatCalls.init({ host: ${JSON.stringify(server.address)} });
    const settings = new CometChatCalls.CallSettingsBuilder().setIsAudioOnlyCall(true).startWithAudioMuted(true).build();
    await CometChatCalls.startSession(${JSON.stringify(session.token)}, settings, document.body);
  })()`);
  await expect.poll(() => evaluate('CometChatCalls.getSessionView().snapshot.isAudioPlaybackBlocked')).toBe(true);
  const playing = () =>
    page.evaluate(() =>
      [...document.querySelectorAll<HTMLAudioElement>('audio[data-belfry]')].map(({ paused }) => !paused),
    );
  const question = page.getByText('The browser waits for a click before it plays sound.');
  await expect(question).toBeVisible();
  expect(await playing()).toEqual([false]);
  await page.getByRole('button', { name: 'Turn sound on' }).click();
  await expect.poll(playing).toEqual([true]);
  await expect(question).toBeHidden();
  await ben.ends();
});
