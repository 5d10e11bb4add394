import { callSafely } from '../emitter.js';
import type { CallEngine } from '../engine/engine.js';
import type { CallButton, ParticipantView, SessionSnapshot } from '../engine/view.js';

/** A participant as the session events tell of one. */
export interface SessionEventParticipant {
  /** The participant's id: eight hexadecimal digits, unique in the session. What `pinParticipant` and `muteParticipant` take. */
  pid: string;
  /** The user's id; the same on every device of one user. */
  uid: string;
  /** The user's name, as shown on the tile. */
  name: string;
  /** The address of the user's picture; empty when there is none. */
  avatar: string;
  /** Whether the microphone is muted. */
  isAudioMuted: boolean;
  /** Whether the camera is off. */
  isVideoPaused: boolean;
  /** True for oneself on this device. */
  isLocal: boolean;
  /** Whether a screen is being shared. */
  isPresenting: boolean;
  /** Whether the hand is raised. */
  isHandRaised: boolean;
  /** `moderator` for the host, who has been in for the longest and may mute others; `none` for everybody else. */
  role: 'moderator' | 'none';
  /** Always `human`: a shared screen is `isPresenting` of who shares it, not a participant. */
  type: 'human';
}

/** The events of `CometChatCalls.addEventListener`, and what each listener is given. */
export interface SessionEventMap {
  /** The session was joined for the first time; a connection that comes back fires `onConnectionRestored` instead. */
  onSessionJoined: undefined;
  /** The session is over for this device, for whatever reason; the last event of a session. */
  onSessionLeft: undefined;
  /** The session ended because one was alone in it for too long. */
  onSessionTimedOut: undefined;
  /** The own connection broke; it is being restored. */
  onConnectionLost: undefined;
  /** The own connection is back after `onConnectionLost`. */
  onConnectionRestored: undefined;
  /** The session ended, for whatever reason; fires just before `onSessionLeft`. */
  onConnectionClosed: undefined;
  /** The session ended because of an error; fires just before `onConnectionClosed`. */
  onConnectionFailed: undefined;
  /** Nothing has arrived from this participant for seconds; they are still in the session. */
  onRemoteConnectionLost: SessionEventParticipant;
  /** Media of this participant arrives again after `onRemoteConnectionLost`. */
  onRemoteConnectionRestored: SessionEventParticipant;
  /** Somebody else who joined. */
  onParticipantJoined: SessionEventParticipant;
  /** Somebody else who left, as last seen. */
  onParticipantLeft: SessionEventParticipant;
  /** Everybody in the session, oneself first, then in the order of joining; fires when somebody comes or goes. */
  onParticipantListChanged: SessionEventParticipant[];
  /** Somebody else whose microphone was muted. */
  onParticipantAudioMuted: SessionEventParticipant;
  /** Somebody else whose microphone was unmuted. */
  onParticipantAudioUnmuted: SessionEventParticipant;
  /** Somebody else whose camera was turned off. */
  onParticipantVideoPaused: SessionEventParticipant;
  /** Somebody else whose camera was turned on. */
  onParticipantVideoResumed: SessionEventParticipant;
  /** Who raised a hand; fires for oneself too. */
  onParticipantHandRaised: SessionEventParticipant;
  /** Who lowered a hand; fires for oneself too. */
  onParticipantHandLowered: SessionEventParticipant;
  /** Somebody else whose shared screen arrived. */
  onParticipantStartedScreenShare: SessionEventParticipant;
  /** Somebody else whose shared screen is gone. */
  onParticipantStoppedScreenShare: SessionEventParticipant;
  /** Kept for compatibility: never fires. */
  onParticipantStartedRecording: SessionEventParticipant;
  /** Kept for compatibility: never fires. */
  onParticipantStoppedRecording: SessionEventParticipant;
  /** Kept for compatibility: never fires. */
  onParticipantStartedStreaming: SessionEventParticipant;
  /** Kept for compatibility: never fires. */
  onParticipantStoppedStreaming: SessionEventParticipant;
  /** Who speaks loudest now; never oneself. */
  onDominantSpeakerChanged: SessionEventParticipant;
  /** The own microphone was muted, whether by the person, the app or the host. */
  onAudioMuted: undefined;
  /** The own microphone was unmuted. */
  onAudioUnMuted: undefined;
  /** The own camera was turned off, whether by the person, the app or the host. */
  onVideoPaused: undefined;
  /** The own camera was turned on. */
  onVideoResumed: undefined;
  /** Kept for compatibility: never fires. */
  onRecordingStarted: undefined;
  /** Kept for compatibility: never fires. */
  onRecordingStopped: undefined;
  /** Kept for compatibility: never fires. */
  onStreamingStarted: undefined;
  /** Kept for compatibility: never fires. */
  onStreamingStopped: undefined;
  /** The own screen is shared. */
  onScreenShareStarted: undefined;
  /** The own screen is no longer shared. */
  onScreenShareStopped: undefined;
  /** The microphone that is used now; undefined when it is not in the list, e.g. for the browser's default. */
  onAudioInputDeviceChanged: MediaDeviceInfo | undefined;
  /** The loudspeaker that is used now; undefined when it is not in the list, e.g. for the browser's default. */
  onAudioOutputDeviceChanged: MediaDeviceInfo | undefined;
  /** The camera that is used now; undefined when it is not in the list, e.g. for the browser's default. */
  onVideoInputDeviceChanged: MediaDeviceInfo | undefined;
  /** All microphones, after one came or went or permission told their names. */
  onAudioInputDevicesChanged: readonly MediaDeviceInfo[];
  /** All loudspeakers, after one came or went or permission told their names. */
  onAudioOutputDevicesChanged: readonly MediaDeviceInfo[];
  /** All cameras, after one came or went or permission told their names. */
  onVideoInputDevicesChanged: readonly MediaDeviceInfo[];
  /** The end button of the default layout was pressed. */
  onLeaveSessionButtonClicked: undefined;
  /** The microphone button of the default layout was pressed; it mutes or unmutes by itself. */
  onToggleAudioButtonClicked: undefined;
  /** The camera button of the default layout was pressed; it turns the camera on or off by itself. */
  onToggleVideoButtonClicked: undefined;
  /** The screen button of the default layout was pressed; it starts or stops sharing by itself. */
  onScreenShareButtonClicked: undefined;
  /** A layout was chosen in the settings of the default layout. */
  onChangeLayoutButtonClicked: undefined;
  /** The button of the default layout for the list of participants was pressed. */
  onParticipantListButtonClicked: undefined;
  /** The hand button of the default layout was pressed; it raises or lowers the hand by itself. */
  onRaiseHandButtonClicked: undefined;
  /** Kept for compatibility: never fires. */
  onRecordingToggleButtonClicked: undefined;
  /** Kept for compatibility: never fires. */
  onSwitchCameraButtonClicked: undefined;
  /** Kept for compatibility: never fires. */
  onChatButtonClicked: undefined;
  /** Kept for compatibility: never fires. */
  onShareInviteButtonClicked: undefined;
  /** The new layout: `TILE`, `SIDEBAR` or `SPOTLIGHT`. */
  onCallLayoutChanged: string;
  /** The list of participants was opened. */
  onParticipantListVisible: undefined;
  /** The list of participants was closed. */
  onParticipantListHidden: undefined;
  /** The small window that stays on top was asked for. */
  onPictureInPictureLayoutEnabled: undefined;
  /** The small window that stays on top was closed. */
  onPictureInPictureLayoutDisabled: undefined;
}

