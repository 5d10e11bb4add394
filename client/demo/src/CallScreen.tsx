import { CometChatCalls, useCallToken } from '@belfry/react';
import { useEffect, useRef, useState } from 'react';
import { Invite } from './Invite';
import type { Line, Outcome } from './phone';
import type { PhoneControls } from './usePhone';
import { errorInWords } from './words';

interface CallScreenProps {
  readonly line: Extract<Line, { is: 'answering' | 'talking' }>;
  readonly controls: PhoneControls;
  /** Whether the server takes guests. */
  readonly canInvite: boolean;
}

/** The call itself, drawn by the SDK's own user interface. */
export function CallScreen({ line, controls, canInvite }: CallScreenProps) {
  const [attempt, setAttempt] = useState(0);
  return (
    <section className="call-screen" aria-label={`Call with ${line.call.party.name}`}>
      {line.is === 'talking' ? (
        <Session
          key={`${line.call.sessionId} ${attempt}`}
          line={line}
          controls={controls}
          onRetry={() => setAttempt(attempt + 1)}
        />
      ) : (
        <Wait words="Answering…" />
      )}
      {canInvite && line.is === 'talking' && <Invite sessionId={line.call.sessionId} />}
    </section>
  );
}

interface SessionProps {
  readonly line: Extract<Line, { is: 'talking' }>;
  readonly controls: PhoneControls;
  readonly onRetry: () => void;
}

function Session({ line, controls, onRetry }: SessionProps) {
  const { sessionId, isVideo, party } = line.call;
  const { hangUp, onSessionEnded } = controls;
  const [failure, setFailure] = useState<string | null>(null);
  const token = useCallToken(sessionId, (error) => setFailure(errorInWords(error, party.name)));
  const outcome = useOutcome(token);
  const [settings] = useState(() =>
    new CometChatCalls.CallSettingsBuilder()
      .enableDefaultLayout(true)
      .setIsAudioOnlyCall(!isVideo)
      .startWithVideoMuted(!line.startWithVideo)
      .setCallEventListener(
        new CometChatCalls.OngoingCallListener({
          onCallEndButtonPressed: () => hangUp(outcome()),
          onCallEnded: () => onSessionEnded(sessionId, outcome()),
          onSessionTimeout: () => hangUp('ended'),
        }),
      )
      .build(),
  );

  if (failure !== null) {
    return (
      <div className="card question call-error" role="alert">
        <h2>The call could not be joined</h2>
        <p>{failure}</p>
        <div className="buttons">
          <button type="button" className="button" onClick={onRetry}>
            Try again
          </button>
          <button type="button" className="button quiet-button" onClick={() => hangUp('ended')}>
            Hang up
          </button>
        </div>
      </div>
    );
  }
  return token === undefined ? (
    <Wait words="Connecting…" />
  ) : (
    <CometChatCalls.Component callSettings={settings} callToken={token} />
  );
}

/** Tells, when the session ends, how: after the other side or the server had fallen silent, the connection was lost. */
function useOutcome(token: string | undefined): () => Outcome {
  const isSilent = useRef(false);
  useEffect(() => {
    const view = token === undefined ? null : CometChatCalls.getSessionView();
    return view?.subscribe(({ participants, endReason }) => {
      const others = participants.filter(({ isLocal }) => !isLocal);
      if (others.length > 0 || endReason === 'failed') {
        isSilent.current = endReason === 'failed' || others.every(({ quality }) => quality === 'lost');
      }
    });
  }, [token]);
  return () => (isSilent.current ? 'connection-lost' : 'ended');
}

function Wait({ words }: { readonly words: string }) {
  return (
    <p className="call-wait" role="status">
      <span className="spinner" aria-hidden="true" />
      {words}
    </p>
  );
}
