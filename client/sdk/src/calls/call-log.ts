import type { Rest, Credentials } from '../transport/rest.js';

/** How many a page has when nobody says; and at most. */
const LIMIT_DEFAULT = 30;
const LIMIT_MAX = 100;

export interface CallUserJson {
  uid: string;
  name?: string;
  avatar?: string | null;
}

export interface CallGroupJson {
  guid: string;
  name?: string;
  icon?: string | null;
}

export interface RecordingJson {
  rid: string;
  recordingUrl?: string;
  startTime?: number;
  endTime?: number;
  duration?: number;
}

export interface ParticipantJson extends CallUserJson {
  mid?: string;
  deviceId?: string;
  state?: string;
  hasJoined?: boolean;
  /** Unix seconds. */
  joinedAt?: number;
  leftAt?: number;
  totalAudioMinutes?: number;
  totalVideoMinutes?: number;
  totalDurationInMinutes?: number;
}

/** One entry of the call history, as the server describes it. Times are Unix seconds. */
export interface CallLogJson {
  sessionId: string;
  mid?: string;
  type: string;
  mode?: string;
  status: string;
  receiverType: string;
  initiator: CallUserJson;
  receiver: CallUserJson | CallGroupJson;
  initiatedAt: number;
  startedAt?: number;
  endedAt?: number;
  totalAudioMinutes?: number;
  totalVideoMinutes?: number;
  /** `00:05:30`, from the first acceptance to the end. */
  totalDuration?: string;
  totalDurationInMinutes?: number;
  totalParticipants?: number;
  hasRecording?: boolean;
  participants?: ParticipantJson[];
  recordings?: RecordingJson[];
}

/** A user in the call history. */
export class CallUser {
  /** Made from the server's description. */
  constructor(private readonly json: CallUserJson) {}

  /** The user's id. */
  getUid(): string {
    return this.json.uid;
  }
  /** The user's name; empty when the server does not know the user. */
  getName(): string {
    return this.json.name ?? '';
  }
  /** The address of the user's picture; empty when there is none. */
  getAvatar(): string {
    return this.json.avatar ?? '';
  }
}

/** A group in the call history. */
export class CallGroup {
  /** Made from the server's description. */
  constructor(private readonly json: CallGroupJson) {}

  /** The group's id. */
  getGuid(): string {
    return this.json.guid;
  }
  /** The group's name; empty when the server does not know the group. */
  getName(): string {
    return this.json.name ?? '';
  }
  /** The address of the group's picture; empty when there is none. */
  getIcon(): string {
    return this.json.icon ?? '';
  }
}

/** A recording of a call. The server makes none, so a list of them is empty. */
export class Recording {
  /** Made from the server's description. */
  constructor(private readonly json: RecordingJson) {}

  /** The recording's id. */
  getRid(): string {
    return this.json.rid;
  }
  /** Where the recording can be had; empty when unknown. */
  getRecordingURL(): string {
    return this.json.recordingUrl ?? '';
  }
  /** When the recording began, in Unix seconds; 0 when unknown. */
  getStartTime(): number {
    return this.json.startTime ?? 0;
  }
  /** When the recording ended, in Unix seconds; 0 when unknown. */
  getEndTime(): number {
    return this.json.endTime ?? 0;
  }
  /** How long the recording lasts, in seconds; 0 when unknown. */
  getDuration(): number {
    return this.json.duration ?? 0;
  }
}

/** Who was in a call, or was rung. */
export class Participant {
  /** Made from the server's description. */
  constructor(private readonly json: ParticipantJson) {}

  /** The user's id. */
  getUid(): string {
    return this.json.uid;
  }
  /** The user's name; empty when the server does not know the user. */
  getName(): string {
    return this.json.name ?? '';
  }
  /** The address of the user's picture; empty when there is none. */
  getAvatar(): string {
    return this.json.avatar ?? '';
  }
  /** Minutes in the call, all stays together, to two decimals; 0 for a video call. */
  getTotalAudioMinutes(): number {
    return this.json.totalAudioMinutes ?? 0;
  }
  /** Minutes in the call, all stays together, to two decimals; 0 for an audio call. */
  getTotalVideoMinutes(): number {
    return this.json.totalVideoMinutes ?? 0;
  }
  /** Minutes in the call, of audio or video, all stays together, to two decimals. */
  getTotalDurationInMinutes(): number {
    return this.json.totalDurationInMinutes ?? 0;
  }
  /** Kept for compatibility: empty, as the server does not tell devices. */
  getDeviceID(): string {
    return this.json.deviceId ?? '';
  }
  /** Whether the user was in the call; false for somebody who was only rung. */
  getHasJoined(): boolean {
    return this.json.hasJoined ?? this.json.joinedAt !== undefined;
  }
  /** When the user joined, in Unix seconds; 0 when they never did. */
  getJoinedAt(): number {
    return this.json.joinedAt ?? 0;
  }
  /** When the user left, in Unix seconds; 0 when they have not, or never joined. */
  getLeftAt(): number {
    return this.json.leftAt ?? 0;
  }
  /** Kept for compatibility: empty; the call has an id of its own in {@link CallLog.getMid}. */
  getMid(): string {
    return this.json.mid ?? '';
  }
  /** `initiated` (being rung), `ongoing`, `ended`, `rejected` or `unanswered`. */
  getState(): string {
    return this.json.state ?? '';
  }
}

