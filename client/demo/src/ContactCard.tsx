import { CometChat } from '@belfry/sdk';
import { useEffect, useState } from 'react';
import { Avatar } from './Avatar';
import { isOnline, presence } from './ContactList';
import { Bell, Icon } from './Icon';
import type { Party } from './phone';
import { partyOf } from './usePhone';
import { membersInWords } from './words';

interface ContactCardProps {
  readonly contact: CometChat.User | CometChat.Group;
  readonly onBack: () => void;
  readonly onCall: (party: Party, isVideo: boolean) => void;
}

/** Somebody, large, with the two ways to call. */
export function ContactCard({ contact, onBack, onCall }: ContactCardProps) {
  const [shown, setShown] = useState(contact);
  const party = partyOf(shown);
  useEffect(() => {
    const name = 'belfry-demo-card';
    const see = (user: CometChat.User) => {
      if (user.getUid() === party.id) {
        setShown(user);
      }
    };
    CometChat.addUserListener(name, new CometChat.UserListener({ onUserOnline: see, onUserOffline: see }));
    return () => CometChat.removeUserListener(name);
  }, [party.id]);

  const isPerson = shown instanceof CometChat.User;
  const isAway = isPerson && !isOnline(shown);
  return (
    <article className="contact-card">
      <button type="button" className="round back" onClick={onBack} aria-label="Back to the contacts" title="Back">
        <Icon name="back" />
      </button>
      <Avatar party={party} size="huge" isOnline={isPerson ? isOnline(shown) : null} />
      <h1>{party.name}</h1>
      <p>{isPerson ? presence(shown) : membersInWords(shown.getMembersCount())}</p>
      <div className="buttons">
        <button type="button" className="button quiet-button" onClick={() => onCall(party, false)}>
          <Icon name="phone" />
          Audio call
        </button>
        <button type="button" className="button" onClick={() => onCall(party, true)}>
          <Icon name="video" />
          Video call
        </button>
      </div>
      {isAway && <p className="hint">You can call anyway: it rings as soon as {party.name} opens Belfry.</p>}
    </article>
  );
}

interface WelcomeProps {
  readonly me: CometChat.User;
}

/** Before anybody is chosen. */
export function Welcome({ me }: WelcomeProps) {
  const firstName = me.getName().split(' ')[0] ?? me.getName();
  return (
    <div className="welcome">
      <Bell size={88} />
      <h1>Hello, {firstName}</h1>
      <p>Choose somebody to call. To try it alone, open this page in a second window and log in as somebody else.</p>
    </div>
  );
}