/** The name of an event, one of the keys of {@link SessionEventMap}. */
export type SessionEventType = keyof SessionEventMap;
/** A listener for the event `T`; the payload is undefined for events that carry none. */
export type SessionEventListener<T extends SessionEventType> = (event: SessionEventMap[T]) => void;

type Tell = <T extends SessionEventType>(type: T, event: SessionEventMap[T]) => void;

const BUTTONS: Record<CallButton, SessionEventType> = {
  microphone: 'onToggleAudioButtonClicked',
  camera: 'onToggleVideoButtonClicked',
  screen: 'onScreenShareButtonClicked',
  layout: 'onChangeLayoutButtonClicked',
  participants: 'onParticipantListButtonClicked',
  hand: 'onRaiseHandButtonClicked',
  end: 'onLeaveSessionButtonClicked',
};

/** Who listens to session events by type. They outlive the session. */
export class SessionEventHub {
  private readonly listeners = new Map<SessionEventType, Set<(event: never) => void>>();

  /** Listens; returns the function that stops it. An aborted signal stops it too. */
  add<T extends SessionEventType>(
    type: T,
    listener: SessionEventListener<T>,
    { signal }: { signal?: AbortSignal } = {},
  ): () => void {
    if (signal?.aborted) return () => undefined;
    let set = this.listeners.get(type);
    if (!set) this.listeners.set(type, (set = new Set()));
    set.add(listener);
    const remove = () => this.remove(type, listener);
    signal?.addEventListener('abort', remove, { once: true });
    return remove;
  }

