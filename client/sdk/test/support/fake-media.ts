import type { LevelMeter } from '../../src/engine/browsers.js';
import type { AudioSink, MediaPlatform } from '../../src/engine/media-platform.js';

let nextTrackId = 1;

/** A track of a device, or of a receiver. */
export class FakeTrack extends EventTarget {
  readonly id = `track-${nextTrackId++}`;
  enabled = true;
  muted = false;
  contentHint = '';
  readyState: 'live' | 'ended' = 'live';
  onended: (() => void) | null = null;

  constructor(
    readonly kind: 'audio' | 'video',
    readonly deviceId = '',
  ) {
    super();
  }

  stop(): void {
    this.readyState = 'ended';
  }

  /** The device is pulled. */
  endByItself(): void {
    this.readyState = 'ended';
    this.onended?.();
  }

  setMuted(muted: boolean): void {
    this.muted = muted;
    this.dispatchEvent(new Event(muted ? 'mute' : 'unmute'));
  }
}

class FakeStream {
  constructor(private readonly tracks: FakeTrack[]) {}
  getTracks(): FakeTrack[] {
    return this.tracks;
  }
  getAudioTracks(): FakeTrack[] {
    return this.tracks.filter(({ kind }) => kind === 'audio');
  }
  getVideoTracks(): FakeTrack[] {
    return this.tracks.filter(({ kind }) => kind === 'video');
  }
}

function named(name: string): Error {
  const error = new Error(name);
  error.name = name;
  return error;
}

/** Devices whose opening a test can refuse or hold back. */
export class FakeDevices extends EventTarget {
  devices: { kind: string; deviceId: string; label: string }[] = [
    { kind: 'audioinput', deviceId: 'mic-1', label: 'Microphone' },
    { kind: 'videoinput', deviceId: 'cam-1', label: 'Camera' },
    { kind: 'videoinput', deviceId: 'cam-2', label: 'Back camera' },
    { kind: 'audiooutput', deviceId: 'out-1', label: 'Loudspeaker' },
  ];
  /** The `DOMException` name with which a kind is refused. */
  readonly refuse: Partial<Record<'audio' | 'video' | 'screen', string>> = {};
  /** The same, while a track of that kind is open. */
  readonly refuseWhileOpen: Partial<Record<'audio' | 'video', string>> = {};
  readonly opened: FakeTrack[] = [];
  readonly constraints: MediaStreamConstraints[] = [];
  /** While set, `getUserMedia` waits for it: the permission prompt is open. */
  prompt: Promise<void> | undefined;
  screenHasAudio = false;

  async getUserMedia(constraints: MediaStreamConstraints): Promise<FakeStream> {
    this.constraints.push(constraints);
    await this.prompt;
    const kinds = (['audio', 'video'] as const).filter((kind) => constraints[kind]);
    for (const kind of kinds) if (this.refuse[kind]) throw named(this.refuse[kind]);
    for (const kind of kinds) {
      const name = this.refuseWhileOpen[kind];
      if (name !== undefined && this.live.some((track) => track.kind === kind)) throw named(name);
    }
    const tracks = kinds.map((kind) => {
      const { deviceId } = constraints[kind] as { deviceId?: string | { exact: string } };
      return new FakeTrack(kind, typeof deviceId === 'object' ? deviceId.exact : deviceId);
    });
    this.opened.push(...tracks);
    return new FakeStream(tracks);
  }

  async getDisplayMedia(): Promise<FakeStream> {
    if (this.refuse.screen) throw named(this.refuse.screen);
    const tracks = [new FakeTrack('video'), ...(this.screenHasAudio ? [new FakeTrack('audio')] : [])];
    this.opened.push(...tracks);
    return new FakeStream(tracks);
  }

  async enumerateDevices(): Promise<unknown[]> {
    return this.devices;
  }

  get live(): FakeTrack[] {
    return this.opened.filter(({ readyState }) => readyState === 'live');
  }

  listenerCount = 0;
  override addEventListener(...args: Parameters<EventTarget['addEventListener']>): void {
    this.listenerCount++;
    super.addEventListener(...args);
  }
  override removeEventListener(...args: Parameters<EventTarget['removeEventListener']>): void {
    this.listenerCount--;
    super.removeEventListener(...args);
  }
}

export class FakeTransceiver {
  mid: string | null = null;
  direction: RTCRtpTransceiverDirection;
  readonly sender: {
    track: FakeTrack | null;
    replaceTrack: (track: FakeTrack | null) => Promise<void>;
    getStats: () => Promise<Map<string, unknown>>;
  };
  readonly receiver: { track: FakeTrack; level: number; getSynchronizationSources: () => unknown[] };

  constructor(
    readonly kind: 'audio' | 'video',
    track: FakeTrack | null,
    init: RTCRtpTransceiverInit = {},
  ) {
    this.direction = init.direction ?? 'sendrecv';
    const sender = {
      track,
      replaceTrack: async (next: FakeTrack | null) => {
        sender.track = next;
      },
      getStats: async () => new Map<string, unknown>(),
    };
    this.sender = sender;
    let packets = 0;
    const receiver = {
      track: new FakeTrack(kind),
      level: 0,
      getSynchronizationSources: () => [
        { timestamp: receiver.level === 0 ? 0 : ++packets, audioLevel: receiver.level },
      ],
    };
    this.receiver = receiver;
  }
}

/** A peer connection that negotiates with itself: mids in order, states as a test sets them. */
export class FakePeerConnection extends EventTarget {
  readonly transceivers: FakeTransceiver[] = [];
  readonly log: string[] = [];
  connectionState: RTCPeerConnectionState = 'new';
  signalingState: RTCSignalingState = 'stable';
  stats = new Map<string, unknown>();
  private offers = 0;
  private nextMid = 0;

