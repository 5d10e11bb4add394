import { test } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LOOKS } from '../support/camera.js';
import { Person } from '../support/person.js';
import { Server } from '../support/server.js';

const FOLDER = join(import.meta.dirname, '../../../docs/screenshots');
const CAMERA = { width: 1280, height: 720 };

/** For how long the full picture has to flow until the encoder has spent its bits on what stands still. */
const SHARP_AFTER_MS = 8000;

test('the pictures of the README', async ({ browser }) => {
  mkdirSync(FOLDER, { recursive: true });
  const server = await Server.start();
  const logIn = (uid: string, look: number) =>
    Person.logIn(browser, server.address, uid, {
      viewport: { width: 1280, height: 800 },
      colorScheme: 'light',
      look: LOOKS[look]!,
      camera: CAMERA,
    });
  const take = async ({ page }: Person, name: string) => {
    await page.mouse.move(0, 0); // over no button
    await page.screenshot({ path: join(FOLDER, `${name}.png`) });
  };
  const anna = await logIn('anna', 0);
  const ben = await logIn('ben', 1);
  await anna.chooses(ben);
  await take(anna, 'contacts');
  await anna.button('Video call').last().click();
  await ben.isRungBy(anna);
  await take(ben, 'incoming');
  await ben.answers();
  await anna.seesInCall(ben);
  await anna.page.waitForFunction(isFullPicture, CAMERA.width, { timeout: 60_000 });
  await anna.page.waitForTimeout(SHARP_AFTER_MS);
  await anna.page.waitForFunction(isFullPicture, CAMERA.width);
  await take(anna, 'call');
  await Promise.all([anna, ben].map((person) => person.leaves()));
  await server.stop();
});

/** Whether the large picture is that of the sender's camera, not a smaller layer of it. */
function isFullPicture(width: number): boolean {
  const root = document.querySelector('belfry-call')?.shadowRoot;
  const video = root?.querySelector<HTMLVideoElement>('.tile[data-role=stage] video');
  return (video?.videoWidth ?? 0) >= width;
}
