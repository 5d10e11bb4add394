import type { Clock } from '../platform.js';
import { ReceivedLevels, sentLevel, type LevelMeter } from './browsers.js';
import type { MediaPlatform } from './media-platform.js';
import type { Publisher } from './publisher.js';
import { flowBetween, inboundCounters, outboundReading, qualityOf, type FlowCounters } from './quality.js';
import { SpeakerDetector } from './speakers.js';
import type { RemoteTrack, Subscriber } from './subscriber.js';
import type { ConnectionQuality } from './view.js';

const LEVELS_EVERY_MILLIS = 200;
const QUALITY_EVERY_MILLIS = 2_000;
/** A loudness older than this is silence: nothing is sent in pauses. */
const LEVEL_MAX_AGE_MILLIS = 600;

/** What the monitor watches, asked anew at each turn. */
export interface Monitored {
  readonly localId: string | undefined;
  readonly publisher: Publisher | undefined;
  readonly subscriber: Subscriber | undefined;
  isAudioMuted(participantId: string): boolean;
  isVideoMuted(participantId: string): boolean;
}

/** Listens to who speaks and judges how well media flows, for as long as it runs. */
export class Monitor {
  private readonly speakers = new SpeakerDetector();
  private readonly qualities = new Map<string, ConnectionQuality>();
  private counters = new Map<string, FlowCounters>();
  private packetsSent = 0;
  private cancelLevels: () => void = () => undefined;
  private cancelQuality: () => void = () => undefined;
  private isRunning = false;
  private readonly received = new ReceivedLevels(LEVEL_MAX_AGE_MILLIS);
  private meter: LevelMeter | undefined;
  private metered: MediaStreamTrack | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly watched: Monitored,
    private readonly createLevelMeter: MediaPlatform['createLevelMeter'],
    private readonly onChange: () => void,
  ) {}

  isSpeaking(id: string): boolean {
    return this.speakers.isSpeaking(id);
  }

  level(id: string): number {
    return this.speakers.level(id);
  }

  quality(id: string): ConnectionQuality {
    return this.qualities.get(id) ?? 'unknown';
  }

  get dominantId(): string | null {
    return this.speakers.dominantId;
  }

  start(): void {
    if (this.isRunning) return;
    this.isRunning = true;
    this.levelsLater();
    this.qualityLater();
  }

  stop(): void {
    this.isRunning = false;
    this.cancelLevels();
    this.cancelQuality();
    this.stopMeter();
  }

  private levelsLater(): void {
    this.cancelLevels = this.clock.after(LEVELS_EVERY_MILLIS, () => {
      void this.readLevels().finally(() => this.isRunning && this.levelsLater());
    });
  }

  private qualityLater(): void {
    this.cancelQuality = this.clock.after(QUALITY_EVERY_MILLIS, () => {
      void this.readQuality().finally(() => this.isRunning && this.qualityLater());
    });
  }

  private async readLevels(): Promise<void> {
    const { localId, publisher, subscriber } = this.watched;
    const levels = new Map<string, number>();
    for (const remote of subscriber?.remoteTracks ?? []) {
      if (remote.source !== 'microphone') continue;
      const isMuted = this.watched.isAudioMuted(remote.participantId);
      levels.set(remote.participantId, isMuted ? 0 : this.received.read(remote.receiver, this.clock.nowMillis()));
    }
    if (localId !== undefined) {
      const sender = publisher?.sender('microphone');
      const isSilent = !sender?.track || this.watched.isAudioMuted(localId);
      levels.set(localId, isSilent ? 0 : await this.sentLevel(sender, sender.track));
    }
    const isRemote = (id: string) => id !== localId;
    if (this.isRunning && this.speakers.update(levels, isRemote, this.clock.nowMillis())) this.onChange();
  }

  /** What the statistics say; where they do not tell, what a meter of our own says. */
  private async sentLevel(sender: RTCRtpSender, track: MediaStreamTrack): Promise<number> {
    const told = await sender.getStats().then(sentLevel, () => 0);
    if (told !== undefined || !this.isRunning) return told ?? 0;
    if (this.metered !== track) {
      this.stopMeter();
      this.metered = track;
      this.meter = this.createLevelMeter(track);
    }
    return this.meter?.level() ?? 0;
  }

  private stopMeter(): void {
    this.meter?.close();
    this.meter = undefined;
    this.metered = undefined;
  }

  private async readQuality(): Promise<void> {
    const { localId, publisher, subscriber } = this.watched;
    const before = new Map(this.qualities);
    try {
      if (subscriber) this.judgeRemotes(await subscriber.getStats(), subscriber.remoteTracks);
      if (publisher && localId !== undefined) this.judgeLocal(await publisher.getStats(), localId, publisher);
    } catch {
      return; // closed meanwhile
    }
    const isSame = before.size === this.qualities.size && [...before].every(([id, q]) => this.qualities.get(id) === q);
    if (this.isRunning && !isSame) this.onChange();
  }

  private judgeRemotes(report: RTCStatsReport, tracks: readonly RemoteTrack[]): void {
    const now = inboundCounters(report);
    const flows = new Map<string, FlowCounters & { isExpected: boolean }>();
    for (const { participantId, source, track } of tracks) {
      const counters = now.get(track.id) ?? { packets: 0, packetsLost: 0 };
      const { packets, packetsLost } = flowBetween(this.counters.get(track.id), counters);
      const isSent =
        counters.packets > 0 && // before the first packet it is still connecting
        ((source === 'microphone' && !this.watched.isAudioMuted(participantId)) ||
          (source === 'camera' && !this.watched.isVideoMuted(participantId)));
      const sum = flows.get(participantId) ?? { packets: 0, packetsLost: 0, isExpected: false };
      flows.set(participantId, {
        packets: sum.packets + packets,
        packetsLost: sum.packetsLost + packetsLost,
        isExpected: sum.isExpected || isSent,
      });
    }
    this.counters = now;
    this.qualities.clear();
    for (const [id, flow] of flows) {
      this.qualities.set(id, qualityOf({ ...flow, isExpected: flow.isExpected || flow.packets > 0 }));
    }
  }

  private judgeLocal(report: RTCStatsReport, localId: string, publisher: Publisher): void {
    const { packetsSent, fractionLost, roundTripMillis } = outboundReading(report);
    const sent = Math.max(0, packetsSent - this.packetsSent);
    this.packetsSent = packetsSent;
    if (publisher.link !== 'connected') {
      this.qualities.set(localId, publisher.link === 'interrupted' ? 'lost' : 'unknown');
      return;
    }
    const packetsLost = Math.round(sent * fractionLost);
    const sample = { isExpected: sent > 0, packets: sent - packetsLost, packetsLost, roundTripMillis };
    this.qualities.set(localId, qualityOf(sample));
  }
}
