import { expect, it } from 'vitest';
import { CometChat, CometChatCalls } from '../src/index.js';

it.each([
  ['CALL_TYPE', { AUDIO: 'audio', VIDEO: 'video' }],
  ['RECEIVER_TYPE', { USER: 'user', GROUP: 'group' }],
  [
    'CALL_STATUS',
    {
      INITIATED: 'initiated',
      ONGOING: 'ongoing',
      UNANSWERED: 'unanswered',
      REJECTED: 'rejected',
      BUSY: 'busy',
      CANCELLED: 'cancelled',
      ENDED: 'ended',
    },
  ],
  ['USER_STATUS', { ONLINE: 'online', OFFLINE: 'offline' }],
  ['GROUP_TYPE', { PUBLIC: 'public', PRIVATE: 'private', PROTECTED: 'protected', PASSWORD: 'password' }],
  ['GROUP_MEMBER_SCOPE', { ADMIN: 'admin', MODERATOR: 'moderator', PARTICIPANT: 'participant' }],
  ['CATEGORY_CALL', 'call'],
  ['DEFAULT_TIMEOUT', 45],
] as const)('CometChat.%s has the values of the compatible API', (name, values) => {
  expect(CometChat[name]).toEqual(values);
});

it('CometChatCalls.CALL_MODE and MODE have the values of the compatible API', () => {
  expect(CometChatCalls.CALL_MODE).toEqual({ DEFAULT: 'DEFAULT', SPOTLIGHT: 'SPOTLIGHT', GRID: 'TILE' });
  expect(CometChatCalls.MODE).toBe(CometChatCalls.CALL_MODE);
});

it.each(Object.entries(CometChat.CALL_ERROR))('CALL_ERROR.%s says what is wrong in words', (_, error) => {
  expect(error.code).toMatch(/^[A-Z_]+$/);
  expect(error.message).toMatch(/^[A-Z].*\.$/);
});
