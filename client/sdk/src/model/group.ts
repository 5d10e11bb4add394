import { GROUP_TYPE } from '../constants.js';

/** A group as the server describes one. */
export interface GroupJson {
  guid: string;
  name?: string;
  type?: string;
  icon?: string | null;
  owner?: string | null;
  membersCount?: number;
  password?: string;
  description?: string;
  metadata?: object;
  tags?: string[];
}

/** People who can be called together. */
export class Group {
  guid: string;
  name: string;
  /** `public`, `private` or `password`. */
  type: string;
  icon?: string;
  owner?: string;
  membersCount?: number;
  password?: string;
  description?: string;
  metadata?: object;
  tags?: string[];

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

  getGuid(): string {
    return this.guid;
  }
  setGuid(guid: string): void {
    this.guid = guid;
  }
  getName(): string {
    return this.name;
  }
  setName(name: string): void {
    this.name = name;
  }
  getType(): string {
    return this.type;
  }
  setType(type: string): void {
    this.type = type;
  }
  getIcon(): string {
    return this.icon ?? '';
  }
  setIcon(icon: string): void {
    this.icon = icon;
  }
  /** The owner's uid. */
  getOwner(): string {
    return this.owner ?? '';
  }
  setOwner(owner: string): void {
    this.owner = owner;
  }
  getMembersCount(): number {
    return this.membersCount ?? 0;
  }
  setMembersCount(membersCount: number): void {
    this.membersCount = membersCount;
  }
  getPassword(): string {
    return this.password ?? '';
  }
  setPassword(password: string): void {
    this.password = password;
  }
  getDescription(): string {
    return this.description ?? '';
  }
  setDescription(description: string): void {
    this.description = description;
  }
  getMetadata(): object {
    return this.metadata ?? {};
  }
  setMetadata(metadata: object): void {
    this.metadata = metadata;
  }
  getTags(): string[] {
    return this.tags ?? [];
  }
  setTags(tags: string[]): void {
    this.tags = tags;
  }
}
