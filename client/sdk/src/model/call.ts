import { CALL_STATUS, CALL_TYPE, MESSAGE_CATEGORY, RECEIVER_TYPE } from '../constants.js';
import { Group, type GroupJson } from './group.js';
import { User, type UserJson } from './user.js';

/** A call as the server describes it (protocol §3). Times are Unix seconds. */
export interface CallJson {
  /** The session's id; the same for every action on the call. */
  sessionId: string;
  /** The message's id: a decimal number as a string, which grows with every action. */
  id: string;
  /** The conversation of caller and callee. */
  conversationId: string;
  /** `call`. */
  category: string;
  /** `audio` or `video`. */
  type: string;
  /** `user` or `group`. */
  receiverType: string;
  /** The action that made this message, one of `CALL_STATUS`. */
  action: string;
  /** One of `CALL_STATUS`. */
  status: string;
  /** When it began to ring, in Unix seconds. */
  initiatedAt: number;
  /** When it was accepted, in Unix seconds; absent in some actions. */
  joinedAt?: number;
  /** When it happened, in Unix seconds. */
  sentAt: number;
  /** When the call last changed, in Unix seconds. */
  updatedAt: number;
  /** The uid or guid of the other party of this action. */
  receiverId: string;
  /** Who acted. */
  sender: UserJson;
  /** The other party of this action. */
  receiver: UserJson | GroupJson;
  /** Who called. */
  callInitiator: UserJson;
  /** Who is called: a user or a group. */
  callReceiver: UserJson | GroupJson;
  /** What the caller attached. */
  metadata?: object;
}

/** What calls share with the other messages of a conversation. */
export class BaseMessage {
  /** The message's id: a decimal number as a string; grows with every action. */
  id!: string;
  /** The conversation of caller and callee. */
  conversationId!: string;
  /** `call`. */
  category: string;
  /** `audio` or `video`. */
  type: string;
  /** `user` or `group`. */
  receiverType: string;
  /** The uid or guid of the other party of this action. */
  receiverId: string;
  /** Who acted. */
  sender!: User;
  /** The other party of this action. */
  receiver!: User | Group;
  /** Unix seconds of this action. */
  sentAt!: number;
  /** When the call last changed, in Unix seconds. */
  updatedAt!: number;
  /** One of `CALL_STATUS`. */
  status!: string;
  /** The message this one answers. Kept for compatibility: the server does not send it. */
  parentMessageId?: number;
  /** A message id chosen by the client. Kept for compatibility: the server does not send it. */
  muid?: string;
  /** When it was delivered, in Unix seconds. Kept for compatibility: the server does not send it. */
  deliveredAt?: number;
  /** When it was read, in Unix seconds. Kept for compatibility: the server does not send it. */
  readAt?: number;
  /** When it was edited, in Unix seconds. Kept for compatibility: the server does not send it. */
  editedAt?: number;
  /** Who edited it. Kept for compatibility: the server does not send it. */
  editedBy?: string;
  /** When it was deleted, in Unix seconds. Kept for compatibility: the server does not send it. */
  deletedAt?: number;
  /** Who deleted it. Kept for compatibility: the server does not send it. */
  deletedBy?: string;
  /** How many answers it has. Kept for compatibility: the server does not send it. */
  replyCount?: number;

  /** A message that was not sent yet; `Call` is the only kind there is. */
  constructor(receiverId: string, type: string, receiverType: string, category: string) {
    this.receiverId = receiverId;
    this.type = type;
    this.receiverType = receiverType;
    this.category = category;
  }