/** One call of the history. */
export class CallLog {
  /** Made from the server's description. */
  constructor(private readonly json: CallLogJson) {}

  /** The id of the call's session, the same as `call.getSessionId()`. */
  getSessionID(): string {
    return this.json.sessionId;
  }
  /** The minutes of all participants together; 0 for a video call. */
  getTotalAudioMinutes(): number {
    return this.json.totalAudioMinutes ?? 0;
  }
  /** The minutes of all participants together; 0 for an audio call. */
  getTotalVideoMinutes(): number {
    return this.json.totalVideoMinutes ?? 0;
  }
  /** How long the call lasted, from the first acceptance to the end, as `hh:mm:ss`. */
  getTotalDuration(): string {
    return this.json.totalDuration ?? hoursMinutesSeconds(durationSeconds(this.json));
  }
  /** Minutes from the first acceptance to the end; 0 when nobody accepted. */
  getTotalDurationInMinutes(): number {
    return this.json.totalDurationInMinutes ?? durationSeconds(this.json) / 60;
  }
  /** Always false: the server makes no recordings. */
  getHasRecording(): boolean {
    return this.json.hasRecording ?? false;
  }
  /** When the call began to ring, in Unix seconds. */
  getInitiatedAt(): number {
    return this.json.initiatedAt;
  }
  /** When the first one accepted, in Unix seconds; 0 when nobody did. */
  getStartedAt(): number {
    return this.json.startedAt ?? 0;
  }
  /** When the call was over, in Unix seconds; 0 while it is not. */
  getEndedAt(): number {
    return this.json.endedAt ?? 0;
  }
  /** Always `call`: the server has no other kind. */
  getCallCategory(): string {
    return this.json.mode ?? 'call';
  }
  /** The same as {@link getCallCategory}. */
  getMode(): string {
    return this.json.mode ?? 'call';
  }
  /** Who called. */
  getInitiator(): CallUser {
    return new CallUser(this.json.initiator);
  }
  /** Who was called: a {@link CallGroup} when {@link getReceiverType} is `group`, else a {@link CallUser}. */
  getReceiver(): CallUser | CallGroup {
    return 'guid' in this.json.receiver ? new CallGroup(this.json.receiver) : new CallUser(this.json.receiver);
  }
  /** `user` or `group`. */
  getReceiverType(): string {
    return this.json.receiverType;
  }
  /** The status the call ended with, or has; `missed` for a call that rang the user in vain. */
  getStatus(): string {
    return this.json.status;
  }
  /** How many were in the call; not those who were only rung. */
  getTotalParticipants(): number {
    return this.json.totalParticipants ?? this.json.participants?.length ?? 0;
  }
  /** `audio` or `video`. */
  getType(): string {
    return this.json.type;
  }
  /** The id of the call's message. */
  getMid(): string {
    return this.json.mid ?? '';
  }
  /** Everybody who was in the call or was rung, the caller first. */
  getParticipants(): Participant[] {
    return (this.json.participants ?? []).map((one) => new Participant(one));
  }
  /** Always empty: the server makes no recordings. */
  getRecordings(): Recording[] {
    return (this.json.recordings ?? []).map((one) => new Recording(one));
  }
  /** Always empty: nothing is transcribed. */
  getTranscriptions(): object[] {
    return [];
  }
  /** The same as {@link getTranscriptions}. There are none. */
  get transcriptions(): object[] {
    return [];
  }
}

/** What a call log request asks for; every field narrows it. */
interface CallLogFilter {
  limit: number;
  callType?: string;
  callStatus?: string;
  hasRecording?: boolean;
  hasTranscriptions?: boolean;
  callCategory?: string;
  callDirection?: string;
  uid?: string;
  guid?: string;
  authToken?: string;
}

/** Where a request asks, and for whom; told by `CometChatCalls` when the request is used. */
export interface CallLogSource {
  rest(): Rest;
  authToken(): string;
}

/** Pages through the call history; made by {@link CallLogRequestBuilder}. */
export class CallLogRequest {
  private page = 0;
  private pages = Infinity;

