import { requireClient } from './current.js';
import { Group, type GroupJson } from '../model/group.js';
import { User, type UserJson } from '../model/user.js';

/** Asks the server as the logged-in user. */
export type Ask = <T>(path: string) => Promise<T>;

const LIMIT_DEFAULT = 30;
const LIMIT_MAX = 100;

/** Pages through users; made by {@link UsersRequestBuilder}. */
export class UsersRequest {
  private after: string | null = '';

  /** Use {@link UsersRequestBuilder}. */
  constructor(
    private readonly ask: Ask,
    private readonly limit: number,
    private readonly search: string,
  ) {}

  getLimit(): number {
    return this.limit;
  }
  getSearchKeyword(): string {
    return this.search;
  }

  /** The next users by uid, without the one who is logged in; an empty list at the end. */
  async fetchNext(): Promise<User[]> {
    if (this.after === null) return [];
    const query = new URLSearchParams({ limit: String(this.limit) });
    if (this.after) query.set('after', this.after);
    if (this.search) query.set('search', this.search);
    const page = await this.ask<{ users: UserJson[]; next: string | null }>(`/v1/users?${query.toString()}`);
    this.after = page.next;
    return page.users.map((json) => new User(json));
  }
}

/** Pages through the groups of the logged-in user; made by {@link GroupsRequestBuilder}. */
export class GroupsRequest {
  private rest: Group[] | undefined;

  /** Use {@link GroupsRequestBuilder}. */
  constructor(
    private readonly ask: Ask,
    private readonly limit: number,
    private readonly search: string,
  ) {}

  getLimit(): number {
    return this.limit;
  }
  getSearchKeyword(): string {
    return this.search;
  }

  /** The next groups; an empty list at the end. */
  async fetchNext(): Promise<Group[]> {
    this.rest ??= await this.all();
    return this.rest.splice(0, this.limit);
  }

  private async all(): Promise<Group[]> {
    const { groups } = await this.ask<{ groups: GroupJson[] }>('/v1/groups');
    const wanted = this.search.toLowerCase();
    return groups.map((json) => Group.fromJSON(json)).filter((group) => group.name.toLowerCase().includes(wanted));
  }
}

abstract class RequestBuilder {
  protected limit = LIMIT_DEFAULT;
  protected search = '';

  /** How many a page has, in [1, 100]; default 30. */
  setLimit(limit: number): this {
    this.limit = Math.min(LIMIT_MAX, Math.max(1, Math.floor(limit)));
    return this;
  }
  /** Only those whose name contains this. */
  setSearchKeyword(search: string): this {
    this.search = search;
    return this;
  }
}

/** Builds a request that pages through users. */
export class UsersRequestBuilder extends RequestBuilder {
  build(): UsersRequest {
    return new UsersRequest(requireClient().ask, this.limit, this.search);
  }
}

/** Builds a request that pages through the groups of the logged-in user. */
export class GroupsRequestBuilder extends RequestBuilder {
  /** Kept for compatibility: the server lists the groups one is a member of. */
  joinedOnly(_joinedOnly = true): this {
    return this;
  }
  build(): GroupsRequest {
    return new GroupsRequest(requireClient().ask, this.limit, this.search);
  }
}
