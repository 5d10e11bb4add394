import { asException, clientError, CometChatException } from '../errors.js';
import { Emitter } from '../emitter.js';
import type { Platform } from '../platform.js';
import { SessionSocket } from '../transport/session-socket.js';
import type { FinalClose, SocketState } from '../transport/json-socket.js';
import type { JoinAnswer, ParticipantJson, SessionClosedJson, SessionRequests } from '../transport/wire.js';
import { AudioOutput } from './audio-output.js';
import { Connections } from './connections.js';
import type { EngineEvents } from './events.js';
import type { HeadStart } from './head-start.js';
import { IdleTimer } from './idle-timer.js';
import type { LinkState } from './link-guard.js';
import { LocalControls } from './local-controls.js';
import { LocalMedia } from './local-media.js';
import type { MediaPlatform } from './media-platform.js';
import { Members } from './members.js';
import { Monitor, type Monitored } from './monitor.js';
import { SnapshotBuilder, type SnapshotParts } from './snapshot.js';
import { VideoSwitch } from './video-switch.js';
import type {
  CallButton,
  CallMode,
  DevicesView,
  EndReason,
  EngineView,
  SessionSnapshot,
  SessionState,
} from './view.js';

export interface CallEngineOptions {
  readonly platform: Platform;
  readonly media: MediaPlatform;
  /** The session socket's address. */
  readonly url: string;
  readonly token: string;
  /** Gets another token for the same session; without it nobody joins anew once the first has expired. */
  readonly renewToken?: () => Promise<string>;
  readonly isAudioOnly: boolean;
  readonly isAudioMuted: boolean;
  readonly isVideoMuted: boolean;
  readonly mode: CallMode;
  /** Seconds alone in the session after which it ends; 0 for never. */
  readonly idleTimeoutSeconds: number;
  /** Seconds for which the person is asked before; default 60. */
  readonly idlePromptSeconds?: number;
  /** What was done ahead. */
  readonly headStart?: HeadStart | undefined;
  /** Devices are opened, and the rest waits until {@link CallEngine.join}. */
  readonly isPreview?: boolean;
}

/**
 * One participation in a session, from joining to the end: the session socket, the two peer connections, the local devices and the
 * sound of the others. It draws nothing; a user interface reads it as an {@link EngineView}.
 */
export class CallEngine implements EngineView {
  readonly events = new Emitter<EngineEvents>();
  private readonly socket: SessionSocket;
  private readonly members: Members;
  private readonly local: LocalMedia;
  private readonly controls: LocalControls;
  private readonly output: AudioOutput;
  private readonly monitor: Monitor;
  private readonly idle: IdleTimer;
  private readonly builder: SnapshotBuilder;
  private readonly stopPageHide: () => void;
  private readonly connections: Connections;
  private endReason: EndReason | null = null;
  private closed: SessionClosedJson | undefined;
  /** Why the server did not let us in. */
  private failure: CometChatException | undefined;
  private isHandRaised = false;
  private mode: CallMode;
  private pinnedId: string | null = null;
  private isParticipantListShown = false;
  private isSettingsShown = false;
  private isPictureInPicture = false;
  /** Not joining yet. */
  private isPreview: boolean;
  private readonly videoSwitch: VideoSwitch;

