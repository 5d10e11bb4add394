import type { KeyValueStore, Platform } from '../platform.js';
import type { UserJson } from '../model/user.js';
import type { StorageMode } from './app-settings.js';

/** A login as it is kept. */
export interface StoredLogin {
  authToken: string;
  user: UserJson;
}

/** What survives a reload: the login, this tab's device id, and the call this tab is in. */
export class LoginStore {
  private readonly store: KeyValueStore;
  private readonly loginKey: string;
  private readonly callKey: string;

  constructor(
    private readonly platform: Platform,
    appId: string,
    mode: StorageMode,
  ) {
    this.store = mode === 'SESSION' ? platform.tabStore : platform.localStore;
    this.loginKey = `belfry.${appId}.login`;
    this.callKey = `belfry.${appId}.call`;
  }

  load(): StoredLogin | undefined {
    const text = this.store.getItem(this.loginKey);
    if (!text) return undefined;
    try {
      const login = JSON.parse(text) as Partial<StoredLogin>;
      return login.authToken && login.user?.uid ? { authToken: login.authToken, user: login.user } : undefined;
    } catch {
      return undefined;
    }
  }

  save(login: StoredLogin): void {
    this.store.setItem(this.loginKey, JSON.stringify(login));
  }

  clear(): void {
    this.store.removeItem(this.loginKey);
    this.platform.tabStore.removeItem(this.callKey);
  }

  /** The session whose call was placed or accepted in this tab. */
  get callSessionId(): string | null {
    return this.platform.tabStore.getItem(this.callKey);
  }

  set callSessionId(sessionId: string | null) {
    if (sessionId === null) this.platform.tabStore.removeItem(this.callKey);
    else this.platform.tabStore.setItem(this.callKey, sessionId);
  }

  /** This tab's device id: kept over reloads, new in a tab that was made by duplicating another. */
  async deviceId(): Promise<string> {
    const key = 'belfry.device';
    const known = this.platform.tabStore.getItem(key);
    if (known && (await this.platform.claim(`belfry-device-${known}`))) return known;
    const fresh = this.platform.randomHex(16);
    this.platform.tabStore.setItem(key, fresh);
    await this.platform.claim(`belfry-device-${fresh}`);
    return fresh;
  }
}
