/**
 * What a user interface sees of a call, and the only thing it sees: immutable snapshots to draw, and verbs to act.
 * The engine plays the audio of the others; the video elements belong to the user interface.
 */

/** Which kind of picture or sound a track is; the words of the wire protocol. */
export type TrackSource = 'microphone' | 'camera' | 'screen' | 'screenAudio';

/** How well media flows to and from a participant. `lost` means nothing has arrived for seconds. */
export type ConnectionQuality = 'unknown' | 'good' | 'fair' | 'poor' | 'lost';

/**
 * Where the session stands. `preview` is before joining: only oneself, until `join`. `reconnecting` keeps the tiles: it usually comes
 * back within seconds. `ended` is final.
 */
export type SessionState = 'preview' | 'connecting' | 'connected' | 'reconnecting' | 'ended';

/** Why a session ended. `removed` is a server or operator's doing. */
export type EndReason = 'hang-up' | 'everyone-left' | 'closed-by-server' | 'replaced' | 'idle' | 'failed';

/**
 * How tiles are arranged; the values of the public API (`GRID` is `"TILE"`). `DEFAULT` chooses by the number of people;
 * `SIDEBAR` always has one large and the others beside.
 */
export type CallMode = 'DEFAULT' | 'SPOTLIGHT' | 'TILE' | 'SIDEBAR';

/** The buttons of the default layout that an app can hear of. */
export type CallButton = 'microphone' | 'camera' | 'screen' | 'layout' | 'participants' | 'hand' | 'end';

/** One person in the call, as of one snapshot. Two devices of a user are two participants. */
export interface ParticipantView {
  /** Eight hexadecimal digits, unique in the session: the key for lists. */
  readonly id: string;
  readonly uid: string;
  readonly name: string;
  /** A URL, or null where a tile should show initials. */
  readonly avatar: string | null;
  readonly isLocal: boolean;
  /** Unix milliseconds. */
  readonly joinedAt: number;
  readonly isAudioMuted: boolean;
  readonly isVideoMuted: boolean;
  /** True while their voice is heard, with a little hysteresis; never for a muted participant. */
  readonly isSpeaking: boolean;
  readonly quality: ConnectionQuality;
  readonly isHandRaised: boolean;
  /** The host, who has been in for the longest, may mute others and end the call for all. */
  readonly isHost: boolean;
  /** The camera's picture, or null while there is none (muted, refused, not yet arrived). */
  readonly camera: MediaStreamTrack | null;
  /** The shared screen's picture, or null. */
  readonly screen: MediaStreamTrack | null;
}

/** What the local person can do, and does, as of one snapshot. */
export interface LocalView {
  readonly isAudioMuted: boolean;
  readonly isVideoMuted: boolean;
  readonly isScreenSharing: boolean;
  /** False in browsers without `getDisplayMedia` (phones). */
  readonly canShareScreen: boolean;
  /** False for an audio-only call. */
  readonly canSendVideo: boolean;
  /** False when the browser refused or has no microphone: the button then shows why on a press. */
  readonly hasMicrophone: boolean;
  readonly hasCamera: boolean;
  /** What the microphone hears, for a meter; null while none is open. A muted one stays open and is silent. */
  readonly microphone: MediaStreamTrack | null;
  /** What the camera sees, also before joining; null while it is off. */
  readonly camera: MediaStreamTrack | null;
  readonly isHandRaised: boolean;
  readonly isHost: boolean;
}

/** The media devices, and which are in use (`""` is the browser's default). */
export interface DevicesView {
  readonly audioInputs: readonly MediaDeviceInfo[];
  readonly audioOutputs: readonly MediaDeviceInfo[];
  readonly videoInputs: readonly MediaDeviceInfo[];
  readonly audioInputId: string;
  readonly audioOutputId: string;
  readonly videoInputId: string;
}

/** Something that went wrong, in words for a person. It stays in the snapshot until it is dismissed or cured. */
export interface ProblemView {
  /** Unique within the session: the key for lists and for `dismissProblem`. */
  readonly id: number;
  /** For programs, e.g. `ERR_CAMERA_REFUSED`. */
  readonly code: string;
  /** One sentence: what happened and what helps. */
  readonly message: string;
}

/** Somebody asks for video. */
export interface VideoRequestView {
  readonly participantId: string;
  readonly name: string;
}

