import type { CallEnd } from '@belfry/sdk';
import type { Outcome, Party } from './phone';

/** What became of a call, in words. */
export function outcomeInWords(outcome: Outcome, name: string): string {
  switch (outcome) {
    case 'ended':
      return 'The call has ended.';
    case 'connection-lost':
      return 'The connection to the call was lost.';
    case 'declined':
      return `${name} declined the call.`;
    case 'busy':
      return `${name} is in another call.`;
    case 'no-answer':
      return `${name} did not answer.`;
    case 'cancelled':
      return 'You cancelled the call.';
    case 'missed':
      return `You missed a call from ${name}.`;
    case 'answered-elsewhere':
      return 'You answered on another device.';
    case 'declined-elsewhere':
      return 'You declined on another device.';
    case 'failed':
      return `${name} could not be called.`;
  }
}

const ERRORS: Readonly<Record<string, (name: string) => string>> = {
  ERR_UID_NOT_FOUND: (name) => `There is no user “${name}” on this server. Check the spelling.`,
  ERR_GUID_NOT_FOUND: (name) => `There is no group “${name}” on this server.`,
  ERR_NOT_A_MEMBER: (name) => `You are not a member of ${name}. Ask its owner to add you.`,
  ERR_CALLING_SELF: () =>
    'You cannot call yourself. Open a second window, log in as somebody else, and call from there.',
  ERR_CALL_BUSY_SELF: () => 'You are in a call already, perhaps in another window. End it first.',
  ERR_CALL_BUSY_USER: (name) => `${name} is in another call. Try again later.`,
  ERR_CALL_BUSY_GROUP: (name) => `${name} has a call going on already.`,
  ERR_CALL_TERMINATED: () => 'This call is over already.',
  ERR_CALL_SESSION_NOT_FOUND: () => 'This call is over already.',
  ERR_CALL_USER_ALREADY_JOINED: () => 'You answered this call on another device.',
  ERR_TOO_MANY_REQUESTS: () => 'Too many calls in a short time. Wait a minute, then try again.',
  AUTH_ERR_AUTH_TOKEN_NOT_FOUND: () => 'Your login is no longer valid. Log in again.',
  AUTH_ERR_NO_ACCESS: () => 'The server does not let you in. Check what you log in with.',
};

/** What went wrong with a call to somebody, in words. Errors that have no words of ours have the server's. */
export function errorInWords(error: unknown, name: string): string {
  const { code, message } = error as { code?: string | number; message?: string };
  return ERRORS[String(code)]?.(name) ?? message ?? 'Something went wrong. Try again.';
}

const GUEST_ERRORS: Readonly<Record<string, string>> = {
  ERR_GUEST_LINK_INVALID: 'This link is not valid, or no longer. Ask for a new one.',
  ERR_GUESTS_NOT_ALLOWED: 'This server does not take guests.',
  ERR_CALL_SESSION_NOT_FOUND: 'The call that this link is for is over.',
  ERR_CALL_TERMINATED: 'The call that this link is for is over.',
  ERR_SESSION_NOT_FOUND: 'The call that this link is for is over.',
  ERR_TOKEN_EXPIRED: 'You took a while, so your place was given up. Join once more.',
  ERR_CALL_NOT_STARTED: 'Who sent you this link is not in the call any more. Ask for a new one.',
  ERR_TOO_MANY_REQUESTS: 'Too many guests in a short time. Wait a minute, then try again.',
};

/** What went wrong with a link for guests, in words. */
export function guestErrorInWords(error: unknown): string {
  return GUEST_ERRORS[String((error as { code?: string | number }).code)] ?? errorInWords(error, '');
}

/** How a call ended for a guest, and the name of who ended it, was lost or left as the last one. */
export type GuestEnd =
  | { readonly is: 'left' }
  | { readonly is: 'idle' }
  | { readonly is: 'ended'; readonly by: string | null }
  | { readonly is: 'lost'; readonly by: string | null }
  | { readonly is: 'alone'; readonly by: string | null };

export function guestEnd({ reason, by }: CallEnd): GuestEnd {
  const kinds: Readonly<Record<string, 'lost' | 'alone'>> = { 'participant-gone': 'lost', 'everyone-left': 'alone' };
  return { is: kinds[reason] ?? 'ended', by: by?.name ?? null };
}

/** What the guest reads then: who ended it, and what to do next. */
export function guestEndInWords(end: GuestEnd): { title: string; help: string; canComeBack: boolean } {
  switch (end.is) {
    case 'left':
      return { title: 'You left the call', help: 'You can come back as long as the call goes on.', canComeBack: true };
    case 'idle':
      return {
        title: 'You were alone for a while',
        help: 'So the call was ended for you. You can come back as long as somebody is in it.',
        canComeBack: true,
      };
    case 'ended':
      return {
        title: end.by === null ? 'The call was ended for everyone' : `${end.by} ended the call`,
        help: 'This link was for that call only. To meet again, ask for a new one; you may close this page.',
        canComeBack: false,
      };
    case 'lost':
      return {
        title: end.by === null ? 'The call is over' : `The call ended because ${end.by} is gone`,
        help: 'This link was for that call only. To meet again, ask for a new one; you may close this page.',
        canComeBack: false,
      };
    case 'alone':
      return {
        title: end.by === null ? 'Everyone else has left' : `${end.by} left as the last one`,
        help: 'You may close this page, or come back if they return.',
        canComeBack: true,
      };
  }
}

/** `5 minutes ago`, from Unix seconds. */
export function ago(thenSeconds: number, nowMs: number): string {
  const seconds = Math.max(0, nowMs / 1000 - thenSeconds);
  const steps: readonly [limit: number, size: number, unit: Intl.RelativeTimeFormatUnit][] = [
    [3600, 60, 'minute'],
    [86_400, 3600, 'hour'],
    [Infinity, 86_400, 'day'],
  ];
  if (seconds < 60) {
    return 'just now';
  }
  const [, size, unit] = steps.find(([limit]) => seconds < limit) ?? [0, 86_400, 'day'];
  return new Intl.RelativeTimeFormat('en').format(-Math.floor(seconds / size), unit);
}

/** `2:13` or `1:02:13`. */
export function duration(ms: number): string {
  const total = Math.max(0, Math.floor(ms / 1000));
  const parts = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}

/** How a group or a person is spoken of in a list. */
export function membersInWords(count: number): string {
  return count === 1 ? '1 member' : `${count} members`;
}

/** The window's title while somebody calls. */
export function ringingTitle(callerName: string, party: Party): string {
  return party.isGroup ? `${callerName} calls ${party.name}` : `${callerName} is calling`;
}
