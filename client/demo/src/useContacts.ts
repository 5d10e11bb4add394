import { CometChat } from '@belfry/sdk';
import { useEffect, useRef, useState } from 'react';

/** The people and groups one can call, as far as they are known. */
export interface Contacts {
  /** Null until the first answer. */
  readonly users: readonly CometChat.User[] | null;
  readonly groups: readonly CometChat.Group[];
  /** In words, when the last question failed. */
  readonly error: string | null;
  readonly hasMore: boolean;
  readonly loadMore: () => void;
  readonly retry: () => void;
}

const PAGE_SIZE = 50;
const SEARCH_AFTER_MS = 150;
const LISTENER = 'belfry-demo-contacts';

/** Asks for the contacts that match, and keeps their presence up to date. */
export function useContacts(search: string, isConnected: boolean): Contacts {
  const [users, setUsers] = useState<readonly CometChat.User[] | null>(null);
  const [groups, setGroups] = useState<readonly CometChat.Group[]>([]);
  const [error, setError] = useState<string | null>(null);
  const [hasMore, setHasMore] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const request = useRef<CometChat.UsersRequest | null>(null);

  // Asked again after every reconnection, since presence may have changed meanwhile.
  useEffect(() => {
    let isCurrent = true;
    const keyword = search.trim();
    const timer = setTimeout(
      () => {
        const usersRequest = new CometChat.UsersRequestBuilder().setLimit(PAGE_SIZE).setSearchKeyword(keyword).build();
        const groupsRequest = new CometChat.GroupsRequestBuilder()
          .setLimit(PAGE_SIZE)
          .setSearchKeyword(keyword)
          .build();
        Promise.all([usersRequest.fetchNext(), groupsRequest.fetchNext()]).then(
          ([foundUsers, foundGroups]) => {
            if (isCurrent) {
              request.current = usersRequest;
              setUsers(foundUsers);
              setGroups(foundGroups);
              setHasMore(foundUsers.length === PAGE_SIZE);
              setError(null);
            }
          },
          () => {
            if (isCurrent) {
              setError('Your contacts could not be loaded.');
            }
          },
        );
      },
      keyword === '' ? 0 : SEARCH_AFTER_MS,
    );
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [search, isConnected, attempt]);

  useEffect(() => {
    const put = (changed: CometChat.User) =>
      setUsers((known) => known?.map((user) => (user.getUid() === changed.getUid() ? changed : user)) ?? null);
    CometChat.addUserListener(LISTENER, new CometChat.UserListener({ onUserOnline: put, onUserOffline: put }));
    return () => CometChat.removeUserListener(LISTENER);
  }, []);

  const loadMore = () => {
    request.current?.fetchNext().then(
      (more) => {
        setUsers((known) => [...(known ?? []), ...more]);
        setHasMore(more.length === PAGE_SIZE);
      },
      () => setError('Your contacts could not be loaded.'),
    );
  };
  return { users, groups, error, hasMore, loadMore, retry: () => setAttempt((before) => before + 1) };
}
