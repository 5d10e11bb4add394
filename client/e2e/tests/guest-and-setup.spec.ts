import { expect, type Page, test } from '@playwright/test';
import { createRequire } from 'node:module';
import type axe from 'axe-core';
import { everybodyLeaves, Person } from '../support/person.js';
import { Server } from '../support/server.js';

/** Guests who come by a link, and the page on which one tests devices and connection; in both themes and two widths. */

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const LOOKS = [
  { width: 1280, height: 800, colorScheme: 'light' },
  { width: 360, height: 740, colorScheme: 'dark' },
  { width: 360, height: 740, colorScheme: 'light' },
  { width: 1280, height: 800, colorScheme: 'dark' },
] as const;
const PERMISSIONS = { bypassCSP: true, permissions: ['camera', 'microphone', 'clipboard-read', 'clipboard-write'] };

let server: Server;
test.beforeAll(async () => {
  server = await Server.start();
});
test.afterAll(async () => server.stop());
test.afterEach(async ({ browser }) => everybodyLeaves(browser));

/** Takes a picture in every look, and lets axe search in each. */
async function look(page: Page, name: string): Promise<void> {
  await page.addScriptTag({ path: AXE });
  for (const { width, height, colorScheme } of LOOKS) {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    await page.screenshot({ path: `results/screens/${name}-${width > 500 ? 'desktop' : 'phone'}-${colorScheme}.png` });
    const found = await page.evaluate(async () => {
      const { violations } = await (window as unknown as { axe: typeof axe }).axe.run();
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
    });
    expect(found, `${name}, ${width}, ${colorScheme}`).toEqual([]);
  }
}

test('a link lets a guest into the call, and is good for nothing after it', async ({ browser }) => {
  const anna = await Person.logIn(browser, server.address, 'anna', PERMISSIONS);
  const ben = await Person.logIn(browser, server.address, 'ben', PERMISSIONS);
  await anna.calls(ben);
  await ben.isRungBy(anna);
  await ben.answers();
  await anna.seesInCall(ben);
  await anna.button('Invite by link').click();
  await anna.reads(/Link copied/);
  await anna.page.screenshot({ path: 'results/screens/invited-desktop-light.png' });
  const link = await anna.page.evaluate(() => navigator.clipboard.readText());

  const guest = await (await browser.newContext(PERMISSIONS)).newPage();
  await guest.goto(link);
  await expect(guest.getByRole('heading', { name: 'You are invited to a call' })).toBeVisible();
  await look(guest, 'guest');
  await guest.getByLabel('Your name').fill('Greta');
  await guest.getByRole('button', { name: 'Continue' }).click();
  const mirror = guest.getByRole('region', { name: 'Ready to join?' }).getByLabel('Your camera');
  await expect.poll(() => mirror.evaluate((video) => (video as HTMLVideoElement).videoWidth)).toBeGreaterThan(0);
  await expect(anna.page.getByRole('group', { name: 'Greta (guest)' })).toHaveCount(0); // nobody sees her yet
  const level = guest.getByRole('meter', { name: 'Microphone level' });
  await guest.waitForFunction(
    (element) => Number(element.getAttribute('aria-valuenow')) > 0,
    await level.elementHandle(),
  );
  await look(guest, 'green-room');
  await guest.getByRole('button', { name: 'Mute microphone' }).click();
  await guest.getByRole('button', { name: 'Join now' }).click();
  const tile = anna.page.getByRole('group', { name: /^Greta \(guest\), microphone muted/ });
  await expect
    .poll(() => tile.locator('video').evaluate((video) => (video as HTMLVideoElement).videoWidth))
    .toBeGreaterThan(0);
  await anna.page.setViewportSize({ width: 360, height: 740 });
  await anna.page.screenshot({ path: 'results/screens/invited-phone-light.png' });

  await anna.hangsUp();
  await expect(guest.getByRole('heading', { name: 'Anna Lindqvist ended the call' })).toBeVisible();
  await look(guest, 'guest-over');
  await guest.reload();
  await guest.getByLabel('Your name').fill('Greta');
  await guest.getByRole('button', { name: 'Continue' }).click();
  await expect(guest.getByRole('alert')).toHaveText('The call that this link is for is over.');
});

