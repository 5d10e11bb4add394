import type { EndReason, EngineView, ProblemView, SessionSnapshot } from '../engine/view.js';
import { h, iconButton, setShown, setText } from './dom.js';
import { type CallStrings, fill } from './strings.js';

/** What the call says in words: what it is waiting for, what went wrong, and what helps. */
export class Notices {
  /** The large word in the middle: connecting, waiting, ended. */
  readonly status: HTMLElement;
  /** The messages at the top. */
  readonly element: HTMLElement;
  private readonly spinner = h('span', { class: 'spinner', 'aria-hidden': 'true' });
  private readonly statusText = h('span');
  private readonly reconnecting: HTMLElement;
  private readonly sharing: HTMLElement;
  private readonly soundBlocked: HTMLElement;
  private readonly videoRequest: HTMLElement;
  private readonly videoRequestText = h('span');
  private readonly askedForVideo: HTMLElement;
  private readonly idle: HTMLElement;
  private readonly idleText = h('span');
  private readonly problems = new Map<number, HTMLElement>();

  constructor(
    private readonly view: EngineView,
    private readonly strings: CallStrings,
    private readonly overrides: Readonly<Record<string, string>>,
  ) {
    this.status = h('div', { class: 'status', role: 'status' }, this.spinner, this.statusText);
    const spinner = h('span', { class: 'spinner', 'aria-hidden': 'true' });
    this.reconnecting = h('div', { class: 'notice is-working', role: 'status' }, spinner, strings.reconnecting);
    this.sharing = notice('is-quiet', strings.youShare, strings.stopScreenShare, () => void view.stopScreenShare());
    this.soundBlocked = notice('', strings.soundBlocked, strings.playSound, () => void view.resumeAudioPlayback());
    this.idle = notice('is-warning', this.idleText, strings.stay, () => view.stayInSession());
    this.videoRequest = notice('is-question', this.videoRequestText, strings.acceptVideo, () => {
      void view.answerVideoRequest(true);
    });
    const decline = h('button', { type: 'button', class: 'second' }, strings.declineVideo);
    decline.addEventListener('click', () => void view.answerVideoRequest(false));
    this.videoRequest.append(decline);
    const working = h('span', { class: 'spinner', 'aria-hidden': 'true' });
    this.askedForVideo = h('div', { class: 'notice is-working', role: 'status' }, working, strings.askedForVideo);
    this.element = h('div', { class: 'notices' });
    this.element.append(this.videoRequest, this.askedForVideo);
    this.element.append(this.reconnecting, this.idle, this.soundBlocked, this.sharing);
  }

  /** Draws a snapshot. */
  update(snapshot: SessionSnapshot): void {
    const { strings } = this;
    const status = statusText(snapshot, strings);
    setShown(this.status, status !== null);
    setText(this.statusText, status ?? '');
    setShown(this.spinner, snapshot.state !== 'ended');
    setShown(this.reconnecting, snapshot.state === 'reconnecting');
    setShown(this.sharing, snapshot.local.isScreenSharing);
    setShown(this.soundBlocked, snapshot.isAudioPlaybackBlocked);
    setShown(this.videoRequest, snapshot.videoRequest !== null);
    setText(this.videoRequestText, fill(strings.videoRequest, { name: snapshot.videoRequest?.name ?? '' }));
    setShown(this.askedForVideo, snapshot.isVideoRequested);
    setShown(this.idle, snapshot.idleSecondsLeft !== null);
    setText(this.idleText, fill(strings.idle, { seconds: snapshot.idleSecondsLeft ?? 0 }));
    this.drawProblems(snapshot.problems);
  }

  private drawProblems(problems: readonly ProblemView[]): void {
    const ids = new Set(problems.map((problem) => problem.id));
    for (const [id, element] of this.problems) {
      if (!ids.has(id)) {
        element.remove();
        this.problems.delete(id);
      }
    }
    for (const { id, code, message } of problems) {
      if (!this.problems.has(id)) {
        const close = iconButton('close', this.strings.dismiss, () => this.view.dismissProblem(id));
        const text = h('span', {}, this.overrides[code] ?? message);
        const element = h('div', { class: 'notice is-problem', role: 'alert', 'data-code': code }, text, close);
        this.problems.set(id, element);
        this.element.append(element);
      }
    }
  }
}

function notice(looks: string, text: Node | string, action: string, onAction: () => void): HTMLElement {
  const button = h('button', { type: 'button' }, action);
  button.addEventListener('click', onAction);
  return h('div', { class: `notice ${looks}`, role: 'status' }, text, button);
}

/** The large word in the middle, or null when the pictures speak for themselves. */
export function statusText(
  { state, endReason, idleSecondsLeft, participants }: SessionSnapshot,
  strings: CallStrings,
): string | null {
  const isAlone = participants.every(({ isLocal }) => isLocal);
  switch (state) {
    case 'preview':
      return null;
    case 'connecting':
      return strings.connecting;
    case 'connected':
      return isAlone && idleSecondsLeft === null ? strings.waiting : null;
    case 'reconnecting':
      return null;
    case 'ended':
      return endText(endReason, strings);
  }
}

function endText(reason: EndReason | null, strings: CallStrings): string {
  switch (reason) {
    case 'everyone-left':
      return strings.endedEveryoneLeft;
    case 'closed-by-server':
      return strings.endedByServer;
    case 'replaced':
      return strings.endedReplaced;
    case 'idle':
      return strings.endedIdle;
    case 'failed':
      return strings.endedFailed;
    case 'hang-up':
    case null:
      return strings.ended;
  }
}
