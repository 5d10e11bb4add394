import { CometChatCalls, type CallLog } from '@belfry/sdk';
import { useEffect, useRef, useState } from 'react';

/** The calls of the past, as far as they are known, the newest first. */
export interface Recents {
  /** Null until the first answer. */
  readonly calls: readonly CallLog[] | null;
  /** How many missed calls came since one last looked. */
  readonly missed: number;
  readonly hasMore: boolean;
  readonly loadMore: () => void;
  /** One looks at them now. */
  readonly see: () => void;
}

const PAGE_SIZE = 30;

/** What was just answered or declined is on its way to the server. */
const SETTLED_AFTER_MS = 400;

/**
 * Asks for the log of calls.
 *
 * @param version another value asks again: a call is over, or the server is back. Null while a call goes on, which needs
 *   the time itself
 */
export function useRecents(myUid: string, version: string | null): Recents {
  const [calls, setCalls] = useState<readonly CallLog[] | null>(null);
  const [hasMore, setHasMore] = useState(false);
  const [seenAt, setSeenAt] = useState(() => Number(localStorage.getItem(seenKey(myUid)) ?? 0));
  const request = useRef<ReturnType<typeof newRequest> | null>(null);

  useEffect(() => {
    if (version === null) {
      return undefined;
    }
    let isWanted = true;
    const ask = async () => {
      const asked = newRequest();
      try {
        const page = await asked.fetchNext();
        if (isWanted) {
          request.current = asked;
          setCalls(page);
          setHasMore(page.length === PAGE_SIZE);
        }
      } catch {
        // The contacts say that the server is away; when it is back, the version is another.
      }
    };
    const timer = setTimeout(() => void ask(), SETTLED_AFTER_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [version]);

  const loadMore = () => {
    const asked = request.current;
    asked?.fetchNext().then(
      (more) => {
        if (asked === request.current) {
          setCalls((known) => [...(known ?? []), ...more]);
          setHasMore(more.length === PAGE_SIZE);
        }
      },
      () => undefined, // the button is still there
    );
  };
  const see = () => {
    const newest = calls?.[0]?.getInitiatedAt() ?? 0;
    if (newest > seenAt) {
      localStorage.setItem(seenKey(myUid), String(newest));
      setSeenAt(newest);
    }
  };
  const missed = (calls ?? []).filter((call) => isMissed(call) && call.getInitiatedAt() > seenAt).length;
  return { calls, missed, hasMore, loadMore, see };
}

/** Whether it rang here and nobody answered. */
export function isMissed(call: CallLog): boolean {
  return call.getStatus() === 'missed';
}

function newRequest() {
  return new CometChatCalls.CallLogRequestBuilder().setLimit(PAGE_SIZE).build();
}

function seenKey(myUid: string): string {
  return `belfry-demo-calls-seen-${myUid}`;
}