  /** Use {@link CallLogRequestBuilder}. */
  constructor(
    private readonly filter: CallLogFilter,
    private readonly source: CallLogSource,
  ) {}

  /** How many calls a page has at most. */
  getLimit(): number {
    return this.filter.limit;
  }
  /** The next, older calls; an empty list at the end. */
  fetchNext(): Promise<CallLog[]> {
    return this.page >= this.pages ? Promise.resolve([]) : this.fetch(this.page + 1);
  }
  /** The previous, newer calls; an empty list at the beginning. */
  fetchPrevious(): Promise<CallLog[]> {
    return this.page <= 1 ? Promise.resolve([]) : this.fetch(this.page - 1);
  }

  private async fetch(page: number): Promise<CallLog[]> {
    const { filter } = this;
    const credentials: Credentials = { authToken: filter.authToken ?? this.source.authToken() };
    const query = callLogQuery(filter, page);
    const answer = await this.source.rest().call<CallLogPage>('GET', `/v1/calls?${query}`, credentials);
    this.page = page;
    this.pages = answer.pagination?.total_pages ?? (answer.calls.length < filter.limit ? page : Infinity);
    return answer.calls.map((json) => new CallLog(json));
  }
}

interface CallLogPage {
  calls: CallLogJson[];
  pagination?: { total_pages?: number };
}

function callLogQuery(filter: CallLogFilter, page: number): string {
  const { limit, callType, callStatus, hasRecording, callCategory, callDirection, uid, guid } = filter;
  const fields = {
    page,
    per_page: limit,
    type: callType,
    status: callStatus,
    mode: callCategory,
    direction: callDirection,
    uid,
    guid,
    hasRecording,
  };
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  return new URLSearchParams(given.map(([key, value]): [string, string] => [key, String(value)])).toString();
}

let callLogSource: CallLogSource | undefined;

/** Tells the builder where calls are kept. */
export function setCallLogSource(source: CallLogSource): void {
  callLogSource = source;
}

/** Builds a {@link CallLogRequest}; every method returns the builder. */
export class CallLogRequestBuilder {
  private readonly filter: CallLogFilter = { limit: LIMIT_DEFAULT };

  /** How many a page has, in [1, 100]; default 30. */
  setLimit(limit: number): this {
    this.filter.limit = Math.min(LIMIT_MAX, Math.max(1, Math.floor(limit)));
    return this;
  }
  /** Only audio calls, or only video calls. Default: both. */
  setCallType(callType: 'video' | 'audio'): this {
    this.filter.callType = callType;
    return this;
  }
  /** Only calls with this status; `missed` are those that rang the user in vain. Default: all. */
  setCallStatus(callStatus: CallLogStatus): this {
    this.filter.callStatus = callStatus;
    return this;
  }
  /** Only calls with a recording, or without; as none has one, `true` finds nothing. Default: all. */
  setHasRecording(hasRecording: boolean): this {
    this.filter.hasRecording = hasRecording;
    return this;
  }
  /** Kept for compatibility: nothing is transcribed. */
  setHasTranscriptions(hasTranscriptions: boolean): this {
    this.filter.hasTranscriptions = hasTranscriptions;
    return this;
  }
  /** Only calls of this kind; as the server has only `call`, `meet` finds nothing. Default: all. */
  setCallCategory(callCategory: 'call' | 'meet'): this {
    this.filter.callCategory = callCategory;
    return this;
  }
  /** Only calls that the user received, or only those that the user made. Default: both. */
  setCallDirection(callDirection: 'incoming' | 'outgoing'): this {
    this.filter.callDirection = callDirection;
    return this;
  }
  /** Only calls with this user. */
  setUid(uid: string): this {
    this.filter.uid = uid;
    return this;
  }
  /** Only calls of this group. */
  setGuid(guid: string): this {
    this.filter.guid = guid;
    return this;
  }
  /** Whose history; may be left out after `CometChat.login`. */
  setAuthToken(authToken: string): this {
    this.filter.authToken = authToken;
    return this;
  }
  /** A request that stands before the newest page; the builder can be used on. */
  build(): CallLogRequest {
    return new CallLogRequest(
      { ...this.filter },
      {
        rest: () => requireSource().rest(),
        authToken: () => requireSource().authToken(),
      },
    );
  }
}

export type CallLogStatus =
  'initiated' | 'ongoing' | 'busy' | 'rejected' | 'cancelled' | 'unanswered' | 'ended' | 'missed';

function requireSource(): CallLogSource {
  if (!callLogSource) throw new Error('CometChatCalls tells where calls are kept');
  return callLogSource;
}

function durationSeconds({ startedAt, endedAt }: CallLogJson): number {
  return startedAt && endedAt ? Math.max(0, endedAt - startedAt) : 0;
}

/** `00:05:30`. */
function hoursMinutesSeconds(seconds: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
}
