import { expect, test } from '@playwright/test';
import { Member } from '../support/member.js';
import { Network } from '../support/network.js';
import { Server } from '../support/server.js';

/** A running call of two that loses its server, its socket or its network, and goes on by itself. */

test.describe.configure({ mode: 'serial' });

let server: Server;
/** Between Ben and the server. */
let network: Network;
let anna: Member;
let ben: Member;
let sessionId: string;
const both = () => [anna, ben];

test.beforeAll(async ({ browser }) => {
  server = await Server.shared();
  network = await Network.to(server);
  [anna, ben] = await Promise.all([
    Member.logIn(browser, server.address, 'anna'),
    Member.logIn(browser, network.address, 'ben', { prepare: (page) => network.carriesMediaOf(page) }),
  ]);
  sessionId = await anna.callsUser('ben');
  await ben.accepts(sessionId);
  for (const member of both()) await member.page.evaluate(followConnection);
  await Promise.all(both().map((member) => member.joins(sessionId)));
  await anna.seesAndHears([ben]);
  await ben.seesAndHears([anna]);
});
test.beforeEach(async () => {
  for (const member of both()) await member.told();
});
// eslint-disable-next-line no-empty-pattern
test.afterEach(({}, info) => {
  if (info.status !== info.expectedStatus) console.log(server.log.split('\n').slice(-60).join('\n'));
});
test.afterAll(async ({ browser }) => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  network.close();
});

/** Runs in the page: writes down what the app is told of the connection. */
function followConnection(): void {
  CometChatCalls.addCallEventListener('errors', { onError: ({ code }) => window.told.push(`on error ${code}`) });
  for (const type of [
    'onSessionJoined',
    'onSessionLeft',
    'onConnectionLost',
    'onConnectionRestored',
    'onRemoteConnectionLost',
    'onRemoteConnectionRestored',
    'onParticipantJoined',
    'onParticipantLeft',
  ] as const) {
    CometChatCalls.addEventListener(type, () => window.told.push(type));
  }
}

/** Waits until a member was told so; gives everything it was told up to then, lists left out. */
async function isTold(member: Member, line: string): Promise<string[]> {
  const all: string[] = [];
  await expect
    .poll(async () => all.push(...(await member.told('on', 'joined', 'left', 'ended'))) && all, {
      message: `${member.uid} is told`,
      timeout: 30_000,
    })
    .toContain(line);
  return all;
}

/** Everybody receives the other's picture and sound. */
async function mediaFlows(): Promise<void> {
  await Promise.all(both().map((member) => member.receivesMedia()));
}

/** Names and ids of those who are there, as each of the two sees them. */
function participants(member: Member): Promise<string[]> {
  return member.page.evaluate(() =>
    CometChatCalls.getSessionView()!
      .snapshot.participants.map(({ id, uid }) => `${uid} ${id}`)
      .sort(),
  );
}

for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
  test(`a server that ends by ${signal} and comes back finds the call again`, async () => {
    const there = await participants(anna);
    await server.pause(signal);
    for (const member of both()) {
      expect(await isTold(member, 'onConnectionLost')).toEqual(['onConnectionLost']);
      expect(await member.page.evaluate(() => CometChatCalls.getSessionView()?.snapshot.state)).toBe('reconnecting');
    }
    await server.resume();
    for (const member of both()) {
      const told = await isTold(member, 'onConnectionRestored');
      expect(told.filter((line) => !line.startsWith('onRemoteConnection'))).toEqual(['onConnectionRestored']);
    }
    await mediaFlows();
    for (const member of both()) {
      expect(await participants(member)).toEqual(there);
      expect(await member.page.evaluate(() => CometChat.getActiveCall()?.getSessionId())).toBe(sessionId);
    }
  });
}

/** Ben lost the connection and has it again, and nobody saw him leave. */
async function benIsBack(there: string[]): Promise<void> {
  const told = await isTold(ben, 'onConnectionRestored');
  // What is said of the other one may still be of the test before.
  expect(told.filter((line) => !line.startsWith('onRemote'))).toEqual(['onConnectionLost', 'onConnectionRestored']);
  await mediaFlows();
  expect(await participants(anna)).toEqual(there);
  expect(await participants(ben)).toEqual(there);
  expect(await anna.told('joined', 'left', 'ended', 'onConnection')).toEqual([]);
}

test('a socket that breaks is opened again, in the same place', async () => {
  const there = await participants(ben);
  const connections = await ben.page.evaluate(() => window.peerConnections.length);
  network.breaksConnections();
  await benIsBack(there);
  expect(await ben.page.evaluate(() => window.peerConnections.length)).toBe(connections);
});

test('who comes into another network goes on from there', async () => {
  const there = await participants(ben);
  const connections = await ben.page.evaluate(() => window.peerConnections.length);
  network.changes();
  await ben.page.evaluate(() => dispatchEvent(new Event('online'))); // as the browser says it
  await benIsBack(there);
  expect(await ben.page.evaluate(() => window.peerConnections.length)).toBe(connections);
});

test('a network that is silent for a while is tried again with other ICE credentials', async () => {
  const there = await participants(ben);
  const credentials = () =>
    ben.page.evaluate(() =>
      window.peerConnections
        .filter(({ connectionState }) => connectionState !== 'closed')
        .map(({ localDescription }) => /a=ice-ufrag:(\S+)/.exec(localDescription?.sdp ?? '')?.[1]),
    );
  const before = await credentials();
  network.fallsSilent();
  await isTold(ben, 'onConnectionLost');
  await isTold(anna, 'onRemoteConnectionLost');
  network.returns();
  await isTold(ben, 'onConnectionRestored');
  await mediaFlows();
  const after = await credentials();
  expect(after).toHaveLength(2);
  expect(after).not.toEqual(before);
  expect(await participants(anna)).toEqual(there);
});

test('a page that slept and wakes in another network goes on', async () => {
  const there = await participants(ben);
  network.fallsSilent();
  await isTold(anna, 'onRemoteConnectionLost');
  network.changes();
  network.returns();
  // As Chromium says it (Page Lifecycle): a page that a test looks at cannot be frozen in earnest.
  await ben.page.evaluate(() => document.dispatchEvent(new Event('resume')));
  await isTold(ben, 'onConnectionRestored');
  await mediaFlows();
  expect(await participants(ben)).toEqual(there);
  expect(await anna.told('left', 'ended')).toEqual([]);
});
