import type { CometChat } from '@belfry/sdk';
import { useState } from 'react';
import { Avatar } from './Avatar';
import { Icon } from './Icon';
import type { Party } from './phone';
import { useContacts } from './useContacts';
import { partyOf } from './usePhone';
import { ago, membersInWords } from './words';

interface ContactListProps {
  readonly isConnected: boolean;
  readonly chosen: CometChat.User | CometChat.Group | null;
  readonly onChoose: (contact: CometChat.User | CometChat.Group) => void;
  readonly onCall: (party: Party, isVideo: boolean) => void;
}

/** People and groups, found by typing, called by a click. */
export function ContactList({ isConnected, chosen, onChoose, onCall }: ContactListProps) {
  const [search, setSearch] = useState('');
  const { users, groups, error, hasMore, loadMore, retry } = useContacts(search, isConnected);
  const chosenId = chosen === null ? null : partyOf(chosen).id;
  const sorted = users?.toSorted(
    (a, b) => Number(isOnline(b)) - Number(isOnline(a)) || a.getName().localeCompare(b.getName()),
  );
  const wanted = search.trim();
  const isEmpty = users?.length === 0 && groups.length === 0;

  const row = (contact: CometChat.User | CometChat.Group, about: string, online: boolean | null) => {
    const party = partyOf(contact);
    return (
      <li key={party.id} className={party.id === chosenId ? 'contact chosen' : 'contact'} data-contact={party.id}>
        <button type="button" className="contact-main" onClick={() => onChoose(contact)}>
          <Avatar party={party} size="medium" isOnline={online} />
          <span className="contact-text">
            <span className="contact-name">{party.name}</span>
            <span className="contact-about">{about}</span>
          </span>
        </button>
        <button
          type="button"
          className="round accent"
          onClick={() => onCall(party, false)}
          aria-label={`Call ${party.name}`}
          title="Audio call"
        >
          <Icon name="phone" />
        </button>
        <button
          type="button"
          className="round accent"
          onClick={() => onCall(party, true)}
          aria-label={`Video call with ${party.name}`}
          title="Video call"
        >
          <Icon name="video" />
        </button>
      </li>
    );
  };

  return (
    <div className="contacts">
      <label className="search">
        <Icon name="search" />
        <input
          type="search"
          placeholder="Search"
          aria-label="Search people and groups"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </label>
      <div className="contacts-scroll" aria-busy={users === null && error === null}>
        {users === null && error === null && <p className="quiet">Loading…</p>}
        {error !== null && (
          <p className="quiet" role="alert">
            {error}{' '}
            <button type="button" className="link" onClick={retry}>
              Try again
            </button>
          </p>
        )}
        {isEmpty && (
          <div className="quiet">
            <p>{wanted === '' ? 'Nobody else is here yet.' : `Nobody here is called “${wanted}”.`}</p>
            {wanted !== '' && (
              <button
                type="button"
                className="link"
                onClick={() => onCall({ id: wanted, name: wanted, avatar: null, isGroup: false }, false)}
              >
                Call the user id “{wanted}”
              </button>
            )}
          </div>
        )}
        {sorted !== undefined && sorted.length > 0 && (
          <>
            <h2>People</h2>
            <ul>{sorted.map((user) => row(user, presence(user), isOnline(user)))}</ul>
          </>
        )}
        {hasMore && (
          <button type="button" className="link more" onClick={loadMore}>
            Show more
          </button>
        )}
        {groups.length > 0 && (
          <>
            <h2>Groups</h2>
            <ul>{groups.map((group) => row(group, membersInWords(group.getMembersCount()), null))}</ul>
          </>
        )}
      </div>
    </div>
  );
}

/** Whether somebody has Belfry open. */
export function isOnline(user: CometChat.User): boolean {
  return user.getStatus() === 'online';
}

/** Presence in words. */
export function presence(user: CometChat.User): string {
  if (isOnline(user)) {
    return 'Online';
  }
  const seenAt = user.getLastActiveAt();
  return seenAt ? `Last seen ${ago(seenAt, Date.now())}` : 'Offline';
}
