import { chatContext, sharedPlatform } from '../chat/current.js';
import { CALL_MODE } from '../constants.js';
import {
  API_ERROR_CODES,
  CometChatCallsException,
  type CometChatCallsException as Exception,
  GENERAL_ERROR,
  asCallsException,
  clientError,
} from '../errors.js';
import { mountCallUi } from '../ui/index.js';
import { CallAppSettings as AppSettings, CallAppSettingsBuilder as AppSettingsBuilder } from './app-settings.js';
import {
  CallGroup as LoggedGroup,
  CallLog as Log,
  CallLogRequestBuilder as LogRequestBuilder,
  CallUser as LoggedUser,
  Participant as LoggedParticipant,
  Recording as LoggedRecording,
  setCallLogSource,
  type CallLogJson,
} from './call-log.js';
import { SessionControls5 } from './controls5.js';
import { OngoingCallListener as SessionEvents, type OngoingCallCallbacks } from './listener.js';
import { PresenterSettings as Presentation, PresenterSettingsBuilder as PresentationBuilder } from './presenter.js';
import {
  currentSession,
  eventHub,
  isEndButtonHandled,
  media,
  prepare,
  rememberUrl,
  rest,
  sessionUrl,
  setSession,
  setUp,
  takeHeadStart,
  tellAll,
} from './runtime.js';
import { RunningSession } from './session.js';
import { callSettingsOf, type SessionSettings } from './session-settings.js';
import {
  ASPECT_RATIO,
  CallSettings as Settings,
  CallSettingsBuilder as SettingsBuilder,
  MainVideoContainerSetting as MainVideoSetting,
  POSITION,
} from './settings.js';
import {
  VirtualBackground as Background,
  VirtualBackgroundBuilder as BackgroundBuilder,
} from './virtual-background.js';

export { setMediaForTests } from './runtime.js';

/** What `generateToken` gives: the right to join one session. */
export interface GenerateToken {
  sessionId: string;
  /** A signed JWT. */
  token: string;
}

/** What a link for guests of one call carries. */
export interface GuestInvitation {
  sessionId: string;
  /** To be put behind the `#` of a link: whoever has it may join while the call goes on. */
  grant: string;
  /** Unix seconds. */
  expiresAt: number;
}

/** The right of a guest to join one session. */
export interface GuestToken extends GenerateToken {
  /** As the others see it. */
  name: string;
  uid: string;
  callType: 'audio' | 'video';
}

/** What version 5 resolves with instead of rejecting. */
export interface Result<T> {
  data: T | undefined;
  error: CometChatCallsException | null;
}

/** What `CometChatCalls.init` takes instead of built settings. */
export interface CallInitSettings {
  appId?: string;
  region?: string;
  authKey?: string;
  adminHost?: string;
  clientHost?: string;
  host?: string;
}

/**
 * The session of a call: tokens, joining, the call's user interface and its controls. Everything is static, and there is one
 * session at a time. Rejections are {@link CometChatCalls.CometChatCallsException}.
 */
export class CometChatCalls extends SessionControls5 {
  static readonly CallAppSettings = AppSettings;
  static readonly CallAppSettingsBuilder = AppSettingsBuilder;
  static readonly CallSettings = Settings;
  static readonly CallSettingsBuilder = SettingsBuilder;
  static readonly OngoingCallListener = SessionEvents;
  static readonly MainVideoContainerSetting = MainVideoSetting;
  static readonly CometChatCallsException = CometChatCallsException;
  static readonly CALL_MODE = { DEFAULT: CALL_MODE.DEFAULT, SPOTLIGHT: CALL_MODE.SPOTLIGHT, GRID: CALL_MODE.GRID };
  static readonly MODE = CometChatCalls.CALL_MODE;
  static readonly PresenterSettings = Presentation;
  static readonly PresenterSettingsBuilder = PresentationBuilder;
  static readonly VirtualBackground = Background;
  static readonly VirtualBackgroundBuilder = BackgroundBuilder;
  static readonly CallLogRequestBuilder = LogRequestBuilder;
  static readonly CallLog = Log;
  static readonly CallUser = LoggedUser;
  static readonly CallGroup = LoggedGroup;
  static readonly Participant = LoggedParticipant;
  static readonly Recording = LoggedRecording;
  static readonly GENERAL_ERROR = GENERAL_ERROR;
  static readonly API_ERROR_CODES = API_ERROR_CODES;
  static readonly POSITION = POSITION;
  static readonly ASPECT_RATIO = ASPECT_RATIO;

