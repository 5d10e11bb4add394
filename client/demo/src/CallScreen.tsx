import { type CometChat, CometChatCalls } from '@belfry/sdk';
import { useEffect, useRef, useState } from 'react';
import type { Line } from './phone';
import type { PhoneControls } from './usePhone';
import { errorInWords } from './words';

interface CallScreenProps {
  readonly line: Extract<Line, { is: 'answering' | 'talking' }>;
  readonly controls: PhoneControls;
  readonly me: CometChat.User;
}

/** The call itself, drawn by the SDK's own user interface. */
export function CallScreen({ line, controls, me }: CallScreenProps) {
  return (
    <section className="call-screen" aria-label={`Call with ${line.call.party.name}`}>
      {line.is === 'talking' ? (
        <Session key={line.call.sessionId} line={line} controls={controls} me={me} />
      ) : (
        <p className="call-wait" role="status">
          <span className="spinner" aria-hidden="true" />
          Answering…
        </p>
      )}
    </section>
  );
}

interface SessionProps {
  readonly line: Extract<Line, { is: 'talking' }>;
  readonly controls: PhoneControls;
  readonly me: CometChat.User;
}

function Session({ line, controls, me }: SessionProps) {
  const { call, startWithVideo } = line;
  const { sessionId, isVideo, party } = call;
  const { hangUp, onSessionEnded } = controls;
  const host = useRef<HTMLDivElement>(null);
  const [error, setError] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  const authToken = me.getAuthToken();
  // A session is started once; what it was started with does not change.
  const started = useRef({ startWithVideo, isVideo });

  useEffect(() => {
    let isCurrent = true;
    const listener = new CometChatCalls.OngoingCallListener({
      onCallEndButtonPressed: () => hangUp(),
      onCallEnded: () => onSessionEnded(sessionId, 'ended'),
      onSessionTimeout: () => hangUp(),
    });
    const settings = new CometChatCalls.CallSettingsBuilder()
      .enableDefaultLayout(true)
      .setIsAudioOnlyCall(!started.current.isVideo)
      .startWithVideoMuted(!started.current.startWithVideo)
      .setCallEventListener(listener)
      .build();
    const start = async (): Promise<void> => {
      const callToken = await CometChatCalls.generateToken(sessionId, authToken);
      if (isCurrent && host.current !== null) {
        await CometChatCalls.startSession(callToken, settings, host.current);
      }
    };
    start().catch((thrown: unknown) => {
      if (isCurrent) {
        setError(errorInWords(thrown, party.name));
      }
    });
    return () => {
      isCurrent = false;
      CometChatCalls.endSession();
    };
  }, [sessionId, authToken, attempt, hangUp, onSessionEnded, party.name]);

  return (
    <>
      <div className="call-host" ref={host} />
      {error !== null && (
        <div className="card question call-error" role="alert">
          <h2>The call could not be joined</h2>
          <p>{error}</p>
          <div className="buttons">
            <button
              type="button"
              className="button"
              onClick={() => {
                setError(null);
                setAttempt(attempt + 1);
              }}
            >
              Try again
            </button>
            <button type="button" className="button quiet-button" onClick={() => hangUp()}>
              Hang up
            </button>
          </div>
        </div>
      )}
    </>
  );
}
