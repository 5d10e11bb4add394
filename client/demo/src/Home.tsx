import { useConnectionStatus } from '@belfry/react';
import { CometChat } from '@belfry/sdk';
import { useEffect, useState } from 'react';
import { canAskForNotifications, useAttention } from './attention';
import { Avatar } from './Avatar';
import { CallScreen } from './CallScreen';
import { ContactList } from './ContactList';
import { DeviceDialog } from './DeviceDialog';
import { Bell, Icon } from './Icon';
import { isFree, type Line, type Phone } from './phone';
import { ContactCard, Welcome } from './ContactCard';
import { RecentList } from './Recents';
import { CallOver, Incoming, IncomingOverCall, Outgoing } from './Ringing';
import { SetupTest } from './SetupTest';
import { play, playEnd } from './sounds';
import { partyOf, usePhone } from './usePhone';
import { useRecents } from './useRecents';
import { ringingTitle } from './words';

interface HomeProps {
  readonly me: CometChat.User;
  /** Whether the server takes guests. */
  readonly canInvite: boolean;
}

/** The phone of somebody who is logged in: contacts, rings and calls. */
export function Home({ me, canInvite }: HomeProps) {
  const phoneControls = usePhone(me);
  const isConnected = useConnectionStatus() === CometChat.CONNECTION_STATUS.CONNECTED;
  const [chosen, setChosen] = useState<CometChat.User | CometChat.Group | null>(null);
  const { phone, deviceQuestion } = phoneControls;
  const { line } = phone;
  const recents = useRecents(me.getUid(), isFree(line) && isConnected ? `${line.is} ${phone.ringing.length}` : null);
  const [shown, setShown] = useState<ListName>('contacts');
  const ringing = phone.ringing[0] ?? null;
  const [isTesting, setTesting] = useState(false);
  // Who rings goes before a test.
  const isTestShown = isTesting && !isCovered(phone);
  useSounds(phone);
  useAttention(ringing === null ? null : ringingTitle(ringing.callerName, ringing.party));

  return (
    <main className={chosen === null ? 'home' : 'home has-chosen'}>
      <section className="sidebar" aria-label="Contacts and calls" inert={isCovered(phone) || isTestShown}>
        <Header me={me} onTest={() => setTesting(true)} />
        {!isConnected && <ServerAway />}
        <ListSwitch shown={shown} missed={recents.missed} onShow={setShown} />
        {shown === 'contacts' ? (
          <ContactList isConnected={isConnected} chosen={chosen} onChoose={setChosen} onCall={phoneControls.call} />
        ) : (
          <RecentList myUid={me.getUid()} recents={recents} onCall={phoneControls.call} />
        )}
      </section>
      <div className="detail rings" inert={isCovered(phone) || isTestShown}>
        {chosen === null ? (
          <Welcome me={me} />
        ) : (
          <ContactCard
            key={partyOf(chosen).id}
            contact={chosen}
            onBack={() => setChosen(null)}
            onCall={phoneControls.call}
          />
        )}
      </div>
      {isTestShown && <SetupTest me={me} onClose={() => setTesting(false)} />}
      {(line.is === 'dialling' || line.is === 'outgoing') && <Outgoing line={line} onCancel={phoneControls.cancel} />}
      {(line.is === 'talking' || line.is === 'answering') && (
        <CallScreen line={line} controls={phoneControls} canInvite={canInvite} />
      )}
      {line.is === 'over' && ringing === null && (
        <CallOver line={line} onClose={phoneControls.dismiss} onCallAgain={phoneControls.call} />
      )}
      {ringing !== null &&
        (line.is === 'idle' || line.is === 'over' ? (
          <Incoming call={ringing} controls={phoneControls} />
        ) : (
          <IncomingOverCall call={ringing} isTalking={line.is === 'talking'} controls={phoneControls} />
        ))}
      {deviceQuestion !== null && <DeviceDialog question={deviceQuestion} />}
    </main>
  );
}

/** True while something lies over the contacts. */
function isCovered({ line, ringing }: Phone): boolean {
  return line.is !== 'idle' || ringing.length > 0;
}

/** What is to be heard now. */
function useSounds({ line, ringing }: Phone): void {
  const sound = ringing.length > 0 && line.is !== 'talking' ? 'ring' : line.is === 'outgoing' ? 'ringBack' : null;
  useEffect(() => {
    if (sound === null) {
      return;
    }
    const stop = play(sound);
    const isShaking = sound === 'ring' && 'vibrate' in navigator;
    const shake = () => navigator.vibrate([300, 150, 300]);
    const timer = isShaking ? setInterval(shake, 3000) : undefined;
    return () => {
      stop();
      clearInterval(timer);
    };
  }, [sound]);
  const isOver: Line['is'] = line.is;
  useEffect(() => {
    if (isOver === 'over') {
      playEnd();
    }
  }, [isOver]);
}

interface HeaderProps {
  readonly me: CometChat.User;
  readonly onTest: () => void;
}

function Header({ me, onTest }: HeaderProps) {
  const [canAsk, setCanAsk] = useState(canAskForNotifications);
  const ask = () => void Notification.requestPermission().then(() => setCanAsk(canAskForNotifications()));
  return (
    <header className="header">
      <Bell size={36} />
      <div className="header-name">
        <h1>Belfry</h1>
        <span>{me.getName()}</span>
      </div>
      {canAsk && (
        <button
          type="button"
          className="round"
          onClick={ask}
          aria-label="Notify me of calls"
          title="Notify me of calls"
        >
          <Icon name="bell" />
        </button>
      )}
      <button type="button" className="round" onClick={onTest} aria-label="Test my setup" title="Test my setup">
        <Icon name="check" />
      </button>
      <button
        type="button"
        className="round"
        onClick={() => void CometChat.logout().catch(() => undefined)}
        aria-label="Log out"
        title="Log out"
      >
        <Icon name="logOut" />
      </button>
      <Avatar party={partyOf(me)} size="small" />
    </header>
  );
}

type ListName = 'contacts' | 'calls';

interface ListSwitchProps {
  readonly shown: ListName;
  readonly missed: number;
  readonly onShow: (name: ListName) => void;
}

/** What the sidebar shows: whom one can call, or who called. */
function ListSwitch({ shown, missed, onShow }: ListSwitchProps) {
  return (
    <nav className="list-switch" aria-label="Lists">
      <button type="button" aria-current={shown === 'contacts'} onClick={() => onShow('contacts')}>
        Contacts
      </button>
      <button type="button" aria-current={shown === 'calls'} onClick={() => onShow('calls')}>
        Calls
        {missed > 0 && (
          <span className="count" aria-label={`${missed} missed`}>
            {missed}
          </span>
        )}
      </button>
    </nav>
  );
}

function ServerAway() {
  return (
    <p className="banner" role="status">
      <span className="spinner" aria-hidden="true" />
      The server is away. Reconnecting…
    </p>
  );
}
