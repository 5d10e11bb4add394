import { CometChat } from '@belfry/sdk';
import { useEffect, useState } from 'react';
import { connect, fetchSettings, type ServerSettings } from './belfry';
import { grantIn } from './guest';
import { GuestPage } from './GuestPage';
import { Home } from './Home';
import { Bell } from './Icon';
import { Login } from './Login';

type Start =
  | { readonly is: 'starting'; readonly isServerAway: boolean }
  | { readonly is: 'ready'; readonly settings: ServerSettings; readonly me: CometChat.User | null };

const RETRY_AFTER_MS = 2000;

/** The whole page: finds the server, then shows the login or the phone. */
export function App() {
  const [start, setStart] = useState<Start>({ is: 'starting', isServerAway: false });
  const [grant, setGrant] = useState(() => grantIn(location.hash));

  useEffect(() => {
    const look = () => setGrant(grantIn(location.hash));
    addEventListener('hashchange', look);
    return () => removeEventListener('hashchange', look);
  }, []);

  useEffect(() => {
    const aborting = new AbortController();
    const { signal } = aborting;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const attempt = async (): Promise<void> => {
      try {
        const settings = await fetchSettings(signal);
        const me = await connect(settings);
        if (!signal.aborted) {
          setStart({ is: 'ready', settings, me });
        }
      } catch {
        if (!signal.aborted) {
          setStart({ is: 'starting', isServerAway: true });
          timer = setTimeout(() => void attempt(), RETRY_AFTER_MS);
        }
      }
    };
    void attempt();
    return () => {
      aborting.abort();
      clearTimeout(timer);
    };
  }, []);

  useEffect(() => {
    const name = 'belfry-demo-login';
    const forget = () => setStart((before) => (before.is === 'ready' ? { ...before, me: null } : before));
    CometChat.addLoginListener(name, new CometChat.LoginListener({ logoutSuccess: forget }));
    return () => CometChat.removeLoginListener(name);
  }, []);

  if (start.is === 'starting') {
    return <Starting isServerAway={start.isServerAway} />;
  }
  const { settings, me } = start;
  if (grant !== null) {
    return <GuestPage key={grant} grant={grant} />;
  }
  return me === null ? (
    <Login settings={settings} onLogin={(user) => setStart({ is: 'ready', settings, me: user })} />
  ) : (
    <Home key={me.getUid()} me={me} canInvite={settings.guestsAllowed} />
  );
}

function Starting({ isServerAway }: { readonly isServerAway: boolean }) {
  return (
    <main className="page centred rings">
      <div className="starting" role="status">
        <Bell size={64} />
        {isServerAway ? (
          <>
            <h1>The server does not answer</h1>
            <p>It may be starting, or your network may be down. This page tries again by itself.</p>
          </>
        ) : (
          <p>Connecting…</p>
        )}
        <span className="spinner" aria-hidden="true" />
      </div>
    </main>
  );
}
