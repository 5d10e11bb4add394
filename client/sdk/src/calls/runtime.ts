/** The one session that the static methods of `CometChatCalls` act on, and where it comes from. */
import { chatContext, sharedPlatform } from '../chat/current.js';
import { ListenerRegistry } from '../chat/listeners.js';
import type { CallEngine } from '../engine/engine.js';
import { browserMedia, type MediaPlatform } from '../engine/media-platform.js';
import { asCallsException, clientError } from '../errors.js';
import { warmDevices } from '../engine/local-media.js';
import type { WarmDevices } from '../engine/warm-devices.js';
import { Rest, serverAddress } from '../transport/rest.js';
import type { OngoingCallCallbacks } from './listener.js';
import type { RunningSession } from './session.js';
import type { CallSettings } from './settings.js';
import { SessionEventHub } from './session-events.js';

const SESSION_URLS_MAX = 32;

/** What {@link init} was told. */
interface Setup {
  readonly appId: string;
  readonly server: string | undefined;
}

let setup: Setup | undefined;
let session: RunningSession | undefined;
let warm: WarmDevices | undefined;
let createMedia: () => MediaPlatform = browserMedia;
/** Where the sessions of the last tokens are served. */
const sessionUrls = new Map<string, string>();

/** Those added by name; they stay over sessions. */
export const listeners = new ListenerRegistry<OngoingCallCallbacks>();

/** Those of `CometChatCalls.addEventListener`; they stay over sessions. */
export const eventHub = new SessionEventHub();

/** Lets a test be the browser's media half. Not part of the public API. */
export function setMediaForTests(create: () => MediaPlatform): void {
  createMedia = create;
}

export function media(): MediaPlatform {
  return createMedia();
}

/** Opens devices for the next session. */
export function prepare(isAudioOnly: boolean): void {
  warm?.release();
  warm = warmDevices(createMedia(), sharedPlatform(), isAudioOnly ? ['microphone'] : ['microphone', 'camera']);
}

/** The devices that were opened ahead, once. */
export function takeWarm(): WarmDevices | undefined {
  const taken = warm;
  warm = undefined;
  return taken;
}

export function setUp(appId: string, host: string | undefined): void {
  setup = { appId, server: host ? serverAddress(host, sharedPlatform().origin) : undefined };
}

export function currentSetup(): Setup {
  if (!setup) throw asCallsException(clientError('COMETCHAT_INITIALIZATION_NOT_DONE'));
  return setup;
}

export function rest(): Rest {
  const { server } = currentSetup();
  const platform = sharedPlatform();
  return new Rest(platform, server ?? chatContext()?.server ?? platform.origin);
}

export function currentSession(): RunningSession | undefined {
  return session;
}

export function setSession(next: RunningSession | undefined): void {
  session = next;
}

export function running(): CallEngine {
  if (!session) throw asCallsException(clientError('ERR_NO_SESSION'));
  return session.engine;
}

export function rememberUrl(token: string, url: string): void {
  sessionUrls.set(token, url);
  const [oldest] = sessionUrls.keys();
  if (sessionUrls.size > SESSION_URLS_MAX && oldest !== undefined) sessionUrls.delete(oldest);
}

/** The address that came with the token, as seen from this page; else the default one of the server. */
export function sessionUrl(token: string): string {
  const known = sessionUrls.get(token);
  const api = rest();
  if (!known) return api.socketUrl('/v1/session');
  return known.startsWith('/') ? api.socketUrl(known) : known.replace(/^http/, 'ws');
}

/** Calls the settings' own listener, and those added by name. */
export function tellAll(settings: CallSettings, invoke: (listener: OngoingCallCallbacks) => void): void {
  const own = settings.getCallListener();
  const once = new ListenerRegistry<OngoingCallCallbacks>();
  if (own) once.add('settings', own);
  once.each(invoke);
  listeners.each(invoke);
}

export function isEndButtonHandled(settings: CallSettings): boolean {
  let isHandled = settings.getCallListener()?.onCallEndButtonPressed !== undefined;
  listeners.each((listener) => (isHandled ||= listener.onCallEndButtonPressed !== undefined));
  return isHandled;
}
