/**
 * The TypeScript snippets of the compatible API's ringing guide. That this compiles, against the types of the build, is the
 * test: it is written as an app without strict null checks would write it. Each function is one snippet.
 */
import { CometChat, CometChatCalls, type GenerateToken } from '@belfry/sdk';

export async function quickReference(sessionId: string): Promise<void> {
  const call = new CometChat.Call('RECEIVER_ID', CometChat.CALL_TYPE.VIDEO, CometChat.RECEIVER_TYPE.USER);
  await CometChat.initiateCall(call);
  await CometChat.acceptCall(sessionId);
  await CometChat.rejectCall(sessionId, CometChat.CALL_STATUS.REJECTED);
}

export function userCall(): void {
  const receiverID: string = 'UID';
  const callType: string = CometChat.CALL_TYPE.VIDEO;
  const receiverType: string = CometChat.RECEIVER_TYPE.USER;
  const call: CometChat.Call = new CometChat.Call(receiverID, callType, receiverType);
  CometChat.initiateCall(call).then(
    (outgoingCall: CometChat.Call) => {
      console.log('Call initiated:', outgoingCall);
    },
    (error: CometChat.CometChatException) => {
      console.log('Call initiation failed:', error);
    },
  );
}

export function groupCall(): void {
  const receiverID: string = 'GUID';
  const callType: string = CometChat.CALL_TYPE.VIDEO;
  const receiverType: string = CometChat.RECEIVER_TYPE.GROUP;
  const call: CometChat.Call = new CometChat.Call(receiverID, callType, receiverType);
  CometChat.initiateCall(call).then(
    (outgoingCall: CometChat.Call) => {
      console.log('Call initiated:', outgoingCall);
    },
    (error: CometChat.CometChatException) => {
      console.log('Call initiation failed:', error);
    },
  );
}

export function callListeners(): void {
  const listenerId: string = 'UNIQUE_LISTENER_ID';
  CometChat.addCallListener(
    listenerId,
    new CometChat.CallListener({
      onIncomingCallReceived: (call: CometChat.Call) => {
        console.log('Incoming call:', call);
      },
      onOutgoingCallAccepted: (call: CometChat.Call) => {
        console.log('Outgoing call accepted:', call);
      },
      onOutgoingCallRejected: (call: CometChat.Call) => {
        console.log('Outgoing call rejected:', call);
      },
      onIncomingCallCancelled: (call: CometChat.Call) => {
        console.log('Incoming call cancelled:', call);
      },
      onCallEndedMessageReceived: (call: CometChat.Call) => {
        console.log('Call ended message:', call);
      },
    }),
  );
  CometChat.removeCallListener(listenerId);
}

export function acceptCall(call: CometChat.Call): void {
  const sessionId: string = call.getSessionId();
  CometChat.acceptCall(sessionId).then(
    (call: CometChat.Call) => {
      console.log('Call accepted:', call);
    },
    (error: CometChat.CometChatException) => {
      console.log('Accept call failed:', error);
    },
  );
}

export function rejectCancelBusy(call: CometChat.Call): void {
  const sessionId: string = call.getSessionId();
  const statuses: string[] = [
    CometChat.CALL_STATUS.REJECTED,
    CometChat.CALL_STATUS.CANCELLED,
    CometChat.CALL_STATUS.BUSY,
  ];
  for (const status of statuses) {
    CometChat.rejectCall(sessionId, status).then(
      (call: CometChat.Call) => {
        console.log('Call rejected:', call);
      },
      (error: CometChat.CometChatException) => {
        console.log('Reject call failed:', error);
      },
    );
  }
}

export async function startCallSession(call: CometChat.Call): Promise<void> {
  const sessionId: string = call.getSessionId();
  const loggedInUser = await CometChat.getLoggedinUser();
  const userAuthToken: string = loggedInUser.getAuthToken();
  CometChatCalls.generateToken(sessionId, userAuthToken).then(
    (callToken: GenerateToken) => {
      const callListener = new CometChatCalls.OngoingCallListener({
        onCallEnded: () => {
          CometChat.clearActiveCall();
          CometChatCalls.endSession();
        },
        onCallEndButtonPressed: () => {
          CometChat.endCall(sessionId).then(
            () => {
              CometChat.clearActiveCall();
              CometChatCalls.endSession();
            },
            (error: CometChat.CometChatException) => console.log('End call failed:', error),
          );
        },
        onUserJoined: (user: CometChat.User) => console.log('User joined:', user),
        onUserLeft: (user: CometChat.User) => console.log('User left:', user),
        onError: (error: CometChat.CometChatException) => console.log('Call error:', error),
      });
      const callSettings = new CometChatCalls.CallSettingsBuilder()
        .enableDefaultLayout(true)
        .setIsAudioOnlyCall(false)
        .setCallEventListener(callListener)
        .build();
      void CometChatCalls.startSession(callToken, callSettings, document.body);
      void CometChatCalls.startSession(callToken.token, callSettings, document.body);
    },
    (error: CometChat.CometChatException) => {
      console.log('Token generation failed:', error);
    },
  );
}
