import { expect, type Page, test } from '@playwright/test';
import type axe from 'axe-core';
import { createRequire } from 'node:module';
import { LOOKS } from '../support/camera.js';
import { Person } from '../support/person.js';
import { Server } from '../support/server.js';

/** Every screen, in both themes and two widths: axe finds nothing, and pictures to be looked at. */

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const SIZES = { desktop: { width: 1280, height: 800 }, phone: { width: 360, height: 740 } };

let server: Server;
test.beforeAll(async () => {
  server = await Server.start();
});
test.afterAll(async () => server.stop());

for (const [size, viewport] of Object.entries(SIZES)) {
  test(`the screens, ${size}`, async ({ browser }) => {
    test.setTimeout(120_000);
    const options = { viewport, reducedMotion: 'reduce' as const, bypassCSP: true };
    const found: string[] = [];
    const take = async ({ page }: { page: Page }, name: string) => {
      await page.mouse.move(0, 0); // over no button
      for (const colorScheme of ['dark', 'light'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.waitForFunction(hasPictures);
        await page.screenshot({ path: `results/screens/${name}-${size}-${colorScheme}.png` });
        found.push(...(await violations(page)).map((violation) => `${name}, ${colorScheme}: ${violation}`));
      }
    };
    const logIn = (uid: string, look: number) =>
      Person.logIn(browser, server.address, uid, { ...options, look: LOOKS[look]! });

    const stranger = await browser.newPage(options);
    await stranger.goto(server.address);
    await stranger.locator('[data-uid]').first().waitFor();
    await take({ page: stranger }, 'login');
    await stranger.close();
    const anna = await logIn('anna', 0);
    const ben = await logIn('ben', 1);
    const chiara = await logIn('chiara', 2);
    await take(anna, 'home');
    await anna.chooses(ben);
    await take(anna, 'contacts');

    await anna.button('Video call').last().click();
    await anna.seesRinging();
    await take(anna, 'outgoing');
    await ben.isRungBy(anna);
    await take(ben, 'incoming');
    await ben.button('Decline').click();
    await anna.reads(/declined/);
    await take(anna, 'declined');
    await anna.button('Call again').click();
    await ben.isRungBy(anna);
    await ben.answers();
    await anna.seesInCall(ben);
    await Promise.all([anna.firstFrameAt(), ben.firstFrameAt()]);
    await take(anna, 'call');
    await anna.button('Settings').click();
    await take(anna, 'call-settings');
    await anna.page.keyboard.press('Escape');

    await chiara.calls(ben);
    await ben.isRungBy(chiara);
    await take(ben, 'second-call');
    await ben.button('I’m busy').click();
    await chiara.reads(/another call/);
    await take(chiara, 'busy');
    await anna.button('Turn camera off').click();
    await anna.button('Mute microphone').click();
    await take(ben, 'call-muted');
    await anna.hangsUp();
    await ben.reads(/has ended/);
    await take(ben, 'ended');
    await ben.closesOver();
    await chiara.closesOver();
    await chiara.calls(ben);
    await ben.isRungBy(chiara);
    await chiara.button('Cancel').click();
    await ben.reads(/missed a call/);
    await ben.closesOver();
    await ben.button('Calls 1 missed').click();
    const recent = ben.page.getByRole('region', { name: 'Recent calls' }).getByRole('listitem');
    await expect(recent).toContainText(['Missed', 'Busy', 'Incoming', 'Declined']);
    await take(ben, 'recents');
    await expect(ben.button('Calls 1 missed')).toHaveCount(0); // seen
    await Promise.all([anna, ben, chiara].map((person) => person.leaves()));
    expect(found).toEqual([]);
  });
}

/** Whether all pictures are there, and the colours of before are gone. */
function hasPictures(): boolean {
  const isMoving = document.getAnimations().some((one) => one instanceof CSSTransition);
  return !isMoving && [...document.images].every(({ complete }) => complete);
}

/** What axe finds on the page, as `rule: element`. */
async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) {
    await page.addScriptTag({ path: AXE });
  }
  return page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run();
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
  });
}
