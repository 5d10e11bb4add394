import { CometChat } from '../chat/cometchat.js';
import { currentClient } from '../chat/current.js';
import type { LoginCallbacks } from '../chat/listeners.js';
import type { User } from '../model/user.js';
import { notProvided } from '../not-provided.js';
import { SessionControls } from './controls.js';
import { currentSession, currentSetup, eventHub, rest, running } from './runtime.js';
import { layoutOf, type SessionEventListener, type SessionEventType } from './session-events.js';

const NO_RECORDING = 'The server forwards media and does not record it.';
const NO_STREAMING = 'The server forwards media to the participants only.';
const NO_TRANSCRIPTION = 'Nothing is transcribed.';
const NO_BACKGROUND = 'Pictures are sent as the camera gives them.';
const NO_CHAT = 'The default layout has no chat.';

/** The names of version 5, over the same engine. A part of `CometChatCalls`; everything is static. */
export class SessionControls5 extends SessionControls {
  /** The layouts of version 5. */
  static readonly LAYOUT = {
    /** All alike. */
    TILE: 'TILE',
    /** The speaker large, and the others beside. */
    SIDEBAR: 'SIDEBAR',
    /** The speaker, and oneself small in a corner. */
    SPOTLIGHT: 'SPOTLIGHT',
  } as const;
  /** The values of `sessionType` in the settings of `joinSession`. */
  static readonly SESSION_TYPE = {
    /** Sound and pictures; the default. */
    VIDEO: 'VIDEO',
    /** Sound only. */
    VOICE: 'VOICE',
  } as const;

  /** Logs in without `CometChat.init`: `login(uid, authKey)` while developing. */
  static async login(uid: string, authKey?: string): Promise<User> {
    await ensureClient();
    return authKey === undefined ? CometChat.login(uid) : CometChat.login(uid, authKey);
  }
  /** Logs in with the token that your server got for the user; `CometChat.init` is not needed. */
  static async loginWithAuthToken(authToken: string): Promise<User> {
    await ensureClient();
    return CometChat.login(authToken);
  }
  /** Logs out; the token is revoked. */
  static async logout(): Promise<void> {
    await CometChat.logout();
  }
  /** Who is logged in, or null. */
  static getLoggedInUser(): User | null {
    return currentClient()?.loggedInUser ?? null;
  }
  /** The auth token of who is logged in, or null. */
  static getUserAuthToken(): string | null {
    return SessionControls5.getLoggedInUser()?.getAuthToken() ?? null;
  }
  /** Whether somebody is logged in; sends nothing. */
  static isUserLoggedIn(): boolean {
    return SessionControls5.getLoggedInUser() !== null;
  }
  /** Listens to logins and logouts; a second listener with the same name replaces the first. */
  static addLoginListener(name: string, listener: LoginCallbacks): void {
    CometChat.addLoginListener(name, listener);
  }
  /** Removes the login listener with this name. Does nothing when there is none. */
  static removeLoginListener(name: string): void {
    CometChat.removeLoginListener(name);
  }

  /**
   * Listens to one event of the running and every later session. Returns the function that stops it; an aborted `signal` stops it
   * too.
   */
  static addEventListener<T extends SessionEventType>(
    type: T,
    listener: SessionEventListener<T>,
    options: { signal?: AbortSignal } = {},
  ): () => void {
    return eventHub.add(type, listener, options);
  }
  /** Stops the listener; takes the same function that `addEventListener` got. Does nothing when there is none. */
  static removeEventListener<T extends SessionEventType>(type: T, listener: SessionEventListener<T>): void {
    eventHub.remove(type, listener);
  }

  /** Leaves the session. The same as `endSession`. */
  static leaveSession(): void {
    currentSession()?.endHere();
  }
  /** Ends the session for everybody; for the host, who has been in for the longest. */
  static endSessionForAll(): void {
    void running().endForAll();
  }

