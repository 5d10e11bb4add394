/**
 * The phone as a pure state machine: what happened goes in, what the screen shows comes out. The server decides about calls;
 * this only remembers what it said.
 */

/** Somebody, or a group, at the other end. */
export interface Party {
  readonly id: string;
  readonly name: string;
  readonly avatar: string | null;
  readonly isGroup: boolean;
}

/** A call as the screens need it. */
export interface PhoneCall {
  readonly sessionId: string;
  readonly party: Party;
  /** Who called: in a group call not the party itself. */
  readonly callerName: string;
  readonly isVideo: boolean;
}

/** Why a call is over, from where we sit. */
export type Outcome =
  | 'ended'
  | 'connection-lost'
  | 'declined'
  | 'busy'
  | 'no-answer'
  | 'cancelled'
  | 'missed'
  | 'answered-elsewhere'
  | 'declined-elsewhere'
  | 'failed';

/** What the line does. */
export type Line =
  | { readonly is: 'idle' }
  | { readonly is: 'dialling'; readonly party: Party; readonly isVideo: boolean }
  | { readonly is: 'outgoing'; readonly call: PhoneCall }
  | { readonly is: 'answering'; readonly call: PhoneCall }
  | { readonly is: 'talking'; readonly call: PhoneCall; readonly startWithVideo: boolean; readonly sinceMs: number }
  | {
      readonly is: 'over';
      readonly party: Party;
      readonly isVideo: boolean;
      readonly outcome: Outcome;
      /** For `failed`: what went wrong, in words. */
      readonly reason: string | null;
      readonly durationMs: number | null;
    };

/** The line, and who rings at it: the first one is shown, over the call if there is one. */
export interface Phone {
  readonly line: Line;
  readonly ringing: readonly PhoneCall[];
}

/** What can happen to a phone. */
export type PhoneEvent =
  | { readonly type: 'dialled'; readonly party: Party; readonly isVideo: boolean }
  | { readonly type: 'initiated'; readonly call: PhoneCall }
  | { readonly type: 'failed'; readonly party: Party; readonly isVideo: boolean; readonly reason: string }
  | { readonly type: 'accepted'; readonly sessionId: string; readonly nowMs: number }
  | { readonly type: 'refused'; readonly sessionId: string; readonly outcome: Outcome }
  | { readonly type: 'rang'; readonly call: PhoneCall }
  | { readonly type: 'stoppedRinging'; readonly sessionId: string; readonly outcome: Outcome | null }
  | { readonly type: 'answering'; readonly call: PhoneCall }
  | { readonly type: 'answered'; readonly call: PhoneCall; readonly startWithVideo: boolean; readonly nowMs: number }
  | { readonly type: 'resumed'; readonly call: PhoneCall; readonly startWithVideo: boolean; readonly nowMs: number }
  | { readonly type: 'ended'; readonly sessionId: string; readonly outcome: Outcome; readonly nowMs: number }
  | { readonly type: 'dismissed' };

/** A phone at rest. */
export const AT_REST: Phone = { line: { is: 'idle' }, ringing: [] };

/** The phone after an event. Events about calls that it no longer has change nothing. */
export function stepPhone(phone: Phone, event: PhoneEvent): Phone {
  const { line, ringing } = phone;
  switch (event.type) {
    case 'dialled':
      return isFree(line) ? { ...phone, line: { is: 'dialling', party: event.party, isVideo: event.isVideo } } : phone;
    case 'initiated':
      return line.is === 'dialling' || isFree(line) ? { ...phone, line: { is: 'outgoing', call: event.call } } : phone;
    case 'failed':
      return { ...phone, line: over(event.party, event.isVideo, 'failed', event.reason) };
    case 'accepted':
      return line.is === 'outgoing' && line.call.sessionId === event.sessionId
        ? {
            ...phone,
            line: { is: 'talking', call: line.call, startWithVideo: line.call.isVideo, sinceMs: event.nowMs },
          }
        : phone;
    case 'refused':
      return line.is === 'outgoing' && line.call.sessionId === event.sessionId
        ? { ...phone, line: over(line.call.party, line.call.isVideo, event.outcome) }
        : phone;
    case 'rang': {
      const isKnown = [...ringing, ...callsOf(line)].some(({ sessionId }) => sessionId === event.call.sessionId);
      return isKnown ? phone : { ...phone, ringing: [...ringing, event.call] };
    }
    case 'stoppedRinging':
      return stopRinging(phone, event.sessionId, event.outcome);
    case 'answering':
      return {
        line: { is: 'answering', call: event.call },
        ringing: ringing.filter(({ sessionId }) => sessionId !== event.call.sessionId),
      };
    case 'answered':
      return {
        line: { is: 'talking', call: event.call, startWithVideo: event.startWithVideo, sinceMs: event.nowMs },
        ringing: ringing.filter(({ sessionId }) => sessionId !== event.call.sessionId),
      };
    case 'resumed':
      return line.is === 'idle'
        ? {
            ...phone,
            line: { is: 'talking', call: event.call, startWithVideo: event.startWithVideo, sinceMs: event.nowMs },
          }
        : phone;
    case 'ended':
      return line.is === 'talking' && line.call.sessionId === event.sessionId
        ? {
            ...phone,
            line: over(line.call.party, line.call.isVideo, event.outcome, null, event.nowMs - line.sinceMs),
          }
        : phone;
    case 'dismissed':
      return line.is === 'over' ? { ...phone, line: { is: 'idle' } } : phone;
  }
}

/** True when a new call may be placed. */
export function isFree(line: Line): boolean {
  return line.is === 'idle' || line.is === 'over';
}

function callsOf(line: Line): PhoneCall[] {
  return line.is === 'outgoing' || line.is === 'answering' || line.is === 'talking' ? [line.call] : [];
}

function stopRinging({ line, ringing }: Phone, sessionId: string, outcome: Outcome | null): Phone {
  const call = [...ringing, ...(line.is === 'answering' ? [line.call] : [])].find((one) => one.sessionId === sessionId);
  const rest = ringing.filter((one) => one.sessionId !== sessionId);
  if (call === undefined) {
    return { line, ringing };
  }
  const isFreed = isFree(line) || line.is === 'answering';
  if (!isFreed || rest.length > 0 || outcome === null) {
    return { line: line.is === 'answering' ? { is: 'idle' } : line, ringing: rest };
  }
  return { line: over(call.party, call.isVideo, outcome), ringing: rest };
}

function over(
  party: Party,
  isVideo: boolean,
  outcome: Outcome,
  reason: string | null = null,
  durationMs: number | null = null,
): Line {
  return { is: 'over', party, isVideo, outcome, reason, durationMs };
}
