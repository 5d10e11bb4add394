/** The one session that the static methods of `CometChatCalls` act on, and where it comes from. */
import { chatContext, sharedPlatform } from '../chat/current.js';
import { ListenerRegistry } from '../chat/listeners.js';
import { CONFIGURATION } from '../engine/connections.js';
import type { CallEngine } from '../engine/engine.js';
import { browserMedia, type MediaPlatform } from '../engine/media-platform.js';
import { asCallsException, clientError } from '../errors.js';
import { EarlyConnection, EarlySocket, type HeadStart } from '../engine/head-start.js';
import { warmDevices } from '../engine/local-media.js';
import { offerAhead } from '../engine/publisher.js';
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
let headStart: HeadStart = {};
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

/** Makes the offer of the next session and, if the person has decided, opens the devices and the socket for it. */
export function prepare(isAudioOnly: boolean, isDecided: boolean): void {
  const platform = sharedPlatform();
  const media = createMedia();
  if (!media.hasWebRtc) return; // the session says so when it starts
  let { connection } = headStart;
  if (!connection || connection.isGone || connection.isAudioOnly !== isAudioOnly) {
    connection?.release();
    const peerConnection = media.createPeerConnection(CONFIGURATION);
    const offering = offerAhead(peerConnection, isAudioOnly ? ['microphone'] : ['microphone', 'camera']);
    connection = new EarlyConnection(platform.clock, isAudioOnly, peerConnection, offering);
  }
  headStart.devices?.release();
  headStart.socket?.release();
  headStart = { connection };
  if (!isDecided) return;
  const devices = warmDevices(media, platform, isAudioOnly ? ['microphone'] : ['microphone', 'camera']);
  const socket = new EarlySocket(platform.openSocket, defaultSessionUrl());
  headStart = { connection, devices, socket };
}

/** What was done ahead, once. */
export function takeHeadStart(): HeadStart {
  const taken = headStart;
  headStart = {};
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
  if (!known) return defaultSessionUrl();
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

function defaultSessionUrl(): string {
  return rest().socketUrl('/v1/session');
}
