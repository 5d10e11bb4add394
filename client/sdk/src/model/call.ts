import { CALL_STATUS, CALL_TYPE, MESSAGE_CATEGORY, RECEIVER_TYPE } from '../constants.js';
import { Group, type GroupJson } from './group.js';
import { User, type UserJson } from './user.js';

/** A call as the server describes it (protocol §3). Times are Unix seconds. */
export interface CallJson {
  sessionId: string;
  id: string;
  conversationId: string;
  category: string;
  type: string;
  receiverType: string;
  action: string;
  status: string;
  initiatedAt: number;
  joinedAt?: number;
  sentAt: number;
  updatedAt: number;
  receiverId: string;
  sender: UserJson;
  receiver: UserJson | GroupJson;
  callInitiator: UserJson;
  callReceiver: UserJson | GroupJson;
  metadata?: object;
}

/** What calls share with the other messages of a conversation. */
export class BaseMessage {
  /** The message's id: a decimal number as a string; grows with every action. */
  id!: string;
  conversationId!: string;
  category: string;
  type: string;
  receiverType: string;
  /** The uid or guid of the other party of this action. */
  receiverId: string;
  /** Who acted. */
  sender!: User;
  /** The other party of this action. */
  receiver!: User | Group;
  /** Unix seconds of this action. */
  sentAt!: number;
  updatedAt!: number;
  status!: string;
  parentMessageId?: number;
  muid?: string;
  deliveredAt?: number;
  readAt?: number;
  editedAt?: number;
  editedBy?: string;
  deletedAt?: number;
  deletedBy?: string;
  replyCount?: number;

  constructor(receiverId: string, type: string, receiverType: string, category: string) {
    this.receiverId = receiverId;
    this.type = type;
    this.receiverType = receiverType;
    this.category = category;
  }

  getId(): number {
    return Number(this.id);
  }
  setId(id: number | string): void {
    this.id = String(id);
  }
  getConversationId(): string {
    return this.conversationId;
  }
  setConversationId(conversationId: string): void {
    this.conversationId = conversationId;
  }
  getReceiverId(): string {
    return this.receiverId;
  }
  setReceiverId(receiverId: string): void {
    this.receiverId = receiverId;
  }
  getReceiver(): User | Group {
    return this.receiver;
  }
  setReceiver(receiver: User | Group): void {
    this.receiver = receiver;
  }
  getSender(): User {
    return this.sender;
  }
  setSender(sender: User): void {
    this.sender = sender;
  }
  getType(): string {
    return this.type;
  }
  setType(type: string): void {
    this.type = type;
  }
  getReceiverType(): string {
    return this.receiverType;
  }
  setReceiverType(receiverType: string): void {
    this.receiverType = receiverType;
  }
  getCategory(): string {
    return this.category;
  }
  setCategory(category: string): void {
    this.category = category;
  }
  /** Unix seconds. */
  getSentAt(): number {
    return this.sentAt;
  }
  setSentAt(sentAt: number): void {
    this.sentAt = sentAt;
  }
  /** Unix seconds. */
  getUpdatedAt(): number {
    return this.updatedAt;
  }
  setUpdatedAt(updatedAt: number): void {
    this.updatedAt = updatedAt;
  }
  getStatus(): string {
    return this.status;
  }
  setStatus(status: string): void {
    this.status = status;
  }
  getParentMessageId(): number {
    return this.parentMessageId ?? 0;
  }
  setParentMessageId(parentMessageId: number): void {
    this.parentMessageId = parentMessageId;
  }
  /** A message id chosen by the client. */
  getMuid(): string {
    return this.muid ?? '';
  }
  setMuid(muid: string): void {
    this.muid = muid;
  }
  /** Unix seconds, or 0: calls have no delivery receipts. */
  getDeliveredAt(): number {
    return this.deliveredAt ?? 0;
  }
  setDeliveredAt(deliveredAt: number): void {
    this.deliveredAt = deliveredAt;
  }
  /** Unix seconds, or 0: calls have no read receipts. */
  getReadAt(): number {
    return this.readAt ?? 0;
  }
  setReadAt(readAt: number): void {
    this.readAt = readAt;
  }
  getEditedAt(): number {
    return this.editedAt ?? 0;
  }
  setEditedAt(editedAt: number): void {
    this.editedAt = editedAt;
  }
  getEditedBy(): string {
    return this.editedBy ?? '';
  }
  setEditedBy(editedBy: string): void {
    this.editedBy = editedBy;
  }
  getDeletedAt(): number {
    return this.deletedAt ?? 0;
  }
  setDeletedAt(deletedAt: number): void {
    this.deletedAt = deletedAt;
  }
  getDeletedBy(): string {
    return this.deletedBy ?? '';
  }
  setDeletedBy(deletedBy: string): void {
    this.deletedBy = deletedBy;
  }
  getReplyCount(): number {
    return this.replyCount ?? 0;
  }
  setReplyCount(replyCount: number): void {
    this.replyCount = replyCount;
  }
  /** The message as it came from the server; an empty object before it was sent. */
  getRawMessage(): object {
    return {};
  }
}

