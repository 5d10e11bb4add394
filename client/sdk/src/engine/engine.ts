import { asException, clientError, CometChatException } from '../errors.js';
import { Emitter } from '../emitter.js';
import type { Platform } from '../platform.js';
import { SessionSocket } from '../transport/session-socket.js';
import type { FinalClose, SocketState } from '../transport/json-socket.js';
import type { JoinAnswer, LeaveReason, ParticipantJson, SessionRequests } from '../transport/wire.js';
import { AudioOutput } from './audio-output.js';
import type { HeadStart } from './head-start.js';
import { IdleTimer } from './idle-timer.js';
import type { LinkState } from './link-guard.js';
import { LocalMedia } from './local-media.js';
import type { MediaPlatform } from './media-platform.js';
import { Monitor, type Monitored } from './monitor.js';
import { deviceError, namedError, screenError, type DeviceKind } from './problems.js';
import { Publisher, type SendingConnection } from './publisher.js';
import { Roster, type RosterChange } from './roster.js';
import { SnapshotBuilder, type SnapshotParts } from './snapshot.js';
import { Subscriber } from './subscriber.js';
import { VideoSwitch } from './video-switch.js';
import type {
  CallButton,
  CallMode,
  DevicesView,
  EndReason,
  EngineView,
  SessionSnapshot,
  SessionState,
  TrackSource,
} from './view.js';

export interface CallEngineOptions {
  readonly platform: Platform;
  readonly media: MediaPlatform;
  /** The session socket's address. */
  readonly url: string;
  readonly token: string;
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

/** What happens in a session, for the callbacks of the public API. */
export interface EngineEvents {
  userJoined: ParticipantJson;
  userLeft: { user: ParticipantJson; reason: LeaveReason };
  userListUpdated: ParticipantJson[];
  userMuteChanged: { user: ParticipantJson; before: ParticipantJson; by: ParticipantJson | undefined };
  userHandChanged: { user: ParticipantJson };
  /** The audio call became a video call; one of the two is the local participant. */
  switchedToVideo: { initiator: ParticipantJson | undefined; responder: ParticipantJson | undefined };
  /** There were two, and the other one left. */
  lastRemoteLeft: undefined;
  devicesUpdated: DevicesView;
  screenShareStarted: undefined;
  screenShareStopped: undefined;
  error: CometChatException;
  endCallPressed: undefined;
  /** A button of the default layout was pressed. */
  buttonPressed: CallButton;
  /** It stayed alone for too long; `ended` follows. */
  sessionTimedOut: undefined;
  ended: EndReason;
}

/** Of both peer connections. */
export const CONFIGURATION: RTCConfiguration = { bundlePolicy: 'max-bundle', rtcpMuxPolicy: 'require' };

const DEVICE_OF: Partial<Record<TrackSource, DeviceKind>> = { microphone: 'microphone', camera: 'camera' };

/**
 * One participation in a session, from joining to the end: the session socket, the two peer connections, the local devices and the
 * sound of the others. It draws nothing; a user interface reads it as an {@link EngineView}.
 */
export class CallEngine implements EngineView {
  readonly events = new Emitter<EngineEvents>();
  private readonly socket: SessionSocket;
  private readonly roster = new Roster();
  private readonly local: LocalMedia;
  private readonly output: AudioOutput;
  private readonly monitor: Monitor;
  private readonly idle: IdleTimer;
  private readonly builder: SnapshotBuilder;
  private readonly stopPageHide: () => void;
  private createPeerConnection: () => RTCPeerConnection = () => this.options.media.createPeerConnection(CONFIGURATION);
  private publisher: Publisher | undefined;
  private subscriber: Subscriber | undefined;
  private localId: string | undefined;
  private endReason: EndReason | null = null;
  /** Why the server did not let us in. */
  private failure: CometChatException | undefined;
  private isAudioMuted: boolean;
  private isVideoMuted: boolean;
  private isAudioOnly: boolean;
  private isHandRaised = false;
  private mode: CallMode;
  private pinnedId: string | null = null;
  private isParticipantListShown = false;
  private isSettingsShown = false;
  private isPictureInPicture = false;
  /** Not joining yet. */
  private isPreview: boolean;
  private readonly videoSwitch: VideoSwitch;
  /** The publisher's first offer, which goes with the join: that saves a round trip before the first frame. */
  private firstOffer: Promise<SessionRequests['publish']['fields']> | undefined;
  /** One change of the local devices at a time, in the order they were asked for. */
  private deviceQueue: Promise<void> = Promise.resolve();

