import { STORAGE_MODE } from '../constants.js';

/** Where a login is kept; the values of `CometChat.StorageMode`. */
export type StorageMode = (typeof STORAGE_MODE)[keyof typeof STORAGE_MODE];

/** Whose presence is reported. */
export type SubscriptionType = 'NONE' | 'ALL_USERS' | 'ROLES' | 'FRIENDS';

interface AppSettingsFields {
  region: string;
  subscriptionType: SubscriptionType;
  roles: string[];
  autoJoinGroups: boolean;
  establishSocketConnection: boolean;
  adminHost: string | undefined;
  clientHost: string | undefined;
  storageMode: StorageMode;
}

/** How `CometChat.init` sets up; made by {@link AppSettingsBuilder}. */
export class AppSettings {
  static readonly SUBSCRIPTION_TYPE_NONE = 'NONE';
  static readonly SUBSCRIPTION_TYPE_ALL_USERS = 'ALL_USERS';
  static readonly SUBSCRIPTION_TYPE_ROLES = 'ROLES';
  static readonly SUBSCRIPTION_TYPE_FRIENDS = 'FRIENDS';
  static readonly REGION_EU = 'eu';
  static readonly REGION_US = 'us';
  static readonly REGION_IN = 'in';
  static readonly REGION_PRIVATE = 'private';

  /** Use {@link AppSettingsBuilder}. */
  constructor(private readonly fields: AppSettingsFields) {}

  getRegion(): string {
    return this.fields.region;
  }
  getSubscriptionType(): SubscriptionType {
    return this.fields.subscriptionType;
  }
  getRoles(): string[] {
    return this.fields.roles;
  }
  getIsAutoJoin(): boolean {
    return this.fields.autoJoinGroups;
  }
  shouldAutoEstablishSocket(): boolean {
    return this.fields.establishSocketConnection;
  }
  getAdminHost(): string | undefined {
    return this.fields.adminHost;
  }
  getClientHost(): string | undefined {
    return this.fields.clientHost;
  }
  getStorageMode(): StorageMode {
    return this.fields.storageMode;
  }
}

/** Builds {@link AppSettings}; every method returns the builder. */
export class AppSettingsBuilder {
  private readonly fields: AppSettingsFields = {
    region: AppSettings.REGION_PRIVATE,
    subscriptionType: 'NONE',
    roles: [],
    autoJoinGroups: true,
    establishSocketConnection: true,
    adminHost: undefined,
    clientHost: undefined,
    storageMode: STORAGE_MODE.LOCAL,
  };

  /** Reports presence of everyone. */
  subscribePresenceForAllUsers(): this {
    this.fields.subscriptionType = 'ALL_USERS';
    return this;
  }
  /** Reports presence of users with these roles. */
  subscribePresenceForRoles(roles: string[]): this {
    this.fields.subscriptionType = 'ROLES';
    this.fields.roles = [...roles];
    return this;
  }
  /** Reports presence of friends. */
  subscribePresenceForFriends(): this {
    this.fields.subscriptionType = 'FRIENDS';
    return this;
  }
  /** Kept for compatibility: a self-hosted server is told by its host. */
  setRegion(region: string = AppSettings.REGION_PRIVATE): this {
    this.fields.region = region;
    return this;
  }
  enableAutoJoinForGroups(enable = true): this {
    this.fields.autoJoinGroups = enable;
    return this;
  }
  /** Whether the socket connects by itself after a login; else call `CometChat.connect()`. */
  autoEstablishSocketConnection(enable = true): this {
    this.fields.establishSocketConnection = enable;
    return this;
  }
  /** The server's address, e.g. `calls.example.org` or `http://localhost:8080`; default: where the page came from. */
  overrideAdminHost(host: string): this {
    this.fields.adminHost = host;
    return this;
  }
  /** The same as {@link overrideAdminHost}; this one wins. */
  overrideClientHost(host: string): this {
    this.fields.clientHost = host;
    return this;
  }
  /**
   * Where the login is kept. `LOCAL` (default): for all tabs and over restarts of the browser. `SESSION`: for this tab,
   * over reloads; so two tabs can be two users.
   */
  setStorageMode(mode: StorageMode): this {
    this.fields.storageMode = mode;
    return this;
  }
  build(): AppSettings {
    return new AppSettings({ ...this.fields });
  }
}
