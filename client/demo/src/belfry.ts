import { CometChat, CometChatCalls } from '@belfry/sdk';

/** Somebody the development server offers to log in as. */
export interface DemoUser {
  readonly uid: string;
  readonly name: string;
  readonly avatar?: string;
}

/** What the server says about itself; `authKey` and `users` only in development mode. */
export interface ServerSettings {
  readonly appId: string;
  readonly region: string;
  readonly development: boolean;
  /** Whether calls take guests who come by a link. */
  readonly guestsAllowed: boolean;
  readonly authKey?: string;
  readonly users?: readonly DemoUser[];
}

/** Asks the server that served this page. */
export async function fetchSettings(signal: AbortSignal): Promise<ServerSettings> {
  const answer = await fetch('./v1/settings', { signal, cache: 'no-store' });
  if (!answer.ok) {
    throw new Error(`The server answered ${answer.status}.`);
  }
  return ((await answer.json()) as { data: ServerSettings }).data;
}

/** Sets the SDK up. Each tab keeps its own login, so that two tabs can be two people. Resolves with who is logged in already. */
export async function connect({ appId, region }: ServerSettings): Promise<CometChat.User | null> {
  const settings = new CometChat.AppSettingsBuilder()
    .setRegion(region)
    .overrideClientHost(location.origin)
    .setStorageMode(CometChat.StorageMode.SESSION)
    .subscribePresenceForAllUsers()
    .build();
  await CometChat.init(appId, settings);
  await CometChatCalls.init(
    new CometChatCalls.CallAppSettingsBuilder().setAppId(appId).setRegion(region).setHost(location.origin).build(),
  );
  return CometChat.getLoggedinUser();
}