  constructor(public configuration: RTCConfiguration) {
    super();
  }

  setConfiguration(configuration: RTCConfiguration): void {
    this.configuration = configuration;
  }

  addTransceiver(trackOrKind: FakeTrack | 'audio' | 'video', init?: RTCRtpTransceiverInit): FakeTransceiver {
    const track = typeof trackOrKind === 'string' ? null : trackOrKind;
    const kind = typeof trackOrKind === 'string' ? trackOrKind : trackOrKind.kind;
    const transceiver = new FakeTransceiver(kind, track, init);
    this.transceivers.push(transceiver);
    return transceiver;
  }

  getTransceivers(): FakeTransceiver[] {
    return this.transceivers;
  }

  async createOffer(options?: RTCOfferOptions): Promise<RTCSessionDescriptionInit> {
    return { type: 'offer', sdp: `offer-${++this.offers}${options?.iceRestart ? '-restart' : ''}` };
  }

  async createAnswer(): Promise<RTCSessionDescriptionInit> {
    if (this.signalingState !== 'have-remote-offer') throw named('InvalidStateError');
    return { type: 'answer', sdp: 'answer' };
  }

  localDescription: RTCSessionDescriptionInit | null = null;

  async setLocalDescription(description: RTCSessionDescriptionInit): Promise<void> {
    this.localDescription = description.type === 'rollback' ? null : description;
    this.log.push(`local ${description.sdp ?? description.type}`);
    if (description.type === 'offer') {
      this.signalingState = 'have-local-offer';
      for (const transceiver of this.transceivers) transceiver.mid ??= String(this.nextMid++);
    } else {
      this.signalingState = 'stable';
    }
  }

  /** A remote offer's SDP is, here, a list like `0:audio 1:video`. */
  async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
    this.log.push(`remote ${description.sdp ?? ''}`);
    if (description.sdp === 'broken') throw named('OperationError');
    if (description.type === 'answer') {
      if (this.signalingState !== 'have-local-offer') throw named('InvalidStateError');
      this.signalingState = 'stable';
      return;
    }
    this.signalingState = 'have-remote-offer';
    for (const [, mid, kind] of (description.sdp ?? '').matchAll(/(\d+):(audio|video)/g) as Iterable<
      [string, string, 'audio' | 'video']
    >) {
      if (this.transceivers.some((one) => one.mid === mid)) continue;
      const transceiver = new FakeTransceiver(kind, null, { direction: 'recvonly' });
      transceiver.mid = mid;
      this.transceivers.push(transceiver);
    }
  }

  async getStats(): Promise<Map<string, unknown>> {
    return this.stats;
  }

  become(state: RTCPeerConnectionState): void {
    this.connectionState = state;
    this.dispatchEvent(new Event('connectionstatechange'));
  }

  close(): void {
    this.connectionState = 'closed';
  }

  receiverTrack(mid: string): FakeTrack {
    return this.transceivers.find((one) => one.mid === mid)!.receiver.track;
  }
}

export class FakeSink implements AudioSink {
  srcObject: MediaProvider | null = null;
  sinkId = '';
  isPlaying = false;
  isRemoved = false;

  constructor(
    readonly track: FakeTrack,
    private readonly media: FakeMedia,
  ) {}

  async play(): Promise<void> {
    if (this.media.isAutoplayBlocked) throw named('NotAllowedError');
    this.isPlaying = true;
  }

  async setSinkId(deviceId: string): Promise<void> {
    this.sinkId = deviceId;
  }

  remove(): void {
    this.isRemoved = true;
  }
}

/** The browser's media half, as a test sets it up. */
export class FakeMedia implements MediaPlatform {
  readonly devices = new FakeDevices();
  readonly peerConnections: FakePeerConnection[] = [];
  readonly sinks: FakeSink[] = [];
  isAutoplayBlocked = false;
  isSecure = true;
  hasWebRtc = true;
  canChooseOutput = true;
  /** What a meter of our own says; the statistics of the fake do not tell. */
  microphoneLevel = 0;
  metersOpen = 0;
  private readonly pageHideListeners = new Set<() => void>();

  get mediaDevices(): MediaDevices | undefined {
    return this.isSecure ? (this.devices as unknown as MediaDevices) : undefined;
  }

  createPeerConnection(configuration: RTCConfiguration): RTCPeerConnection {
    const peerConnection = new FakePeerConnection(configuration);
    this.peerConnections.push(peerConnection);
    return peerConnection as unknown as RTCPeerConnection;
  }

  createAudioSink(track: MediaStreamTrack): AudioSink {
    const sink = new FakeSink(track as unknown as FakeTrack, this);
    this.sinks.push(sink);
    return sink;
  }

  createLevelMeter(): LevelMeter {
    this.metersOpen++;
    const close = () => {
      this.metersOpen--;
    };
    return { level: () => this.microphoneLevel, close };
  }

  onPageHide(listener: () => void): () => void {
    this.pageHideListeners.add(listener);
    return () => this.pageHideListeners.delete(listener);
  }

  hidePage(): void {
    for (const listener of [...this.pageHideListeners]) listener();
  }

  get pageHideListenerCount(): number {
    return this.pageHideListeners.size;
  }

  /** The two of the newest join. */
  get publish(): FakePeerConnection {
    return this.peerConnections.at(-2)!;
  }
  get subscribe(): FakePeerConnection {
    return this.peerConnections.at(-1)!;
  }
}