  constructor(private readonly options: CallEngineOptions) {
    const { platform, media } = options;
    this.isAudioMuted = options.isAudioMuted;
    this.isAudioOnly = options.isAudioOnly;
    this.isVideoMuted = options.isVideoMuted || options.isAudioOnly;
    this.mode = options.mode;
    this.isPreview = options.isPreview ?? false;
    this.builder = new SnapshotBuilder(() => this.parts());
    const invalidate = () => this.builder.invalidate();
    this.local = new LocalMedia(
      media,
      platform.localStore,
      () => this.onDevices(),
      (source) => void this.onLocalTrackEnded(source),
      options.headStart?.devices,
    );
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
      muted: () => ({ isAudioMuted: this.isAudioMuted, isVideoMuted: this.isVideoMuted }),
      firstOffer: () => this.firstOffer,
    });
    this.videoSwitch = new VideoSwitch({
      clock: platform.clock,
      send: (topic, to) => this.socket.request('sendMessage', { topic, ...(to === undefined ? {} : { to }) }),
      isVideo: () => !this.isAudioOnly,
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
    void this.changeDevices(() => this.openInitialDevices());
    await joined;
  }

  /** Leaves and releases everything: devices, connections, sound, timers, listeners. Safe to call twice. */
  dispose(): void {
    this.end('hang-up');
    this.events.clear();
    this.builder.close();
  }

  isLocal(participantId: string): boolean {
    return participantId === this.localId;
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
    return this.changeDevices(async () => {
      if (muted === this.isAudioMuted) return;
      const held = this.local.track('microphone');
      if (held) held.enabled = !muted;
      else if (!muted && !(await this.openAndSend('microphone'))) return;
      this.isAudioMuted = muted;
      this.tellMuted();
    });
  }

  setVideoMuted(muted: boolean): Promise<void> {
    return this.changeDevices(async () => {
      if (muted === this.isVideoMuted || this.isAudioOnly) return;
      if (muted) {
        this.local.stop('camera');
        await this.publisher?.replace('camera', null);
      } else if (!(await this.openAndSend('camera'))) {
        return;
      }
      this.isVideoMuted = muted;
      this.tellMuted();
    });
  }

  startScreenShare(): Promise<void> {
    return this.changeDevices(async () => {
      if (this.local.track('screen')) return;
      try {
        const { screen, screenAudio } = await this.local.openScreen();
        await this.publisher?.add('screen', screen);
        if (screenAudio) await this.publisher?.add('screenAudio', screenAudio);
      } catch (thrown) {
        const error = screenError(thrown);
        if (error) this.report(error);
        return;
      }
      void this.publisher?.negotiate();
      this.events.emit('screenShareStarted', undefined);
    });
  }

  stopScreenShare(): Promise<void> {
    return this.changeDevices(() => this.withdrawScreen());
  }

  setAudioInputDevice(deviceId: string): Promise<void> {
    this.local.choose('microphone', deviceId);
    return this.changeDevices(() => this.reopen('microphone', this.isAudioMuted));
  }

  setVideoInputDevice(deviceId: string): Promise<void> {
    this.local.choose('camera', deviceId);
    return this.changeDevices(() => this.reopen('camera', this.isVideoMuted));
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
    events.on('onUserJoined', ({ user }) => this.applyRoster(this.roster.put(user)));
    events.on('onUserLeft', ({ user, reason }) => this.applyRoster(this.roster.remove(user, reason)));
    events.on('onUserMuteChanged', ({ user, by }) => this.applyRoster(this.roster.put(user), by));
    events.on('onUserHandChanged', ({ user }) => this.applyRoster(this.roster.put(user)));
    events.on('onMuteRequested', ({ by, isAudioMuted, isVideoMuted }) => {
      void this.obeyHost(by, isAudioMuted, isVideoMuted);
    });
    events.on('onMessage', ({ from, topic }) => this.videoSwitch.onMessage(from, topic));
    events.on('onUserListUpdated', ({ users }) => {
      this.applyRoster(this.roster.replace(users));
      this.events.emit('userListUpdated', this.roster.all);
    });
    events.on('onSubscribeOffer', (offer) => this.subscriber?.onOffer(offer));
    events.on('onSessionClosed', () => this.end('closed-by-server'));
  }

  private onJoined(answer: JoinAnswer, isResumed: boolean): void {
    const formerId = this.localId;
    this.localId = answer.participantId;
    if (isResumed) {
      this.applyRoster(this.roster.replace(answer.users));
      this.publisher?.onSocketBack();
      this.subscriber?.onSocketBack();
      this.tellMuted();
      void this.tell('setHandRaised', { isHandRaised: this.isHandRaised });
    } else {
      if (formerId !== undefined) this.roster.forget(formerId); // nobody left: it was us
      this.builder.joinedAt = Number(answer.joinedAt);
      this.openConnections(answer);
      this.applyRoster(this.roster.replace(answer.users));
      this.monitor.start();
    }
    this.events.emit('userListUpdated', this.roster.all);
    this.builder.invalidate();
  }

  /** Two fresh peer connections; after a gap that was too long they replace dead ones. */
  private openConnections({ iceServers, publish }: JoinAnswer): void {
    const configuration: RTCConfiguration = { ...CONFIGURATION, iceServers };
    this.createPeerConnection = () => this.options.media.createPeerConnection(configuration);
    if (!this.firstOffer || !this.publisher) {
      this.openPublisher(false);
    } else {
      if (iceServers.length > 0) this.publisher.setConfiguration(configuration);
      // A server that left the offer unanswered says why when it is asked again.
      void (publish ? this.publisher.onFirstAnswer(publish.sdp) : this.publisher.negotiate());
    }
    this.firstOffer = undefined;
    this.subscriber?.close();
    this.subscriber = new Subscriber({
      ...this.linkHandlers(),
      createPeerConnection: this.createPeerConnection,
      answer: (revision, sdp) => this.socket.request('subscribeAnswer', { revision, sdp }),
      restart: () => this.socket.request('restartSubscribe', {}),
      onTracks: () => this.onRemoteTracks(),
    });
  }

  private async makeFirstOffer() {
    const early = this.options.headStart?.connection?.take(this.isAudioOnly);
    const connection = early ? await early.catch(() => this.newConnection()) : this.newConnection();
    if (this.endReason !== null) connection.peerConnection.close();
    const publisher = this.createPublisher(connection, false);
    this.publisher = publisher;
    await this.addSources(publisher);
    return publisher.firstOffer();
  }

  /** The offer is made while the socket connects, and goes with the join. */
  private connect(): void {
    this.firstOffer = this.makeFirstOffer();
    this.firstOffer.catch(() => undefined); // then the join goes without
    this.socket.open();
  }

  private newConnection(): SendingConnection {
    return { peerConnection: this.createPeerConnection(), transceivers: new Map() };
  }

  /** The socket that was opened ahead, the first time. */
  private openSocket(...[url, handlers]: Parameters<Platform['openSocket']>) {
    return this.options.headStart?.socket?.take(url, handlers) ?? this.options.platform.openSocket(url, handlers);
  }

  private openPublisher(isReplacement: boolean): void {
    this.publisher?.close();
    const publisher = this.createPublisher(this.newConnection(), isReplacement);
    this.publisher = publisher;
    void this.publishAll(publisher);
  }

  private createPublisher(connection: SendingConnection, isReplacement: boolean): Publisher {
    return new Publisher({
      ...this.linkHandlers(),
      connection,
      isReplacement,
      onHopeless: () => this.openPublisher(true),
      publish: (sdp, tracks) => this.socket.request('publish', { sdp, tracks }),
    });
  }

  private linkHandlers() {
    return {
      clock: this.options.platform.clock,
      onLink: (state: LinkState) => {
        if (state === 'connected') this.builder.cureProblems('ERR_MEDIA_FAILED');
        this.builder.invalidate();
      },
      onStuck: () => this.report(clientError('ERR_MEDIA_FAILED')),
      onError: (error: CometChatException) => this.report(error),
    };
  }

  /** The microphone and the camera have their places from the start, so that unmuting needs no negotiation. */
  private async publishAll(publisher: Publisher): Promise<void> {
    await this.addSources(publisher);
    await publisher.negotiate();
  }

  private async addSources(publisher: Publisher): Promise<void> {
    const sources: TrackSource[] = this.isAudioOnly ? ['microphone'] : ['microphone', 'camera'];
    for (const source of ['screen', 'screenAudio'] as const) if (this.local.track(source)) sources.push(source);
    // All places at once: a device that opens meanwhile finds its own.
    await Promise.all(sources.map((source) => publisher.add(source, this.local.track(source) ?? null)));
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

  private applyRoster(changes: readonly RosterChange[], by?: ParticipantJson): void {
    for (const change of changes) {
      const isLocal = change.user.id === this.localId;
      switch (change.type) {
        case 'joined':
          if (!isLocal) this.events.emit('userJoined', change.user);
          break;
        case 'left':
          this.videoSwitch.onLeft(change.user.id);
          if (this.pinnedId?.startsWith(change.user.id)) this.pinnedId = null;
          this.events.emit('userLeft', { user: change.user, reason: change.reason });
          if (!isLocal && this.roster.size === 1) this.events.emit('lastRemoteLeft', undefined);
          break;
        case 'muteChanged':
          if (!isLocal) this.events.emit('userMuteChanged', { user: change.user, before: change.before, by });
          break;
        case 'handChanged':
          if (!isLocal) this.events.emit('userHandChanged', { user: change.user });
          break;
      }
    }
    this.idle.setAlone(this.endReason === null && this.roster.size <= 1);
    this.builder.invalidate();
  }

  private onRemoteTracks(): void {
    const audio = (this.subscriber?.remoteTracks ?? []).filter(({ kind }) => kind === 'audio');
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
    this.videoSwitch.stop();
    this.monitor.stop();
    this.output.close();
    this.local.close();
    this.publisher?.close();
    this.subscriber?.close();
    this.builder.invalidate();
    this.events.emit('ended', reason);
  }

  // ---- local devices ----

  /** Runs one change after the other; what a change throws is told as a problem. */
  private changeDevices(change: () => Promise<void>): Promise<void> {
    this.deviceQueue = this.deviceQueue
      .then(async () => {
        if (this.endReason === null) await change();
      })
      .catch((thrown: unknown) => this.report(asException(thrown)))
      .then(() => this.builder.invalidate());
    return this.deviceQueue;
  }

  private async openInitialDevices(): Promise<void> {
    const wanted: DeviceKind[] = [];
    if (!this.isAudioMuted) wanted.push('microphone');
    if (!this.isVideoMuted) wanted.push('camera');
    const { tracks, errors } = await this.local.open(wanted);
    for (const device of wanted) {
      const track = tracks[device];
      if (track) await this.publisher?.replace(device, track);
    }
    if (errors.microphone) this.isAudioMuted = true;
    if (errors.camera) this.isVideoMuted = true;
    for (const error of Object.values(errors)) this.report(error);
    if (Object.keys(errors).length > 0) this.tellMuted();
  }

  /** True when the device is open and its track is on its way. */
  private async openAndSend(device: DeviceKind): Promise<boolean> {
    const { tracks, errors } = await this.local.open([device]);
    const error = errors[device];
    if (error) this.report(error);
    const track = tracks[device];
    if (!track) return false;
    this.builder.cureProblems(`ERR_${device.toUpperCase()}_`);
    await this.publisher?.replace(device, track);
    return true;
  }

  private async reopen(device: DeviceKind, isMuted: boolean): Promise<void> {
    if (isMuted) {
      this.local.stop(device); // the next unmute opens the chosen one
      await this.publisher?.replace(device, null);
    } else if (!(await this.openAndSend(device))) {
      await this.muteLost(device);
    }
  }

  private async onLocalTrackEnded(source: TrackSource): Promise<void> {
    const device = DEVICE_OF[source];
    if (!device) return this.stopScreenShare();
    await this.changeDevices(async () => {
      this.local.choose(device, '');
      const isMuted = device === 'microphone' ? this.isAudioMuted : this.isVideoMuted;
      if (isMuted) return;
      const { tracks } = await this.local.open([device]); // another one may be there
      const track = tracks[device] ?? null;
      await this.publisher?.replace(device, track);
      if (track) return;
      this.report(deviceError(device, namedError('DeviceLostError', `the ${device}'s track ended`)));
      await this.muteLost(device);
    });
  }

  private async muteLost(device: DeviceKind): Promise<void> {
    await this.publisher?.replace(device, null);
    if (device === 'microphone') this.isAudioMuted = true;
    else this.isVideoMuted = true;
    this.tellMuted();
  }

  private async withdrawScreen(): Promise<void> {
    const isPublished = this.publisher?.isActive('screen') ?? false;
    this.local.stop('screen');
    this.local.stop('screenAudio');
    if (!isPublished) return;
    await this.publisher?.withdraw('screen');
    await this.publisher?.withdraw('screenAudio');
    void this.publisher?.negotiate();
    this.events.emit('screenShareStopped', undefined);
  }

  private tellMuted(by?: string): void {
    const { isAudioMuted, isVideoMuted } = this;
    // Without a socket the next join says it.
    if (this.socket.state === 'open' || this.localId !== undefined) {
      const fields = { isAudioMuted, isVideoMuted, ...(by === undefined ? {} : { by }) };
      void this.socket.request('setMuted', fields).catch(() => undefined);
    }
    this.builder.invalidate();
  }

  /** The host asked for it. Only ever mutes. */
  private obeyHost(by: ParticipantJson, mutesAudio: boolean, mutesVideo: boolean): Promise<void> {
    return this.changeDevices(async () => {
      const isObeyed = (mutesAudio && !this.isAudioMuted) || (mutesVideo && !this.isVideoMuted);
      if (!isObeyed) return;
      if (mutesAudio) {
        const held = this.local.track('microphone');
        if (held) held.enabled = false;
        this.isAudioMuted = true;
      }
      if (mutesVideo) {
        this.local.stop('camera');
        await this.publisher?.replace('camera', null);
        this.isVideoMuted = true;
      }
      this.builder.addProblem(notice('MUTED_BY_HOST', `${by.name} muted you.`));
      this.tellMuted(by.id);
    });
  }

  private async switchToVideo(
    initiator: ParticipantJson | undefined,
    responder: ParticipantJson | undefined,
  ): Promise<void> {
    if (!this.isAudioOnly) return;
    this.isAudioOnly = false;
    await this.changeDevices(async () => {
      await this.publisher?.add('camera', null);
      if (await this.openAndSend('camera')) this.isVideoMuted = false;
      void this.publisher?.negotiate();
      this.tellMuted();
    });
    const me = this.localId === undefined ? undefined : this.roster.get(this.localId);
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
    if (this.localId === undefined) return 'connecting';
    const isInterrupted = this.publisher?.link === 'interrupted' || this.subscriber?.link === 'interrupted';
    return this.socket.state !== 'open' || isInterrupted ? 'reconnecting' : 'connected';
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
      isAudioOnly: this.isAudioOnly,
      mode: this.mode,
      localId: this.localId,
      users: this.roster.all,
      remoteTracks: this.subscriber?.remoteTracks ?? [],
      localTrack: (source) => this.local.track(source),
      local: {
        isAudioMuted: this.isAudioMuted,
        isVideoMuted: this.isVideoMuted,
        isScreenSharing: this.local.track('screen') !== undefined,
        canShareScreen: this.local.canShareScreen,
        canSendVideo: !this.isAudioOnly,
        hasMicrophone: this.local.devicesOf('audioinput').length > 0,
        hasCamera: this.local.devicesOf('videoinput').length > 0,
        microphone: this.local.track('microphone') ?? null,
        camera: this.local.track('camera') ?? null,
        isHandRaised: this.isHandRaised,
        isHost: this.roster.get(this.localId ?? '')?.isHost ?? false,
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
    const publisher = () => this.publisher;
    const subscriber = () => this.subscriber;
    const localId = () => this.localId;
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
      isAudioMuted: (id) => (id === this.localId ? this.isAudioMuted : (this.roster.get(id)?.isAudioMuted ?? true)),
      isVideoMuted: (id) => (id === this.localId ? this.isVideoMuted : (this.roster.get(id)?.isVideoMuted ?? true)),
    };
  }
}

/** Something to read that is no failure. */
function notice(code: string, message: string): CometChatException {
  return new CometChatException({ code, message });
}
