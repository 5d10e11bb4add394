import type { Emitter } from '../emitter.js';
import type { Clock } from '../platform.js';
import type { LeaveReason, ParticipantJson } from '../transport/wire.js';
import type { EngineEvents } from './events.js';
import { Roster, type RosterChange } from './roster.js';

/** How long those who were there before the server was restarted may take to come back, after we have. */
const RETURN_GRACE_MILLIS = 15_000;

export interface MembersListener {
  /** Somebody is gone, which is about to be told. */
  onLeft(participantId: string): void;
  onChange(): void;
}

/** Who is in the session, oneself included: what the server says of it becomes the events of the engine. */
export class Members {
  private id: string | undefined;
  private readonly roster = new Roster();
  private cancelReturnTimer: () => void = () => undefined;

  constructor(
    private readonly clock: Clock,
    private readonly events: Emitter<EngineEvents>,
    private readonly listener: MembersListener,
  ) {}

  /** The own participant id, once joined. */
  get localId(): string | undefined {
    return this.id;
  }

  get local(): ParticipantJson | undefined {
    return this.id === undefined ? undefined : this.roster.get(this.id);
  }

  /** In the order of joining. */
  get all(): ParticipantJson[] {
    return this.roster.all;
  }

  get isAlone(): boolean {
    return this.roster.size <= 1;
  }

  get(participantId: string): ParticipantJson | undefined {
    return this.roster.get(participantId);
  }

  /** Whether this one was there before the server was restarted, and is not back yet. */
  isAwaited(participantId: string): boolean {
    return this.roster.isAwaited(participantId);
  }

  /** We are in, for the first time or anew. */
  join(users: readonly ParticipantJson[], localId: string): void {
    const formerId = this.id;
    this.id = localId;
    if (formerId !== undefined && formerId !== localId) {
      this.roster.forget(formerId); // nobody left: it was us
      this.listener.onLeft(formerId);
    }
    this.apply(this.roster.rejoin(users, localId));
    this.awaitReturn();
    this.tellList();
  }

  /** The server's full list. */
  replace(users: readonly ParticipantJson[]): void {
    this.apply(this.roster.replace(users));
    this.tellList();
  }

  /** Somebody who came, or changed; `by` whom. */
  put(user: ParticipantJson, by?: ParticipantJson): void {
    this.apply(this.roster.put(user), by);
  }

  remove(user: ParticipantJson, reason: LeaveReason): void {
    this.apply(this.roster.remove(user, reason));
  }

  /** The session is over: nobody is awaited any more. */
  stop(): void {
    this.cancelReturnTimer();
  }

  private awaitReturn(): void {
    this.cancelReturnTimer();
    if (!this.roster.awaitsAnybody) return;
    this.cancelReturnTimer = this.clock.after(RETURN_GRACE_MILLIS, () => {
      this.apply(this.roster.giveUpAwaited());
      this.tellList();
    });
  }

  private tellList(): void {
    this.events.emit('userListUpdated', this.roster.all);
  }

  private apply(changes: readonly RosterChange[], by?: ParticipantJson): void {
    for (const change of changes) this.tell(change, by);
    this.listener.onChange();
  }

  private tell(change: RosterChange, by: ParticipantJson | undefined): void {
    const { user } = change;
    const isLocal = user.id === this.id;
    switch (change.type) {
      case 'joined':
        if (!isLocal) this.events.emit('userJoined', user);
        break;
      case 'left':
        this.listener.onLeft(user.id);
        this.events.emit('userLeft', { user, reason: change.reason });
        if (!isLocal && this.roster.size === 1) this.events.emit('lastRemoteLeft', user);
        break;
      case 'muteChanged':
        if (!isLocal) this.events.emit('userMuteChanged', { user, before: change.before, by });
        break;
      case 'handChanged':
        if (!isLocal) this.events.emit('userHandChanged', { user });
        break;
    }
  }
}
