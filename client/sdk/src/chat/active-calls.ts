import { CALL_STATUS } from '../constants.js';
import { clientError } from '../errors.js';
import { Call, type CallJson } from '../model/call.js';
import type { HelloAnswer } from '../transport/wire.js';
import type { CallCallbacks, ListenerRegistry } from './listeners.js';
import type { LoginStore } from './login-store.js';

/**
 * What this device knows of calls: the one it is in, and those that ring on it. Turns the server's events into callbacks, each
 * once, and makes up for what a lost connection hid.
 */
export class ActiveCalls {
  private active: Call | undefined;
  private readonly ringing = new Map<string, Call>();

  constructor(
    private readonly listeners: ListenerRegistry<CallCallbacks>,
    private readonly store: LoginStore,
  ) {}

  /** The call this device placed or accepted and that is not over. */
  get current(): Call | undefined {
    return this.active;
  }

  /** Throws when this device cannot place a call, or accept `sessionId`, because it is in another one. */
  requireFree(sessionId?: string): void {
    if (!this.active || this.active.sessionId === sessionId) return;
    const isOngoing = this.active.status === CALL_STATUS.ONGOING || sessionId !== undefined;
    throw clientError(isOngoing ? 'CALL_IN_PROGRESS' : 'CALL_ALREADY_INITIATED');
  }

  /** The server answered a request of this device on a call. */
  onAnswer(json: CallJson): Call {
    const call = Call.callFromJSON(json);
    this.ringing.delete(call.sessionId);
    if (call.status === CALL_STATUS.INITIATED || call.status === CALL_STATUS.ONGOING) this.enter(call);
    else this.leave(call.sessionId);
    return call;
  }

  clear(): void {
    this.active = undefined;
    this.store.callSessionId = null;
  }

  onIncoming(json: CallJson): void {
    const call = Call.callFromJSON(json);
    if (this.ringing.has(call.sessionId)) return; // told again after a reconnection
    this.ringing.set(call.sessionId, call);
    this.listeners.each((listener) => listener.onIncomingCallReceived?.(call));
  }

  onAccepted(json: CallJson): void {
    const call = Call.callFromJSON(json);
    // All of the caller's devices are told; only the one that placed the call goes on with it.
    if (this.active?.sessionId !== call.sessionId) return;
    this.enter(call);
    this.listeners.each((listener) => listener.onOutgoingCallAccepted?.(call));
  }

  onRejected(json: CallJson): void {
    const call = Call.callFromJSON(json);
    this.leave(call.sessionId);
    this.listeners.each((listener) => listener.onOutgoingCallRejected?.(call));
  }

  onCancelled(json: CallJson): void {
    const call = Call.callFromJSON(json);
    this.ringing.delete(call.sessionId);
    // It may go on here: who calls somebody that is calling has answered.
    if (call.status !== CALL_STATUS.ONGOING) this.leave(call.sessionId);
    this.listeners.each((listener) => listener.onIncomingCallCancelled?.(call));
  }

  onEnded(json: CallJson): void {
    const call = Call.callFromJSON(json);
    this.leave(call.sessionId);
    this.listeners.each((listener) => listener.onCallEndedMessageReceived?.(call));
  }

  /**
   * The device socket is connected. After a reload the server says which call this tab was in; after a gap in which events
   * were lost, calls that the server no longer knows are over.
   */
  onGreeted({ activeCall }: HelloAnswer, isResumed: boolean): void {
    if (activeCall && !this.active && this.store.callSessionId === activeCall.sessionId) {
      this.active = Call.callFromJSON(activeCall);
    }
    if (isResumed) return;
    for (const call of [...this.ringing.values()]) {
      if (call.sessionId !== activeCall?.sessionId) this.onCancelled(closing(call, CALL_STATUS.CANCELLED));
    }
    const lost = this.active;
    if (!lost || lost.sessionId === activeCall?.sessionId) return;
    if (lost.status === CALL_STATUS.INITIATED) this.onRejected(closing(lost, CALL_STATUS.UNANSWERED));
    else this.onEnded(closing(lost, CALL_STATUS.ENDED));
  }

  private enter(call: Call): void {
    this.active = call;
    this.store.callSessionId = call.sessionId;
  }

  private leave(sessionId: string): void {
    if (this.active?.sessionId === sessionId) this.clear();
  }
}

/** The last known action of a call, turned into the one that the lost connection hid. */
function closing(call: Call, status: string): CallJson {
  const raw = call.getRawData();
  if (!raw) throw new Error('a call of the server has its description');
  const { joinedAt: _, ...rest } = raw;
  return { ...rest, action: status, status };
}
