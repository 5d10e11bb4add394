import { CallGroup, type CallLog } from '@belfry/sdk';
import { useEffect } from 'react';
import { Avatar } from './Avatar';
import { Icon } from './Icon';
import type { Party } from './phone';
import { isMissed, type Recents } from './useRecents';

interface RecentsProps {
  readonly myUid: string;
  readonly recents: Recents;
  readonly onCall: (party: Party, isVideo: boolean) => void;
}

/** The last calls, missed ones marked; a click calls back. */
export function RecentList({ myUid, recents, onCall }: RecentsProps) {
  const { calls, hasMore, loadMore, see } = recents;
  useEffect(see);

  return (
    <section className="recents" aria-label="Recent calls" aria-busy={calls === null}>
      {calls === null && <p className="quiet">Loading…</p>}
      {calls?.length === 0 && <p className="quiet">No calls yet. Those you make, answer or miss are kept here.</p>}
      <ul>
        {calls?.map((call) => (
          <Recent key={call.getSessionID()} call={call} myUid={myUid} onCall={onCall} />
        ))}
      </ul>
      {hasMore && (
        <button type="button" className="link more" onClick={loadMore}>
          Show more
        </button>
      )}
    </section>
  );
}

function Recent({ call, myUid, onCall }: { readonly call: CallLog } & Pick<RecentsProps, 'myUid' | 'onCall'>) {
  const party = otherParty(call, myUid);
  const isVideo = call.getType() === 'video';
  return (
    <li>
      <Avatar party={party} size="medium" />
      <span className="recent-words">
        <strong className={isMissed(call) ? 'is-missed' : ''}>{party.name}</strong>
        <span>{inWords(call, myUid)}</span>
      </span>
      <button
        type="button"
        className="round accent"
        onClick={() => onCall(party, isVideo)}
        aria-label={`Call ${party.name} again`}
        title={isVideo ? 'Video call' : 'Audio call'}
      >
        <Icon name={isVideo ? 'video' : 'phone'} />
      </button>
    </li>
  );
}

function otherParty(call: CallLog, myUid: string): Party {
  const receiver = call.getReceiver();
  if (receiver instanceof CallGroup) {
    return { id: receiver.getGuid(), name: receiver.getName(), avatar: receiver.getIcon() || null, isGroup: true };
  }
  const other = call.getInitiator().getUid() === myUid ? receiver : call.getInitiator();
  return { id: other.getUid(), name: other.getName(), avatar: other.getAvatar() || null, isGroup: false };
}

const WORDS: Readonly<Record<string, string>> = {
  missed: 'Missed',
  rejected: 'Declined',
  busy: 'Busy',
  cancelled: 'Cancelled',
  unanswered: 'No answer',
  ongoing: 'Going on',
  initiated: 'Ringing',
};

function inWords(call: CallLog, myUid: string): string {
  const direction = call.getInitiator().getUid() === myUid ? 'Outgoing' : 'Incoming';
  const duration = call.getTotalDuration().replace(/^00:/, '');
  const what = WORDS[call.getStatus()] ?? `${direction}, ${duration}`;
  const at = new Date(call.getInitiatedAt() * 1000);
  const isToday = at.toDateString() === new Date().toDateString();
  const when = isToday
    ? at.toLocaleTimeString([], { hour: 'numeric', minute: '2-digit' })
    : at.toLocaleDateString([], { day: 'numeric', month: 'short' });
  return `${what} · ${when}`;
}
