import { GROUP_TYPE } from '../constants.js';

/** A group as the server describes one. */
export interface GroupJson {
  /** The group's id, unique in the app. */
  guid: string;
  /** The name to show. */
  name?: string;
  /** `public`, `private` or `password`. */
  type?: string;
  /** The address of the group's picture. */
  icon?: string | null;
  /** The owner's uid. */
  owner?: string | null;
  /** How many members there are. */
  membersCount?: number;
  /** Kept for compatibility: groups with a password are not provided. */
  password?: string;
  /** What the group is about. Kept for compatibility: the server does not send it. */
  description?: string;
  /** What the app keeps with the group. Kept for compatibility: the server does not send it. */
  metadata?: object;
  /** Words to find groups by. Kept for compatibility: the server does not send it. */
  tags?: string[];
}

/** People who can be called together. */
export class Group {
  /** The group's id, unique in the app. */
  guid: string;
  /** The name to show. */
  name: string;
  /** `public`, `private` or `password`. */
  type: string;
  /** The address of the group's picture. */
  icon?: string;
  /** The owner's uid. */
  owner?: string;
  /** How many members there are. */
  membersCount?: number;
  /** Kept for compatibility: groups with a password are not provided. */
  password?: string;
  /** What the group is about. Kept for compatibility: the server does not send it. */
  description?: string;
  /** What the app keeps with the group. Kept for compatibility: the server does not send it. */
  metadata?: object;
  /** Words to find groups by. Kept for compatibility: the server does not send it. */
  tags?: string[];

  /** A group to create: what is left out stays empty. */
  constructor(
    guid: string,
    name = '',
    type: string = GROUP_TYPE.PUBLIC,
    password?: string,
    icon?: string,
    description?: string,
  ) {
    this.guid = guid;
    this.name = name;
    this.type = type;
    if (password) this.password = password;
    if (icon) this.icon = icon;
    if (description) this.description = description;
  }

  /** A group from the server's description of it. */
  static fromJSON(json: GroupJson): Group {
    const group = new Group(json.guid, json.name, json.type, json.password, json.icon ?? undefined, json.description);
    if (json.owner) group.owner = json.owner;
    if (json.membersCount !== undefined) group.membersCount = json.membersCount;
    if (json.metadata) group.metadata = json.metadata;
    if (json.tags) group.tags = json.tags;
    return group;
  }

  /** The group's id, unique in the app. */
  getGuid(): string {
    return this.guid;
  }
  /** Sets it on this object only. */
  setGuid(guid: string): void {
    this.guid = guid;
  }
  /** The name to show. */
  getName(): string {
    return this.name;
  }
  /** Sets it on this object only. */
  setName(name: string): void {
    this.name = name;
  }
  /** `public`, `private` or `password`. */
  getType(): string {
    return this.type;
  }
  /** Sets it on this object only. */
  setType(type: string): void {
    this.type = type;
  }
  /** The address of the group's picture, or an empty string. */
  getIcon(): string {
    return this.icon ?? '';
  }
  /** Sets it on this object only. */
  setIcon(icon: string): void {
    this.icon = icon;
  }
  /** The owner's uid. */
  getOwner(): string {
    return this.owner ?? '';
  }
  /** Sets it on this object only. */
  setOwner(owner: string): void {
    this.owner = owner;
  }
  /** How many members there are, or 0 when unknown. */
  getMembersCount(): number {
    return this.membersCount ?? 0;
  }
  /** Sets it on this object only. */
  setMembersCount(membersCount: number): void {
    this.membersCount = membersCount;
  }
  /** Kept for compatibility: groups with a password are not provided. */
  getPassword(): string {
    return this.password ?? '';
  }
  /** Sets it on this object only. */
  setPassword(password: string): void {
    this.password = password;
  }
  /** What the group is about, or an empty string. Kept for compatibility: the server does not send it. */
  getDescription(): string {
    return this.description ?? '';
  }
  /** Sets it on this object only. */
  setDescription(description: string): void {
    this.description = description;
  }
  /** What the app keeps with the group, or an empty object. Kept for compatibility: the server does not send it. */
  getMetadata(): object {
    return this.metadata ?? {};
  }
  /** Sets it on this object only. */
  setMetadata(metadata: object): void {
    this.metadata = metadata;
  }
  /** Words to find groups by, or an empty list. Kept for compatibility: the server does not send it. */
  getTags(): string[] {
    return this.tags ?? [];
  }
  /** Sets it on this object only. */
  setTags(tags: string[]): void {
    this.tags = tags;
  }
}
