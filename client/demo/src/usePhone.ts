import { CometChat, CometChatCalls } from '@belfry/sdk';
import { useEffect, useMemo, useReducer, useRef, useState } from 'react';
import { askForDevices, type DeviceProblem } from './devices';
import {
  AT_REST,
  isFree,
  type Outcome,
  type Party,
  type Phone,
  type PhoneCall,
  type PhoneEvent,
  stepPhone,
} from './phone';
import { errorInWords } from './words';

/** Devices that stand in the way of something, and how to go on. */
export interface DeviceQuestion extends DeviceProblem {
  readonly onRetry: () => void;
  /** Null where sound alone would not help. */
  readonly onAudioOnly: (() => void) | null;
  readonly onCancel: () => void;
}

/** The phone, and everything one can do with it. */
export interface PhoneControls {
  readonly phone: Phone;
  readonly deviceQuestion: DeviceQuestion | null;
  readonly call: (party: Party, isVideo: boolean) => void;
  readonly cancel: () => void;
  readonly answer: (call: PhoneCall, startWithVideo: boolean) => void;
  readonly decline: (call: PhoneCall, isBusy: boolean) => void;
  readonly hangUp: (outcome: Outcome) => void;
  /** The session ended without us hanging up. */
  readonly onSessionEnded: (sessionId: string, outcome: Outcome) => void;
  readonly dismiss: () => void;
}

const LISTENER = 'belfry-demo-phone';

/** Joins the phone's state machine to the SDK. */
export function usePhone(me: CometChat.User): PhoneControls {
  const [phone, dispatch] = useReducer(stepPhone, AT_REST);
  const [deviceQuestion, setDeviceQuestion] = useState<DeviceQuestion | null>(null);
  const phoneNow = useRef(phone);
  useEffect(() => {
    phoneNow.current = phone;
  }, [phone]);

  useEffect(() => listen(me.getUid(), dispatch), [me]);

  const verbs = useMemo(() => {
    /** Runs `then` when the devices may be used; else asks what to do about them. */
    const withDevices = async (isVideo: boolean, then: (isVideo: boolean) => void): Promise<void> => {
      const problem = await askForDevices(isVideo);
      if (problem === null) {
        then(isVideo);
        return;
      }
      const close = (next?: () => void) => () => {
        setDeviceQuestion(null);
        next?.();
      };
      setDeviceQuestion({
        ...problem,
        onRetry: close(() => void withDevices(isVideo, then)),
        onAudioOnly: problem.canUseAudioOnly ? close(() => void withDevices(false, then)) : null,
        onCancel: close(),
      });
    };

    const initiate = async (party: Party, isVideo: boolean): Promise<void> => {
      if (!isFree(phoneNow.current.line)) {
        return;
      }
      dispatch({ type: 'dialled', party, isVideo });
      const type = isVideo ? CometChat.CALL_TYPE.VIDEO : CometChat.CALL_TYPE.AUDIO;
      const receiverType = party.isGroup ? CometChat.RECEIVER_TYPE.GROUP : CometChat.RECEIVER_TYPE.USER;
      try {
        const call = await CometChat.initiateCall(new CometChat.Call(party.id, type, receiverType));
        CometChatCalls.prepareSession({ isAudioOnly: !isVideo, openDevices: false });
        dispatch({ type: 'initiated', call: phoneCallOf(call, me.getUid()) });
      } catch (error) {
        dispatch({ type: 'failed', party, isVideo, reason: errorInWords(error, party.name) });
      }
    };

    const endOngoing = async (outcome: Outcome): Promise<void> => {
      const { line } = phoneNow.current;
      if (line.is !== 'talking') {
        return;
      }
      const { sessionId } = line.call;
      dispatch({ type: 'ended', sessionId, outcome, nowMs: Date.now() });
      // Where the server is away, it notices by itself that nobody is left.
      await CometChat.endCall(sessionId).catch(() => undefined);
      CometChat.clearActiveCall();
    };

    const accept = async (call: PhoneCall, startWithVideo: boolean): Promise<void> => {
      await endOngoing('ended');
      dispatch({ type: 'answering', call });
      CometChatCalls.prepareSession({ isAudioOnly: !startWithVideo });
      try {
        await CometChat.acceptCall(call.sessionId);
        dispatch({ type: 'answered', call, startWithVideo, nowMs: Date.now() });
      } catch (error) {
        const reason = errorInWords(error, call.callerName);
        dispatch({ type: 'failed', party: call.party, isVideo: call.isVideo, reason });
      }
    };

    return {
      call: (party: Party, isVideo: boolean) => {
        void withDevices(isVideo, (allowedVideo) => void initiate(party, allowedVideo));
      },
      cancel: () => {
        const { line } = phoneNow.current;
        if (line.is === 'outgoing') {
          const { sessionId } = line.call;
          dispatch({ type: 'refused', sessionId, outcome: 'cancelled' });
          CometChat.rejectCall(sessionId, CometChat.CALL_STATUS.CANCELLED).catch(() => undefined);
        }
      },
      answer: (call: PhoneCall, startWithVideo: boolean) => {
        void withDevices(startWithVideo, (allowedVideo) => void accept(call, allowedVideo));
      },
      decline: ({ sessionId }: PhoneCall, isBusy: boolean) => {
        dispatch({ type: 'stoppedRinging', sessionId, outcome: null });
        const status = isBusy ? CometChat.CALL_STATUS.BUSY : CometChat.CALL_STATUS.REJECTED;
        CometChat.rejectCall(sessionId, status).catch(() => undefined);
      },
      hangUp: (outcome: Outcome) => void endOngoing(outcome),
      onSessionEnded: (sessionId: string, outcome: Outcome) => {
        CometChat.clearActiveCall();
        dispatch({ type: 'ended', sessionId, outcome, nowMs: Date.now() });
      },
      dismiss: () => dispatch({ type: 'dismissed' }),
    };
  }, [me]);

  return { phone, deviceQuestion, ...verbs };
}

