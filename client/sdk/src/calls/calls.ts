import { chatContext, currentClient, sharedPlatform } from '../chat/current.js';
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
import type { JoinGrantJson } from '../transport/wire.js';
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
  /** The session that the token opens. */
  sessionId: string;
  /** A signed JWT. */
  token: string;
}

/** What a link for guests of one call carries. */
export interface GuestInvitation {
  /** The session that guests are invited to. */
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
  /** The guest's id in the session: `guest-` and 16 hexadecimal digits, another one for every token. */
  uid: string;
  /** What the call was begun as: give `setIsAudioOnlyCall(true)` for `audio`. */
  callType: 'audio' | 'video';
}

/** What version 5 resolves with instead of rejecting. */
export interface Result<T> {
  /** What it resolved with; undefined after an error, and where there is nothing to give. */
  data: T | undefined;
  /** What failed, or null. */
  error: CometChatCallsException | null;
}

/** What `CometChatCalls.init` takes instead of built settings. */
export interface CallInitSettings {
  /** The app's id. Default: empty; the server is found by its host. */
  appId?: string;
  /** Kept for compatibility: does nothing, as a self-hosted server is told by its host. */
  region?: string;
  /** Kept for compatibility: does nothing here; give the key to `login`. */
  authKey?: string;
  /** The server's address when neither `host` nor `clientHost` is given. */
  adminHost?: string;
  /** The server's address when `host` is not given. */
  clientHost?: string;
  /** The server's address; default: the one of `CometChat.init`, else where the page came from. */
  host?: string;
}

/**
 * The session of a call: tokens, joining, the call's user interface and its controls. Everything is static, and there is one
 * session at a time. Rejections are {@link CometChatCalls.CometChatCallsException}.
 */
