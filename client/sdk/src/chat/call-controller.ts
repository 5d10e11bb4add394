import type { Call } from '../model/call.js';
import { currentClient, requireClient } from './current.js';

/** The ring of this device as an object; the same calls as the static methods of `CometChat`. */
export class CallController {
  private static instance: CallController | undefined;

  /** The one instance. */
  static getInstance(): CallController {
    return (CallController.instance ??= new CallController());
  }

  /** The call that was placed or accepted here and is not over, or null. */
  getActiveCall(): Call | null {
    return currentClient()?.calls.current ?? null;
  }
  /** The same as {@link CometChat.initiateCall}. */
  initiateCall(call: Call, timeout?: number): Promise<Call> {
    return requireClient().initiateCall(call, timeout);
  }
  /** Kept for compatibility: the server owns the timer. */
  clearTimer(): void {
    // There is none here.
  }
  /** Ends the active call. */
  endCall(_isInternal?: boolean): Promise<Call | null> {
    const active = this.getActiveCall();
    return active ? requireClient().endCall(active.getSessionId()) : Promise.resolve(null);
  }
  /** Kept for compatibility: an accepted call is the active one by itself. */
  onCallStarted(_call: Call): void {
    // Nothing is left to do.
  }
  /** Forgets the active call; does not end it. */
  clearActiveCall(): void {
    currentClient()?.calls.clear();
  }
  /** Leaves the session that runs, if there is one. */
  async endCallSession(): Promise<void> {
    const { CometChatCalls } = await import('../calls/calls.js');
    CometChatCalls.endSession();
  }
  /** Starts the session of the active call, or of `callSettings` when it is a session id. */
  async startCall(...args: Parameters<typeof startCall>): Promise<void> {
    return startCall(...args);
  }
}

/** `CometChat.startCall`: token and session in one, drawn into `view`. */
export async function startCall(
  callSettings: object | string,
  view: HTMLElement | null,
  ongoingCallListener?: object,
): Promise<void> {
  const { CometChatCalls } = await import('../calls/calls.js');
  const sessionId = typeof callSettings === 'string' ? callSettings : currentClient()?.calls.current?.getSessionId();
  if (ongoingCallListener) CometChatCalls.addCallEventListener('startCall', ongoingCallListener);
  const settings =
    callSettings instanceof CometChatCalls.CallSettings
      ? callSettings
      : new CometChatCalls.CallSettingsBuilder().build();
  const token = await CometChatCalls.generateToken(sessionId ?? '');
  await CometChatCalls.startSession(token, settings, view);
}
