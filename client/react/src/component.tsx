import { CometChatCalls, type CallSettings } from '@belfry/sdk';
import { useEffect, useRef, type CSSProperties } from 'react';

/** What the call component takes. */
export interface CallComponentProps {
  /** Built with `CometChatCalls.CallSettingsBuilder`; read when the session starts. */
  callSettings: CallSettings;
  /** What `CometChatCalls.generateToken` gave, or its `token`. Another token is another session. */
  callToken:
    | string
    | {
        /** The call token. */
        token: string;
      };
  /** CSS classes of the element that the call is drawn into. */
  className?: string;
  /** Default: fills its parent. */
  style?: CSSProperties;
}

const FILL: CSSProperties = { position: 'relative', width: '100%', height: '100%' };

/**
 * A call: joins the session when it mounts, draws the default layout, leaves when it unmounts. Failures arrive at the settings'
 * `onError`.
 */
export function CallComponent({ callSettings, callToken, className, style = FILL }: CallComponentProps) {
  const host = useRef<HTMLDivElement>(null);
  const newestSettings = useRef(callSettings);
  const token = typeof callToken === 'string' ? callToken : callToken.token;

  useEffect(() => {
    newestSettings.current = callSettings;
  });

  useEffect(() => {
    const before = CometChatCalls.getSessionView();
    CometChatCalls.startSession(token, newestSettings.current, host.current).catch(() => undefined); // told to onError
    const session = CometChatCalls.getSessionView();
    return () => {
      if (session !== before && CometChatCalls.getSessionView() === session) CometChatCalls.endSession();
    };
  }, [token]);

  return <div ref={host} className={className} style={style} />;
}
