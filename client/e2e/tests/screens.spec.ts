import { type Browser, test } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LOOKS } from '../support/camera.js';
import { Person } from '../support/person.js';
import { Server } from '../support/server.js';

/** Pictures of every screen, in both themes and two widths, to be looked at; three of them are those of the README. */

const README = join(import.meta.dirname, '../../../docs/screenshots');
const SIZES = { desktop: { width: 1280, height: 800 }, phone: { width: 360, height: 740 } };

let server: Server;
test.beforeAll(async () => {
  server = await Server.start();
});
test.afterAll(async () => server.stop());

for (const [size, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`the screens, ${size}, ${colorScheme}`, async ({ browser }) => {
      test.setTimeout(120_000);
      const options = { viewport, colorScheme };
      const take = async (person: Person, name: string, forReadme = false) => {
        await person.page.waitForTimeout(600); // what moves has come to rest, pictures have arrived
        await person.page.screenshot({ path: `results/screens/${name}-${size}-${colorScheme}.png` });
        if (forReadme) {
          mkdirSync(README, { recursive: true });
          await person.page.screenshot({ path: join(README, `${name}.png`) });
        }
      };
      const isShown = size === 'desktop' && colorScheme === 'light';
      const logIn = (uid: string, look: number) =>
        Person.logIn(browser, server.address, uid, { ...options, look: LOOKS[look]! });

      await takeLogin(browser, options, `results/screens/login-${size}-${colorScheme}.png`);
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
    });
  }
}

async function takeLogin(browser: Browser, options: object, path: string): Promise<void> {
  const page = await browser.newPage(options);
  await page.goto(server.address);
  await page.locator('[data-uid]').first().waitFor();
  await page.waitForTimeout(300);
  await page.screenshot({ path });
  await page.close();
}
