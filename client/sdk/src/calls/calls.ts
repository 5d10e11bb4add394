import { chatContext, sharedPlatform } from '../chat/current.js';
import { ListenerRegistry } from '../chat/listeners.js';
import { CALL_MODE } from '../constants.js';
import { browserMedia, type MediaPlatform } from '../engine/media-platform.js';
import type { CallMode, EngineView } from '../engine/view.js';
import { CometChatCallsException, asCallsException, clientError } from '../errors.js';
import { Rest, serverAddress } from '../transport/rest.js';
import { mountCallUi } from '../ui/index.js';
import { CallAppSettings as AppSettings, CallAppSettingsBuilder as AppSettingsBuilder } from './app-settings.js';
import { OngoingCallListener as SessionEvents, type OngoingCallCallbacks } from './listener.js';
import { RunningSession } from './session.js';
import {
  ASPECT_RATIO,
  CallSettings as Settings,
  CallSettingsBuilder as SettingsBuilder,
  MainVideoContainerSetting as MainVideoSetting,
  POSITION,
} from './settings.js';

/** What `generateToken` gives: the right to join one session. */
export interface GenerateToken {
  sessionId: string;
  /** A signed JWT. */
  token: string;
}

let isInitialized = false;
let server: string | undefined;
let session: RunningSession | undefined;
let createMedia: () => MediaPlatform = browserMedia;
/** Where the sessions of the last tokens are served. */
const sessionUrls = new Map<string, string>();
const SESSION_URLS_MAX = 32;
const listeners = new ListenerRegistry<OngoingCallCallbacks>();

/** Lets a test be the browser's media half. Not part of the public API. */
export function setMediaForTests(create: () => MediaPlatform): void {
  createMedia = create;
}

function rest(): Rest {
  if (!isInitialized) throw asCallsException(clientError('COMETCHAT_INITIALIZATION_NOT_DONE'));
  const platform = sharedPlatform();
  return new Rest(platform, server ?? chatContext()?.server ?? platform.origin);
}

function running(): RunningSession['engine'] {
  if (!session) throw asCallsException(clientError('ERR_NO_SESSION'));
  return session.engine;
}

/**
 * The session of a call: tokens, joining, the call's user interface and its controls. Everything is static, and there is one
 * session at a time. Rejections are {@link CometChatCalls.CometChatCallsException}.
 */
export class CometChatCalls {
  static readonly CallAppSettings = AppSettings;
  static readonly CallAppSettingsBuilder = AppSettingsBuilder;
  static readonly CallSettings = Settings;
  static readonly CallSettingsBuilder = SettingsBuilder;
  static readonly OngoingCallListener = SessionEvents;
  static readonly MainVideoContainerSetting = MainVideoSetting;
  static readonly CometChatCallsException = CometChatCallsException;
  static readonly CALL_MODE = { DEFAULT: CALL_MODE.DEFAULT, SPOTLIGHT: CALL_MODE.SPOTLIGHT, GRID: CALL_MODE.GRID };
  static readonly MODE = CometChatCalls.CALL_MODE;
  static readonly POSITION = POSITION;
  static readonly ASPECT_RATIO = ASPECT_RATIO;

  /**
   * Sets up. Call it once, before anything else.
   *
   * @param settings - built with `CometChatCalls.CallAppSettingsBuilder`, or a plain `{appId, region, host}`
   */
  static init(settings: AppSettings | { appId?: string; region?: string; host?: string }): Promise<void> {
    const host = settings instanceof AppSettings ? settings.getHost() : settings.host;
    server = host ? serverAddress(host, sharedPlatform().origin) : undefined;
    isInitialized = true;
    return Promise.resolve();
  }

  /**
   * Gets the right to join the session of a call.
   *
   * @param sessionId - `call.getSessionId()`
   * @param authToken - `user.getAuthToken()` of the logged-in user; may be left out after `CometChat.login`
   */
  static async generateToken(sessionId: string, authToken = chatContext()?.authToken): Promise<GenerateToken> {
    try {
      if (!sessionId) throw clientError('SESSION_ID_REQUIRED');
      if (!authToken) throw clientError('USER_NOT_LOGGED_IN');
      const path = `/v1/calls/${encodeURIComponent(sessionId)}/token`;
      const answer = await rest().call<GenerateToken & { url?: string }>('POST', path, { authToken }, {});
      if (answer.url) rememberUrl(answer.token, answer.url);
      return { sessionId: answer.sessionId, token: answer.token };
    } catch (thrown) {
      throw asCallsException(thrown);
    }
  }

