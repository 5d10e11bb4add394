import { type CDPSession, expect, test } from '@playwright/test';
import { Member } from '../support/member.js';
import { Server } from '../support/server.js';

/** Calls that follow each other in one page leave nothing behind, in a real browser against a real server. */

const WARM_UP = 10; // what is made once is there after these, compiled code above all
const CALLS = Number(process.env.CALLS ?? 20); // as many as one likes to wait for

/** What a page holds. */
interface Held {
  readonly heapKilobytes: number;
  readonly nodes: number;
  readonly listeners: number;
  readonly peerConnections: number;
}

async function held(devTools: CDPSession): Promise<Held> {
  await devTools.send('HeapProfiler.collectGarbage');
  await devTools.send('HeapProfiler.collectGarbage');
  const { metrics } = await devTools.send('Performance.getMetrics');
  const metric = (name: string) => metrics.find((one) => one.name === name)?.value ?? NaN;
  return {
    heapKilobytes: Math.round(metric('JSHeapUsedSize') / 1024),
    nodes: metric('Nodes'),
    listeners: metric('JSEventListeners'),
    peerConnections: metric('RTCPeerConnections'),
  };
}

test(`${CALLS} calls leave nothing behind`, async ({ browser }) => {
  const server = await Server.shared();
  const anna = await Member.logIn(browser, server.address, 'anna', { isWatched: false });
  const ben = await Member.logIn(browser, server.address, 'ben');
  const devTools = await anna.page.context().newCDPSession(anna.page);
  await devTools.send('Performance.enable');

  const call = async () => {
    const sessionId = await anna.callsUser('ben');
    await ben.accepts(sessionId);
    await Promise.all([anna.joins(sessionId), ben.joins(sessionId)]);
    await anna.seesSomebody();
    await anna.page.evaluate(async (id) => {
      await CometChat.endCall(id);
      CometChatCalls.endSession();
      document.body.innerHTML = '';
      window.told = [];
    }, sessionId);
    await ben.page.evaluate(() => CometChatCalls.endSession());
  };
  for (let index = 0; index < WARM_UP; index++) await call();
  const before = await held(devTools);
  for (let index = 0; index < CALLS; index++) await call();
  const after = await held(devTools);
  console.log('before', before, 'after', after);
  // Each is less than what one call in two would have to leave behind.
  expect(after.peerConnections).toBe(before.peerConnections);
  expect(after.nodes - before.nodes).toBeLessThanOrEqual(CALLS / 2);
  expect(after.listeners - before.listeners).toBeLessThanOrEqual(CALLS / 2);
  expect(after.heapKilobytes - before.heapKilobytes).toBeLessThanOrEqual(CALLS * 10); // an engine that stays is more
  await Promise.all(browser.contexts().map((context) => context.close()));
});
