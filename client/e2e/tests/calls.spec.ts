import { type Browser, expect, test } from '@playwright/test';
import { everybodyLeaves, Person } from '../support/person.js';
import { Server } from '../support/server.js';

/** Calls between real browsers through the real server. */

let server: Server;
test.beforeAll(async () => {
  server = await Server.shared();
});
test.afterEach(async ({ browser }, info) => {
  await everybodyLeaves(browser);
  if (info.status !== info.expectedStatus) {
    console.log(server.log.split('\n').slice(-60).join('\n'));
  }
});

test('a video call is answered, seen and heard on both sides, and ended by the caller', async ({ browser }) => {
  const [anna, ben] = await bothLogIn(browser);
  await anna.calls(ben);
  await anna.seesRinging();
  await ben.isRungBy(anna);

  const answeredAt = Date.now();
  await ben.answers();
  const [annaSawAt, benSawAt] = await Promise.all([anna.firstFrameAt(), ben.firstFrameAt()]);
  console.log(`accept to first decoded frame: caller ${annaSawAt - answeredAt} ms, callee ${benSawAt - answeredAt} ms`);
  await anna.seesInCall(ben);
  await ben.seesInCall(anna);

  // Frames are decoded at the rate at which they are sent, over some seconds.
  await anna.page.waitForTimeout(1000); // the encoders have settled
  const before = await Promise.all([anna.media(), ben.media()]);
  await anna.page.waitForTimeout(2500);
  const after = await Promise.all([anna.media(), ben.media()]);
  for (const [receiver, sender] of [
    [0, 1],
    [1, 0],
  ] as const) {
    const sent = after[sender].framesSent - before[sender].framesSent;
    const decoded = after[receiver].framesDecoded - before[receiver].framesDecoded;
    console.log(`sent ${sent} frames in 2.5 s, decoded ${decoded}, lost ${after[receiver].packetsLost} packets`);
    expect(sent).toBeGreaterThan(25);
    expect(Math.abs(sent - decoded)).toBeLessThanOrEqual(sent * 0.1 + 2);
    const packets = after[receiver].audioPacketsReceived - before[receiver].audioPacketsReceived;
    const samples = after[receiver].audioSamplesReceived - before[receiver].audioSamplesReceived;
    expect(packets).toBeGreaterThan(100); // 50 a second
    expect(after[receiver].audioBytesReceived).toBeGreaterThan(before[receiver].audioBytesReceived);
    expect(samples).toBeGreaterThan(2 * 48_000);
  }

  // Everything goes to the server's media ports, over UDP; nothing goes from browser to browser.
  const ports = server.udpPorts.map((port) => `127.0.0.1:${port}/udp`);
  for (const media of after) {
    console.log(
      `${media.videoCodecs.join()} ${media.srtpCiphers.join()} DTLS ${media.dtlsVersions.join()} to ${media.remoteEnds.join()}`,
    );
    expect(media.connectionStates).toEqual(['connected', 'connected']);
    expect(media.remoteEnds).toHaveLength(2);
    expect(ports).toEqual(expect.arrayContaining([...new Set(media.remoteEnds)]));
  }

  await anna.hangsUp();
  await anna.reads('The call has ended.');
  await ben.reads('The call has ended.');
});

test('muting and switching the camera off shows on the other side', async ({ browser }) => {
  const { anna, ben } = await inCall(browser);
  await anna.button('Mute microphone').click();
  await expect(ben.tile(anna.name)).toHaveAccessibleName(/microphone muted/);
  await anna.button('Unmute microphone').click();
  await expect(ben.tile(anna.name)).not.toHaveAccessibleName(/microphone muted/);
  await anna.button('Turn camera off').click();
  await expect(ben.tile(anna.name)).toHaveAccessibleName(/camera off/);
  await anna.button('Turn camera on').click();
  await expect(ben.tile(anna.name)).not.toHaveAccessibleName(/camera off/);
  const before = await ben.media();
  await expect.poll(async () => (await ben.media()).framesDecoded).toBeGreaterThan(before.framesDecoded + 20);
});

test('the callee ends the call', async ({ browser }) => {
  const { anna, ben } = await inCall(browser);
  await ben.hangsUp();
  await ben.reads('The call has ended.');
  await anna.reads('The call has ended.');
  await anna.closesOver();
  await expect(anna.page.getByRole('searchbox')).toBeVisible();
});

test('an audio call sends no video', async ({ browser }) => {
  const [anna, ben] = await bothLogIn(browser);
  await anna.calls(ben, 'audio');
  await ben.isRungBy(anna);
  await ben.answers();
  await anna.seesInCall(ben);
  await ben.seesInCall(anna);
  await expect.poll(async () => (await anna.media()).audioPacketsReceived).toBeGreaterThan(100);
  await expect.poll(async () => (await ben.media()).audioPacketsReceived).toBeGreaterThan(100);
  expect((await anna.media()).framesSent).toBe(0);
  await expect(anna.button('Turn camera on')).toBeHidden();
});

test('a call is declined', async ({ browser }) => {
  const { anna, ben } = await ringing(browser);
  await ben.button('Decline').click();
  await anna.reads(`${ben.name} declined the call.`);
  await ben.isNotRung();
});

test('a call is cancelled', async ({ browser }) => {
  const { anna, ben } = await ringing(browser);
  await anna.button('Cancel').click();
  await anna.reads('You cancelled the call.');
  await ben.reads(`You missed a call from ${anna.name}.`);
});

