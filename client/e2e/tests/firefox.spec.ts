import { expect, test } from '@playwright/test';
import { existsSync } from 'node:fs';
import puppeteer, { type Browser as Firefox, type Page as FirefoxPage } from 'puppeteer-core';
import { everybodyLeaves, Person } from '../support/person.js';
import { Server } from '../support/server.js';

/** A call between Firefox and Chromium, placed by each of them. */

const FIREFOX = process.env.FIREFOX ?? '/usr/bin/firefox-esr';
test.skip(!existsSync(FIREFOX), 'not run: Firefox is not installed (Debian: apt-get install firefox-esr)');

const PREFERENCES = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.peerconnection.ice.loopback': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
  'media.autoplay.default': 0,
};

let server: Server;
let firefox: Firefox;
test.beforeAll(async () => {
  server = await Server.start({}, 'own'); // Firefox sends from a real interface only
  firefox = await puppeteer.launch({
    browser: 'firefox',
    executablePath: FIREFOX,
    headless: true,
    extraPrefsFirefox: PREFERENCES,
  });
});
test.afterAll(async () => {
  await firefox.close();
  await server.stop();
});

/** Logs in as a demo user, as `Person.logIn` does in Chromium. */
async function logIn(uid: string): Promise<FirefoxPage> {
  const page = await firefox.newPage();
  await page.goto(server.address);
  await page.locator(`[data-uid="${uid}"] button`).click();
  await page.waitForSelector('[type="search"], [role="searchbox"]');
  return page;
}

/** Width of the remote picture, once it moves. */
function seesMovingPicture(page: FirefoxPage): Promise<number> {
  return page.evaluate(async () => {
    const root = () => document.querySelector('belfry-call')?.shadowRoot;
    const deadline = Date.now() + 20_000;
    while (Date.now() < deadline) {
      const videos = [...(root()?.querySelectorAll('video') ?? [])].filter(({ videoWidth }) => videoWidth > 0);
      const before = videos.map(({ currentTime }) => currentTime);
      await new Promise((resolve) => setTimeout(resolve, 400));
      const moving = videos.filter((video, index) => video.currentTime > (before[index] ?? 0));
      if (moving.length === 2) return Math.min(...moving.map(({ videoWidth }) => videoWidth));
    }
    return 0;
  });
}

test('Firefox and Chromium call each other, and see each other', async ({ browser }) => {
  const anna = await Person.logIn(browser, server.address, 'anna');
  const ben = await logIn('ben');
  await expect(anna.page.locator('[data-contact="ben"]')).toContainText('Online');

  await test.step('Chromium calls Firefox', async () => {
    await anna.page.locator('[data-contact="ben"]').getByTitle('Video call').click();
    await ben.locator('::-p-aria([name="Answer"][role="button"])').click();
    const [, width] = await Promise.all([anna.firstFrameAt(), seesMovingPicture(ben)]);
    expect(width).toBeGreaterThan(0);
    const before = await anna.media();
    await expect.poll(async () => (await anna.media()).framesDecoded).toBeGreaterThan(before.framesDecoded + 20);
    await expect.poll(async () => (await anna.media()).audioPacketsReceived).toBeGreaterThan(50);
    await anna.hangsUp();
    await anna.reads('The call has ended.');
    await anna.closesOver();
    await ben.locator('::-p-aria([name="Close"][role="button"])').click();
  });

  await test.step('Firefox calls Chromium', async () => {
    await ben.locator('[data-contact="anna"] [title="Video call"]').click();
    await anna.button('Answer').click();
    const [, width] = await Promise.all([
      expect.poll(async () => (await anna.media()).framesDecoded, { timeout: 20_000 }).toBeGreaterThan(20),
      seesMovingPicture(ben),
    ]);
    expect(width).toBeGreaterThan(0);
    await ben.locator('belfry-call >>> [data-control="end-call"]').click();
    await anna.reads('The call has ended.');
  });
  await everybodyLeaves(browser);
});