  remove<T extends SessionEventType>(type: T, listener: SessionEventListener<T>): void {
    this.listeners.get(type)?.delete(listener);
  }

  /** Tells of everything that happens in a session, from its snapshots. Returns the function that stops it. */
  follow(engine: CallEngine): () => void {
    let before = engine.snapshot;
    const stop = engine.subscribe((now) => {
      const last = before;
      before = now;
      tellChanges(last, now, this.tell);
    });
    engine.events.on('sessionTimedOut', () => this.tell('onSessionTimedOut', undefined));
    engine.events.on('buttonPressed', (button) =>
      this.tell(BUTTONS[button] as 'onToggleAudioButtonClicked', undefined),
    );
    return () => {
      stop();
      tellChanges(before, engine.snapshot, this.tell); // the last change is told although nobody draws it any more
    };
  }

  private readonly tell: Tell = (type, event) => {
    for (const listener of [...(this.listeners.get(type) ?? [])]) {
      callSafely(() => (listener as (event: unknown) => void)(event));
    }
  };
}

function tellChanges(before: SessionSnapshot, now: SessionSnapshot, tell: Tell): void {
  if (before === now) return;
  tellState(before, now, tell);
  tellLocal(before, now, tell);
  tellParticipants(before, now, tell);
  if (before.mode !== now.mode) tell('onCallLayoutChanged', layoutOf(now.mode));
  if (before.isParticipantListShown !== now.isParticipantListShown) {
    tell(now.isParticipantListShown ? 'onParticipantListVisible' : 'onParticipantListHidden', undefined);
  }
  if (before.isPictureInPicture !== now.isPictureInPicture) {
    const [enabled, disabled] = ['onPictureInPictureLayoutEnabled', 'onPictureInPictureLayoutDisabled'] as const;
    tell(now.isPictureInPicture ? enabled : disabled, undefined);
  }
}

/** `DEFAULT` of version 4 is `SIDEBAR` in version 5. */
export function layoutOf(mode: SessionSnapshot['mode']): 'TILE' | 'SIDEBAR' | 'SPOTLIGHT' {
  return mode === 'DEFAULT' ? 'SIDEBAR' : mode;
}

function tellState(before: SessionSnapshot, now: SessionSnapshot, tell: Tell): void {
  if (before.state === now.state) return;
  switch (now.state) {
    case 'connected':
      tell(before.state === 'reconnecting' ? 'onConnectionRestored' : 'onSessionJoined', undefined);
      break;
    case 'reconnecting':
      if (before.state === 'connecting') tell('onSessionJoined', undefined);
      tell('onConnectionLost', undefined);
      break;
    case 'ended':
      if (now.endReason === 'failed') tell('onConnectionFailed', undefined);
      tell('onConnectionClosed', undefined);
      tell('onSessionLeft', undefined);
      break;
    case 'preview':
    case 'connecting':
      break;
  }
}