test('a call is answered by “busy”, and the first call goes on', async ({ browser }) => {
  const { anna, ben } = await inCall(browser);
  const chiara = await Person.logIn(browser, server.address, 'chiara');
  await chiara.calls(ben);
  await ben.isRungBy(chiara);
  await ben.button('I’m busy').click();
  await chiara.reads(`${ben.name} is in another call.`);
  await ben.isNotRung();
  const before = await anna.media();
  await expect.poll(async () => (await anna.media()).framesDecoded).toBeGreaterThan(before.framesDecoded + 20);
});

test('a second call is taken instead of the first', async ({ browser }) => {
  const { anna, ben } = await inCall(browser);
  const chiara = await Person.logIn(browser, server.address, 'chiara');
  await chiara.calls(ben);
  await ben.isRungBy(chiara);
  await ben.button('End and answer').click();
  await anna.reads('The call has ended.');
  await ben.seesInCall(chiara);
  await chiara.seesInCall(ben);
});

test('another device of the callee stops ringing once one has answered', async ({ browser }) => {
  const other = await Person.logIn(browser, server.address, 'ben');
  const { anna, ben } = await ringing(browser);
  await other.isRungBy(anna);
  await ben.answers();
  await other.reads('You answered on another device.');
  await anna.seesInCall(ben);
  // Nor does it take the call with it when it goes.
  await other.leaves();
  await ben.seesInCall(anna);
});

test('a reload does not stop the ringing, on either side', async ({ browser }) => {
  const { anna, ben } = await ringing(browser);
  await ben.page.reload();
  await ben.isRungBy(anna);
  await anna.page.reload();
  await anna.seesRinging();
  await ben.answers();
  await anna.seesInCall(ben);
  await ben.seesInCall(anna);
});

test('leaving the page ends the call for the other side', async ({ browser }) => {
  const { anna, ben } = await inCall(browser);
  const before = server.log.length;
  await ben.page.goto('about:blank');
  await anna.reads('The call has ended.');
  // Who reloads may come back, so the server keeps the call for a moment.
  await expect.poll(() => server.log.slice(before), { timeout: 15_000 }).toContain('call.ended');
});

test('a browser that dies ends the call for the other side, after a while', async ({ browser }) => {
  const { anna, ben } = await inCall(browser);
  const devTools = await ben.page.context().newCDPSession(ben.page);
  devTools.send('Page.crash').catch(() => undefined);
  await expect(anna.page.getByText('The connection to the call was lost.')).toBeVisible({ timeout: 40_000 });
});

test('a call to nobody says so', async ({ browser }) => {
  const anna = await Person.logIn(browser, server.address, 'anna');
  await anna.page.getByRole('searchbox').fill('nobody-at-all');
  await anna.button('Call the user id “nobody-at-all”').click();
  await anna.reads('There is no user “nobody-at-all” on this server. Check the spelling.');
});

test('presence follows who comes and goes', async ({ browser }) => {
  const anna = await Person.logIn(browser, server.address, 'anna');
  const david = anna.page.locator('[data-contact="david"]');
  await expect(david).not.toContainText('Online');
  const him = await Person.logIn(browser, server.address, 'david');
  await expect(david).toContainText('Online');
  await him.leaves();
  await expect(david).not.toContainText('Online', { timeout: 40_000 });
});

test('the page finds its server again', async ({ browser }) => {
  const anna = await Person.logIn(browser, server.address, 'anna');
  await server.pause();
  await anna.reads('The server is away. Reconnecting…');
  await server.resume();
  await expect(anna.page.getByText('The server is away')).toBeHidden({ timeout: 30_000 });
  const ben = await Person.logIn(browser, server.address, 'ben');
  await anna.calls(ben);
  await ben.isRungBy(anna);
});

test.describe('with a short ringing time', () => {
  let impatient: Server;
  test.beforeAll(async () => {
    impatient = await Server.start({ 'belfry.signalling.ringTimeoutMin': '2s', 'belfry.signalling.ringTimeout': '3s' });
  });
  test.afterAll(async () => impatient.stop());

  test('a call that nobody answers ends by itself', async ({ browser }) => {
    const [anna, ben] = await bothLogIn(browser, impatient);
    await anna.calls(ben);
    await ben.isRungBy(anna);
    await anna.reads(`${ben.name} did not answer.`);
    await ben.reads(`You missed a call from ${anna.name}.`);
  });
});

async function bothLogIn(browser: Browser, where = server): Promise<[Person, Person]> {
  return Promise.all([Person.logIn(browser, where.address, 'anna'), Person.logIn(browser, where.address, 'ben')]);
}

async function ringing(browser: Browser): Promise<{ anna: Person; ben: Person }> {
  const [anna, ben] = await bothLogIn(browser);
  await anna.calls(ben);
  await anna.seesRinging();
  await ben.isRungBy(anna);
  return { anna, ben };
}

async function inCall(browser: Browser): Promise<{ anna: Person; ben: Person }> {
  const both = await ringing(browser);
  await both.ben.answers();
  await both.anna.seesInCall(both.ben);
  await both.ben.seesInCall(both.anna);
  await Promise.all([both.anna.firstFrameAt(), both.ben.firstFrameAt()]);
  return both;
}