  constructor(private readonly options: CallEngineOptions) {
    const { platform, media } = options;
    this.mode = options.mode;
    this.isPreview = options.isPreview ?? false;
    this.builder = new SnapshotBuilder(() => this.parts());
    const invalidate = () => this.builder.invalidate();
    this.members = new Members(platform.clock, this.events, {
      onLeft: (id) => this.onLeft(id),
      onChange: () => {
        this.idle.setAlone(this.endReason === null && this.members.isAlone);
        this.builder.invalidate();
      },
    });
    this.local = new LocalMedia(
      media,
      platform.localStore,
      () => this.onDevices(),
      (source) => void this.controls.onTrackEnded(source),
      () => void this.controls.followDefault('microphone'),
      options.headStart?.devices,
    );
    this.controls = new LocalControls(this.local, {
      ...options,
      publisher: () => this.connections.publisher,
      isEnded: () => this.endReason !== null,
      tellMuted: (by) => this.tellMuted(by),
      onScreen: (isShared) => this.events.emit(isShared ? 'screenShareStarted' : 'screenShareStopped', undefined),
      onCured: (codePrefix) => this.builder.cureProblems(codePrefix),
      report: (problem) => this.report(problem),
      onChange: invalidate,
    });
    this.connections = new Connections({
      clock: platform.clock,
      createPeerConnection: (configuration) => media.createPeerConnection(configuration),
      headStart: options.headStart,
      local: this.local,
      isAudioOnly: () => this.controls.isAudioOnly,
      request: (type, fields) => this.socket.request(type, fields),
      onRemoteTracks: () => this.onRemoteTracks(),
      onLink: (state) => this.onLink(state),
      report: (problem) => this.report(problem),
    });
    this.output = new AudioOutput(media, this.local.chosen('speaker'), invalidate);
    this.monitor = new Monitor(platform.clock, this.monitored(), (track) => media.createLevelMeter(track), invalidate);
    this.idle = new IdleTimer(
      platform.clock,
      options.idleTimeoutSeconds,
      options.idlePromptSeconds ?? 60,
      invalidate,
      () => {
        this.events.emit('sessionTimedOut', undefined);
        this.end('idle');
      },
    );
    this.socket = new SessionSocket({
      platform,
      openSocket: (url, handlers) => this.openSocket(url, handlers),
      url: options.url,
      token: options.token,
      renewToken: options.renewToken,
      muted: () => ({ isAudioMuted: this.controls.isAudioMuted, isVideoMuted: this.controls.isVideoMuted }),
      firstOffer: () => this.connections.firstOffer,
    });
    this.videoSwitch = new VideoSwitch({
      clock: platform.clock,
      send: (topic, to) => this.socket.request('sendMessage', { topic, ...(to === undefined ? {} : { to }) }),
      isVideo: () => !this.controls.isAudioOnly,
      onAgreed: (initiator, responder) => void this.switchToVideo(initiator, responder),
      onDeclined: (by) =>
        this.builder.addProblem(notice('VIDEO_DECLINED', `${by.name} prefers to go on without video.`)),
      onChange: invalidate,
    });
    this.stopPageHide = media.onPageHide(() => this.end('hang-up'));
    this.listenToSocket();
  }

  /**
   * Joins and publishes; after a preview when there is to be one. Resolves once joined; media connects right after. Rejects when the
   * session cannot be joined.
   */
  async start(): Promise<void> {
    const joined = new Promise<void>((resolve, reject) => {
      this.socket.events.on('joined', () => resolve());
      this.events.on('ended', () => reject(this.failure ?? clientError('ERR_SESSION_ENDED')));
    });
    if (!this.isPreview) this.connect();
    // A prompt delays nobody's hearing.
    void this.controls.start();
    await joined;
  }

  /** Leaves and releases everything: devices, connections, sound, timers, listeners. Safe to call twice. */
  dispose(): void {
    this.end('hang-up');
    this.events.clear();
    this.builder.close();
  }

  isLocal(participantId: string): boolean {
    return participantId === this.members.localId;
  }

  /** What the server said when it closed the session. */
  get closedBecause(): SessionClosedJson | undefined {
    return this.closed;
  }

  // ---- EngineView ----

  get snapshot(): SessionSnapshot {
    return this.builder.current();
  }

  subscribe(listener: (snapshot: SessionSnapshot) => void): () => void {
    return this.builder.subscribe(listener);
  }

  audioLevel(participantId: string): number {
    return this.monitor.level(participantId);
  }

  join(): void {
    if (!this.isPreview || this.endReason !== null) return;
    this.isPreview = false;
    this.connect();
    this.builder.invalidate();
  }

  setAudioMuted(muted: boolean): Promise<void> {
    return this.controls.setAudioMuted(muted);
  }

  setVideoMuted(muted: boolean): Promise<void> {
    return this.controls.setVideoMuted(muted);
  }

  startScreenShare(): Promise<void> {
    return this.controls.startScreenShare();
  }

  stopScreenShare(): Promise<void> {
    return this.controls.stopScreenShare();
  }

  setAudioInputDevice(deviceId: string): Promise<void> {
    return this.controls.choose('microphone', deviceId);
  }

  setVideoInputDevice(deviceId: string): Promise<void> {
    return this.controls.choose('camera', deviceId);
  }

  async setAudioOutputDevice(deviceId: string): Promise<void> {
    try {
      await this.output.setDevice(deviceId);
      this.local.choose('speaker', deviceId);
    } catch (thrown) {
      this.report(asException(thrown));
    }
    this.builder.invalidate();
  }

  setMode(mode: CallMode): void {
    this.mode = mode;
    this.builder.invalidate();
  }

  async resumeAudioPlayback(): Promise<void> {
    await this.output.resume();
  }

  dismissProblem(id: number): void {
    this.builder.dismissProblem(id);
  }

  stayInSession(): void {
    this.idle.restart();
  }

  setHandRaised(raised: boolean): Promise<void> {
    if (raised === this.isHandRaised) return Promise.resolve();
    this.isHandRaised = raised;
    this.builder.invalidate();
    return this.tell('setHandRaised', { isHandRaised: raised });
  }

  pin(tileId: string | null): void {
    this.pinnedId = tileId;
    this.builder.invalidate();
  }

