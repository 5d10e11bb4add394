/** A user as the server describes one. */
export interface UserJson {
  uid: string;
  name?: string;
  avatar?: string | null;
  status?: string;
  role?: string;
  lastActiveAt?: number;
  link?: string;
  statusMessage?: string;
  metadata?: object;
  tags?: string[];
  blockedByMe?: boolean;
  hasBlockedMe?: boolean;
  deactivatedAt?: number;
  authToken?: string;
}

/** A person who can log in, call and be called. */
export class User {
  uid: string;
  name: string;
  avatar?: string;
  /** `online` or `offline`. */
  status?: string;
  role?: string;
  /** Unix seconds. */
  lastActiveAt?: number;
  link?: string;
  statusMessage?: string;
  metadata?: object;
  tags?: string[];
  blockedByMe?: boolean;
  hasBlockedMe?: boolean;
  /** Unix seconds. */
  deactivatedAt?: number;
  /** Only of the logged-in user. */
  declare authToken?: string;

  constructor(user: string | UserJson) {
    const json: UserJson = typeof user === 'string' ? { uid: user } : user;
    this.uid = json.uid;
    this.name = json.name ?? '';
    const { avatar, authToken, ...rest } = json;
    Object.assign(this, rest, { name: this.name });
    if (avatar) this.avatar = avatar;
    if (authToken) this.setAuthToken(authToken);
  }

  getUid(): string {
    return this.uid;
  }
  setUid(uid: string): void {
    this.uid = uid;
  }
  getName(): string {
    return this.name;
  }
  setName(name: string): void {
    this.name = name;
  }
  /** The token that opens sockets and REST for this user; empty for everyone but the logged-in user. */
  getAuthToken(): string {
    return this.authToken ?? '';
  }
  setAuthToken(authToken: string): void {
    // Not enumerable, so that logging or copying a user does not spread the secret.
    Object.defineProperty(this, 'authToken', {
      value: authToken,
      writable: true,
      configurable: true,
      enumerable: false,
    });
  }
  getAvatar(): string {
    return this.avatar ?? '';
  }
  setAvatar(avatar: string): void {
    this.avatar = avatar;
  }
  /** Unix seconds, or 0 when unknown. */
  getLastActiveAt(): number {
    return this.lastActiveAt ?? 0;
  }
  setLastActiveAt(lastActiveAt: number): void {
    this.lastActiveAt = lastActiveAt;
  }
  getLink(): string {
    return this.link ?? '';
  }
  setLink(link: string): void {
    this.link = link;
  }
  getMetadata(): object {
    return this.metadata ?? {};
  }
  setMetadata(metadata: object): void {
    this.metadata = metadata;
  }
  getRole(): string {
    return this.role ?? 'default';
  }
  setRole(role: string): void {
    this.role = role;
  }
  /** `online` or `offline`. */
  getStatus(): string {
    return this.status ?? 'offline';
  }
  setStatus(status: string): void {
    this.status = status;
  }
  getStatusMessage(): string {
    return this.statusMessage ?? '';
  }
  setStatusMessage(statusMessage: string): void {
    this.statusMessage = statusMessage;
  }
  getTags(): string[] {
    return this.tags ?? [];
  }
  setTags(tags: string[]): void {
    this.tags = tags;
  }
  getBlockedByMe(): boolean {
    return this.blockedByMe ?? false;
  }
  setBlockedByMe(blockedByMe: boolean): void {
    this.blockedByMe = blockedByMe;
  }
  getHasBlockedMe(): boolean {
    return this.hasBlockedMe ?? false;
  }
  setHasBlockedMe(hasBlockedMe: boolean): void {
    this.hasBlockedMe = hasBlockedMe;
  }
  /** Unix seconds, or 0 for an active user. */
  getDeactivatedAt(): number {
    return this.deactivatedAt ?? 0;
  }
  setDeactivatedAt(deactivatedAt: number): void {
    this.deactivatedAt = deactivatedAt;
  }
}

/** The logged-in user. */
export class Me extends User {
  /** The channel of this user's own events; here the socket has no channels, so it is the uid. */
  getWsChannel(): string {
    return this.getUid();
  }
  /** Kept for compatibility: one token serves for everything. */
  getJWT(): string {
    return this.getAuthToken();
  }
  /** Kept for compatibility: one token serves for everything. */
  getFat(): string {
    return this.getAuthToken();
  }
}
