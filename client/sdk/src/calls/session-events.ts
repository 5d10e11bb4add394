import { callSafely } from '../emitter.js';
import type { CallEngine } from '../engine/engine.js';
import type { CallButton, ParticipantView, SessionSnapshot } from '../engine/view.js';

/** A participant as the session events tell of one. */
export interface SessionEventParticipant {
  pid: string;
  uid: string;
  name: string;
  avatar: string;
  isAudioMuted: boolean;
  isVideoPaused: boolean;
  isLocal: boolean;
  isPresenting: boolean;
  isHandRaised: boolean;
  role: 'moderator' | 'none';
  type: 'human';
}

/** The events of `CometChatCalls.addEventListener`, and what each listener is given. */
export interface SessionEventMap {
  onSessionJoined: undefined;
  onSessionLeft: undefined;
  onSessionTimedOut: undefined;
  onConnectionLost: undefined;
  onConnectionRestored: undefined;
  onConnectionClosed: undefined;
  onConnectionFailed: undefined;
  onRemoteConnectionLost: SessionEventParticipant;
  onRemoteConnectionRestored: SessionEventParticipant;
  onParticipantJoined: SessionEventParticipant;
  onParticipantLeft: SessionEventParticipant;
  onParticipantListChanged: SessionEventParticipant[];
  onParticipantAudioMuted: SessionEventParticipant;
  onParticipantAudioUnmuted: SessionEventParticipant;
  onParticipantVideoPaused: SessionEventParticipant;
  onParticipantVideoResumed: SessionEventParticipant;
  onParticipantHandRaised: SessionEventParticipant;
  onParticipantHandLowered: SessionEventParticipant;
  onParticipantStartedScreenShare: SessionEventParticipant;
  onParticipantStoppedScreenShare: SessionEventParticipant;
  onParticipantStartedRecording: SessionEventParticipant;
  onParticipantStoppedRecording: SessionEventParticipant;
  onParticipantStartedStreaming: SessionEventParticipant;
  onParticipantStoppedStreaming: SessionEventParticipant;
  onDominantSpeakerChanged: SessionEventParticipant;
  onAudioMuted: undefined;
  onAudioUnMuted: undefined;
  onVideoPaused: undefined;
  onVideoResumed: undefined;
  onRecordingStarted: undefined;
  onRecordingStopped: undefined;
  onStreamingStarted: undefined;
  onStreamingStopped: undefined;
  onScreenShareStarted: undefined;
  onScreenShareStopped: undefined;
  onAudioInputDeviceChanged: MediaDeviceInfo | undefined;
  onAudioOutputDeviceChanged: MediaDeviceInfo | undefined;
  onVideoInputDeviceChanged: MediaDeviceInfo | undefined;
  onAudioInputDevicesChanged: readonly MediaDeviceInfo[];
  onAudioOutputDevicesChanged: readonly MediaDeviceInfo[];
  onVideoInputDevicesChanged: readonly MediaDeviceInfo[];
  onLeaveSessionButtonClicked: undefined;
  onToggleAudioButtonClicked: undefined;
  onToggleVideoButtonClicked: undefined;
  onScreenShareButtonClicked: undefined;
  onChangeLayoutButtonClicked: undefined;
  onParticipantListButtonClicked: undefined;
  onRaiseHandButtonClicked: undefined;
  onRecordingToggleButtonClicked: undefined;
  onSwitchCameraButtonClicked: undefined;
  onChatButtonClicked: undefined;
  onShareInviteButtonClicked: undefined;
  onCallLayoutChanged: string;
  onParticipantListVisible: undefined;
  onParticipantListHidden: undefined;
  onPictureInPictureLayoutEnabled: undefined;
  onPictureInPictureLayoutDisabled: undefined;
}

export type SessionEventType = keyof SessionEventMap;
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