  showParticipantList(shown: boolean): void {
    this.isParticipantListShown = shown;
    this.builder.invalidate();
  }

  showSettings(shown: boolean): void {
    this.isSettingsShown = shown;
    this.builder.invalidate();
  }

  showPictureInPicture(shown: boolean): void {
    this.isPictureInPicture = shown;
    this.builder.invalidate();
  }

  askToMute(participantId: string, source: 'microphone' | 'camera'): Promise<void> {
    const what = source === 'microphone' ? { isAudioMuted: true } : { isVideoMuted: true };
    return this.tell('askToMute', { participantId, ...what });
  }

  async requestVideo(): Promise<void> {
    await this.videoSwitch.ask().catch((thrown: unknown) => this.report(asException(thrown)));
  }

  async answerVideoRequest(accept: boolean): Promise<void> {
    await this.videoSwitch.answer(accept).catch((thrown: unknown) => this.report(asException(thrown)));
  }

  endForAll(): Promise<void> {
    return this.tell('closeSession', {});
  }

  buttonPressed(button: CallButton): void {
    this.events.emit('buttonPressed', button);
  }

  pressEndCall(): void {
    this.events.emit('endCallPressed', undefined);
  }

  // ---- the session ----

  private listenToSocket(): void {
    const { events } = this.socket;
    events.on('state', ({ state, final }) => this.onSocketState(state, final));
    events.on('joined', ({ answer, isResumed }) => this.onJoined(answer, isResumed));
    events.on('onUserJoined', ({ user }) => this.members.put(user));
    events.on('onUserLeft', ({ user, reason }) => this.members.remove(user, reason));
    events.on('onUserMuteChanged', ({ user, by }) => this.members.put(user, by));
    events.on('onUserHandChanged', ({ user }) => this.members.put(user));
    events.on('onMuteRequested', ({ by, isAudioMuted, isVideoMuted }) => {
      void this.controls.obeyHost(by, isAudioMuted, isVideoMuted);
    });
    events.on('onMessage', ({ from, topic }) => this.videoSwitch.onMessage(from, topic));
    events.on('onUserListUpdated', ({ users }) => this.members.replace(users));
    events.on('onSubscribeOffer', (offer) => this.connections.subscriber?.onOffer(offer));
    events.on('onSessionClosed', (closed) => {
      this.closed = closed;
      this.end('closed-by-server');
    });
  }

  private onJoined(answer: JoinAnswer, isResumed: boolean): void {
    if (isResumed) {
      this.connections.onSocketBack();
      this.members.replace(answer.users);
      this.tellMuted();
      void this.tell('setHandRaised', { isHandRaised: this.isHandRaised });
    } else {
      this.builder.joinedAt ??= Number(answer.joinedAt);
      this.connections.open(answer);
      this.members.join(answer.users, answer.participantId);
      if (this.isHandRaised) void this.tell('setHandRaised', { isHandRaised: true });
      this.monitor.start();
    }
    this.builder.invalidate();
  }

  private onLeft(participantId: string): void {
    this.videoSwitch.onLeft(participantId);
    if (this.pinnedId?.startsWith(participantId)) this.pinnedId = null;
  }

  private connect(): void {
    this.connections.prepare();
    this.socket.open();
  }

  /** The socket that was opened ahead, the first time. */
  private openSocket(...[url, handlers]: Parameters<Platform['openSocket']>) {
    return this.options.headStart?.socket?.take(url, handlers) ?? this.options.platform.openSocket(url, handlers);
  }

  private onLink(state: LinkState): void {
    if (state === 'connected') this.builder.cureProblems('ERR_MEDIA_FAILED');
    this.builder.invalidate();
  }

  private onSocketState(state: SocketState, final: FinalClose | undefined): void {
    if (state === 'closed' && this.endReason === null) {
      this.failure = final?.error;
      if (final?.error) this.report(final.error);
      const reasons: Record<number, EndReason> = { 4409: 'replaced', 4410: 'closed-by-server' };
      this.end(reasons[final?.code ?? 0] ?? 'failed');
    }
    this.builder.invalidate();
  }

  private onRemoteTracks(): void {
    const audio = (this.connections.subscriber?.remoteTracks ?? []).filter(({ kind }) => kind === 'audio');
    this.output.setTracks(audio.map(({ track }) => track));
    this.builder.invalidate();
  }

  private end(reason: EndReason): void {
    if (this.endReason !== null) return;
    this.endReason = reason;
    this.isPreview = false;
    this.isPictureInPicture = false;
    if (this.socket.state === 'open') void this.socket.request('leave', {}).catch(() => undefined);
    this.socket.close();
    this.stopPageHide();
    this.idle.stop();
    this.members.stop();
    this.videoSwitch.stop();
    this.monitor.stop();
    this.output.close();
    this.local.close();
    this.connections.close();
    this.builder.invalidate();
    this.events.emit('ended', reason);
  }

