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
  /** The user's id; a guest has one made up by the server. */
  readonly uid: string;
  /** The name to show. */
  readonly name: string;
  /** A URL, or null where a tile should show initials. */
  readonly avatar: string | null;
  /** Whether it is the person at this device; exactly one is. */
  readonly isLocal: boolean;
  /** Unix milliseconds. */
  readonly joinedAt: number;
  /** Whether nothing is to be heard of them: the microphone is muted, refused or missing. */
  readonly isAudioMuted: boolean;
  /** Whether the camera is off, refused or missing. */
  readonly isVideoMuted: boolean;
  /** True while their voice is heard, with a little hysteresis; never for a muted participant. */
  readonly isSpeaking: boolean;
  /** How well media flows between this participant and the server, as of some seconds. */
  readonly quality: ConnectionQuality;
  /** Whether they ask to speak. */
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
  /** Whether the others hear nothing from here. */
  readonly isAudioMuted: boolean;
  /** Whether the others see nothing of the camera here. */
  readonly isVideoMuted: boolean;
  /** Whether a screen, window or tab is shared from here. */
  readonly isScreenSharing: boolean;
  /** False in browsers without `getDisplayMedia` (phones). */
  readonly canShareScreen: boolean;
  /** False for an audio-only call. */
  readonly canSendVideo: boolean;
  /** False when the browser refused or has no microphone: the button then shows why on a press. */
  readonly hasMicrophone: boolean;
  /** False when the browser refused or has no camera. */
  readonly hasCamera: boolean;
  /** What the microphone hears, for a meter; null while none is open. A muted one stays open and is silent. */
  readonly microphone: MediaStreamTrack | null;
  /** What the camera sees, also before joining; null while it is off. */
  readonly camera: MediaStreamTrack | null;
  /** Whether the person here asks to speak. */
  readonly isHandRaised: boolean;
  /** Whether the person here may mute others and end the call for all. */
  readonly isHost: boolean;
}

/** The media devices, and which are in use (`""` is the browser's default). */
export interface DevicesView {
  /** Microphones. Without permission the browser gives one without a name (Media Capture and Streams §9.2). */
  readonly audioInputs: readonly MediaDeviceInfo[];
  /** Loudspeakers; empty where the browser does not let pages choose one. */
  readonly audioOutputs: readonly MediaDeviceInfo[];
  /** Cameras. */
  readonly videoInputs: readonly MediaDeviceInfo[];
  /** The microphone in use. */
  readonly audioInputId: string;
  /** The loudspeaker in use. */
  readonly audioOutputId: string;
  /** The camera in use. */
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
  /** Who asks: a {@link ParticipantView.id}. */
  readonly participantId: string;
  /** Their name. */
  readonly name: string;
}

