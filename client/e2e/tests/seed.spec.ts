import { type Browser, expect, type Page, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { asStatements, missingNames, type SeedBlock, seedBlocks } from '../../sdk/test/support/seed-blocks.js';
import type {} from '../support/member.js';
import { Server } from '../support/server.js';

/**
 * The code of the seed, block by block, in a browser against a server. What is added is the import (here a script tag), the host, and
 * the ids of people who exist for `"UID"`, `"RECEIVER_ID"` and `"GUID"`.
 */

const SDK = readFileSync(join(import.meta.dirname, '../../sdk/dist/belfry.browser.js'), 'utf8');
const blocks = seedBlocks();
test.skip(blocks === null, 'not run: the document with the code is not beside the project');

let server: Server;
test.beforeAll(async () => {
  server = await Server.start();
});
test.afterAll(async () => server.stop());

/** Blocks of one kind in both languages, found by what they call. */
function find(language: 'js' | 'ts', ...words: string[]): SeedBlock {
  const found = (blocks ?? []).find(
    (block) => block.language === language && words.every((w) => block.code.includes(w)),
  );
  if (!found) throw new Error(`no ${language} block has ${words.join(', ')}`);
  return found;
}

/** A page that has loaded the SDK and logged in. */
async function open(browser: Browser, uid: string): Promise<Page> {
  const context = await browser.newContext({ bypassCSP: true });
  const page = await context.newPage();
  await page.goto(`${server.address}v1/settings`);
  await page.addScriptTag({ content: SDK });
  await page.evaluate(
    async ([user, host]) => {
      const { appId, authKey } = ((await (await fetch('/v1/settings')).json()) as { data: Settings }).data;
      const settings = new CometChat.AppSettingsBuilder().overrideClientHost(host).build();
      await CometChat.init(appId, settings);
      await CometChatCalls.init({ appId, region: 'private', host });
      await CometChat.login(user, authKey);
      await new Promise<void>((resolve) => {
        const look = () => (CometChat.getConnectionStatus() === 'connected' ? resolve() : setTimeout(look, 20));
        look();
      });
      window.events = [];
      const note = (name: string) => (call: { status: string }) => {
        window.call = call;
        window.events.push(`${name} ${call.status}`);
      };
      const names = ['IncomingCallReceived', 'OutgoingCallAccepted', 'OutgoingCallRejected', 'IncomingCallCancelled'];
      const callbacks = [...names, 'CallEndedMessageReceived'].map((name) => [`on${name}`, note(name)]);
      CometChat.addCallListener('test', new CometChat.CallListener(Object.fromEntries(callbacks) as object));
    },
    [uid, server.address] as const,
  );
  return page;
}

/** Runs a block as the seed has it. Resolves with what it logged. */
async function run(page: Page, block: SeedBlock, ids: Record<string, string> = {}, after = ''): Promise<string[]> {
  let code = asStatements(block);
  for (const [placeholder, id] of Object.entries(ids)) code = code.replaceAll(`"${placeholder}"`, `"${id}"`);
  const given = missingNames(block).filter((name) => name !== 'sessionId' || !/^const sessionId/m.test(code));
  const declared = given.map((name) =>
    name === 'call' ? 'const call = window.call;' : 'const sessionId = window.call.getSessionId();',
  );
  // The component of the last step is React's; here it is what the component does.
  const rendered = code.replace(
    /^\/\/ <CometChatCalls\.Component .*$/m,
    'window.session = CometChatCalls.startSession(callToken, callSettings, document.body);',
  );
  const isModule = ts.transpileModule(`(async () => {\n${declared.join('\n')}\n{\n${rendered}\n${after}\n}\n})()`, {
    compilerOptions: { target: ts.ScriptTarget.ES2022 },
  });
  const logged: string[] = [];
  const listen = (message: { text(): string }) => logged.push(message.text());
  page.on('console', listen);
  await page.evaluate(isModule.outputText);
  await expect.poll(() => logged.length + (after || !code.includes('console') ? 1 : 0)).toBeGreaterThan(0);
  page.off('console', listen);
  return logged;
}

const lastEvent = (page: Page) => page.evaluate(() => window.events.at(-1) ?? '');
const hears = (page: Page, event: string) => expect.poll(() => lastEvent(page)).toBe(event);

for (const language of ['js', 'ts'] as const) {
  test(`the blocks in ${language === 'js' ? 'JavaScript' : 'TypeScript'} do what they say`, async ({ browser }) => {
    const anna = await open(browser, 'anna');
    const ben = await open(browser, 'ben');
    const initiate = find(language, 'initiateCall', '"UID"');
    const call = async () => {
      expect(await run(anna, initiate, { UID: 'ben' })).toEqual([expect.stringContaining('Call initiated:')]);
      await anna.evaluate(() => (window.call = CometChat.getActiveCall()!));
      await hears(ben, 'IncomingCallReceived initiated');
    };

    await test.step('the listener', async () => {
      const block = find(language, 'addCallListener');
      const logged = await run(ben, block, {}, 'window.listened = true;');
      expect(logged).toEqual([]);
      expect(await ben.evaluate(() => window.listened)).toBe(true);
    });
    await test.step('cancelling', async () => {
      await call();
      const logged = await run(anna, find(language, 'rejectCall', 'CANCELLED'));
      expect(logged[0]).toContain('Call cancelled:');
      await hears(ben, 'IncomingCallCancelled cancelled');
    });
    for (const [status, words] of [
      ['REJECTED', 'Call rejected:'],
      ['BUSY', 'Busy status sent:'],
    ] as const) {
      await test.step(status, async () => {
        await call();
        const logged = await run(ben, find(language, 'const sessionId', 'rejectCall', `CALL_STATUS.${status}`));
        expect(logged[0]).toContain(words);
        await hears(anna, `OutgoingCallRejected ${status.toLowerCase()}`);
      });
    }
    await test.step('a group', async () => {
      const logged = await run(anna, find(language, 'initiateCall', '"GUID"'), { GUID: 'team' });
      expect(logged[0]).toContain('Call initiated:');
      await hears(ben, 'IncomingCallReceived initiated');
      await anna.evaluate(() => CometChat.rejectCall(CometChat.getActiveCall()!.getSessionId(), 'cancelled'));
      await hears(ben, 'IncomingCallCancelled cancelled');
    });
    await test.step('accepting, the session, and its end', async () => {
      await call();
      const logged = await run(ben, find(language, 'acceptCall', 'const sessionId'));
      expect(logged[0]).toContain('Call accepted:');
      await hears(anna, 'OutgoingCallAccepted ongoing');
      const session = find(language, 'generateToken');
      const joined = [run(anna, session), run(ben, session)];
      await Promise.all(joined);
      for (const page of [anna, ben]) await expect(page.getByRole('group')).toHaveCount(2);
      // What is pressed calls the block's own listener, which ends the call.
      await anna.getByRole('button', { name: 'Hang up' }).click();
      await hears(ben, 'CallEndedMessageReceived ended');
      for (const page of [anna, ben]) await expect(page.locator('belfry-call')).toHaveCount(0);
    });
    await test.step('the listeners of the session alone', async () => {
      await call();
      await run(ben, find(language, 'acceptCall', 'const sessionId'));
      await hears(anna, 'OutgoingCallAccepted ongoing');
      const pressed = (blocks ?? []).find(
        (one) => one.language === language && one.code.startsWith('onCallEndButton'),
      )!;
      const logged = await run(anna, pressed, {}, 'callbacks.onCallEndButtonPressed();');
      await expect.poll(() => lastEvent(ben)).toBe('CallEndedMessageReceived ended');
      expect(logged.join()).not.toContain('failed');
      const ended = (blocks ?? []).find((one) => one.code.startsWith('onCallEnded'))!;
      await run(ben, ended, {}, 'callbacks.onCallEnded();');
      expect(await ben.evaluate(() => CometChat.getActiveCall())).toBeNull();
    });
    await Promise.all([anna, ben].map((page) => page.context().close()));
  });
}

test('the quick reference runs', async ({ browser }) => {
  const anna = await open(browser, 'anna');
  const ben = await open(browser, 'ben');
  const [reference] = blocks ?? [];
  const half = (part: RegExp): SeedBlock => ({ ...reference!, code: part.exec(reference!.code)![0] });
  const code = { call: half(/[^]*?initiateCall.*$/m), reject: half(/await CometChat\.rejectCall.*$/m) };
  await run(anna, code.call, { RECEIVER_ID: 'ben' }, 'window.call = CometChat.getActiveCall();');
  await hears(ben, 'IncomingCallReceived initiated');
  await run(ben, code.reject, {}, 'window.done = true;');
  await hears(anna, 'OutgoingCallRejected rejected');
  await run(anna, code.call, { RECEIVER_ID: 'ben' }, 'window.call = CometChat.getActiveCall();');
  await hears(ben, 'IncomingCallReceived initiated');
  await run(ben, half(/await CometChat\.acceptCall.*$/m), {}, 'window.done = true;');
  await hears(anna, 'OutgoingCallAccepted ongoing');
});

interface Settings {
  readonly appId: string;
  readonly authKey: string;
}

declare global {
  interface Window {
    events: string[];
    call: unknown;
    listened: boolean;
    done: boolean;
  }
}
