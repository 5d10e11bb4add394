import { expect, it } from 'vitest';
import { asCallsException, asException } from '../src/errors.js';
import { CometChatCallsException, CometChatException } from '../src/index.js';

it('an exception says code, name, message and details, also as JSON', () => {
  const error = new CometChatException({ code: 'ERR_X', name: 'X', message: 'It failed.', details: 'why' });
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    code: 'ERR_X',
    name: 'X',
    message: 'It failed.',
    details: 'why',
  });
  expect([error.getCode(), error.getName(), error.getMessage(), error.getDetails()]).toEqual([
    'ERR_X',
    'X',
    'It failed.',
    'why',
  ]);
  expect(error).toBeInstanceOf(Error);
});

it('whatever is thrown becomes an exception', () => {
  expect(asException(new TypeError('odd'))).toMatchObject({
    code: 'GENERIC_EXCEPTION',
    name: 'TypeError',
    message: 'odd',
  });
  expect(asException('odd')).toMatchObject({ code: 'GENERIC_EXCEPTION', message: 'odd' });
  const calls = asCallsException(new CometChatException({ code: 'ERR_X' }));
  expect(calls).toBeInstanceOf(CometChatCallsException);
  expect(calls.code).toBe('ERR_X');
  expect(asCallsException(calls)).toBe(calls);
});
