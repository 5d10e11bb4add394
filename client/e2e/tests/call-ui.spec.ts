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
  'preview',
  'preview-off',
  'preview-refused',
  'preview-audio',
  'settings',
  'connecting',
  'waiting',
  'conversation',
  'muted',
  'audio-only',
  'three',
  'six',
  'twelve',
  'fifty',
  'fifty-people',
  'screen',
  'sharing',
  'spotlight',
  'sidebar',
  'pinned',
  'host',
  'people',
  'video-request',
  'reconnecting',
  'problems',
  'idle',
  'ended',
  'ended-by-host',
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
        await page.emulateMedia({ reducedMotion: 'reduce' }); // nothing has to come to rest
        await page.goto(lab);
        await page.addScriptTag({ path: AXE });
        const found: string[] = [];
        for (const scene of SCENES) {
          await page.evaluate((name) => window.show(name), scene);
          const drawn = page.locator('belfry-call').locator('.tile:visible, .people:visible, .green-room:visible');
          await expect(drawn.first()).toBeVisible();
          await page.waitForFunction(hasPictures);
          await page.screenshot({ path: `results/ui/${scene}-${width}-${colorScheme}.png` });
          found.push(...(await violations(page)).map((violation) => `${scene}: ${violation}`));
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
    for (let step = 0; step < 9; step++) {
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

  test('shows oneself, level and devices before joining', async ({ page, context }) => {
    await context.grantPermissions(['microphone']);
    await open(page, 'scene=preview');
    const join = page.getByRole('button', { name: 'Join now' });
    await expect(join).toBeFocused();
    await expect(page.getByRole('toolbar')).toBeHidden();
    await page.evaluate(async () => {
      const { view } = window;
      const [microphone] = (await navigator.mediaDevices.getUserMedia({ audio: true })).getAudioTracks();
      view.change({ local: { ...view.snapshot.local, microphone: microphone! } });
    });
    const meter = page.getByRole('meter', { name: 'Microphone level' });
    // The fake microphone beeps for a moment of each second.
    await page.waitForFunction(
      (element) => Number(element.getAttribute('aria-valuenow')) > 20,
      await meter.elementHandle(),
    );
    await page.getByRole('combobox', { name: 'Microphone' }).selectOption('Headset');
    await join.focus();
    await page.keyboard.press('m');
    const room = page.getByRole('region', { name: 'Ready to join?' });
    await expect(room.getByText('Your microphone is muted.')).toBeVisible();
    await page.getByRole('button', { name: 'Turn camera off' }).click();
    await expect(room.getByText('Your camera is off.')).toBeVisible();
    await join.click();
    await expect(page.getByRole('toolbar')).toBeVisible();
    await expect(join).toBeHidden();
    expect(await verbs(page)).toEqual(['setAudioMuted true', 'setVideoMuted true', 'join']);
  });

  test('puts the call into a small window, with its buttons', async ({ page }) => {
    await open(page, 'scene=conversation');
    await page.getByRole('button', { name: 'Keep the call on top' }).click();
    const small = () =>
      page.evaluate(() => {
        const root = window.documentPictureInPicture?.window?.document.body.firstElementChild?.shadowRoot;
        const tiles = [...(root?.querySelectorAll<HTMLElement>('.tile:not([hidden])') ?? [])];
        return tiles.map(({ dataset, style }) => [dataset.role, Number.parseFloat(style.width) > 50]);
      });
    await expect.poll(small).toEqual([
      ['stage', true],
      ['preview', true],
    ]);
    const press = (label: string) =>
      page.evaluate((name) => {
        const root = window.documentPictureInPicture!.window!.document.body.firstElementChild!.shadowRoot!;
        root.querySelector<HTMLElement>(`[aria-label="${name}"]`)!.click();
      }, label);
    await press('Mute microphone');
    await press('Unmute microphone');
    expect(await verbs(page)).toEqual(['setAudioMuted true', 'setAudioMuted false']);
    await press('Close the small window');
    await expect.poll(() => page.evaluate(() => window.documentPictureInPicture!.window === null)).toBe(true);
    await page.getByRole('button', { name: 'Keep the call on top' }).click();
    await expect.poll(small).toHaveLength(2);
    await page.evaluate(() => window.documentPictureInPicture!.window!.close());
    await expect.poll(() => page.evaluate(() => window.view.snapshot.isPictureInPicture)).toBe(false);
  });

  test('shows who speaks in a small window where pages cannot draw one', async ({ page }) => {
    await page.addInitScript(() => Object.defineProperty(window, 'documentPictureInPicture', { value: undefined }));
    await open(page, 'scene=three');
    await page.getByRole('button', { name: 'Keep the call on top' }).click();
    const shown = () => {
      const video = document.pictureInPictureElement;
      return video instanceof HTMLVideoElement ? (video.srcObject as MediaStream).getVideoTracks()[0]!.id : null;
    };
    const trackOf = (index: number) =>
      page.evaluate((of) => window.view.snapshot.participants[of]!.camera?.id ?? '', index);
    await expect.poll(() => page.evaluate(shown)).toBe(await trackOf(1));
    await page.evaluate(() => window.view.change({ dominantSpeakerId: '00000002' }));
    await expect.poll(() => page.evaluate(shown)).not.toBe(await trackOf(1)); // her initials: she has no camera
    await page.getByRole('button', { name: 'Close the small window' }).click();
    await expect.poll(() => page.evaluate(shown)).toBe(null);
  });

  test('lets the host mute everyone, and end it for everyone', async ({ page }) => {
    await open(page, 'scene=host');
    await page.getByRole('button', { name: 'Mute everyone' }).click();
    const others = ['00000001', '00000002', '00000003'];
    expect(await verbs(page)).toEqual(others.map((id) => `askToMute ${id} microphone`));
    await page.getByRole('button', { name: 'End for everyone' }).click();
    const question = page.getByRole('alertdialog', { name: 'End the call for all 4?' });
    await expect(question.getByRole('button', { name: 'Cancel' })).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(question).toBeHidden();
    await page.getByRole('button', { name: 'End for everyone' }).click();
    await question.getByRole('button', { name: 'End for everyone' }).click();
    expect((await verbs(page)).slice(3)).toEqual(['endForAll']);
  });

  test('finds somebody among many, and lists raised hands first', async ({ page }) => {
    await open(page, 'scene=fifty-people');
    const names = page.getByRole('complementary').getByRole('listitem');
    await page.getByRole('searchbox', { name: 'Find somebody' }).fill('clara');
    await expect(names.filter({ visible: true })).toHaveCount(7);
    await page.getByRole('searchbox').fill('nobody of that name');
    await expect(page.getByText('Nobody here has that name.')).toBeVisible();
    await page.getByRole('searchbox').fill('');
    await page.evaluate(() => {
      const { participants } = window.view.snapshot;
      window.view.change({
        participants: participants.map((one, i) => (i === 40 ? { ...one, isHandRaised: true } : one)),
      });
    });
    await expect(names.nth(1)).toContainText('hand raised');
  });

  test('leaves nothing behind', async ({ page }) => {
    await open(page, 'scene=conversation');
    await expect(page.getByRole('toolbar')).toBeVisible();
    await page.evaluate(() => window.ui.dispose());
    expect(await page.locator('#call').innerHTML()).toBe('');
    expect(await page.evaluate(() => window.view.listenersCount)).toBe(0);
  });
});

/** Whether every camera's first frame is there. */
function hasPictures(): boolean {
  const videos = document.querySelector('belfry-call')?.shadowRoot?.querySelectorAll('video') ?? [];
  return [...videos].every(({ srcObject, videoWidth }) => srcObject === null || videoWidth > 0);
}

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
