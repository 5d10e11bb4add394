import { CometChatCalls } from '@belfry/react';
import { useState } from 'react';
import { guestLink } from './guest';
import { Icon } from './Icon';
import { guestErrorInWords } from './words';

const SHOWN_FOR_MS = 4000;

/** Copies a link by which guests join this call. */
export function Invite({ sessionId }: { readonly sessionId: string }) {
  const [said, setSaid] = useState<string | null>(null);
  /** Where the browser lets no page copy, it is shown to be copied by hand. */
  const [link, setLink] = useState<string | null>(null);

  const invite = async (): Promise<void> => {
    setLink(null);
    try {
      const { grant } = await CometChatCalls.inviteGuests(sessionId);
      const made = guestLink(`${location.origin}${location.pathname}`, grant);
      try {
        await navigator.clipboard.writeText(made);
        setSaid('Link copied. Whoever has it can join this call.');
        setTimeout(() => setSaid(null), SHOWN_FOR_MS);
      } catch {
        setSaid('Copy this link. Whoever has it can join this call.');
        setLink(made);
      }
    } catch (thrown) {
      setSaid(guestErrorInWords(thrown));
      setTimeout(() => setSaid(null), SHOWN_FOR_MS);
    }
  };

  return (
    <div className="invite">
      <button type="button" className="invite-button" onClick={() => void invite()}>
        <Icon name="link" />
        <span>Invite by link</span>
      </button>
      <div className="invite-said" role="status" hidden={said === null}>
        <span>{said}</span>
        {link !== null && (
          <input readOnly value={link} aria-label="Link" onFocus={(event) => event.target.select()} autoFocus />
        )}
      </div>
    </div>
  );
}
