import { expect, test } from '@playwright/test';
import { Server } from '../support/server.js';
import { Turn } from '../support/turn.js';
import { type VideoCodec, WhipPage } from '../support/whip-page.js';

/** What Chromium's media is made of, end to end: codecs, simulcast, SRTP profiles, UDP and TCP. */

const CODECS: readonly VideoCodec[] = ['VP8', 'VP9', 'H264', 'AV1'];

let server: Server;
/** Prefers the other SRTP profile, and names a TURN server. */
let other: Server;
const turn = new Turn();
test.beforeAll(async () => {
  [server, other] = await Promise.all([
    Server.shared(),
    Server.start({
      'belfry.sfu.srtpProfiles': 'AES128_CM_SHA1_80,AEAD_AES_128_GCM',
      'belfry.sfu.iceServers.urls': turn.url,
      'belfry.sfu.iceServers.secret': turn.secret,
    }),
  ]);
});
test.afterAll(async () => {
  await other.stop();
});

/** Waits until so many frames have been decoded. */
async function decodes(page: WhipPage, pair: string, frames: number): Promise<void> {
  const decoded = async () => (await page.stats(pair)).watcher.frames;
  await expect.poll(decoded, { intervals: [100] }).toBeGreaterThanOrEqual(frames);
}

for (const codec of CODECS) {
  test(`Opus and ${codec} in layers are published by WHIP and decoded by WHEP`, async ({ browser }) => {
    const page = await WhipPage.open(browser, server.address);
    test.skip(!(await page.encodable()).includes(codec), `not run: this Chromium does not encode ${codec}`);
    const answer = await page.start(codec, { codec, simulcast: true });
    expect(answer).toContain('a=simulcast:recv q;h;f');
    await decodes(page, codec, 10);
    // Of the three that were offered, Chromium sends two of a picture this small.
    await expect.poll(async () => (await page.stats(codec)).publisher.layers).toBe(2);
    const { publisher, watcher } = await page.stats(codec);
    for (const end of [publisher, watcher]) {
      expect(end).toMatchObject({
        connectionState: 'connected',
        videoCodec: codec,
        audioCodec: 'opus',
        srtpCipher: 'SRTP_AEAD_AES_128_GCM',
        protocol: 'udp',
      });
      expect(end.audioPackets).toBeGreaterThan(10);
    }
    expect(watcher.layers).toBe(1);
    expect(await page.stop(codec)).toEqual([200, 200]);
    await page.close();
  });
}

test('the server chooses the SRTP profile', async ({ browser }) => {
  const page = await WhipPage.open(browser, other.address);
  await page.start('p', { codec: 'VP8' });
  await decodes(page, 'p', 10);
  const { publisher, watcher } = await page.stats('p');
  expect(publisher.srtpCipher).toBe('SRTP_AES128_CM_HMAC_SHA1_80');
  expect(watcher.srtpCipher).toBe('SRTP_AES128_CM_HMAC_SHA1_80');
  await page.close();
});

test('media flows over TCP where no UDP gets through', async ({ browser }) => {
  const page = await WhipPage.open(browser, server.address);
  await page.start('tcp', { codec: 'VP8', tcpOnly: true });
  await decodes(page, 'tcp', 20);
  const { publisher, watcher } = await page.stats('tcp');
  expect(publisher.protocol).toBe('tcp');
  expect(watcher.protocol).toBe('tcp');
  expect(watcher.audioPackets).toBeGreaterThan(10);
  await page.close();
});

test('ICE restarts by PATCH, and media goes on', async ({ browser }) => {
  const page = await WhipPage.open(browser, server.address);
  await page.start('ice', { codec: 'VP8' });
  await decodes(page, 'ice', 10);
  expect(await page.restartIce('ice')).toBe(200);
  const before = (await page.stats('ice')).watcher.frames;
  await decodes(page, 'ice', before + 20);
  expect((await page.stats('ice')).publisher.connectionState).toBe('connected');
  await page.close();
});

test('media goes through the TURN server that the server names', async ({ browser }) => {
  test.skip(!Turn.isInstalled, 'not run: coturn is not installed (Debian: apt-get install coturn)');
  await turn.start();
  try {
    const page = await WhipPage.open(browser, other.address);
    await page.start('turn', { codec: 'VP8', relayOnly: true });
    await decodes(page, 'turn', 10);
    const { publisher, watcher } = await page.stats('turn');
    expect(publisher.localCandidate).toBe('relay');
    expect(watcher.localCandidate).toBe('relay');
    await page.close();
  } finally {
    await turn.stop();
  }
});