/** Everything a call user interface draws. A new object whenever something in it changed, else the same one. */
export interface SessionSnapshot {
  readonly state: SessionState;
  /** Present with `ended`. */
  readonly endReason: EndReason | null;
  readonly isAudioOnly: boolean;
  readonly mode: CallMode;
  /** Unix milliseconds of the local join, or null before it: for a call timer. */
  readonly joinedAt: number | null;
  /** The local participant first, then the others in the order of joining. */
  readonly participants: readonly ParticipantView[];
  /** Who spoke last and loudest, for a spotlight; null until somebody spoke. Never the local participant. */
  readonly dominantSpeakerId: string | null;
  readonly local: LocalView;
  readonly devices: DevicesView;
  readonly problems: readonly ProblemView[];
  /** The browser blocked sound until a gesture: offer a button that calls `resumeAudioPlayback`. */
  readonly isAudioPlaybackBlocked: boolean;
  /** The tile that is shown large: a participant's id, with `/screen` behind it for a shared screen; else null. */
  readonly pinnedId: string | null;
  readonly isParticipantListShown: boolean;
  readonly isSettingsShown: boolean;
  /** The call is to be shown in a small window that stays on top. */
  readonly isPictureInPicture: boolean;
  /** In an audio call: somebody asks to turn it into a video call, and waits for `answerVideoRequest`. */
  readonly videoRequest: VideoRequestView | null;
  /** The others were asked for video, and nobody has answered yet. */
  readonly isVideoRequested: boolean;
  /** Seconds until the idle session ends, while the prompt is due; else null. `stayInSession` clears it. */
  readonly idleSecondsLeft: number | null;
}

/** The engine as a user interface holds it. Verbs never throw: what fails becomes a problem in the snapshot. */
export interface EngineView {
  /** The newest snapshot; stable between changes, so it fits React's `useSyncExternalStore`. */
  readonly snapshot: SessionSnapshot;
  /** Calls back after every change of the snapshot, at most once per microtask. Returns the function that stops it. */
  subscribe(listener: (snapshot: SessionSnapshot) => void): () => void;
  /** Loudness of a participant now, in [0, 1]; cheap, for a meter polled once per animation frame. */
  audioLevel(participantId: string): number;

  /** Joins, from `preview`. */
  join(): void;
  setAudioMuted(muted: boolean): Promise<void>;
  setVideoMuted(muted: boolean): Promise<void>;
  startScreenShare(): Promise<void>;
  stopScreenShare(): Promise<void>;
  setAudioInputDevice(deviceId: string): Promise<void>;
  setVideoInputDevice(deviceId: string): Promise<void>;
  setAudioOutputDevice(deviceId: string): Promise<void>;
  setMode(mode: CallMode): void;
  /** To be called from a click or key handler. */
  resumeAudioPlayback(): Promise<void>;
  dismissProblem(id: number): void;
  stayInSession(): void;
  setHandRaised(raised: boolean): Promise<void>;
  /** Shows a tile large for this person only: a participant's id, `<id>/screen`, or null for nobody. */
  pin(tileId: string | null): void;
  showParticipantList(shown: boolean): void;
  showSettings(shown: boolean): void;
  /** To be called from a click or key handler: browsers open a window for nothing else. */
  showPictureInPicture(shown: boolean): void;
  /** Asks somebody to mute; for the host. Nobody can be unmuted by others. */
  askToMute(participantId: string, source: 'microphone' | 'camera'): Promise<void>;
  /** Asks the others to turn an audio call into a video call. */
  requestVideo(): Promise<void>;
  answerVideoRequest(accept: boolean): Promise<void>;
  /** Tells the app of a pressed button; what the button does is another verb. */
  buttonPressed(button: CallButton): void;
  /** Ends the session for everybody; for the host. */
  endForAll(): Promise<void>;
  /**
   * The end-call button was pressed. With a listener for `onCallEndButtonPressed` the app decides what follows (it usually
   * ends the call and the session); without one the session ends at once.
   */
  pressEndCall(): void;
}

/** Which controls the default layout shows, and its words; from the app's `CallSettings`. */
export interface CallUiOptions {
  readonly showEndCallButton: boolean;
  readonly showMuteAudioButton: boolean;
  readonly showPauseVideoButton: boolean;
  readonly showScreenShareButton: boolean;
  readonly showModeButton: boolean;
  readonly showSwitchToVideoCallButton: boolean;
  readonly showParticipantListButton: boolean;
  readonly showRaiseHandButton: boolean;
  readonly showPictureInPictureButton: boolean;
  readonly mainVideo: MainVideoOptions;
  /** Replaces the looks of the layout: added behind its own style sheet. */
  readonly customCss: string;
  /** Replacements for the layout's words, by key; the layout defines the keys and their English defaults. */
  readonly strings: Readonly<Record<string, string>>;
}

/** How the large picture looks, from `MainVideoContainerSetting`. */
export interface MainVideoOptions {
  readonly aspectRatio: 'default' | 'contain' | 'cover';
  readonly fullScreenButton: { readonly position: string; readonly visibility: boolean };
  readonly nameLabel: { readonly position: string; readonly visibility: boolean; readonly color: string };
  readonly networkLabel: { readonly position: string; readonly visibility: boolean };
}

/** A mounted user interface. */
export interface CallUi {
  /** Removes everything it added to the host and stops every subscription. Safe to call twice. */
  dispose(): void;
}

/** Draws a call into `host`: the contract of the default layout (`src/ui`), and of any layout in its place. */
export type MountCallUi = (host: HTMLElement, view: EngineView, options: CallUiOptions) => CallUi;
