import { useEffect } from 'react';
import { Avatar } from './Avatar';
import { Icon } from './Icon';
import type { Line, Party, PhoneCall } from './phone';
import type { PhoneControls } from './usePhone';
import { duration, outcomeInWords } from './words';

interface OutgoingProps {
  readonly line: Extract<Line, { is: 'dialling' | 'outgoing' }>;
  readonly onCancel: () => void;
}

/** It rings at the other end. */
export function Outgoing({ line, onCancel }: OutgoingProps) {
  const { party, isVideo } = line.is === 'dialling' ? line : line.call;
  const isRinging = line.is === 'outgoing';
  return (
    <section className="screen" role="dialog" aria-modal="true" aria-label={`Calling ${party.name}`}>
      <p className="kind">{isVideo ? 'Video call' : 'Audio call'}</p>
      <div className={isRinging ? 'bell-waves' : ''}>
        <Avatar party={party} size="huge" />
      </div>
      <h1>{party.name}</h1>
      <p className="state" role="status">
        {isRinging ? 'Ringing…' : 'Calling…'}
      </p>
      <div className="ring-buttons">
        <RingButton kind="decline" label="Cancel" onClick={onCancel} isDisabled={!isRinging} isFocused />
      </div>
    </section>
  );
}

interface IncomingProps {
  readonly call: PhoneCall;
  readonly controls: PhoneControls;
}

/** Somebody calls. */
export function Incoming({ call, controls }: IncomingProps) {
  const { party, callerName, isVideo } = call;
  return (
    <section className="screen" role="alertdialog" aria-modal="true" aria-label={`${callerName} is calling`}>
      <p className="kind">{isVideo ? 'Video call' : 'Audio call'}</p>
      <div className="bell-waves">
        <Avatar party={party} size="huge" />
      </div>
      <h1>{callerName}</h1>
      <p className="state">{party.isGroup ? `is calling ${party.name}` : 'is calling you'}</p>
      <div className="ring-buttons">
        <RingButton kind="decline" label="Decline" onClick={() => controls.decline(call, false)} />
        {isVideo && <RingButton kind="audio" label="Without camera" onClick={() => controls.answer(call, false)} />}
        <RingButton
          kind={isVideo ? 'video' : 'answer'}
          label="Answer"
          onClick={() => controls.answer(call, isVideo)}
          isFocused
        />
      </div>
    </section>
  );
}

/** Somebody calls while one is in a call: a card in the corner. */
export function IncomingOverCall({ call, isTalking, controls }: IncomingProps & { readonly isTalking: boolean }) {
  const { party, callerName, isVideo } = call;
  return (
    <section className="second-call" role="alertdialog" aria-label={`${callerName} is calling`}>
      <Avatar party={party} size="medium" />
      <div className="second-call-text">
        <strong>{callerName}</strong>
        <span>{isVideo ? 'Video call' : 'Audio call'}</span>
      </div>
      <div className="second-call-buttons">
        {!party.isGroup && (
          <button type="button" className="button quiet-button" onClick={() => controls.decline(call, true)}>
            I’m busy
          </button>
        )}
        <button type="button" className="button quiet-button" onClick={() => controls.decline(call, false)}>
          Decline
        </button>
        {isTalking && (
          <button type="button" className="button" onClick={() => controls.answer(call, isVideo)}>
            End and answer
          </button>
        )}
      </div>
    </section>
  );
}

interface CallOverProps {
  readonly line: Extract<Line, { is: 'over' }>;
  readonly onClose: () => void;
  readonly onCallAgain: (party: Party, isVideo: boolean) => void;
}

const CLOSES_AFTER_MS = 15_000;

/** The call is over: why, and how to go on. */
export function CallOver({ line, onClose, onCallAgain }: CallOverProps) {
  const { party, isVideo, outcome, reason, durationMs } = line;
  useEffect(() => {
    const timer = setTimeout(onClose, CLOSES_AFTER_MS);
    return () => clearTimeout(timer);
  }, [line, onClose]);
  const canCallAgain = outcome !== 'answered-elsewhere' && outcome !== 'declined-elsewhere';
  return (
    <section className="screen" role="dialog" aria-modal="true" aria-label="Call over" data-outcome={outcome}>
      <Avatar party={party} size="huge" />
      <h1>{party.name}</h1>
      <p className="state" role="status">
        {outcomeInWords(outcome, party.name)}
      </p>
      {reason !== null && <p className="reason">{reason}</p>}
      {durationMs !== null && (
        <p className="lasted">
          <Icon name="clock" />
          {duration(durationMs)}
        </p>
      )}
      <div className="buttons">
        {canCallAgain && (
          <button type="button" className="button" onClick={() => onCallAgain(party, isVideo)}>
            <Icon name={isVideo ? 'video' : 'phone'} />
            {outcome === 'missed' ? 'Call back' : 'Call again'}
          </button>
        )}
        {/* The page has just changed under the keyboard: its focus belongs here. */}
        <button type="button" className="button quiet-button" onClick={onClose} autoFocus>
          Close
        </button>
      </div>
    </section>
  );
}

interface RingButtonProps {
  readonly kind: 'decline' | 'audio' | 'video' | 'answer';
  readonly label: string;
  readonly onClick: () => void;
  readonly isDisabled?: boolean;
  readonly isFocused?: boolean;
}

const RING_ICONS = { decline: 'hangUp', audio: 'phone', video: 'video', answer: 'phone' } as const;

function RingButton({ kind, label, onClick, isDisabled = false, isFocused = false }: RingButtonProps) {
  return (
    <button
      type="button"
      className={`ring-button ${kind}`}
      onClick={onClick}
      disabled={isDisabled}
      autoFocus={isFocused}
    >
      <span>
        <Icon name={RING_ICONS[kind]} />
      </span>
      {label}
    </button>
  );
}
