import { CometChat } from '@belfry/sdk';
import { type SubmitEvent, useState } from 'react';
import { Avatar } from './Avatar';
import type { ServerSettings } from './belfry';
import { Bell } from './Icon';
import { errorInWords } from './words';

interface LoginProps {
  readonly settings: ServerSettings;
  readonly onLogin: (user: CometChat.User) => void;
}

/** In development: choose who to be. Else: paste the token that the app's own server gives out. */
export function Login({ settings, onLogin }: LoginProps) {
  const [busyWith, setBusyWith] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [typed, setTyped] = useState('');
  const { authKey, users = [] } = settings;

  const logIn = async (name: string, login: () => Promise<CometChat.User>): Promise<void> => {
    setBusyWith(name);
    setError(null);
    try {
      onLogin(await login());
    } catch (thrown) {
      setError(errorInWords(thrown, name));
      setBusyWith(null);
    }
  };
  const logInAs = (uid: string) =>
    logIn(uid, () => (authKey === undefined ? CometChat.login(uid) : CometChat.login(uid, authKey)));
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (typed.trim() !== '') {
      void logInAs(typed.trim());
    }
  };

  return (
    <main className="page centred rings">
      <section className="card login">
        <header>
          <Bell size={56} />
          <h1>Belfry</h1>
          <p>{authKey === undefined ? 'Log in to call somebody.' : 'Who are you today?'}</p>
        </header>
        {authKey !== undefined && (
          <ul className="people">
            {users.map(({ uid, name, avatar }) => (
              <li key={uid} data-uid={uid}>
                <button type="button" className="person" disabled={busyWith !== null} onClick={() => void logInAs(uid)}>
                  <Avatar party={{ id: uid, name, avatar: avatar ?? null, isGroup: false }} size="medium" />
                  <span className="person-name">{name}</span>
                  {busyWith === uid && <span className="spinner" aria-label="Logging in" />}
                </button>
              </li>
            ))}
          </ul>
        )}
        <form onSubmit={submit}>
          <label htmlFor="login">{authKey === undefined ? 'Auth token' : 'Or another user id'}</label>
          <div className="field-row">
            <input
              id="login"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
            />
            <button type="submit" className="button" disabled={busyWith !== null || typed.trim() === ''}>
              Log in
            </button>
          </div>
        </form>
        {error !== null && (
          <p className="error" role="alert">
            {error}
          </p>
        )}
        {authKey !== undefined && (
          <p className="hint">
            To try it alone, open this page in a second window and be somebody else there. Every window keeps its own
            login.
          </p>
        )}
      </section>
    </main>
  );
}