/**
 * A call, as of one action on it. Each action (initiate, accept, reject, …) gives a new `Call` with its own `id`; the
 * `sessionId` stays. `sender` is whoever acted; `callInitiator` and `callReceiver` never change.
 */
export class Call extends BaseMessage {
  static readonly TYPE = CALL_TYPE;
  static readonly RECEIVER_TYPE = RECEIVER_TYPE;
  static readonly CATEGORY = MESSAGE_CATEGORY;
  static readonly ACTION_TYPE = CALL_STATUS;

  sessionId!: string;
  /** The action that made this message; equal to `status`, except `ongoing` in the result of `endCall`. */
  action!: string;
  callInitiator!: User;
  callReceiver!: User | Group;
  /** Unix seconds. */
  initiatedAt!: number;
  /** Unix seconds; with status `initiated` and `ongoing`, and in the result of `endCall`. */
  joinedAt?: number;
  metadata?: object;
  #raw: CallJson | undefined;

  /** A call to place: `new Call("ben", CALL_TYPE.VIDEO, RECEIVER_TYPE.USER)`. */
  constructor(receiverId: string, type: string, receiverType: string, category: string = MESSAGE_CATEGORY.CALL) {
    super(receiverId, type, receiverType, category);
  }

  /** A call from the server's description of it. */
  static callFromJSON(json: CallJson): Call {
    const call = new Call(json.receiverId, json.type, json.receiverType, json.category);
    const party = (party: UserJson | GroupJson): User | Group =>
      'guid' in party ? Group.fromJSON(party) : new User(party);
    call.id = json.id;
    call.conversationId = json.conversationId;
    call.sessionId = json.sessionId;
    call.action = json.action;
    call.status = json.status;
    call.initiatedAt = json.initiatedAt;
    if (json.joinedAt !== undefined) call.joinedAt = json.joinedAt;
    call.sentAt = json.sentAt;
    call.updatedAt = json.updatedAt;
    call.sender = new User(json.sender);
    call.receiver = party(json.receiver);
    call.callInitiator = new User(json.callInitiator);
    call.callReceiver = party(json.callReceiver);
    if (json.metadata) call.metadata = json.metadata;
    call.#raw = json;
    return call;
  }

  getSessionId(): string {
    return this.sessionId;
  }
  setSessionId(sessionId: string): void {
    this.sessionId = sessionId;
  }
  getAction(): string {
    return this.action;
  }
  setAction(action: string): void {
    this.action = action;
  }
  getCallInitiator(): User {
    return this.callInitiator;
  }
  setCallInitiator(callInitiator: User): void {
    this.callInitiator = callInitiator;
  }
  getCallReceiver(): User | Group {
    return this.callReceiver;
  }
  setCallReceiver(callReceiver: User | Group): void {
    this.callReceiver = callReceiver;
  }
  /** Unix seconds. */
  getInitiatedAt(): number {
    return this.initiatedAt;
  }
  setInitiatedAt(initiatedAt: number): void {
    this.initiatedAt = initiatedAt;
  }
  /** Unix seconds, or 0 where this action carries none. */
  getJoinedAt(): number {
    return this.joinedAt ?? 0;
  }
  setJoinedAt(joinedAt: number): void {
    this.joinedAt = joinedAt;
  }
  /** What the caller attached to the call. */
  getMetadata(): object {
    return this.metadata ?? {};
  }
  setMetadata(metadata: object): void {
    this.metadata = metadata;
  }
  /** The call's action and the parties of it. */
  getData(): object {
    return { action: this.action, entities: { by: this.sender, on: this.receiver, for: this.callReceiver } };
  }
  setData(data: object): void {
    Object.assign(this, data);
  }
  override getRawMessage(): object {
    return this.#raw ?? {};
  }
  /** The server's description, as it came; undefined for a call that was not placed yet. */
  getRawData(): CallJson | undefined {
    return this.#raw;
  }
  setRawData(raw: CallJson): void {
    this.#raw = raw;
  }
}
