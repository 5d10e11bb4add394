import { chromium, expect, test } from '@playwright/test';
import { everybodyLeaves, Person } from '../support/person.js';
import { Server } from '../support/server.js';

/** Browsers that cannot call, or give no camera or microphone, and screens that are shared. */

let server: Server;
test.beforeAll(async () => {
  server = await Server.shared();
});
test.afterEach(async ({ browser }) => everybodyLeaves(browser));

test('a refused microphone is told in words, before anybody is called', async ({ launchOptions }) => {
  const args = (launchOptions.args ?? []).map((arg) =>
    arg === '--use-fake-ui-for-media-stream' ? '--use-fake-ui-for-media-stream=deny' : arg,
  );
  const refusing = await chromium.launch({ ...launchOptions, args });
  try {
    const anna = await Person.logIn(refusing, server.address, 'anna');
    const ben = await Person.logIn(refusing, server.address, 'ben');
    await anna.calls(ben);
    await anna.reads('This page may not use your microphone');
    await anna.page.screenshot({ path: 'results/screens/refused.png' });
    await ben.isNotRung();
    await anna.button('Cancel').click();
    await expect(anna.page.getByRole('dialog')).toBeHidden();
  } finally {
    await refusing.close();
  }
});

test('a browser without WebRTC says what to use instead, and rings nobody', async ({ browser }) => {
  const [anna, ben] = await Promise.all([
    Person.logIn(browser, server.address, 'anna'),
    Person.logIn(browser, server.address, 'ben'),
  ]);
  await anna.page.evaluate(() => Reflect.deleteProperty(window, 'RTCPeerConnection'));
  await anna.calls(ben);
  await anna.reads('Use a current Chrome, Edge, Firefox or Safari.');
  await ben.isNotRung();
  await anna.button('Cancel').click();
  await anna.button('Test my setup').click();
  await anna.reads('This browser cannot make calls');
});

test('a missing camera leaves a call with sound', async ({ browser }) => {
  const [anna, ben] = await Promise.all([
    Person.logIn(browser, server.address, 'anna'),
    Person.logIn(browser, server.address, 'ben'),
  ]);
  await anna.page.evaluate(() => {
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (constraints) => {
      if (constraints?.video) {
        throw new DOMException('Requested device not found', 'NotFoundError');
      }
      return open(constraints);
    };
    navigator.permissions.query = () => Promise.reject(new Error('not here'));
  });
  await anna.calls(ben);
  await anna.reads('No camera was found');
  await anna.button('Go on without camera').click();
  await ben.isRungBy(anna);
  await ben.answers();
  await anna.seesInCall(ben);
  await ben.seesInCall(anna);
  await expect.poll(async () => (await ben.media()).audioPacketsReceived).toBeGreaterThan(50);
});

test('a shared screen is shown large, with the faces beside it', async ({ browser }) => {
  const [anna, ben] = await Promise.all([
    Person.logIn(browser, server.address, 'anna'),
    Person.logIn(browser, server.address, 'ben'),
  ]);
  await anna.calls(ben);
  await ben.isRungBy(anna);
  await ben.answers();
  await anna.seesInCall(ben);
  await ben.seesInCall(anna);
  await anna.button('Share screen').click();
  await anna.reads('You are sharing your screen.');
  const screen = ben.tile(`Screen of ${anna.name}`);
  await expect(screen).toHaveAttribute('data-role', 'stage', { timeout: 15_000 });
  await expect(ben.tile(anna.name)).toHaveAttribute('data-role', 'strip');
  await expect
    .poll(() => screen.locator('video').evaluate((video) => (video as HTMLVideoElement).videoWidth))
    .toBeGreaterThan(0);
  await anna.page.getByRole('toolbar').getByRole('button', { name: 'Stop sharing' }).click();
  await expect(screen).toBeHidden();
  await expect(ben.tile(anna.name)).toHaveAttribute('data-role', 'stage');
});
