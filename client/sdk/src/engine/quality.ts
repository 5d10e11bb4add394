import { roundTripMillis } from './browsers.js';
import type { ConnectionQuality } from './view.js';

/** Counters of one direction of media, growing over the session. */
export interface FlowCounters {
  packets: number;
  packetsLost: number;
}

/** What one interval of media was like. */
export interface FlowSample {
  /** Whether anything should have arrived. */
  isExpected: boolean;
  packets: number;
  packetsLost: number;
  /** Undefined where nothing measured it. */
  roundTripMillis?: number | undefined;
}

/** Judges one interval. The limits are where speech (5 %) and video (2 %) become noticeably worse. */
export function qualityOf(sample: FlowSample): ConnectionQuality {
  const { isExpected, packets, packetsLost, roundTripMillis = 0 } = sample;
  if (!isExpected) return 'unknown';
  if (packets + packetsLost <= 0) return 'lost';
  const lossRatio = packetsLost / (packets + packetsLost);
  if (lossRatio > 0.05 || roundTripMillis > 500) return 'poor';
  if (lossRatio > 0.02 || roundTripMillis > 250) return 'fair';
  return 'good';
}

/** The difference of two readings; a counter that began anew counts from zero. */
export function flowBetween(before: FlowCounters | undefined, now: FlowCounters): FlowCounters {
  if (!before || now.packets < before.packets) return now;
  return {
    packets: now.packets - before.packets,
    packetsLost: Math.max(0, now.packetsLost - before.packetsLost),
  };
}

/** The fields of `RTCStats` that are read; names from the WebRTC statistics specification. */
interface StatsEntry {
  type: string;
  kind?: string;
  trackIdentifier?: string;
  packetsReceived?: number;
  packetsLost?: number;
  packetsSent?: number;
  fractionLost?: number;
  mid?: string;
}

function entries(report: RTCStatsReport): StatsEntry[] {
  const all: StatsEntry[] = [];
  report.forEach((entry) => all.push(entry as StatsEntry));
  return all;
}

/** Received packets per track, by the track's identifier. */
export function inboundCounters(report: RTCStatsReport): Map<string, FlowCounters> {
  const counters = new Map<string, FlowCounters>();
  for (const { type, trackIdentifier, packetsReceived = 0, packetsLost = 0 } of entries(report)) {
    if (type === 'inbound-rtp' && trackIdentifier) {
      counters.set(trackIdentifier, { packets: packetsReceived, packetsLost });
    }
  }
  return counters;
}

/** What the server says of our sending: the worst loss of any stream, the round trip, and what we sent. */
export function outboundReading(report: RTCStatsReport): {
  packetsSent: number;
  fractionLost: number;
  roundTripMillis: number | undefined;
} {
  let packetsSent = 0;
  let fractionLost = 0;
  for (const entry of entries(report)) {
    if (entry.type === 'outbound-rtp') packetsSent += entry.packetsSent ?? 0;
    if (entry.type === 'remote-inbound-rtp') fractionLost = Math.max(fractionLost, entry.fractionLost ?? 0);
  }
  return { packetsSent, fractionLost, roundTripMillis: roundTripMillis(report) };
}
