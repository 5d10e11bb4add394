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

  /** The server's full list. */
  replace(list: readonly ParticipantJson[]): RosterChange[] {
    const present = new Set(list.map(({ id }) => id));
    const gone = this.all.filter(({ id }) => !present.has(id));
    return [...gone.flatMap((user) => this.remove(user, 'left')), ...list.flatMap((user) => this.put(user))];
  }

  put(user: ParticipantJson): RosterChange[] {
    const before = this.users.get(user.id);
    this.users.set(user.id, user);
    if (!before) return [{ type: 'joined', user }];
    const isMuteSame = before.isAudioMuted === user.isAudioMuted && before.isVideoMuted === user.isVideoMuted;
    const changes: RosterChange[] = isMuteSame ? [] : [{ type: 'muteChanged', user, before }];
    if (Boolean(before.isHandRaised) !== Boolean(user.isHandRaised)) changes.push({ type: 'handChanged', user });
    return changes;
  }

  remove(user: ParticipantJson, reason: LeaveReason): RosterChange[] {
    const known = this.users.get(user.id);
    this.users.delete(user.id);
    return known ? [{ type: 'left', user: known, reason }] : [];
  }

  /** Takes somebody out without a word. */
  forget(id: string): void {
    this.users.delete(id);
  }
}