/** Everything a call user interface draws. A new object whenever something in it changed, else the same one. */
export interface SessionSnapshot {
  /** Where the session stands. */
  readonly state: SessionState;
  /** Present with `ended`. */
  readonly endReason: EndReason | null;
  /** Whether nobody is to send camera pictures; `requestVideo` asks to change that. */
  readonly isAudioOnly: boolean;
  /** How the tiles are arranged. */
  readonly mode: CallMode;
  /** Unix milliseconds of the local join, or null before it: for a call timer. */
  readonly joinedAt: number | null;
  /** The local participant first, then the others in the order of joining. */
  readonly participants: readonly ParticipantView[];
  /** Who spoke last and loudest, for a spotlight; null until somebody spoke. Never the local participant. */
  readonly dominantSpeakerId: string | null;
  /** What the person here can do, and does. */
  readonly local: LocalView;
  /** The media devices, kept up to date as they come and go. */
  readonly devices: DevicesView;
  /** What went wrong and was not dismissed yet, the oldest first. */
  readonly problems: readonly ProblemView[];
  /** The browser blocked sound until a gesture: offer a button that calls `resumeAudioPlayback`. */
  readonly isAudioPlaybackBlocked: boolean;
  /** The tile that is shown large: a participant's id, with `/screen` behind it for a shared screen; else null. */
  readonly pinnedId: string | null;
  /** Whether the list of participants is open. */
  readonly isParticipantListShown: boolean;
  /** Whether the settings are open. */
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
  /** Mutes the microphone here, or unmutes it; opens it when none is open yet. */
  setAudioMuted(muted: boolean): Promise<void>;
  /** Turns the camera off or on. Off also releases it, so that its light goes out. */
  setVideoMuted(muted: boolean): Promise<void>;
  /** Shares a screen, window or tab, with its sound where the browser gives it. To be called from a click or key handler; a person who changes their mind in the browser's dialogue is no problem. */
  startScreenShare(): Promise<void>;
  /** Ends sharing; nothing happens while nothing is shared. */
  stopScreenShare(): Promise<void>;
  /** Speaks through another microphone: a `deviceId` of `devices.audioInputs`. */
  setAudioInputDevice(deviceId: string): Promise<void>;
  /** Shows another camera: a `deviceId` of `devices.videoInputs`. */
  setVideoInputDevice(deviceId: string): Promise<void>;
  /** Plays on another loudspeaker: a `deviceId` of `devices.audioOutputs`. */
  setAudioOutputDevice(deviceId: string): Promise<void>;
  /** Arranges the tiles differently, for the person here only. */
  setMode(mode: CallMode): void;
  /** To be called from a click or key handler. */
  resumeAudioPlayback(): Promise<void>;
  /** Takes a problem out of the snapshot: its {@link ProblemView.id}. */
  dismissProblem(id: number): void;
  /** Answers the idle prompt: the session goes on. */
  stayInSession(): void;
  /** Asks to speak, or no longer; everybody sees it. */
  setHandRaised(raised: boolean): Promise<void>;
  /** Shows a tile large for this person only: a participant's id, `<id>/screen`, or null for nobody. */
  pin(tileId: string | null): void;
  /** Opens or closes the list of participants. */
  showParticipantList(shown: boolean): void;
  /** Opens or closes the settings. */
  showSettings(shown: boolean): void;
  /** To be called from a click or key handler: browsers open a window for nothing else. */
  showPictureInPicture(shown: boolean): void;
  /** Asks somebody to mute; for the host. Nobody can be unmuted by others. */
  askToMute(participantId: string, source: 'microphone' | 'camera'): Promise<void>;
  /** Asks the others to turn an audio call into a video call. */
  requestVideo(): Promise<void>;
  /** Answers `videoRequest`: with true the call becomes a video call for everybody. */
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
  /** Ends the call, or leaves it. */
  readonly showEndCallButton: boolean;
  /** Mutes the microphone. */
  readonly showMuteAudioButton: boolean;
  /** Turns the camera off. */
  readonly showPauseVideoButton: boolean;
  /** Shares a screen; left out where the browser cannot. */
  readonly showScreenShareButton: boolean;
  /** Chooses the arrangement of the tiles. */
  readonly showModeButton: boolean;
  /** Asks for video in an audio call. */
  readonly showSwitchToVideoCallButton: boolean;
  /** Opens the list of participants. */
  readonly showParticipantListButton: boolean;
  /** Raises the hand. */
  readonly showRaiseHandButton: boolean;
  /** Puts the call into a small window; left out where the browser cannot. */
  readonly showPictureInPictureButton: boolean;
  /** How the large picture looks. */
  readonly mainVideo: MainVideoOptions;
  /** Replaces the looks of the layout: added behind its own style sheet. */
  readonly customCss: string;
  /** Replacements for the layout's words, by key; the layout defines the keys and their English defaults. */
  readonly strings: Readonly<Record<string, string>>;
}

/** How the large picture looks, from `MainVideoContainerSetting`. */
export interface MainVideoOptions {
  /** How the picture fills its tile; `default` is `cover`. */
  readonly aspectRatio: 'default' | 'contain' | 'cover';
  /** Where the full-screen button is, and whether there is one. */
  readonly fullScreenButton: {
    /** A value of `CometChatCalls.POSITION`. */
    readonly position: string;
    /** Whether it is shown. */
    readonly visibility: boolean;
  };
  /** Where the name is, whether it is shown, and the CSS colour behind it (empty: the layout's own). */
  readonly nameLabel: {
    /** A value of `CometChatCalls.POSITION`. */
    readonly position: string;
    /** Whether it is shown. */
    readonly visibility: boolean;
    /** A CSS colour. */
    readonly color: string;
  };
  /** Whether the quality of the connection is shown; it sits beside the name. */
  readonly networkLabel: {
    /** A value of `CometChatCalls.POSITION`. */
    readonly position: string;
    /** Whether it is shown. */
    readonly visibility: boolean;
  };
}

/** A mounted user interface. */
export interface CallUi {
  /** Removes everything it added to the host and stops every subscription. Safe to call twice. */
  dispose(): void;
}

/** Draws a call into `host`: the contract of the default layout (`src/ui`), and of any layout in its place. */
export type MountCallUi = (host: HTMLElement, view: EngineView, options: CallUiOptions) => CallUi;
