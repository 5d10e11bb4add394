import { CometChatCalls } from '@belfry/react';
import { type SubmitEvent, useEffect, useRef, useState } from 'react';
import { Bell } from './Icon';
import { type GuestEnd, guestEnd, guestEndInWords, guestErrorInWords } from './words';

type Guest =
  | { readonly is: 'asked'; readonly error: string | null }
  | { readonly is: 'joining' }
  | { readonly is: 'in'; readonly token: string; readonly isAudioOnly: boolean }
  | { readonly is: 'over'; readonly end: GuestEnd };

/** Somebody who opened a link to a call: a name, a look at oneself, then the call. */
export function GuestPage({ grant }: { readonly grant: string }) {
  const [guest, setGuest] = useState<Guest>({ is: 'asked', error: null });
  const [name, setName] = useState('');

  const ask = (error: string | null = null) => setGuest({ is: 'asked', error });
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (name.trim() === '') {
      return;
    }
    setGuest({ is: 'joining' });
    try {
      const { token, callType } = await CometChatCalls.generateGuestToken(grant, name.trim());
      setGuest({ is: 'in', token, isAudioOnly: callType === 'audio' });
    } catch (thrown) {
      ask(guestErrorInWords(thrown));
    }
  };

  if (guest.is === 'in') {
    return (
      <main className="call-screen">
        <GuestSession
          key={guest.token}
          {...guest}
          onNotNow={() => ask()}
          onRefused={(error) => ask(guestErrorInWords(error))}
          onOver={(end) => setGuest({ is: 'over', end })}
        />
      </main>
    );
  }
  if (guest.is === 'over') {
    return <GuestOver end={guest.end} onBack={() => ask()} />;
  }
  const isJoining = guest.is === 'joining';
  return (
    <main className="page centred rings">
      <section className="card login guest">
        <header>
          <Bell size={56} />
          <h1>You are invited to a call</h1>
          <p>You need no account.</p>
        </header>
        <form onSubmit={(event) => void submit(event)}>
          <label htmlFor="guest-name">Your name</label>
          <div className="field-row">
            <input
              id="guest-name"
              value={name}
              maxLength={60}
              onChange={(event) => setName(event.target.value)}
              autoComplete="name"
              autoFocus
            />
            <button type="submit" className="button" disabled={isJoining || name.trim() === ''}>
              {isJoining ? 'One moment…' : 'Continue'}
            </button>
          </div>
        </form>
        {guest.is === 'asked' && guest.error !== null && (
          <p className="error" role="alert">
            {guest.error}
          </p>
        )}
        <p className="hint">
          The others see this name with “(guest)” behind it. Next you see yourself; nobody else does until you join.
        </p>
      </section>
    </main>
  );
}

interface GuestOverProps {
  readonly end: GuestEnd;
  readonly onBack: () => void;
}

function GuestOver({ end, onBack }: GuestOverProps) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), []);
  const words = guestEndInWords(end);
  return (
    <main className="page centred rings">
      <section className="card login guest">
        <header>
          <Bell size={56} />
          <h1 ref={title} tabIndex={-1}>
            {words.title}
          </h1>
          <p>{words.help}</p>
        </header>
        {words.canComeBack && (
          <button type="button" className="button" onClick={onBack}>
            Join again
          </button>
        )}
      </section>
    </main>
  );
}

interface GuestSessionProps {
  readonly token: string;
  readonly isAudioOnly: boolean;
  readonly onNotNow: () => void;
  /** The server did not let us in. */
  readonly onRefused: (error: unknown) => void;
  readonly onOver: (end: GuestEnd) => void;
}

function GuestSession({ token, isAudioOnly, onNotNow, onRefused, onOver }: GuestSessionProps) {
  const [settings] = useState(() => {
    const state = () => CometChatCalls.getSessionView()?.snapshot.state;
    return new CometChatCalls.CallSettingsBuilder()
      .enableDefaultLayout(true)
      .setIsAudioOnlyCall(isAudioOnly)
      .showPreviewBeforeJoining(true)
      .setCallEventListener(
        new CometChatCalls.OngoingCallListener({
          onCallEndButtonPressed: () => (state() === 'preview' ? onNotNow() : onOver({ is: 'left' })),
          onCallEnded: (end) => onOver(guestEnd(end)),
          onSessionTimeout: () => onOver({ is: 'idle' }),
          onError: (error) => {
            if (error.code === 'ERR_TOKEN_EXPIRED' || error.code === 'ERR_SESSION_NOT_FOUND') {
              onRefused(error);
            }
          },
        }),
      )
      .build();
  });
  return <CometChatCalls.Component callSettings={settings} callToken={token} />;
}
