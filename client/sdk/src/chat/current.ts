/** The one client that the static methods of `CometChat` act on, and its surroundings. */
import { clientError } from '../errors.js';
import { browserPlatform, type Platform } from '../platform.js';
import type { ChatClient } from './client.js';
import { Listeners } from './listeners.js';

let client: ChatClient | undefined;
let createPlatform: () => Platform = browserPlatform;

/** All that listen; they stay over a second `init`. */
export const listeners = new Listeners();

export function currentClient(): ChatClient | undefined {
  return client;
}

export function requireClient(): ChatClient {
  if (!client) throw clientError('NOT_INITIALIZED');
  return client;
}

export function replaceClient(next: ChatClient | undefined): void {
  client?.dispose();
  client = next;
}

/** The browser, or what a test put in its place. */
export function sharedPlatform(): Platform {
  return createPlatform();
}

/** Lets a test be the browser. */
export function setPlatformForTests(create: () => Platform): void {
  replaceClient(undefined);
  createPlatform = create;
}

/** The server and login that calls use when they are told none. */
export function chatContext(): { server: string; authToken: string } | undefined {
  return client && { server: client.rest.server, authToken: client.loggedInUser?.getAuthToken() ?? '' };
}
