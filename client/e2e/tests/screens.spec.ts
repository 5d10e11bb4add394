import { expect, type Page, test } from '@playwright/test';
import type axe from 'axe-core';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { LOOKS } from '../support/camera.js';
import { Person } from '../support/person.js';
import { Server } from '../support/server.js';

/** Every screen, in both themes and two widths: axe finds nothing, and pictures to be looked at; three are those of the README. */

const README = join(import.meta.dirname, '../../../docs/screenshots');
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
    const take = async ({ page }: { page: Page }, name: string, forReadme = false) => {
      await page.mouse.move(0, 0); // over no button
      for (const colorScheme of ['dark', 'light'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.waitForTimeout(200); // pictures have arrived
        await page.screenshot({ path: `results/screens/${name}-${size}-${colorScheme}.png` });
        found.push(...(await violations(page)).map((violation) => `${name}, ${colorScheme}: ${violation}`));
      }
      if (forReadme) {
        mkdirSync(README, { recursive: true });
        await page.screenshot({ path: join(README, `${name}.png`) });
      }
    };
    const isShown = size === 'desktop';
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
    await take(anna, 'contacts', isShown);

    await anna.button('Video call').last().click();
    await anna.seesRinging();
    await take(anna, 'outgoing');
    await ben.isRungBy(anna);
    await take(ben, 'incoming', isShown);
    await ben.button('Decline').click();
    await anna.reads(/declined/);
    await take(anna, 'declined');
    await anna.button('Call again').click();
    await ben.isRungBy(anna);
    await ben.answers();
    await anna.seesInCall(ben);
    await Promise.all([anna.firstFrameAt(), ben.firstFrameAt()]);
    await anna.page.waitForTimeout(2500); // the picture has become sharp
    await take(anna, 'call', isShown);
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
    await Promise.all([anna, ben, chiara].map((person) => person.leaves()));
    expect(found).toEqual([]);
  });
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