/** Tells the phone what the server says about calls. */
function listen(myUid: string, dispatch: (event: PhoneEvent) => void): () => void {
  CometChat.addCallListener(
    LISTENER,
    new CometChat.CallListener({
      onIncomingCallReceived: (call: CometChat.Call) => {
        CometChatCalls.prepareSession({
          isAudioOnly: call.getType() === CometChat.CALL_TYPE.AUDIO,
          openDevices: false,
        });
        dispatch({ type: 'rang', call: phoneCallOf(call, myUid) });
      },
      onOutgoingCallAccepted: (call: CometChat.Call) => {
        CometChatCalls.prepareSession({ isAudioOnly: call.getType() === CometChat.CALL_TYPE.AUDIO });
        dispatch({ type: 'accepted', sessionId: call.getSessionId(), nowMs: Date.now() });
      },
      onOutgoingCallRejected: (call: CometChat.Call) =>
        dispatch({
          type: 'refused',
          sessionId: call.getSessionId(),
          outcome: REFUSALS[call.getStatus()] ?? 'no-answer',
        }),
      onIncomingCallCancelled: (call: CometChat.Call) =>
        dispatch({
          type: 'stoppedRinging',
          sessionId: call.getSessionId(),
          outcome: SILENCES[call.getStatus()] ?? 'missed',
        }),
      onCallEndedMessageReceived: (call: CometChat.Call) =>
        dispatch({ type: 'ended', sessionId: call.getSessionId(), outcome: 'ended', nowMs: Date.now() }),
    }),
  );
  const takeUp = () => takeUpActiveCall(myUid, dispatch);
  CometChat.addConnectionListener(LISTENER, new CometChat.ConnectionListener({ onConnected: takeUp }));
  takeUp();
  return () => {
    CometChat.removeCallListener(LISTENER);
    CometChat.removeConnectionListener(LISTENER);
  };
}

/** After a reload: the call that this tab was in goes on. */
function takeUpActiveCall(myUid: string, dispatch: (event: PhoneEvent) => void): void {
  const active = CometChat.getActiveCall();
  if (active === null) {
    return;
  }
  const call = phoneCallOf(active, myUid);
  if (active.getStatus() === CometChat.CALL_STATUS.ONGOING) {
    dispatch({ type: 'resumed', call, startWithVideo: call.isVideo, nowMs: Date.now() });
  } else if (active.getCallInitiator().getUid() === myUid) {
    dispatch({ type: 'initiated', call });
  }
}

const REFUSALS: Readonly<Record<string, Outcome>> = { rejected: 'declined', busy: 'busy', unanswered: 'no-answer' };

const SILENCES: Readonly<Record<string, Outcome>> = {
  ongoing: 'answered-elsewhere',
  rejected: 'declined-elsewhere',
  busy: 'declined-elsewhere',
};

/** A call of the SDK, as the screens need it. */
function phoneCallOf(call: CometChat.Call, myUid: string): PhoneCall {
  const initiator = call.getCallInitiator();
  const receiver = call.getCallReceiver();
  const isGroup = call.getReceiverType() === CometChat.RECEIVER_TYPE.GROUP;
  const isMine = initiator.getUid() === myUid;
  return {
    sessionId: call.getSessionId(),
    party: partyOf(isGroup || isMine ? receiver : initiator),
    callerName: initiator.getName(),
    isVideo: call.getType() === CometChat.CALL_TYPE.VIDEO,
  };
}

/** A user or group of the SDK, as the screens need it. */
export function partyOf(entity: CometChat.User | CometChat.Group): Party {
  return entity instanceof CometChat.Group
    ? { id: entity.getGuid(), name: entity.getName(), avatar: entity.getIcon() || null, isGroup: true }
    : { id: entity.getUid(), name: entity.getName(), avatar: entity.getAvatar() || null, isGroup: false };
}
