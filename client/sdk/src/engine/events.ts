import type { CometChatException } from '../errors.js';
import type { LeaveReason, ParticipantJson } from '../transport/wire.js';
import type { CallButton, DevicesView, EndReason } from './view.js';

/** What happens in a session, for the callbacks of the public API. */
export interface EngineEvents {
  userJoined: ParticipantJson;
  userLeft: { user: ParticipantJson; reason: LeaveReason };
  userListUpdated: ParticipantJson[];
  userMuteChanged: { user: ParticipantJson; before: ParticipantJson; by: ParticipantJson | undefined };
  userHandChanged: { user: ParticipantJson };
  /** The audio call became a video call; one of the two is the local participant. */
  switchedToVideo: { initiator: ParticipantJson | undefined; responder: ParticipantJson | undefined };
  /** There were two, and the other one left. */
  lastRemoteLeft: ParticipantJson;
  devicesUpdated: DevicesView;
  screenShareStarted: undefined;
  screenShareStopped: undefined;
  error: CometChatException;
  endCallPressed: undefined;
  /** A button of the default layout was pressed. */
  buttonPressed: CallButton;
  /** It stayed alone for too long; `ended` follows. */
  sessionTimedOut: undefined;
  ended: EndReason;
}
