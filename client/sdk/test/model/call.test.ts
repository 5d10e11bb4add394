import { describe, expect, it } from 'vitest';
import { Call } from '../../src/model/call.js';
import { Group } from '../../src/model/group.js';
import { User } from '../../src/model/user.js';
import { GROUP_CALL, SEED } from '../support/seed.js';

describe('a call from the server', () => {
  it.each(Object.entries(SEED))('has every documented field: %s', (_, json) => {
    const call = Call.callFromJSON(json);
    // As plain data it is exactly what the documentation shows.
    expect(JSON.parse(JSON.stringify(call))).toEqual(json);
    expect('joinedAt' in json).toBe(call.joinedAt !== undefined);
  });

  it.each(Object.entries(SEED))('answers with its getters: %s', (_, json) => {
    const call = Call.callFromJSON(json);
    expect(call.getSessionId()).toBe(json.sessionId);
    expect(call.getId()).toBe(Number(json.id));
    expect(call.getConversationId()).toBe(json.conversationId);
    expect(call.getAction()).toBe(json.action);
    expect(call.getStatus()).toBe(json.status);
    expect(call.getType()).toBe(json.type);
    expect(call.getCategory()).toBe('call');
    expect(call.getReceiverType()).toBe('user');
    expect(call.getReceiverId()).toBe(json.receiverId);
    expect(call.getInitiatedAt()).toBe(json.initiatedAt);
    expect(call.getJoinedAt()).toBe(json.joinedAt ?? 0);
    expect(call.getSentAt()).toBe(json.sentAt);
    expect(call.getUpdatedAt()).toBe(json.updatedAt);
    expect(call.getSender().getUid()).toBe(json.sender.uid);
    expect((call.getReceiver() as User).getUid()).toBe(json.receiverId);
    expect(call.getCallInitiator().getName()).toBe('Ronald Jerry');
    expect((call.getCallReceiver() as User).getName()).toBe('Henry Marino');
    expect(call.getRawData()).toBe(json);
  });

  it('has a group where a group is called', () => {
    const call = Call.callFromJSON(GROUP_CALL);
    expect(call.getReceiver()).toBeInstanceOf(Group);
    expect((call.getCallReceiver() as Group).getGuid()).toBe('team');
    expect((call.getCallReceiver() as Group).getMembersCount()).toBe(3);
    expect(call.getCallInitiator()).toBeInstanceOf(User);
    expect(call.getMetadata()).toEqual({ reason: 'stand-up' });
  });
});

describe('a call to place', () => {
  it('is a call by default', () => {
    const call = new Call('ben', Call.TYPE.VIDEO, Call.RECEIVER_TYPE.USER);
    expect(call.getCategory()).toBe('call');
    expect(call.getType()).toBe('video');
    expect(call.getReceiverId()).toBe('ben');
    expect(call.getMetadata()).toEqual({});
    expect(call.getRawData()).toBeUndefined();
  });
});

describe('a user', () => {
  it('does not spread its token when it is copied or logged', () => {
    const user = new User({ uid: 'anna', name: 'Anna', authToken: 'secret' });
    expect(user.getAuthToken()).toBe('secret');
    expect(JSON.stringify(user)).not.toContain('secret');
    expect(Object.keys(user)).not.toContain('authToken');
  });

  it('has no avatar where there is none', () => {
    const user = new User({ uid: 'anna', name: 'Anna', avatar: null });
    expect(user.getAvatar()).toBe('');
    expect('avatar' in JSON.parse(JSON.stringify(user))).toBe(false);
  });
});
