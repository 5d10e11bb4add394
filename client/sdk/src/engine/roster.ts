import type { LeaveReason, ParticipantJson } from '../transport/wire.js';

/** One change of who is there. */
export type RosterChange =
  | { type: 'joined'; user: ParticipantJson }
  | { type: 'left'; user: ParticipantJson; reason: LeaveReason }
  | { type: 'muteChanged'; user: ParticipantJson; before: ParticipantJson }
  | { type: 'handChanged'; user: ParticipantJson };

/**
 * Who is in the session. Lists and single events of the server both end here, and each change comes out exactly once, also
 * after a gap in the connection.
 */
export class Roster {
  private readonly users = new Map<string, ParticipantJson>();
  /** Those who are expected back. */
  private readonly awaited = new Set<string>();

  /** In the order of joining. */
  get all(): ParticipantJson[] {
    return [...this.users.values()].sort((a, b) => Number(a.joinedAt) - Number(b.joinedAt));
  }

  get size(): number {
    return this.users.size;
  }

  get(id: string): ParticipantJson | undefined {
    return this.users.get(id);
  }

  /** Whether this one was there before the server was restarted, and is not back yet. */
  isAwaited(id: string): boolean {
    return this.awaited.has(id);
  }

  get awaitsAnybody(): boolean {
    return this.awaited.size > 0;
  }

  /**
   * The full list of a session that `localId` has joined anew. When nobody in it has stayed, the session itself is new, and those
   * who are missing come back as we did: until {@link giveUpAwaited} they are not gone.
   */
  rejoin(list: readonly ParticipantJson[], localId: string): RosterChange[] {
    const others = this.all.filter(({ id }) => id !== localId);
    const hasStayed = ({ id, joinedAt }: ParticipantJson) => id !== localId && this.get(id)?.joinedAt === joinedAt;
    if (!list.some(hasStayed)) for (const { id } of others) this.awaited.add(id);
    return this.replace(list);
  }

  /** Who is not back by now has left. */
  giveUpAwaited(): RosterChange[] {
    return this.all.filter(({ id }) => this.awaited.has(id)).flatMap((user) => this.remove(user, 'connection-lost'));
  }

  /** The server's full list. */
  replace(list: readonly ParticipantJson[]): RosterChange[] {
    const present = new Set(list.map(({ id }) => id));
    const gone = this.all.filter(({ id }) => !present.has(id) && !this.awaited.has(id));
    return [...gone.flatMap((user) => this.remove(user, 'left')), ...list.flatMap((user) => this.put(user))];
  }

  put(user: ParticipantJson): RosterChange[] {
    const before = this.users.get(user.id);
    this.users.set(user.id, user);
    this.awaited.delete(user.id);
    if (!before) return [{ type: 'joined', user }];
    const isMuteSame = before.isAudioMuted === user.isAudioMuted && before.isVideoMuted === user.isVideoMuted;
    const changes: RosterChange[] = isMuteSame ? [] : [{ type: 'muteChanged', user, before }];
    if (Boolean(before.isHandRaised) !== Boolean(user.isHandRaised)) changes.push({ type: 'handChanged', user });
    return changes;
  }

  remove(user: ParticipantJson, reason: LeaveReason): RosterChange[] {
    const known = this.users.get(user.id);
    this.users.delete(user.id);
    this.awaited.delete(user.id);
    return known ? [{ type: 'left', user: known, reason }] : [];
  }

  /** Takes somebody out without a word. */
  forget(id: string): void {
    this.users.delete(id);
  }
}
