/** A user as the server describes one. */
export interface UserJson {
  /** The user's id, unique in the app. */
  uid: string;
  /** The name to show. */
  name?: string;
  /** The address of the user's picture. */
  avatar?: string | null;
  /** `online` or `offline`. */
  status?: string;
  /** What the app calls this kind of user. */
  role?: string;
  /** When the last device disconnected, in Unix seconds. */
  lastActiveAt?: number;
  /** An address of the app's about this user. Kept for compatibility: the server does not send it. */
  link?: string;
  /** What the user says of themselves. Kept for compatibility: the server does not send it. */
  statusMessage?: string;
  /** What the app keeps with the user. Kept for compatibility: the server does not send it. */
  metadata?: object;
  /** Words to find users by. Kept for compatibility: the server does not send it. */
  tags?: string[];
  /** Whether the logged-in user blocks this one. Kept for compatibility: the server does not send it. */
  blockedByMe?: boolean;
  /** Whether this user blocks the logged-in one. Kept for compatibility: the server does not send it. */
  hasBlockedMe?: boolean;
  /** When the user was closed out, in Unix seconds. Kept for compatibility: the server does not send it. */
  deactivatedAt?: number;
  /** The token of the logged-in user; absent for everybody else. */
  authToken?: string;
}

/** A person who can log in, call and be called. */
export class User {
  /** The user's id, unique in the app. */
  uid: string;
  /** The name to show. */
  name: string;
  /** The address of the user's picture. */
  avatar?: string;
  /** `online` or `offline`. */
  status?: string;
  /** What the app calls this kind of user. */
  role?: string;
  /** Unix seconds. */
  lastActiveAt?: number;
  /** An address of the app's about this user. Kept for compatibility: the server does not send it. */
  link?: string;
  /** What the user says of themselves. Kept for compatibility: the server does not send it. */
  statusMessage?: string;
  /** What the app keeps with the user. Kept for compatibility: the server does not send it. */
  metadata?: object;
  /** Words to find users by. Kept for compatibility: the server does not send it. */
  tags?: string[];
  /** Whether the logged-in user blocks this one. Kept for compatibility: the server does not send it. */
  blockedByMe?: boolean;
  /** Whether this user blocks the logged-in one. Kept for compatibility: the server does not send it. */
  hasBlockedMe?: boolean;
  /** Unix seconds. */
  deactivatedAt?: number;
  /** Only of the logged-in user. */
  declare authToken?: string;

  /** A user with this uid, or as the server describes one. */
  constructor(user: string | UserJson) {
    const json: UserJson = typeof user === 'string' ? { uid: user } : user;
    this.uid = json.uid;
    this.name = json.name ?? '';
    const { avatar, authToken, ...rest } = json;
    Object.assign(this, rest, { name: this.name });
    if (avatar) this.avatar = avatar;
    if (authToken) this.setAuthToken(authToken);
  }

  /** The user's id, unique in the app. */
  getUid(): string {
    return this.uid;
  }
  /** Sets it on this object only. */
  setUid(uid: string): void {
    this.uid = uid;
  }
  /** The name to show. */
  getName(): string {
    return this.name;
  }
  /** Sets it on this object only. */
  setName(name: string): void {
    this.name = name;
  }
  /** The token that opens sockets and REST for this user; empty for everyone but the logged-in user. */
  getAuthToken(): string {
    return this.authToken ?? '';
  }
  /** Keeps a token with this object; it is not enumerable, so that copies and logs do not spread it. */
  setAuthToken(authToken: string): void {
    // Not enumerable, so that logging or copying a user does not spread the secret.
    Object.defineProperty(this, 'authToken', {
      value: authToken,
      writable: true,
      configurable: true,
      enumerable: false,
    });
  }
  /** The address of the user's picture, or an empty string. */
  getAvatar(): string {
    return this.avatar ?? '';
  }
  /** Sets it on this object only. */
  setAvatar(avatar: string): void {
    this.avatar = avatar;
  }
  /** Unix seconds, or 0 when unknown. */
  getLastActiveAt(): number {
    return this.lastActiveAt ?? 0;
  }
  /** Sets it on this object only. */
  setLastActiveAt(lastActiveAt: number): void {
    this.lastActiveAt = lastActiveAt;
  }
  /** An address of the app's about this user, or an empty string. Kept for compatibility: the server does not send it. */
  getLink(): string {
    return this.link ?? '';
  }
  /** Sets it on this object only. */
  setLink(link: string): void {
    this.link = link;
  }
  /** What the app keeps with the user, or an empty object. Kept for compatibility: the server does not send it. */
  getMetadata(): object {
    return this.metadata ?? {};
  }
  /** Sets it on this object only. */
  setMetadata(metadata: object): void {
    this.metadata = metadata;
  }
  /** What the app calls this kind of user, or `default`. */
  getRole(): string {
    return this.role ?? 'default';
  }
  /** Sets it on this object only. */
  setRole(role: string): void {
    this.role = role;
  }
  /** `online` or `offline`. */
  getStatus(): string {
    return this.status ?? 'offline';
  }
  /** Sets it on this object only. */
  setStatus(status: string): void {
    this.status = status;
  }
  /** What the user says of themselves, or an empty string. Kept for compatibility: the server does not send it. */
  getStatusMessage(): string {
    return this.statusMessage ?? '';
  }
  /** Sets it on this object only. */
  setStatusMessage(statusMessage: string): void {
    this.statusMessage = statusMessage;
  }
  /** Words to find users by, or an empty list. Kept for compatibility: the server does not send it. */
  getTags(): string[] {
    return this.tags ?? [];
  }
  /** Sets it on this object only. */
  setTags(tags: string[]): void {
    this.tags = tags;
  }
  /** Whether the logged-in user blocks this one, or false. Kept for compatibility: the server does not send it. */
  getBlockedByMe(): boolean {
    return this.blockedByMe ?? false;
  }
  /** Sets it on this object only. */
  setBlockedByMe(blockedByMe: boolean): void {
    this.blockedByMe = blockedByMe;
  }
  /** Whether this user blocks the logged-in one, or false. Kept for compatibility: the server does not send it. */
  getHasBlockedMe(): boolean {
    return this.hasBlockedMe ?? false;
  }
  /** Sets it on this object only. */
  setHasBlockedMe(hasBlockedMe: boolean): void {
    this.hasBlockedMe = hasBlockedMe;
  }
  /** Unix seconds, or 0 for an active user. */
  getDeactivatedAt(): number {
    return this.deactivatedAt ?? 0;
  }
  /** Sets it on this object only. */
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
