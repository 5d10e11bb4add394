import { expect, test } from '@playwright/test';
import { Member } from '../support/member.js';
import { Server } from '../support/server.js';

/** A group call of three, which three more join late. Everybody is on a page of their own, in one browser. */

const UIDS = ['anna', 'ben', 'chiara', 'david', 'emi', 'farid'];

test.describe.configure({ mode: 'serial' });

let members: Member[];
let sessionId: string;
const anna = () => members[0]!;
const chiara = () => members[2]!;
const others = (all: readonly Member[], me: Member) => all.filter((one) => one !== me);

test.beforeAll(async ({ browser }) => {
  const server = await Server.shared();
  members = await Promise.all(UIDS.map((uid) => Member.logIn(browser, server.address, uid)));
  await anna().page.evaluate(async () => {
    const authToken = (await CometChat.getLoggedInUser())!.getAuthToken();
    const headers = { authToken, 'content-type': 'application/json' };
    const body = JSON.stringify({ uids: ['farid'] });
    const answer = await fetch('/v1/groups/team/members', { method: 'POST', headers, body });
    if (!answer.ok) throw new Error(await answer.text());
  });
});
test.afterAll(async ({ browser }) => {
  await Promise.all(browser.contexts().map((context) => context.close()));
});

/** Everybody hears these lines and no others of those that begin alike. */
async function everybodyIsTold(
  all: readonly Member[],
  beginning: string,
  lines: (me: Member) => string[],
): Promise<void> {
  for (const member of all) {
    const heard: string[] = [];
    const wanted = lines(member);
    await expect
      .poll(async () => heard.push(...(await member.told(beginning))) && heard.length, {
        message: `${member.uid} is told`,
      })
      .toBeGreaterThanOrEqual(wanted.length);
    expect(heard.sort(), member.uid).toEqual(wanted.sort());
  }
}

test('three see and hear each other', async () => {
  const three = members.slice(0, 3);
  sessionId = await anna().callsGroup('team');
  for (const member of three.slice(1)) await member.accepts(sessionId);
  for (const member of three) await member.joins(sessionId);
  await Promise.all(three.map((member) => member.seesAndHears(others(three, member))));
  // Who was there already is told of, too.
  await everybodyIsTold(three, 'joined', (me) => others(three, me).map(({ uid }) => `joined ${uid}`));
});

test('six see and hear each other', async () => {
  const late = members.slice(3);
  for (const member of late) await member.accepts(sessionId);
  for (const member of members) await member.told();
  for (const member of late) await member.joins(sessionId);
  await Promise.all(members.map((member) => member.seesAndHears(others(members, member))));
  await everybodyIsTold(members, 'joined', (me) => {
    const news = late.includes(me) ? members : late;
    return others(news, me).map(({ uid }) => `joined ${uid}`);
  });
});

test('who alone speaks takes the stage', async () => {
  const silent = others(members, chiara());
  await Promise.all(silent.map(({ page }) => page.evaluate(() => CometChatCalls.muteAudio())));
  for (const { page } of silent) {
    await expect
      .poll(() =>
        page.evaluate(() => {
          const { participants, dominantSpeakerId } = CometChatCalls.getSessionView()!.snapshot;
          const name = (id: string | null) => participants.find((one) => one.id === id)?.uid;
          return [name(dominantSpeakerId), ...participants.filter((one) => one.isSpeaking).map(({ uid }) => uid)];
        }),
      )
      .toEqual(['chiara', 'chiara']);
  }
});

test('the host mutes somebody, and everybody is told by whom', async () => {
  for (const member of members) await member.told();
  await anna().page.evaluate(() => {
    const { participants } = CometChatCalls.getSessionView()!.snapshot;
    CometChatCalls.muteParticipant(participants.find(({ uid }) => uid === 'chiara')!.id);
  });
  await everybodyIsTold(others(members, chiara()), 'anna muted', () => ['anna muted chiara']);
  expect(await chiara().page.evaluate(() => CometChatCalls.getSessionView()!.snapshot.local.isAudioMuted)).toBe(true);
});

test('one leaves, and the others are told exactly that', async () => {
  for (const member of members) await member.told();
  const leaver = members[4]!;
  await leaver.page.evaluate(() => CometChatCalls.leaveSession());
  const staying = others(members, leaver);
  await Promise.all(
    staying.map(async (member) => {
      const told: string[] = [];
      await expect.poll(async () => told.push(...(await member.told('left', 'list'))) && told.length).toBe(2);
      const list = staying.map(({ uid }) => uid).sort();
      expect(told, member.uid).toEqual(['left emi', `list ${list.join(' ')}`]);
    }),
  );
  await Promise.all(
    staying.map(async (member) => expect(Object.keys((await member.hearsAndSees()).frames)).toHaveLength(4)),
  );
});

test('the host ends it for all', async () => {
  const staying = members.filter((_, index) => index !== 4);
  await anna().page.evaluate(() => CometChatCalls.endSessionForAll());
  for (const { page } of staying) {
    await expect
      .poll(() => page.evaluate(() => CometChatCalls.getSessionView()?.snapshot.state ?? 'ended'))
      .toBe('ended');
  }
});