export class CometChatCalls extends SessionControls5 {
  /** How {@link CometChatCalls.init} sets up. */
  static readonly CallAppSettings = AppSettings;
  /** Builds the settings for {@link CometChatCalls.init}. */
  static readonly CallAppSettingsBuilder = AppSettingsBuilder;
  /** How a session looks and starts. */
  static readonly CallSettings = Settings;
  /** Builds the settings for {@link CometChatCalls.startSession}. */
  static readonly CallSettingsBuilder = SettingsBuilder;
  /** Listens to a session, for `setCallListener` or `addCallEventListener`. */
  static readonly OngoingCallListener = SessionEvents;
  /** How the large picture looks, for `setMainVideoContainerSetting`. */
  static readonly MainVideoContainerSetting = MainVideoSetting;
  /** What the methods of `CometChatCalls` reject with: `code`, `name`, `message`, `details`. */
  static readonly CometChatCallsException = CometChatCallsException;
  /** How the default layout is arranged, for `setMode`. Default `DEFAULT`. */
  static readonly CALL_MODE = {
    /** Chooses by the number of people: two as a conversation, more of them all alike. */
    DEFAULT: CALL_MODE.DEFAULT,
    /** The speaker, and oneself small in a corner. */
    SPOTLIGHT: CALL_MODE.SPOTLIGHT,
    /** All alike; its value is `TILE`. */
    GRID: CALL_MODE.GRID,
  };
  /** The same as {@link CometChatCalls.CALL_MODE}; both names exist. */
  static readonly MODE = CometChatCalls.CALL_MODE;
  /** How {@link CometChatCalls.joinPresentation} joins. */
  static readonly PresenterSettings = Presentation;
  /** Builds the settings for {@link CometChatCalls.joinPresentation}. */
  static readonly PresenterSettingsBuilder = PresentationBuilder;
  /** Kept for compatibility: settings of a feature that is not provided. */
  static readonly VirtualBackground = Background;
  /** Kept for compatibility: builds settings of a feature that is not provided. */
  static readonly VirtualBackgroundBuilder = BackgroundBuilder;
  /** Builds a request that pages through the call history. */
  static readonly CallLogRequestBuilder = LogRequestBuilder;
  /** One call of the history. */
  static readonly CallLog = Log;
  /** A user in the call history. */
  static readonly CallUser = LoggedUser;
  /** A group in the call history. */
  static readonly CallGroup = LoggedGroup;
  /** Who was in a call of the history, or was rung. */
  static readonly Participant = LoggedParticipant;
  /** Kept for compatibility: a recording in the call history, which has none. */
  static readonly Recording = LoggedRecording;
  /** The errors that `CometChatCalls` raises by itself, as data. */
  static readonly GENERAL_ERROR = GENERAL_ERROR;
  /** Codes of the server that an app usually handles by itself. */
  static readonly API_ERROR_CODES = API_ERROR_CODES;
  /** Where a label or button sits in the large picture, for `MainVideoContainerSetting`. */
  static readonly POSITION = POSITION;
  /** How the large picture fills its tile, for `MainVideoContainerSetting`. */
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
      const answer =
        takeGrant(sessionId, authToken) ??
        (await rest().call<GenerateToken & { url?: string }>('POST', path, { authToken }, {}));
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
  /** How {@link CometChatCalls.init} sets up. */
  export type CallAppSettings = AppSettings;
  /** Builds the settings for {@link CometChatCalls.init}. */
  export type CallAppSettingsBuilder = AppSettingsBuilder;
  /** How a session looks and starts. */
  export type CallSettings = Settings;
  /** Builds the settings for {@link CometChatCalls.startSession}. */
  export type CallSettingsBuilder = SettingsBuilder;
  /** Listens to a session, for `setCallListener` or `addCallEventListener`. */
  export type OngoingCallListener = SessionEvents;
  /** How the large picture looks, for `setMainVideoContainerSetting`. */
  export type MainVideoContainerSetting = MainVideoSetting;
  /** How {@link CometChatCalls.joinPresentation} joins. */
  export type PresenterSettings = Presentation;
  /** Builds the settings for {@link CometChatCalls.joinPresentation}. */
  export type PresenterSettingsBuilder = PresentationBuilder;
  /** Kept for compatibility: settings of a feature that is not provided. */
  export type VirtualBackground = Background;
  /** Kept for compatibility: builds settings of a feature that is not provided. */
  export type VirtualBackgroundBuilder = BackgroundBuilder;
  /** One call of the history. */
  export type CallLog = Log;
  /** A user in the call history. */
  export type CallUser = LoggedUser;
  /** A group in the call history. */
  export type CallGroup = LoggedGroup;
  /** Who was in a call of the history, or was rung. */
  export type Participant = LoggedParticipant;
  /** Kept for compatibility: a recording in the call history, which has none. */
  export type Recording = LoggedRecording;
  /** Builds a request that pages through the call history. */
  export type CallLogRequestBuilder = LogRequestBuilder;
  /** What the methods of `CometChatCalls` reject with: `code`, `name`, `message`, `details`. */
  export type CometChatCallsException = Exception;
}

/** What came with the acceptance of this call, when it was accepted with the same login at the same server. */
function takeGrant(sessionId: string, authToken: string): JoinGrantJson | undefined {
  const context = chatContext();
  const isSame = context?.authToken === authToken && context.server === rest().server;
  return isSame ? currentClient()?.grants.take(sessionId) : undefined;
}

async function run(
  callToken: string | { token: string },
  settings: Settings,
  host: HTMLElement | undefined,
  isPeerCall: boolean,
): Promise<void> {
  const tell = (invoke: (listener: OngoingCallCallbacks) => void) => tellAll(settings, invoke);
  const token = typeof callToken === 'string' ? callToken : callToken.token;
  if (!token || !media().hasWebRtc) {
    const error = asCallsException(clientError(token ? 'ERR_MEDIA_UNSUPPORTED' : 'JWT_NOT_FOUND'));
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
      renewToken: async () => (await CometChatCalls.generateToken(sessionIdOf(token))).token,
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
