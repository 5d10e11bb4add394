import type { Clock } from '../platform.js';

/** How one peer connection stands, in the words of this engine. */
export type LinkState = 'new' | 'connected' | 'interrupted';

/** A path that is silent may come back by itself; after this long it is looked for anew. */
const DISCONNECTED_GRACE_MILLIS = 2_500;
const RESTART_FIRST_MILLIS = 2_000;
const RESTART_LONGEST_MILLIS = 16_000;
/** After so many restarts in vain the other end has probably forgotten this connection's keys. */
const RESTARTS_IN_VAIN_MAX = 3;
/** Direct candidates connect within a second, or hardly at all. */
const DIRECT_TIMEOUT_MILLIS = 1_500;
/** A peer connection that has not connected after this long will hardly do so. */
const CONNECT_TIMEOUT_MILLIS = 15_000;

export interface LinkGuardOptions {
  readonly peerConnection: RTCPeerConnection;
  readonly clock: Clock;
  /** Asks for new ICE credentials and candidates (RFC 8445 §9). */
  readonly restartIce: () => void;
  readonly onState: (state: LinkState) => void;
  /** Instead of a further restart, when many were in vain; without it restarts go on. */
  readonly onHopeless?: () => void;
  /** What it stands for: `interrupted` when it replaces one that broke. */
  readonly initial?: LinkState;
  /** It did not connect at all: usually a firewall. Said once; restarts go on. */
  readonly onStuck: () => void;
}

/** Watches one peer connection and restarts ICE when its path broke, again and again with back-off. */
export class LinkGuard {
  private state: LinkState;
  private hasConnected = false;
  private restarts = 0;
  private isClosed = false;
  private cancelRestart: () => void = () => undefined;
  private cancelConnectTimer: () => void = () => undefined;
  private readonly onChange = () => this.look();

  constructor(private readonly options: LinkGuardOptions) {
    this.state = options.initial ?? 'new';
    options.peerConnection.addEventListener('connectionstatechange', this.onChange);
  }

  get current(): LinkState {
    return this.state;
  }

  /** Both descriptions are set: from here on it should connect. */
  expectConnection(): void {
    if (this.hasConnected) return;
    this.cancelConnectTimer();
    this.cancelConnectTimer = this.options.clock.after(CONNECT_TIMEOUT_MILLIS, () => {
      this.options.onStuck();
      this.restart();
    });
  }

  /** There are candidates to be had that the first try did not know: tries again soon, without a word. */
  restartUnlessConnected(): void {
    this.cancelRestart();
    this.cancelRestart = this.options.clock.after(DIRECT_TIMEOUT_MILLIS, () => {
      if (this.isClosed || this.options.peerConnection.connectionState === 'connected') return;
      this.options.restartIce();
    });
  }

  /** The network or the server came back: no reason to wait any longer. */
  nudge(): void {
    if (this.state !== 'interrupted') return;
    this.restarts = 0;
    this.restart();
  }

  close(): void {
    this.isClosed = true;
    this.cancelRestart();
    this.cancelConnectTimer();
    this.options.peerConnection.removeEventListener('connectionstatechange', this.onChange);
  }

  private look(): void {
    switch (this.options.peerConnection.connectionState) {
      case 'connected':
        this.hasConnected = true;
        this.restarts = 0;
        this.cancelRestart();
        this.cancelConnectTimer();
        this.setState('connected');
        break;
      case 'disconnected':
        this.restartAfter(DISCONNECTED_GRACE_MILLIS);
        break;
      case 'failed':
        this.setState('interrupted');
        this.restartAfter(this.restarts === 0 ? 0 : this.backOffMillis());
        break;
      case 'new':
      case 'connecting':
      case 'closed':
        break;
    }
  }

  private restartAfter(delayMillis: number): void {
    this.cancelRestart();
    this.cancelRestart = this.options.clock.after(delayMillis, () => this.restart());
  }

  private restart(): void {
    if (this.isClosed || this.options.peerConnection.connectionState === 'connected') return;
    this.setState('interrupted');
    if (this.restarts >= RESTARTS_IN_VAIN_MAX && this.options.onHopeless) {
      this.options.onHopeless();
      return;
    }
    this.restarts++;
    this.options.restartIce();
    this.restartAfter(this.backOffMillis());
  }

  private backOffMillis(): number {
    return Math.min(RESTART_LONGEST_MILLIS, RESTART_FIRST_MILLIS * 2 ** Math.max(0, this.restarts - 1));
  }

  private setState(state: LinkState): void {
    if (state === this.state) return;
    this.state = state;
    this.options.onState(state);
  }
}
