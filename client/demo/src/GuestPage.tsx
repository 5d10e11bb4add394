import { CometChatCalls } from '@belfry/react';
import { type SubmitEvent, useState } from 'react';
import { askForDevices, type DeviceProblem } from './devices';
import { DeviceDialog } from './DeviceDialog';
import { Bell } from './Icon';
import { guestErrorInWords } from './words';

type Guest =
  | { readonly is: 'asked'; readonly error: string | null }
  | { readonly is: 'joining' }
  | { readonly is: 'in'; readonly token: string; readonly isAudioOnly: boolean; readonly startWithVideo: boolean }
  | { readonly is: 'over' };

/** Somebody who opened a link to a call: a name, then the call itself. */
export function GuestPage({ grant }: { readonly grant: string }) {
  const [guest, setGuest] = useState<Guest>({ is: 'asked', error: null });
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<DeviceProblem | null>(null);

  const join = async (startWithVideo: boolean): Promise<void> => {
    setProblem(null);
    setGuest({ is: 'joining' });
    const found = await askForDevices(startWithVideo);
    if (found !== null) {
      setProblem(found);
      setGuest({ is: 'asked', error: null });
      return;
    }
    try {
      const { token, callType } = await CometChatCalls.generateGuestToken(grant, name.trim());
      setGuest({ is: 'in', token, isAudioOnly: callType === 'audio', startWithVideo });
    } catch (thrown) {
      setGuest({ is: 'asked', error: guestErrorInWords(thrown) });
    }
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (name.trim() !== '') {
      void join(true);
    }
  };

  if (guest.is === 'in') {
    return (
      <section className="call-screen" aria-label="Call">
        <GuestSession key={guest.token} {...guest} onOver={() => setGuest({ is: 'over' })} />
      </section>
    );
  }
  if (guest.is === 'over') {
    return (
      <main className="page centred rings">
        <section className="card login guest">
          <header>
            <Bell size={56} />
            <h1>You left the call</h1>
            <p>You can come back as long as the call goes on.</p>
          </header>
          <button type="button" className="button" onClick={() => setGuest({ is: 'asked', error: null })}>
            Join again
          </button>
        </section>
      </main>
    );
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
        <form onSubmit={submit}>
          <label htmlFor="guest-name">Your name</label>
          <div className="field-row">
            <input
              id="guest-name"
              value={name}
              maxLength={60}
              onChange={(event) => setName(event.target.value)}
              autoComplete="name"
            />
            <button type="submit" className="button" disabled={isJoining || name.trim() === ''}>
              {isJoining ? 'Joining…' : 'Join'}
            </button>
          </div>
        </form>
        {guest.is === 'asked' && guest.error !== null && (
          <p className="error" role="alert">
            {guest.error}
          </p>
        )}
        <p className="hint">The others see this name with “(guest)” behind it, and hear and see you once you join.</p>
      </section>
      {problem !== null && (
        <DeviceDialog
          question={{
            ...problem,
            onRetry: () => void join(true),
            onAudioOnly: problem.canUseAudioOnly ? () => void join(false) : null,
            onCancel: () => setProblem(null),
          }}
        />
      )}
    </main>
  );
}

interface GuestSessionProps {
  readonly token: string;
  readonly isAudioOnly: boolean;
  readonly startWithVideo: boolean;
  readonly onOver: () => void;
}

function GuestSession({ token, isAudioOnly, startWithVideo, onOver }: GuestSessionProps) {
  const [settings] = useState(() =>
    new CometChatCalls.CallSettingsBuilder()
      .enableDefaultLayout(true)
      .setIsAudioOnlyCall(isAudioOnly)
      .startWithVideoMuted(!startWithVideo)
      .setCallEventListener(
        new CometChatCalls.OngoingCallListener({
          onCallEndButtonPressed: onOver,
          onCallEnded: onOver,
          onSessionTimeout: onOver,
        }),
      )
      .build(),
  );
  return <CometChatCalls.Component callSettings={settings} callToken={token} />;
}