function tellLocal(before: SessionSnapshot, now: SessionSnapshot, tell: Tell): void {
  const [was, is] = [before.local, now.local];
  if (was.isAudioMuted !== is.isAudioMuted) tell(is.isAudioMuted ? 'onAudioMuted' : 'onAudioUnMuted', undefined);
  if (was.isVideoMuted !== is.isVideoMuted) tell(is.isVideoMuted ? 'onVideoPaused' : 'onVideoResumed', undefined);
  if (was.isScreenSharing !== is.isScreenSharing) {
    tell(is.isScreenSharing ? 'onScreenShareStarted' : 'onScreenShareStopped', undefined);
  }
  const [had, has] = [before.devices, now.devices];
  const chosen = (list: readonly MediaDeviceInfo[], id: string) => list.find(({ deviceId }) => deviceId === id);
  if (had.audioInputs !== has.audioInputs) tell('onAudioInputDevicesChanged', has.audioInputs);
  if (had.audioOutputs !== has.audioOutputs) tell('onAudioOutputDevicesChanged', has.audioOutputs);
  if (had.videoInputs !== has.videoInputs) tell('onVideoInputDevicesChanged', has.videoInputs);
  if (had.audioInputId !== has.audioInputId) {
    tell('onAudioInputDeviceChanged', chosen(has.audioInputs, has.audioInputId));
  }
  if (had.audioOutputId !== has.audioOutputId) {
    tell('onAudioOutputDeviceChanged', chosen(has.audioOutputs, has.audioOutputId));
  }
  if (had.videoInputId !== has.videoInputId) {
    tell('onVideoInputDeviceChanged', chosen(has.videoInputs, has.videoInputId));
  }
}

function tellParticipants(before: SessionSnapshot, now: SessionSnapshot, tell: Tell): void {
  if (before.dominantSpeakerId !== now.dominantSpeakerId) {
    const speaker = now.participants.find(({ id }) => id === now.dominantSpeakerId);
    if (speaker) tell('onDominantSpeakerChanged', eventParticipant(speaker));
  }
  if (before.participants === now.participants) return;
  const known = new Map(before.participants.map((one) => [one.id, one]));
  const present = new Set(now.participants.map(({ id }) => id));
  const gone = before.participants.filter(({ id, isLocal }) => !present.has(id) && !isLocal);
  for (const one of gone) tell('onParticipantLeft', eventParticipant(one));
  for (const one of now.participants) {
    const was = known.get(one.id);
    if (one === was) continue;
    if (was) tellParticipant(was, one, tell);
    else if (!one.isLocal) tell('onParticipantJoined', eventParticipant(one));
  }
  const list = (views: readonly ParticipantView[]) => views.map(({ id }) => id).join();
  if (list(before.participants) !== list(now.participants)) {
    tell('onParticipantListChanged', now.participants.map(eventParticipant));
  }
}

function tellParticipant(was: ParticipantView, is: ParticipantView, tell: Tell): void {
  const one = eventParticipant(is);
  if (was.isHandRaised !== is.isHandRaised) {
    tell(is.isHandRaised ? 'onParticipantHandRaised' : 'onParticipantHandLowered', one);
  }
  if (is.isLocal) return;
  if (was.isAudioMuted !== is.isAudioMuted) {
    tell(is.isAudioMuted ? 'onParticipantAudioMuted' : 'onParticipantAudioUnmuted', one);
  }
  if (was.isVideoMuted !== is.isVideoMuted) {
    tell(is.isVideoMuted ? 'onParticipantVideoPaused' : 'onParticipantVideoResumed', one);
  }
  if ((was.screen === null) !== (is.screen === null)) {
    tell(is.screen ? 'onParticipantStartedScreenShare' : 'onParticipantStoppedScreenShare', one);
  }
  if ((was.quality === 'lost') !== (is.quality === 'lost')) {
    tell(is.quality === 'lost' ? 'onRemoteConnectionLost' : 'onRemoteConnectionRestored', one);
  }
}

function eventParticipant(view: ParticipantView): SessionEventParticipant {
  return {
    pid: view.id,
    uid: view.uid,
    name: view.name,
    avatar: view.avatar ?? '',
    isAudioMuted: view.isAudioMuted,
    isVideoPaused: view.isVideoMuted,
    isLocal: view.isLocal,
    isPresenting: view.screen !== null,
    isHandRaised: view.isHandRaised,
    role: view.isHost ? 'moderator' : 'none',
    type: 'human',
  };
}
