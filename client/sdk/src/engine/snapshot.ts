import type { CometChatException } from '../errors.js';
import { callSafely } from '../emitter.js';
import type { ParticipantJson } from '../transport/wire.js';
import type { Monitor } from './monitor.js';
import type { RemoteTrack } from './subscriber.js';
import type {
  CallMode,
  DevicesView,
  EndReason,
  LocalView,
  ParticipantView,
  ProblemView,
  SessionSnapshot,
  SessionState,
  TrackSource,
  VideoRequestView,
} from './view.js';

/** What a snapshot is made of. */
export interface SnapshotParts {
  state: SessionState;
  endReason: EndReason | null;
  isAudioOnly: boolean;
  mode: CallMode;
  localId: string | undefined;
  users: readonly ParticipantJson[];
  /** Whether somebody is expected back. */
  isAwaited: (id: string) => boolean;
  remoteTracks: readonly RemoteTrack[];
  localTrack: (source: TrackSource) => MediaStreamTrack | undefined;
  local: LocalView;
  devices: DevicesView;
  monitor: Pick<Monitor, 'isSpeaking' | 'quality' | 'dominantId'>;
  isAudioPlaybackBlocked: boolean;
  pinnedId: string | null;
  isParticipantListShown: boolean;
  isSettingsShown: boolean;
  isPictureInPicture: boolean;
  videoRequest: VideoRequestView | null;
  isVideoRequested: boolean;
  idleSecondsLeft: number | null;
}

const PROBLEMS_MAX = 5;

/** Makes snapshots: at most one per microtask, with the unchanged parts kept, so that `===` tells what changed. */
export class SnapshotBuilder {
  /** Unix milliseconds, once joined. */
  joinedAt: number | null = null;
  private last: SessionSnapshot | undefined;
  /** The one the listeners know. */
  private announced: SessionSnapshot | undefined;
  private isStale = true;
  private isScheduled = false;
  private problems: readonly ProblemView[] = [];
  private nextProblemId = 1;
  private readonly listeners = new Set<(snapshot: SessionSnapshot) => void>();

  constructor(private readonly parts: () => SnapshotParts) {}

  current(): SessionSnapshot {
    if (this.isStale || !this.last) {
      this.last = this.build(this.parts());
      this.isStale = false;
    }
    return this.last;
  }

  subscribe(listener: (snapshot: SessionSnapshot) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Something may have changed. */
  invalidate(): void {
    this.isStale = true;
    if (this.isScheduled) return;
    this.isScheduled = true;
    queueMicrotask(() => {
      this.isScheduled = false;
      const before = this.announced;
      const snapshot = this.current();
      if (snapshot === before) return;
      this.announced = snapshot;
      for (const listener of [...this.listeners]) callSafely(() => listener(snapshot));
    });
  }

  /** The same problem again moves to the end; the oldest give way. */
  addProblem(error: CometChatException): void {
    const code = String(error.code);
    const others = this.problems.filter((problem) => problem.code !== code);
    this.problems = [...others, { id: this.nextProblemId++, code, message: error.message }].slice(-PROBLEMS_MAX);
    this.invalidate();
  }

  dismissProblem(id: number): void {
    this.problems = this.problems.filter((problem) => problem.id !== id);
    this.invalidate();
  }

  /** What had been wrong works now. */
  cureProblems(codePrefix: string): void {
    this.problems = this.problems.filter(({ code }) => !code.startsWith(codePrefix));
    this.invalidate();
  }

  close(): void {
    this.listeners.clear();
  }

  private build(parts: SnapshotParts): SessionSnapshot {
    const { state, endReason, isAudioOnly, mode, isAudioPlaybackBlocked, idleSecondsLeft } = parts;
    const next: SessionSnapshot = {
      state,
      endReason,
      isAudioOnly,
      mode,
      joinedAt: this.joinedAt,
      participants: keepList(this.last?.participants, participantViews(parts, this.last?.participants ?? [])),
      dominantSpeakerId: parts.monitor.dominantId,
      local: keep(this.last?.local, parts.local),
      devices: keepDevices(this.last?.devices, parts.devices),
      problems: this.problems,
      isAudioPlaybackBlocked,
      pinnedId: parts.pinnedId,
      isParticipantListShown: parts.isParticipantListShown,
      isSettingsShown: parts.isSettingsShown,
      isPictureInPicture: parts.isPictureInPicture,
      videoRequest: parts.videoRequest,
      isVideoRequested: parts.isVideoRequested,
      idleSecondsLeft,
    };
    return keep(this.last, next);
  }
}

function participantViews(parts: SnapshotParts, before: readonly ParticipantView[]): ParticipantView[] {
  const known = new Map(before.map((view) => [view.id, view]));
  const views = parts.users.map((user) => keep(known.get(user.id), participantView(user, parts)));
  return [...views.filter(({ isLocal }) => isLocal), ...views.filter(({ isLocal }) => !isLocal)];
}

function participantView(user: ParticipantJson, parts: SnapshotParts): ParticipantView {
  const isLocal = user.id === parts.localId;
  const isAudioMuted = isLocal ? parts.local.isAudioMuted : user.isAudioMuted;
  const isVideoMuted = isLocal ? parts.local.isVideoMuted : user.isVideoMuted;
  const picture = (source: 'camera' | 'screen') => {
    if (isLocal) return parts.localTrack(source) ?? null;
    const track = parts.remoteTracks.find((one) => one.participantId === user.id && one.source === source)?.track;
    return track && !track.muted ? track : null;
  };
  return {
    id: user.id,
    uid: user.uid,
    name: user.name,
    avatar: user.avatar ?? null,
    isLocal,
    joinedAt: Number(user.joinedAt),
    isAudioMuted,
    isVideoMuted,
    isSpeaking: !isAudioMuted && parts.monitor.isSpeaking(user.id),
    quality: parts.isAwaited(user.id) ? 'lost' : parts.monitor.quality(user.id),
    isHandRaised: isLocal ? parts.local.isHandRaised : (user.isHandRaised ?? false),
    isHost: user.isHost ?? false,
    camera: isVideoMuted ? null : picture('camera'),
    screen: picture('screen'),
  };
}

/** The old object where the new one says the same. */
function keep<T extends object>(before: T | undefined, now: T): T {
  if (!before) return now;
  return (Object.keys(now) as (keyof T)[]).every((key) => Object.is(before[key], now[key])) ? before : now;
}

function keepList<T>(before: readonly T[] | undefined, now: readonly T[]): readonly T[] {
  return before?.length === now.length && now.every((one, i) => one === before[i]) ? before : now;
}

function keepDevices(before: DevicesView | undefined, now: DevicesView): DevicesView {
  if (!before) return now;
  return keep(before, {
    ...now,
    audioInputs: keepList(before.audioInputs, now.audioInputs),
    audioOutputs: keepList(before.audioOutputs, now.audioOutputs),
    videoInputs: keepList(before.videoInputs, now.videoInputs),
  });
}