  /** The same as {@link SessionControls.unMuteAudio}; both spellings exist. */
  static unmuteAudio(): void {
    SessionControls.muteAudio(false);
  }
  /** Mutes the microphone, or unmutes a muted one. */
  static toggleAudio(): void {
    void running().setAudioMuted(!running().snapshot.local.isAudioMuted);
  }
  /** Turns the camera off, or on when it is off. */
  static toggleVideo(): void {
    void running().setVideoMuted(!running().snapshot.local.isVideoMuted);
  }
  /** Raises one's hand, for everybody to see. Does nothing when it is raised. */
  static raiseHand(): void {
    void running().setHandRaised(true);
  }
  /** Lowers one's hand. Does nothing when it is not raised. */
  static lowerHand(): void {
    void running().setHandRaised(false);
  }
  /** Raises one's hand, or lowers a raised one. */
  static toggleHand(): void {
    void running().setHandRaised(!running().snapshot.local.isHandRaised);
  }
  /** Arranges the default layout, for this person only: one of {@link SessionControls5.LAYOUT}. */
  static setLayout(layout: 'TILE' | 'SIDEBAR' | 'SPOTLIGHT'): void {
    running().setMode(layout);
  }
  /** The layout now; `DEFAULT` of {@link SessionControls.setMode} reads as `SIDEBAR`. */
  static getLayout(): 'TILE' | 'SIDEBAR' | 'SPOTLIGHT' {
    return layoutOf(running().snapshot.mode);
  }
  /** Shows a participant large, by `pid`; for this person only. */
  static pinParticipant(participantId: string, type: 'human' | 'screen-share' = 'human'): void {
    running().pin(type === 'human' ? participantId : `${participantId}/screen`);
  }
  /** Undoes {@link SessionControls5.pinParticipant}. Does nothing when nobody is pinned. */
  static unpinParticipant(): void {
    running().pin(null);
  }
  /** Mutes somebody else's microphone; for the host. Nobody can be unmuted by others. */
  static muteParticipant(participantId: string): void {
    void running().askToMute(participantId, 'microphone');
  }
  /** Turns somebody else's camera off; for the host. */
  static pauseParticipantVideo(participantId: string): void {
    void running().askToMute(participantId, 'camera');
  }
  /** Opens the list of participants in the default layout. */
  static showParticipantList(): void {
    running().showParticipantList(true);
  }
  /** Closes the list of participants in the default layout. */
  static hideParticipantList(): void {
    running().showParticipantList(false);
  }
  /** Opens the list of participants in the default layout, or closes an open one. */
  static toggleParticipantList(): void {
    running().showParticipantList(!running().snapshot.isParticipantListShown);
  }
  /** Opens the settings panel of the default layout. */
  static showSettingsDialog(): void {
    running().showSettings(true);
  }
  /** Closes the settings panel of the default layout. */
  static hideSettingsDialog(): void {
    running().showSettings(false);
  }

  /**
   * Shows the call in a small window that stays on top of others, where the browser has one; only from a click or key handler. The
   * default layout draws it.
   */
  static enablePictureInPictureLayout(): void {
    running().showPictureInPicture(true);
  }
  /** Closes the small window. Does nothing when it is not open. */
  static disablePictureInPictureLayout(): void {
    running().showPictureInPicture(false);
  }

  /** The microphone chosen, or the first one when none is; undefined when there is none. */
  static getCurrentAudioInputDevice(): MediaDeviceInfo | undefined {
    const { audioInputs, audioInputId } = running().snapshot.devices;
    return audioInputs.find(({ deviceId }) => deviceId === audioInputId) ?? audioInputs[0];
  }
  /** The loudspeaker chosen, or the first one when none is; undefined when the browser tells none. */
  static getCurrentAudioOutputDevice(): MediaDeviceInfo | undefined {
    const { audioOutputs, audioOutputId } = running().snapshot.devices;
    return audioOutputs.find(({ deviceId }) => deviceId === audioOutputId) ?? audioOutputs[0];
  }
  /** The camera chosen, or the first one when none is; undefined when there is none. */
  static getCurrentVideoInputDevice(): MediaDeviceInfo | undefined {
    const { videoInputs, videoInputId } = running().snapshot.devices;
    return videoInputs.find(({ deviceId }) => deviceId === videoInputId) ?? videoInputs[0];
  }

  /** Kept for compatibility: does nothing. */
  static toggleRecording(): void {
    notProvided('CometChatCalls.toggleRecording', NO_RECORDING);
  }
  /** Kept for compatibility: does nothing. */
  static startStreaming(_url: string, _key: string): void {
    notProvided('CometChatCalls.startStreaming', NO_STREAMING);
  }
  /** Kept for compatibility: does nothing. */
  static stopStreaming(): void {
    notProvided('CometChatCalls.stopStreaming', NO_STREAMING);
  }
  /** Kept for compatibility: does nothing. */
  static startTranscription(): void {
    notProvided('CometChatCalls.startTranscription', NO_TRANSCRIPTION);
  }
  /** Kept for compatibility: does nothing. */
  static stopTranscription(): void {
    notProvided('CometChatCalls.stopTranscription', NO_TRANSCRIPTION);
  }
  /** Kept for compatibility: does nothing. */
  static showVirtualBackgroundDialog(): void {
    notProvided('CometChatCalls.showVirtualBackgroundDialog', NO_BACKGROUND);
  }
  /** Kept for compatibility: does nothing. */
  static hideVirtualBackgroundDialog(): void {
    notProvided('CometChatCalls.hideVirtualBackgroundDialog', NO_BACKGROUND);
  }
  /** Kept for compatibility: does nothing. */
  static setChatButtonUnreadCount(_count: number): void {
    notProvided('CometChatCalls.setChatButtonUnreadCount', NO_CHAT);
  }
}

/** A client for an app that uses calls only. */
async function ensureClient(): Promise<void> {
  if (currentClient()) return;
  const settings = new CometChat.AppSettingsBuilder().overrideClientHost(rest().server).build();
  await CometChat.init(currentSetup().appId || 'belfry', settings);
}
