import { expect, type Page, test } from '@playwright/test';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type axe from 'axe-core';
import { createServer, type ViteDevServer } from 'vite';
import type {} from '../lab/lab.js';

/** The call UI alone, on a fake engine: every state it can show, in both themes and two widths. */

const WIDTHS = { desktop: { width: 1280, height: 800 }, phone: { width: 360, height: 740 } };
const THEMES = ['dark', 'light'] as const;
const SCENES = [
  'connecting',
  'waiting',
  'conversation',
  'muted',
  'audio-only',
  'three',
  'six',
  'fifty',
  'screen',
  'sharing',
  'spotlight',
  'sidebar',
  'people',
  'video-request',
  'reconnecting',
  'problems',
  'idle',
  'ended',
];

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

let server: ViteDevServer;
let lab: string;

test.beforeAll(async () => {
  server = await createServer({
    configFile: new URL('../vite.config.ts', import.meta.url).pathname,
    server: { port: 0 },
  });
  await server.listen();
  lab = `http://127.0.0.1:${(server.httpServer!.address() as AddressInfo).port}/`;
});

test.afterAll(async () => server.close());

for (const [width, viewport] of Object.entries(WIDTHS)) {
  for (const colorScheme of THEMES) {
    test.describe(`${width}, ${colorScheme}`, () => {
      test.use({ viewport, colorScheme });
      test('draws every scene, and axe finds nothing', async ({ page }) => {
        await page.goto(lab);
        await page.addScriptTag({ path: AXE });
        const found: string[] = [];
        for (const scene of SCENES) {
          await page.evaluate((name) => window.show(name), scene);
          await expect(page.locator('belfry-call .tile:visible').first()).toBeVisible();
          await page.waitForTimeout(320); // the tiles have come to rest
          await page.screenshot({ path: `results/ui/${scene}-${width}-${colorScheme}.png` });
          if (width === 'desktop') {
            found.push(...(await violations(page)).map((violation) => `${scene}: ${violation}`));
          }
        }
        expect(found).toEqual([]);
      });
    });
  }
}