  /**
   * Sets up. Call it once, before anything else.
   *
   * @param settings - built with `CometChatCalls.CallAppSettingsBuilder`, or a plain `{appId, region, host}`
   */
  static init(settings: AppSettings | CallInitSettings): Promise<void> {
    if (settings instanceof AppSettings) setUp(settings.getAppId(), settings.getHost());
    else setUp(settings.appId ?? '', settings.host ?? settings.clientHost ?? settings.adminHost);
    setCallLogSource({ rest, authToken: () => chatContext()?.authToken ?? '' });
    return Promise.resolve();
  }

  /** The same as {@link CometChatCalls.init}. */
  static initFromSettings(settings: CallInitSettings): Promise<void> {
    return CometChatCalls.init(settings);
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
   * Invites guests to a call that the logged-in user is in. They need no account.
   *
   * @param sessionId - `call.getSessionId()`
   */
  static async inviteGuests(sessionId: string, authToken = chatContext()?.authToken): Promise<GuestInvitation> {
    try {
      if (!sessionId) throw clientError('SESSION_ID_REQUIRED');
      if (!authToken) throw clientError('USER_NOT_LOGGED_IN');
      const path = `/v1/calls/${encodeURIComponent(sessionId)}/guest_link`;
      return await rest().call<GuestInvitation>('POST', path, { authToken }, {});
    } catch (thrown) {
      throw asCallsException(thrown);
    }
  }

  /**
   * Gets the right to join a call as a guest; nobody needs to be logged in.
   *
   * @param grant - of {@link CometChatCalls.inviteGuests}
   * @param name - shown to the others
   */
  static async generateGuestToken(grant: string, name: string): Promise<GuestToken> {
    try {
      const answer = await rest().call<GuestToken & { url: string }>('POST', '/v1/guests', undefined, { grant, name });
      const { url, ...guest } = answer;
      rememberUrl(guest.token, url);
      return guest;
    } catch (thrown) {
      throw asCallsException(thrown);
    }
  }

  /**
   * Does ahead what the next session needs, so that its first frame does not wait for it: makes the offer, connects, opens
   * microphone and camera. Call it when a call is accepted, before `acceptCall` or in `onOutgoingCallAccepted`, where the person may be
   * asked for the devices; and, with `openDevices: false`, when a call begins to ring: then only the offer is made. Devices that no
   * session takes within 30 s are let go, and all else within 60 s.
   */
  static prepareSession({
    isAudioOnly = false,
    openDevices = true,
  }: { isAudioOnly?: boolean; openDevices?: boolean } = {}): void {
    prepare(isAudioOnly, openDevices);
  }

  /**
   * Joins the session of a call. Resolves once joined, which with `showPreviewBeforeJoining` the person decides. A session that still
   * runs is ended first.
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
    await run(callToken, callSettings, htmlElement ?? undefined, false);
  }

  /**
   * Joins as one who presents or as one who watches; a session like every other, with who speaks shown large.
   *
   * @param presenterSettings - built with `CometChatCalls.PresenterSettingsBuilder`
   */
  static async joinPresentation(
    callToken: string | { token: string },
    presenterSettings: Presentation,
    htmlElement?: HTMLElement | null,
  ): Promise<void> {
    if (!(presenterSettings instanceof Presentation)) throw asCallsException(clientError('INVALID_PRESENTER_SETTINGS'));
    await run(callToken, presenterSettings.toCallSettings(), htmlElement ?? undefined, false);
  }

  /**
   * Joins a session: `startSession` with the settings of version 5. What fails is in the result.
   *
   * @param settings - a plain object; or built settings
   */
  static async joinSession(
    callToken: string | { token: string },
    settings: SessionSettings | Settings = {},
    container?: HTMLElement | null,
  ): Promise<Result<void>> {
    try {
      await run(
        callToken,
        callSettingsOf(settings, {}),
        container ?? undefined,
        !(settings instanceof Settings) && settings.isPeerCall === true,
      );
      if (!(settings instanceof Settings)) takeDevices(settings);
      return { data: undefined, error: null };
    } catch (thrown) {
      return { data: undefined, error: asCallsException(thrown) };
    }
  }

  /** The history of one session. */
  static async getCallDetails(sessionID: string, authToken = chatContext()?.authToken ?? ''): Promise<Log[]> {
    if (!sessionID) throw asCallsException(clientError('SESSION_ID_REQUIRED'));
    try {
      const path = `/v1/calls/${encodeURIComponent(sessionID)}`;
      const { call } = await rest().call<{ call: CallLogJson }>('GET', path, { authToken });
      return [new Log(call)];
    } catch (thrown) {
      throw asCallsException(thrown);
    }
  }

  /** Leaves the session and releases everything. Does nothing when there is none. */
  static endSession(): void {
    currentSession()?.endHere();
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
  export type PresenterSettings = Presentation;
  export type PresenterSettingsBuilder = PresentationBuilder;
  export type VirtualBackground = Background;
  export type VirtualBackgroundBuilder = BackgroundBuilder;
  export type CallLog = Log;
  export type CallUser = LoggedUser;
  export type CallGroup = LoggedGroup;
  export type Participant = LoggedParticipant;
  export type Recording = LoggedRecording;
  export type CallLogRequestBuilder = LogRequestBuilder;
  export type CometChatCallsException = Exception;
}

async function run(
  callToken: string | { token: string },
  settings: Settings,
  host: HTMLElement | undefined,
  isPeerCall: boolean,
): Promise<void> {
  const tell = (invoke: (listener: OngoingCallCallbacks) => void) => tellAll(settings, invoke);
  const token = typeof callToken === 'string' ? callToken : callToken.token;
  if (!token) {
    const error = asCallsException(clientError('JWT_NOT_FOUND'));
    tell((listener) => listener.onError?.(error));
    throw error;
  }
  const url = sessionUrl(token);
  CometChatCalls.endSession();
  const started: RunningSession = new RunningSession({
    engine: {
      platform: sharedPlatform(),
      media: media(),
      url,
      token,
      isAudioOnly: settings.isAudioOnlyCall(),
      isAudioMuted: settings.getStartWithAudioMuted(),
      isVideoMuted: settings.getStartWithVideoMuted(),
      mode: settings.getMode(),
      idleTimeoutSeconds: settings.getIdleTimeoutPeriod(),
      idlePromptSeconds: settings.getIdlePromptPeriod(),
      headStart: takeHeadStart(),
      // Only the default layout has the button that ends the preview.
      isPreview: settings.isPreviewBeforeJoiningEnabled() && settings.isDefaultLayoutEnabled() && host !== undefined,
    },
    settings,
    sessionId: sessionIdOf(token),
    follow: (engine) => eventHub.follow(engine),
    isPeerCall,
    host,
    mountUi: mountCallUi,
    tell,
    isEndButtonHandled: () => isEndButtonHandled(settings),
    endSession: () => CometChatCalls.endSession(),
    onEndedHere: () => {
      if (currentSession() === started) setSession(undefined);
    },
  });
  setSession(started);
  if (settings.shouldStartRecordingOnCallStart()) CometChatCalls.startRecording();
  if (settings.getVirtualBackground()) CometChatCalls.openVirtualBackground();
  await started.start();
}

function takeDevices({ audioInputDeviceId, audioOutputDeviceId, videoInputDeviceId }: SessionSettings): void {
  if (audioInputDeviceId) CometChatCalls.setAudioInputDevice(audioInputDeviceId);
  if (audioOutputDeviceId) CometChatCalls.setAudioOutputDevice(audioOutputDeviceId);
  if (videoInputDeviceId) CometChatCalls.setVideoInputDevice(videoInputDeviceId);
}

/** The session that a call token opens, as its payload says; it is only shown to the app, the server checks the token. */
function sessionIdOf(token: string): string {
  try {
    const payload = (token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/');
    return (JSON.parse(atob(payload)) as { sessionId?: string }).sessionId ?? '';
  } catch {
    return '';
  }
}