test('a guest who does not join after all comes back to the invitation', async ({ browser }) => {
  const anna = await Person.logIn(browser, server.address, 'anna', PERMISSIONS);
  const ben = await Person.logIn(browser, server.address, 'ben', PERMISSIONS);
  await anna.calls(ben);
  await ben.isRungBy(anna);
  await ben.answers();
  await anna.seesInCall(ben);
  await anna.button('Invite by link').click();
  await anna.reads(/Link copied/);
  const link = await anna.page.evaluate(() => navigator.clipboard.readText());
  const guest = await (await browser.newContext(PERMISSIONS)).newPage();
  await guest.goto(link);
  await guest.getByLabel('Your name').fill('Greta');
  await guest.getByRole('button', { name: 'Continue' }).click();
  await guest.getByRole('button', { name: 'Not now' }).click();
  await expect(guest.getByLabel('Your name')).toHaveValue('Greta');
  await guest.getByRole('button', { name: 'Continue' }).click();
  await guest.getByRole('button', { name: 'Join now' }).click();
  await guest.getByRole('button', { name: 'Hang up' }).click();
  await expect(guest.getByRole('heading', { name: 'You left the call' })).toBeVisible();
  await expect(guest.getByRole('button', { name: 'Join again' })).toBeVisible();
});

test('the setup is tested by way of the real server', async ({ browser }) => {
  const chiara = await Person.logIn(browser, server.address, 'chiara', PERMISSIONS);
  const { page } = chiara;
  await page.evaluate(watchSound);
  await chiara.button('Test my setup').click();
  await expect(page.getByText('Your microphone works.')).toBeVisible();
  await expect
    .poll(() => page.getByLabel('Your camera').evaluate((video) => (video as HTMLVideoElement).videoWidth))
    .toBeGreaterThan(0);
  await chiara.button('Test the connection').click();
  await expect(page.getByRole('status').filter({ hasText: /^(Good|Fair|Poor)/ })).toBeVisible();
  const figure = (name: string) => page.locator('dl div', { hasText: name }).locator('dd');
  await expect(figure('Way to the server')).toHaveText('UDP');
  await expect(figure('TCP, where UDP is blocked')).toHaveText('Works');
  await expect(figure('There and back')).toHaveText(/^\d+ ms$/);
  await expect(figure('Sent')).toHaveText(/^[1-9]\d+ kbit\/s$/);
  await expect(figure('Lost')).toHaveText(/^\d+(\.\d)? %$/);
  await look(page, 'setup');
  const speaker = page.getByRole('combobox', { name: 'Speaker' });
  await speaker.selectOption({ index: 1 });
  await chiara.button('Play a sound').click();
  await expect(chiara.button('Do you hear it?')).toBeVisible();
  await expect.poll(() => page.evaluate(() => window.sound.peak)).toBeGreaterThan(0.01);
  expect(await page.evaluate(() => window.sound.sinks)).toEqual([await speaker.inputValue()]);
  await expect(chiara.button('Play a sound')).toBeEnabled();
  await chiara.button('Back').click();
  await expect(page.getByRole('searchbox')).toBeVisible();
});

declare global {
  interface Window {
    /** The loudest that went to a speaker, and the speakers that were chosen. */
    sound: { peak: number; sinks: string[] };
  }
}

/** Listens at the speakers: what reaches the end of an audio graph is measured there. */
function watchSound(): void {
  const sound = (window.sound = { peak: 0, sinks: [] as string[] });
  const { setSinkId } = AudioContext.prototype as unknown as { setSinkId: (id: string) => Promise<void> };
  Object.assign(AudioContext.prototype, {
    setSinkId(this: AudioContext, id: string) {
      sound.sinks.push(id);
      return setSinkId.call(this, id);
    },
  });
  const connect = AudioNode.prototype.connect as (this: AudioNode, to: AudioNode) => AudioNode;
  Object.assign(AudioNode.prototype, {
    connect(this: AudioNode, to: AudioNode) {
      if (to instanceof AudioDestinationNode) {
        const ear = new AnalyserNode(this.context);
        connect.call(this, ear);
        const samples = new Float32Array(ear.fftSize);
        const timer = setInterval(() => {
          ear.getFloatTimeDomainData(samples);
          sound.peak = Math.max(sound.peak, ...samples.map(Math.abs));
          if (this.context.state === 'closed') {
            clearInterval(timer);
          }
        }, 20);
      }
      return connect.call(this, to);
    },
  });
}
