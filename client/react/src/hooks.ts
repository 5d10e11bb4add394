import { CometChat, CometChatCalls, type EngineView, type SessionSnapshot } from '@belfry/sdk';
import { useCallback, useEffect, useId, useState, useSyncExternalStore } from 'react';

/** The newest snapshot of a session, e.g. of `CometChatCalls.getSessionView()`: for a call layout of one's own. */
export function useSessionSnapshot(view: EngineView): SessionSnapshot {
  const subscribe = useCallback((onChange: () => void) => view.subscribe(onChange), [view]);
  return useSyncExternalStore(subscribe, () => view.snapshot);
}

/** One of `CometChat.CONNECTION_STATUS`, kept up to date. */
export function useConnectionStatus(): string {
  const id = useId();
  const subscribe = useCallback(
    (onChange: () => void) => {
      const name = `react${id}`;
      const listener = { onConnected: onChange, inConnecting: onChange, onDisconnected: onChange };
      CometChat.addConnectionListener(name, new CometChat.ConnectionListener(listener));
      return () => CometChat.removeConnectionListener(name);
    },
    [id],
  );
  return useSyncExternalStore(subscribe, () => CometChat.getConnectionStatus());
}

/** The call token of a session, or undefined while it is asked for; `onError` gets what went wrong. */
export function useCallToken(
  sessionId: string | undefined,
  onError: (error: CometChat.CometChatException) => void,
): string | undefined {
  const [answer, setAnswer] = useState<{ sessionId: string; token: string }>();
  useEffect(() => {
    if (sessionId === undefined) return;
    let isWanted = true;
    CometChatCalls.generateToken(sessionId).then(
      ({ token }) => {
        if (isWanted) setAnswer({ sessionId, token });
      },
      (error: unknown) => {
        if (isWanted) onError(error as CometChat.CometChatException);
      },
    );
    return () => {
      isWanted = false;
    };
    // A new handler is no reason for a new token.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [sessionId]);
  return answer?.sessionId === sessionId ? answer?.token : undefined;
}
