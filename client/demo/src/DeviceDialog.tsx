import { useEffect, useRef } from 'react';
import type { DeviceQuestion } from './usePhone';

/** Camera or microphone stand in the way: what to do about it. */
export function DeviceDialog({ question }: { readonly question: DeviceQuestion }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} className="card question" onCancel={question.onCancel} aria-labelledby="question-title">
      <h2 id="question-title">{question.title}</h2>
      <p>{question.help}</p>
      <div className="buttons">
        <button type="button" className="button" onClick={question.onRetry}>
          Try again
        </button>
        {question.onAudioOnly !== null && (
          <button type="button" className="button quiet-button" onClick={question.onAudioOnly}>
            Go on without camera
          </button>
        )}
        <button type="button" className="button quiet-button" onClick={question.onCancel}>
          Cancel
        </button>
      </div>
    </dialog>
  );
}
