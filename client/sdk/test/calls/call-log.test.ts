import { beforeEach, describe, expect, it } from 'vitest';
import { setPlatformForTests } from '../../src/chat/current.js';
import { CallGroup, CometChatCalls } from '../../src/index.js';
import { FakePlatform } from '../support/fake-platform.js';

const CALL = {
  sessionId: 'session-1',
  mid: 'mid-1',
  type: 'video',
  mode: 'call',
  status: 'ended',
  receiverType: 'user',
  initiatedAt: 1772009341,
  startedAt: 1772009347,
  endedAt: 1772009677,
  totalDuration: '00:05:30',
  totalDurationInMinutes: 5.5,
  totalAudioMinutes: 0,
  totalVideoMinutes: 11,
  totalParticipants: 2,
  hasRecording: false,
  initiator: { uid: 'anna', name: 'Anna' },
  receiver: { uid: 'ben', name: 'Ben' },
  participants: [{ uid: 'anna', name: 'Anna', hasJoined: true, state: 'ended', joinedAt: 1, leftAt: 2 }],
  recordings: [],
};

let platform: FakePlatform;

beforeEach(async () => {
  platform = new FakePlatform();
  setPlatformForTests(() => platform);
  await CometChatCalls.init({ appId: 'belfry' });
});

describe('the call log', () => {
  it('is read page by page, with every filter in the request', async () => {
    platform.rest.set('GET /v1/calls', () => ({ data: { calls: [CALL], pagination: { total_pages: 2 } } }));
    const request = new CometChatCalls.CallLogRequestBuilder()
      .setLimit(1)
      .setCallType('video')
      .setCallStatus('missed')
      .setCallDirection('incoming')
      .setCallCategory('call')
      .setHasRecording(false)
      .setUid('ben')
      .setAuthToken('auth-1')
      .build();
    expect(await request.fetchNext()).toHaveLength(1);
    expect(await request.fetchNext()).toHaveLength(1);
    expect(await request.fetchNext()).toEqual([]);
    expect(await request.fetchPrevious()).toHaveLength(1);
    expect(platform.requests.map(({ url }) => new URL(url).searchParams.get('page'))).toEqual(['1', '2', '1']);
    const { searchParams } = new URL(platform.requests[0]!.url);
    expect(Object.fromEntries(searchParams)).toEqual({
      page: '1',
      per_page: '1',
      type: 'video',
      status: 'missed',
      direction: 'incoming',
      mode: 'call',
      hasRecording: 'false',
      uid: 'ben',
    });
    expect(platform.requests[0]!.headers).toMatchObject({ authToken: 'auth-1' });
  });

  it('gives a call with everything that is known of it', async () => {
    platform.rest.set('GET /v1/calls/session-1', () => ({ data: { call: CALL } }));
    const [call] = await CometChatCalls.getCallDetails('session-1', 'auth-1');
    expect(call?.getSessionID()).toBe('session-1');
    expect(call?.getTotalDuration()).toBe('00:05:30');
    expect(call?.getTotalDurationInMinutes()).toBe(5.5);
    expect(call?.getInitiator().getName()).toBe('Anna');
    expect(call?.getParticipants()[0]?.getHasJoined()).toBe(true);
    expect(call?.getRecordings()).toEqual([]);
  });

  it('tells groups from users, and reckons a duration that is not given', async () => {
    const { totalDuration: _, ...rest } = CALL;
    const group = { ...rest, receiverType: 'group', receiver: { guid: 'team', name: 'Team' } };
    platform.rest.set('GET /v1/calls/session-1', () => ({ data: { call: group } }));
    const [call] = await CometChatCalls.getCallDetails('session-1', 'auth-1');
    expect(call?.getReceiver()).toBeInstanceOf(CallGroup);
    expect(call?.getTotalDuration()).toBe('00:05:30');
  });

  it('asks for a session', async () => {
    await expect(CometChatCalls.getCallDetails('', 'auth-1')).rejects.toMatchObject({ code: 'SESSION_ID_REQUIRED' });
  });
});