  /** The id as a number. */
  getId(): number {
    return Number(this.id);
  }
  /** Sets it on this object only. */
  setId(id: number | string): void {
    this.id = String(id);
  }
  /** The conversation of caller and callee. */
  getConversationId(): string {
    return this.conversationId;
  }
  /** Sets it on this object only. */
  setConversationId(conversationId: string): void {
    this.conversationId = conversationId;
  }
  /** The uid or guid of the other party of this action. */
  getReceiverId(): string {
    return this.receiverId;
  }
  /** Sets it on this object only. */
  setReceiverId(receiverId: string): void {
    this.receiverId = receiverId;
  }
  /** The other party of this action. */
  getReceiver(): User | Group {
    return this.receiver;
  }
  /** Sets it on this object only. */
  setReceiver(receiver: User | Group): void {
    this.receiver = receiver;
  }
  /** Who acted. */
  getSender(): User {
    return this.sender;
  }
  /** Sets it on this object only. */
  setSender(sender: User): void {
    this.sender = sender;
  }
  /** `audio` or `video`. */
  getType(): string {
    return this.type;
  }
  /** Sets it on this object only. */
  setType(type: string): void {
    this.type = type;
  }
  /** `user` or `group`. */
  getReceiverType(): string {
    return this.receiverType;
  }
  /** Sets it on this object only. */
  setReceiverType(receiverType: string): void {
    this.receiverType = receiverType;
  }
  /** `call`. */
  getCategory(): string {
    return this.category;
  }
  /** Sets it on this object only. */
  setCategory(category: string): void {
    this.category = category;
  }
  /** Unix seconds. */
  getSentAt(): number {
    return this.sentAt;
  }
  /** Sets it on this object only. */
  setSentAt(sentAt: number): void {
    this.sentAt = sentAt;
  }
  /** Unix seconds. */
  getUpdatedAt(): number {
    return this.updatedAt;
  }
  /** Sets it on this object only. */
  setUpdatedAt(updatedAt: number): void {
    this.updatedAt = updatedAt;
  }
  /** One of `CALL_STATUS`. */
  getStatus(): string {
    return this.status;
  }
  /** Sets it on this object only. */
  setStatus(status: string): void {
    this.status = status;
  }
  /** The message this one answers, or 0. Kept for compatibility: the server does not send it. */
  getParentMessageId(): number {
    return this.parentMessageId ?? 0;
  }
  /** Sets it on this object only. */
  setParentMessageId(parentMessageId: number): void {
    this.parentMessageId = parentMessageId;
  }
  /** A message id chosen by the client. */
  getMuid(): string {
    return this.muid ?? '';
  }
  /** Sets it on this object only. */
  setMuid(muid: string): void {
    this.muid = muid;
  }
  /** Unix seconds, or 0: calls have no delivery receipts. */
  getDeliveredAt(): number {
    return this.deliveredAt ?? 0;
  }
  /** Sets it on this object only. */
  setDeliveredAt(deliveredAt: number): void {
    this.deliveredAt = deliveredAt;
  }
  /** Unix seconds, or 0: calls have no read receipts. */
  getReadAt(): number {
    return this.readAt ?? 0;
  }
  /** Sets it on this object only. */
  setReadAt(readAt: number): void {
    this.readAt = readAt;
  }
  /** When it was edited, in Unix seconds, or 0. Kept for compatibility: the server does not send it. */
  getEditedAt(): number {
    return this.editedAt ?? 0;
  }
  /** Sets it on this object only. */
  setEditedAt(editedAt: number): void {
    this.editedAt = editedAt;
  }
  /** Who edited it, or an empty string. Kept for compatibility: the server does not send it. */
  getEditedBy(): string {
    return this.editedBy ?? '';
  }
  /** Sets it on this object only. */
  setEditedBy(editedBy: string): void {
    this.editedBy = editedBy;
  }
  /** When it was deleted, in Unix seconds, or 0. Kept for compatibility: the server does not send it. */
  getDeletedAt(): number {
    return this.deletedAt ?? 0;
  }
  /** Sets it on this object only. */
  setDeletedAt(deletedAt: number): void {
    this.deletedAt = deletedAt;
  }
  /** Who deleted it, or an empty string. Kept for compatibility: the server does not send it. */
  getDeletedBy(): string {
    return this.deletedBy ?? '';
  }
  /** Sets it on this object only. */
  setDeletedBy(deletedBy: string): void {
    this.deletedBy = deletedBy;
  }
  /** How many answers it has, or 0. Kept for compatibility: the server does not send it. */
  getReplyCount(): number {
    return this.replyCount ?? 0;
  }
  /** Sets it on this object only. */
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
  /** The same as `CometChat.CALL_TYPE`. */
  static readonly TYPE = CALL_TYPE;
  /** The same as `CometChat.RECEIVER_TYPE`. */
  static readonly RECEIVER_TYPE = RECEIVER_TYPE;
  /** The same as `CometChat.MessageCategory`. */
  static readonly CATEGORY = MESSAGE_CATEGORY;
  /** The same as `CometChat.CALL_STATUS`. */
  static readonly ACTION_TYPE = CALL_STATUS;

  /** The session's id; the same for every action on the call. */
  sessionId!: string;
  /** The action that made this message; equal to `status`, except `ongoing` in the result of `endCall`. */
  action!: string;
  /** Who called. */
  callInitiator!: User;
  /** Who is called: a user or a group. */
  callReceiver!: User | Group;
  /** Unix seconds. */
  initiatedAt!: number;
  /** Unix seconds; with status `initiated` and `ongoing`, and in the result of `endCall`. */
  joinedAt?: number;
  /** What the caller attached. */
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

  /** The session's id; the same for every action on the call. */
  getSessionId(): string {
    return this.sessionId;
  }
  /** Sets it on this object only. */
  setSessionId(sessionId: string): void {
    this.sessionId = sessionId;
  }
  /** The action that made this message, one of `CALL_STATUS`. */
  getAction(): string {
    return this.action;
  }
  /** Sets it on this object only. */
  setAction(action: string): void {
    this.action = action;
  }
  /** Who called. */
  getCallInitiator(): User {
    return this.callInitiator;
  }
  /** Sets it on this object only. */
  setCallInitiator(callInitiator: User): void {
    this.callInitiator = callInitiator;
  }
  /** Who is called: a user or a group. */
  getCallReceiver(): User | Group {
    return this.callReceiver;
  }
  /** Sets it on this object only. */
  setCallReceiver(callReceiver: User | Group): void {
    this.callReceiver = callReceiver;
  }
  /** Unix seconds. */
  getInitiatedAt(): number {
    return this.initiatedAt;
  }
  /** Sets it on this object only. */
  setInitiatedAt(initiatedAt: number): void {
    this.initiatedAt = initiatedAt;
  }
  /** Unix seconds, or 0 where this action carries none. */
  getJoinedAt(): number {
    return this.joinedAt ?? 0;
  }
  /** Sets it on this object only. */
  setJoinedAt(joinedAt: number): void {
    this.joinedAt = joinedAt;
  }
  /** What the caller attached to the call. */
  getMetadata(): object {
    return this.metadata ?? {};
  }
  /** Sets it on this object only. */
  setMetadata(metadata: object): void {
    this.metadata = metadata;
  }
  /** The call's action and the parties of it. */
  getData(): object {
    return { action: this.action, entities: { by: this.sender, on: this.receiver, for: this.callReceiver } };
  }
  /** Copies the fields of `data` onto this object. */
  setData(data: object): void {
    Object.assign(this, data);
  }
  /** The server's description, as it came; an empty object for a call that was not placed yet. */
  override getRawMessage(): object {
    return this.#raw ?? {};
  }
  /** The server's description, as it came; undefined for a call that was not placed yet. */
  getRawData(): CallJson | undefined {
    return this.#raw;
  }
  /** Sets it on this object only. */
  setRawData(raw: CallJson): void {
    this.#raw = raw;
  }
}
