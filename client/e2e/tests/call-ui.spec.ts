import { expect, test } from '@playwright/test';
import type { AddressInfo } from 'node:net';
import { createServer, type ViteDevServer } from 'vite';

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
  'reconnecting',
  'problems',
  'idle',
  'ended',
];

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
      test('draws every scene', async ({ page }) => {
        for (const scene of SCENES) {
          await page.goto(`${lab}?scene=${scene}`);
          await expect(page.locator('belfry-call .tile:visible').first()).toBeVisible();
          await page.waitForTimeout(350); // the tiles have come to rest
          await page.screenshot({ path: `results/ui/${scene}-${width}-${colorScheme}.png` });
        }
      });
    });
  }
}
