import { CometChatCallsException, asCallsException } from '../errors.js';
import { CallEngine, type CallEngineOptions } from '../engine/engine.js';
import type { CallUi, CallUiOptions, MountCallUi } from '../engine/view.js';
import { callSafely } from '../emitter.js';
import type { ParticipantJson } from '../transport/wire.js';
import type { CallEnd, OngoingCallCallbacks } from './listener.js';
import { SessionParticipant } from './participant.js';
import type { CallSettings } from './settings.js';

export interface RunningSessionOptions {
  readonly engine: CallEngineOptions;
  readonly settings: CallSettings;
  readonly sessionId: string;
  /** Who else follows what happens, e.g. the event hub; gives the function that stops it. */
  readonly follow: (engine: CallEngine) => () => void;
  /** One of two leaving ends the session here too. */
  readonly isPeerCall: boolean;
  readonly host: HTMLElement | undefined;
  readonly mountUi: MountCallUi;
  /** Calls every listener there is: that of the settings, and those added by name. */
  readonly tell: (invoke: (listener: OngoingCallCallbacks) => void) => void;
  /** Whether a listener handles the end button. */
  readonly isEndButtonHandled: () => boolean;
  /** The session was ended from here. */
  readonly onEndedHere: () => void;
  /** The end button was pressed and nobody handles it. */
  readonly endSession: () => void;
}

/** One session as `CometChatCalls` runs it: the engine, the default layout, and the app's callbacks. */
export class RunningSession {
  readonly engine: CallEngine;
  private ui: CallUi | undefined;
  private readonly stopFollowing: () => void;
  private isEndPressed = false;
  private isEndTold = false;

  constructor(private readonly options: RunningSessionOptions) {
    this.engine = new CallEngine(options.engine);
    this.wire();
    this.stopFollowing = options.follow(this.engine);
    if (options.settings.isDefaultLayoutEnabled() && options.host) {
      this.ui = options.mountUi(options.host, this.engine, uiOptions(options.settings));
    }
  }

  async start(): Promise<void> {
    try {
      await this.engine.start();
    } catch (thrown) {
      throw asCallsException(thrown);
    }
  }

  /** Leaves and releases everything. */
  endHere(): void {
    this.options.onEndedHere();
    this.dispose();
  }

  private dispose(): void {
    this.engine.dispose();
    this.stopFollowing();
    callSafely(() => this.ui?.dispose());
    this.ui = undefined;
  }

  private wire(): void {
    const { tell } = this.options;
    const { events } = this.engine;
    const participant = (user: ParticipantJson) => new SessionParticipant(user, this.engine.isLocal(user.id));
    events.on('userJoined', (user) => tell((l) => l.onUserJoined?.(participant(user))));
    events.on('userLeft', ({ user }) => tell((l) => l.onUserLeft?.(participant(user))));
    events.on('userListUpdated', (users) => tell((l) => l.onUserListUpdated?.(users.map(participant))));
    events.on('userMuteChanged', ({ user, before, by }) => {
      if (user.isAudioMuted === before.isAudioMuted) return;
      const changed = participant(user);
      const mutedBy = by ? participant(by) : changed;
      tell((l) => {
        if (user.isAudioMuted) l.onUserMuted?.({ muted: changed, mutedBy });
        else l.onUserUnMuted?.(changed);
      });
    });
    events.on('switchedToVideo', ({ initiator, responder }) => {
      if (!initiator || !responder) return;
      const { sessionId } = this.options;
      const both = { sessionId, initiator: participant(initiator), responder: participant(responder) };
      tell((l) => l.onCallSwitchedToVideo?.(both));
    });
    events.on('devicesUpdated', ({ videoInputs, audioInputs, audioOutputs }) =>
      tell((l) =>
        l.onMediaDeviceListUpdated?.({
          videoInputDevices: [...videoInputs],
          audioInputDevices: [...audioInputs],
          audioOutputDevices: [...audioOutputs],
        }),
      ),
    );
    events.on('screenShareStarted', () => tell((l) => l.onScreenShareStarted?.()));
    events.on('screenShareStopped', () => tell((l) => l.onScreenShareStopped?.()));
    events.on('error', ({ code, name, message, details }) => {
      const error = new CometChatCallsException({ code, name, message, details });
      tell((l) => l.onError?.(error));
    });
    events.on('sessionTimedOut', () => tell((l) => l.onSessionTimeout?.()));
    events.on('endCallPressed', () => this.onEndPressed());
    events.on('lastRemoteLeft', ({ uid, name }) => {
      this.tellEnded({ reason: 'everyone-left', by: { uid, name } });
      if (this.options.isPeerCall) this.options.endSession();
    });
    events.on('ended', (reason) => {
      if (reason !== 'closed-by-server') return;
      const because = this.engine.closedBecause;
      this.tellEnded({ reason: because?.reason ?? 'ended', by: because?.by ?? null });
    });
  }

  private onEndPressed(): void {
    this.isEndPressed = true;
    if (this.options.isEndButtonHandled()) this.options.tell((l) => l.onCallEndButtonPressed?.());
    else this.options.endSession();
  }

  /** Once, and not to the one who ended it. */
  private tellEnded(end: CallEnd): void {
    if (this.isEndTold || this.isEndPressed) return;
    this.isEndTold = true;
    this.options.tell((l) => l.onCallEnded?.(end));
  }
}

function uiOptions(settings: CallSettings): CallUiOptions {
  return {
    showEndCallButton: settings.isEndCallButtonEnabled(),
    showMuteAudioButton: settings.isMuteAudioButtonEnabled(),
    showPauseVideoButton: settings.isPauseVideoButtonEnabled(),
    showScreenShareButton: settings.isScreenShareButtonEnabled(),
    showModeButton: settings.isModeButtonEnabled(),
    showSwitchToVideoCallButton: settings.isAudioToVideoButtonEnabled(),
    showParticipantListButton: settings.isParticipantListButtonEnabled(),
    showRaiseHandButton: settings.isRaiseHandButtonEnabled(),
    showPictureInPictureButton: settings.isPictureInPictureButtonEnabled(),
    mainVideo: settings.getMainVideoContainerSetting(),
    customCss: settings.getCustomCSS(),
    strings: settings.getLocalizedStringObject(),
  };
}