test.describe('the call UI', () => {
  const open = (page: Page, query: string) => page.goto(`${lab}?${query}`);
  const verbs = (page: Page) => page.evaluate(() => window.view.calls);

  test('asks the engine for what the buttons say', async ({ page }) => {
    await open(page, 'scene=conversation');
    await page.getByRole('button', { name: 'Mute microphone' }).click();
    await page.getByRole('button', { name: 'Unmute microphone' }).click();
    await page.getByRole('button', { name: 'Turn camera off' }).click();
    await page.getByRole('button', { name: 'Share screen' }).click();
    await expect(page.getByText('You are sharing your screen.')).toBeVisible();
    await page.getByRole('status').getByRole('button', { name: 'Stop sharing' }).click();
    await expect(page.getByText('You are sharing your screen.')).toBeHidden();
    await page.getByRole('button', { name: 'Hang up' }).click();
    expect(await verbs(page)).toEqual([
      'setAudioMuted true',
      'setAudioMuted false',
      'setVideoMuted true',
      'pressEndCall',
    ]);
  });

  test('is used with the keyboard alone', async ({ page }) => {
    await open(page, 'scene=conversation');
    const focused = () =>
      page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.getAttribute('aria-label'));
    const visited: (string | null | undefined)[] = [];
    for (let step = 0; step < 8; step++) {
      await page.keyboard.press('Tab');
      visited.push(await focused());
    }
    expect(visited).toEqual(
      expect.arrayContaining([
        'Full screen',
        'Mute microphone',
        'Turn camera off',
        'Share screen',
        'Settings',
        'Hang up',
      ]),
    );
    await page.keyboard.press('m');
    await page.keyboard.press('v');
    await page.keyboard.press('Control+s');
    expect(await verbs(page)).toEqual(['setAudioMuted true', 'setVideoMuted true']);
    await page.getByRole('button', { name: 'Settings' }).press('Enter');
    await expect(page.getByRole('dialog', { name: 'Settings' })).toBeVisible();
    await page.keyboard.press('m'); // a letter in a field is a letter
    expect(await verbs(page)).toHaveLength(2);
    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog', { name: 'Settings' })).toBeHidden();
    expect(await focused()).toBe('Settings');
  });

  test('changes layout and devices in its settings', async ({ page }) => {
    await open(page, 'scene=conversation');
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByLabel('Everyone alike').check();
    await page.getByRole('combobox', { name: 'Microphone' }).selectOption('Headset');
    await page.screenshot({ path: 'results/ui/settings-desktop.png' });
    expect(await page.evaluate(() => [window.view.snapshot.mode, window.view.snapshot.devices.audioInputId])).toEqual([
      'TILE',
      'm2',
    ]);
    await expect(page.locator('belfry-call .tile[data-role=grid]')).toHaveCount(2);
  });

  for (const [flag, name] of [
    ['end', 'Hang up'],
    ['audio', 'Mute microphone'],
    ['video', 'Turn camera off'],
    ['screen', 'Share screen'],
  ] as const) {
    test(`hides “${name}” where the app says so`, async ({ page }) => {
      await open(page, `scene=conversation&hide=${flag}`);
      await expect(page.getByRole('toolbar')).toBeVisible();
      await expect(page.getByRole('button', { name, exact: true })).toBeHidden();
    });
  }

  test('offers no camera and no screen in an audio call', async ({ page }) => {
    await open(page, 'scene=audio-only');
    await expect(page.getByRole('button', { name: 'Hang up' })).toBeVisible();
    await expect(page.getByRole('button', { name: /camera|Share/ })).toHaveCount(0);
  });

  test('speaks the app’s words, from right to left', async ({ page }) => {
    await open(
      page,
      `scene=conversation&dir=rtl&strings=${encodeURIComponent('{"endCall":"إنهاء المكالمة","you":"أنت"}')}`,
    );
    await expect(page.getByRole('button', { name: 'إنهاء المكالمة' })).toBeVisible();
    const preview = await page.locator('belfry-call .tile[data-role=preview]').boundingBox();
    expect(preview!.x).toBeLessThan(100);
    await page.screenshot({ path: 'results/ui/rtl-desktop.png' });
  });

  test('pins and unpins a face', async ({ page }) => {
    await open(page, 'scene=three');
    await page.getByRole('group', { name: /^Clara/ }).hover();
    await page.getByRole('button', { name: 'Show Clara Moreau large' }).click();
    const clara = page.locator('belfry-call .tile', { hasText: 'Clara' });
    await expect(clara).toHaveAttribute('data-role', 'stage');
    await page.getByRole('button', { name: 'Stop showing Clara Moreau large' }).click();
    await expect(clara).toHaveAttribute('data-role', 'grid');
  });

  test('shows everybody, page by page', async ({ page }) => {
    await open(page, 'scene=fifty');
    const seen = new Set<string>();
    for (let turn = 0; turn < 2; turn++) {
      for (const tile of await page.locator('belfry-call .tile:visible').all()) {
        seen.add((await tile.getAttribute('data-participant'))!);
      }
      await page.getByRole('button', { name: 'Next page' }).click();
    }
    expect(seen.size).toBe(50);
  });

  test('says what failed until it is read', async ({ page }) => {
    await open(page, 'scene=problems');
    await expect(page.getByRole('alert')).toContainText('may not use your camera');
    await page.getByRole('button', { name: 'Close this message' }).click();
    await expect(page.getByRole('alert')).toHaveCount(0);
    await page.getByRole('button', { name: 'Turn sound on' }).click();
    await expect(page.getByText('waits for a click')).toBeHidden();
  });

  test('tells listeners who comes and goes', async ({ page }) => {
    await open(page, 'scene=conversation');
    await page.evaluate(() => {
      const { view } = window;
      view.change({ participants: [...view.snapshot.participants, window.person(2)] });
    });
    await expect(page.locator('belfry-call [aria-live]')).toHaveText('Clara Moreau joined');
    await page.evaluate(() => window.view.change({ participants: window.view.snapshot.participants.slice(0, 1) }));
    await expect(page.locator('belfry-call [aria-live]')).toHaveText('Ben Okafor left. Clara Moreau left');
  });

  test('leaves nothing behind', async ({ page }) => {
    await open(page, 'scene=conversation');
    await expect(page.getByRole('toolbar')).toBeVisible();
    await page.evaluate(() => window.ui.dispose());
    expect(await page.locator('#call').innerHTML()).toBe('');
    expect(await page.evaluate(() => window.view.listenersCount)).toBe(0);
  });
});

/** What axe finds in the call, as `rule: element`. */
function violations(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { violations } = await window.axe.run('belfry-call');
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
  });
}

declare global {
  interface Window {
    axe: typeof axe;
  }
}
