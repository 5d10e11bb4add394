import { CallGroup, CometChatCalls, type CallLog } from '@belfry/sdk';
import { useEffect, useState } from 'react';
import { Avatar } from './Avatar';
import { Icon } from './Icon';
import type { Party } from './phone';

const SHOWN = 6;

/** What was just answered or declined is on its way to the server. */
const SETTLED_AFTER_MS = 400;

interface RecentsProps {
  readonly myUid: string;
  /** Another value asks the server again: a call is over. Null while one goes on, which needs the time itself. */
  readonly version: string | null;
  readonly onCall: (party: Party, isVideo: boolean) => void;
}

/** The last calls, missed ones marked; a click calls back. */
export function Recents({ myUid, version, onCall }: RecentsProps) {
  const [calls, setCalls] = useState<readonly CallLog[]>([]);
  useEffect(() => {
    if (version === null) {
      return undefined;
    }
    let isWanted = true;
    const ask = async () => {
      try {
        const page = await new CometChatCalls.CallLogRequestBuilder().setLimit(SHOWN).build().fetchNext();
        if (isWanted) {
          setCalls(page);
        }
      } catch {
        // The contacts say that the server is away.
      }
    };
    const timer = setTimeout(() => void ask(), SETTLED_AFTER_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [version]);

  if (calls.length === 0) {
    return null;
  }
  return (
    <section className="recents" aria-label="Recent calls">
      <h2>Recent calls</h2>
      <ul>
        {calls.map((call) => (
          <Recent key={call.getSessionID()} call={call} myUid={myUid} onCall={onCall} />
        ))}
      </ul>
    </section>
  );
}

function Recent({ call, myUid, onCall }: { readonly call: CallLog } & Pick<RecentsProps, 'myUid' | 'onCall'>) {
  const party = otherParty(call, myUid);
  const isVideo = call.getType() === 'video';
  const isMissed = call.getStatus() === 'missed';
  return (
    <li>
      <Avatar party={party} size="small" />
      <span className="recent-words">
        <strong className={isMissed ? 'is-missed' : ''}>{party.name}</strong>
        <span>{inWords(call, myUid)}</span>
      </span>
      <button
        type="button"
        className="round"
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