  private tellMuted(by?: string): void {
    const { isAudioMuted, isVideoMuted } = this.controls;
    // Without a socket the next join says it.
    if (this.socket.state === 'open' || this.members.localId !== undefined) {
      const fields = { isAudioMuted, isVideoMuted, ...(by === undefined ? {} : { by }) };
      void this.socket.request('setMuted', fields).catch(() => undefined);
    }
    this.builder.invalidate();
  }

  private async switchToVideo(
    initiator: ParticipantJson | undefined,
    responder: ParticipantJson | undefined,
  ): Promise<void> {
    if (!this.controls.isAudioOnly) return;
    await this.controls.becomeVideo();
    const me = this.members.local;
    this.events.emit('switchedToVideo', { initiator: initiator ?? me, responder: responder ?? me });
  }

  /** Asks the server; a refusal is told as a problem. */
  private async tell<T extends 'setHandRaised' | 'askToMute' | 'closeSession'>(
    type: T,
    fields: SessionRequests[T]['fields'],
  ): Promise<void> {
    try {
      await this.socket.request(type, fields);
    } catch (thrown) {
      if (this.endReason === null) this.report(asException(thrown));
    }
  }

  private onDevices(): void {
    void this.output.follow(this.local.speaker);
    this.events.emit('devicesUpdated', this.devicesView());
    this.builder.invalidate();
  }

  private report(error: CometChatException): void {
    if (this.endReason === null || this.failure === error) this.builder.addProblem(error);
    this.events.emit('error', error);
  }

  // ---- what others look at ----

  private get state(): SessionState {
    if (this.endReason !== null) return 'ended';
    if (this.isPreview) return 'preview';
    if (this.members.localId === undefined) return 'connecting';
    return this.socket.state !== 'open' || this.connections.isInterrupted ? 'reconnecting' : 'connected';
  }

  private devicesView(): DevicesView {
    return {
      audioInputs: this.local.devicesOf('audioinput'),
      audioOutputs: this.local.devicesOf('audiooutput'),
      videoInputs: this.local.devicesOf('videoinput'),
      audioInputId: this.local.chosen('microphone'),
      audioOutputId: this.local.chosen('speaker'),
      videoInputId: this.local.chosen('camera'),
    };
  }

  private parts(): SnapshotParts {
    return {
      state: this.state,
      endReason: this.endReason,
      isAudioOnly: this.controls.isAudioOnly,
      mode: this.mode,
      localId: this.members.localId,
      users: this.members.all,
      isAwaited: (id) => this.members.isAwaited(id),
      remoteTracks: this.connections.subscriber?.remoteTracks ?? [],
      localTrack: (source) => this.local.track(source),
      local: {
        isAudioMuted: this.controls.isAudioMuted,
        isVideoMuted: this.controls.isVideoMuted,
        isScreenSharing: this.local.track('screen') !== undefined,
        canShareScreen: this.local.canShareScreen,
        canSendVideo: !this.controls.isAudioOnly,
        hasMicrophone: this.local.devicesOf('audioinput').length > 0,
        hasCamera: this.local.devicesOf('videoinput').length > 0,
        microphone: this.local.track('microphone') ?? null,
        camera: this.local.track('camera') ?? null,
        isHandRaised: this.isHandRaised,
        isHost: this.members.local?.isHost ?? false,
      },
      devices: this.devicesView(),
      monitor: this.monitor,
      isAudioPlaybackBlocked: this.output.isBlocked,
      pinnedId: this.pinnedId,
      isParticipantListShown: this.isParticipantListShown,
      isSettingsShown: this.isSettingsShown,
      isPictureInPicture: this.isPictureInPicture,
      videoRequest: this.videoSwitch.request,
      isVideoRequested: this.videoSwitch.isRequested,
      idleSecondsLeft: this.idle.promptSecondsLeft,
    };
  }

  private monitored(): Monitored {
    const publisher = () => this.connections.publisher;
    const subscriber = () => this.connections.subscriber;
    const localId = () => this.members.localId;
    return {
      get localId() {
        return localId();
      },
      get publisher() {
        return publisher();
      },
      get subscriber() {
        return subscriber();
      },
      isAudioMuted: (id) =>
        id === this.members.localId ? this.controls.isAudioMuted : (this.members.get(id)?.isAudioMuted ?? true),
      isVideoMuted: (id) =>
        id === this.members.localId ? this.controls.isVideoMuted : (this.members.get(id)?.isVideoMuted ?? true),
    };
  }
}

/** Something to read that is no failure. */
function notice(code: string, message: string): CometChatException {
  return new CometChatException({ code, message });
}