  /**
   * Joins the session of a call. Resolves once joined. A session that still runs is ended first.
   *
   * @param callToken - what {@link CometChatCalls.generateToken} gave, or its `token`
   * @param callSettings - built with `CometChatCalls.CallSettingsBuilder`
   * @param htmlElement - where the default layout is drawn; the element gives it its size
   */
  static async startSession(
    callToken: string | { token: string },
    callSettings: Settings,
    htmlElement?: HTMLElement | null,
  ): Promise<void> {
    if (!(callSettings instanceof Settings)) throw asCallsException(clientError('INVALID_CALL_SETTINGS'));
    const tell = (invoke: (listener: OngoingCallCallbacks) => void) => tellAll(callSettings, invoke);
    const token = typeof callToken === 'string' ? callToken : callToken.token;
    if (!token) {
      const error = asCallsException(clientError('JWT_NOT_FOUND'));
      tell((listener) => listener.onError?.(error));
      throw error;
    }
    const url = sessionUrl(token);
    CometChatCalls.endSession();
    const started = new RunningSession({
      engine: {
        platform: sharedPlatform(),
        media: createMedia(),
        url,
        token,
        isAudioOnly: callSettings.isAudioOnlyCall(),
        isAudioMuted: callSettings.getStartWithAudioMuted(),
        isVideoMuted: callSettings.getStartWithVideoMuted(),
        mode: callSettings.getMode(),
        idleTimeoutSeconds: callSettings.getIdleTimeoutPeriod(),
      },
      settings: callSettings,
      host: htmlElement ?? undefined,
      mountUi: mountCallUi,
      tell,
      isEndButtonHandled: () => isEndButtonHandled(callSettings),
      endSession: () => CometChatCalls.endSession(),
    });
    session = started;
    await started.start();
  }

  /** Leaves the session and releases everything. Does nothing when there is none. */
  static endSession(): void {
    const ending = session;
    session = undefined;
    ending?.dispose();
  }

  /** The running session as a user interface sees it, for an app that draws its own; else undefined. */
  static getSessionView(): EngineView | undefined {
    return session?.engine;
  }

  /** Mutes the microphone; with `false`, unmutes it. */
  static muteAudio(mute = true): void {
    void running().setAudioMuted(mute);
  }
  static unMuteAudio(): void {
    CometChatCalls.muteAudio(false);
  }
  /** Turns the camera off; with `false`, on. */
  static pauseVideo(pause = true): void {
    void running().setVideoMuted(pause);
  }
  static unPauseVideo(): void {
    CometChatCalls.pauseVideo(false);
  }
  /** The same as {@link CometChatCalls.unPauseVideo}; both spellings exist. */
  static resumeVideo(): void {
    CometChatCalls.pauseVideo(false);
  }
  /** Lets the person choose a screen or window to share. From a click or key handler. */
  static startScreenShare(): void {
    void running().startScreenShare();
  }
  static stopScreenShare(): void {
    void running().stopScreenShare();
  }
  /** Arranges the default layout: one of `CometChatCalls.CALL_MODE`. */
  static setMode(mode: CallMode): void {
    running().setMode(mode);
  }
  /** Takes the next camera, e.g. the one on the phone's back. */
  static switchCamera(): void {
    const engine = running();
    const { videoInputs, videoInputId } = engine.snapshot.devices;
    const next = (videoInputs.findIndex(({ deviceId }) => deviceId === videoInputId) + 1) % videoInputs.length;
    const device = videoInputs[next];
    if (device) void engine.setVideoInputDevice(device.deviceId);
  }

  static getAudioInputDevices(): MediaDeviceInfo[] {
    return [...running().snapshot.devices.audioInputs];
  }
  static getAudioOutputDevices(): MediaDeviceInfo[] {
    return [...running().snapshot.devices.audioOutputs];
  }
  static getVideoInputDevices(): MediaDeviceInfo[] {
    return [...running().snapshot.devices.videoInputs];
  }
  /** Takes another microphone, by `deviceId`. */
  static setAudioInputDevice(deviceId: string): void {
    void running().setAudioInputDevice(deviceId);
  }
  /** Takes another loudspeaker, where the browser can. */
  static setAudioOutputDevice(deviceId: string): void {
    void running().setAudioOutputDevice(deviceId);
  }
  /** Takes another camera. */
  static setVideoInputDevice(deviceId: string): void {
    void running().setVideoInputDevice(deviceId);
  }

  /** Listens to the running and every later session; a second listener with the same name replaces the first. */
  static addCallEventListener(name: string, listener: OngoingCallCallbacks): void {
    listeners.add(name, listener);
  }
  static removeCallEventListener(name: string): void {
    listeners.remove(name);
  }
}

/** The classes of `CometChatCalls` as types. */
export declare namespace CometChatCalls {
  export type CallAppSettings = AppSettings;
  export type CallAppSettingsBuilder = AppSettingsBuilder;
  export type CallSettings = Settings;
  export type CallSettingsBuilder = SettingsBuilder;
  export type OngoingCallListener = SessionEvents;
  export type MainVideoContainerSetting = MainVideoSetting;
}

function rememberUrl(token: string, url: string): void {
  sessionUrls.set(token, url);
  const [oldest] = sessionUrls.keys();
  if (sessionUrls.size > SESSION_URLS_MAX && oldest !== undefined) sessionUrls.delete(oldest);
}

/** The address that came with the token, as seen from this page; else the default one of the server. */
function sessionUrl(token: string): string {
  const known = sessionUrls.get(token);
  const api = rest();
  if (!known) return api.socketUrl('/v1/session');
  return known.startsWith('/') ? api.socketUrl(known) : known.replace(/^http/, 'ws');
}

function tellAll(settings: Settings, invoke: (listener: OngoingCallCallbacks) => void): void {
  const own = settings.getCallListener();
  const once = new ListenerRegistry<OngoingCallCallbacks>();
  if (own) once.add('settings', own);
  once.each(invoke);
  listeners.each(invoke);
}

function isEndButtonHandled(settings: Settings): boolean {
  let isHandled = settings.getCallListener()?.onCallEndButtonPressed !== undefined;
  listeners.each((listener) => (isHandled ||= listener.onCallEndButtonPressed !== undefined));
  return isHandled;
}
