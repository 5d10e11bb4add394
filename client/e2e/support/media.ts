import type { Page } from '@playwright/test';

/** What flows through the peer connections of a page. */
export interface MediaStats {
  /** States of all peer connections that are not closed. */
  readonly connectionStates: readonly string[];
  /** `address:port/protocol` at the other end of every selected candidate pair. */
  readonly remoteEnds: readonly string[];
  readonly framesSent: number;
  readonly framesDecoded: number;
  readonly audioPacketsReceived: number;
  readonly audioBytesReceived: number;
  readonly audioSamplesReceived: number;
  readonly packetsLost: number;
  /** The negotiated video codecs that arrive. */
  readonly videoCodecs: readonly string[];
  readonly dtlsVersions: readonly string[];
  readonly srtpCiphers: readonly string[];
}

/** The fields read here, of all kinds of statistics. */
interface Stat {
  readonly type: string;
  readonly kind?: string;
  readonly packetsLost?: number;
  readonly packetsReceived?: number;
  readonly bytesReceived?: number;
  readonly totalSamplesReceived?: number;
  readonly framesDecoded?: number;
  readonly framesSent?: number;
  readonly codecId?: string;
  readonly mimeType?: string;
  readonly tlsVersion?: string;
  readonly srtpCipher?: string;
  readonly selectedCandidatePairId?: string;
  readonly remoteCandidateId?: string;
  readonly address?: string;
  readonly port?: number;
  readonly protocol?: string;
}

declare global {
  interface Window {
    peerConnections: RTCPeerConnection[];
  }
}

/** Remembers every peer connection that the page will make. */
export async function watchPeerConnections(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.peerConnections = [];
    window.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        window.peerConnections.push(this);
      }
    };
  });
}

/** Adds up the statistics of the page's peer connections. */
export async function mediaStats(page: Page): Promise<MediaStats> {
  return page.evaluate(async () => {
    const live = window.peerConnections.filter((connection) => connection.connectionState !== 'closed');
    const sum = {
      framesSent: 0,
      framesDecoded: 0,
      audioPacketsReceived: 0,
      audioBytesReceived: 0,
      audioSamplesReceived: 0,
      packetsLost: 0,
    };
    const remoteEnds: string[] = [];
    const codecs = new Set<string>();
    const dtls = new Set<string>();
    const srtp = new Set<string>();
    for (const connection of live) {
      const report = await connection.getStats();
      for (const stat of report.values() as Iterable<Stat>) {
        if (stat.type === 'inbound-rtp') {
          sum.packetsLost += stat.packetsLost ?? 0;
          if (stat.kind === 'video') {
            sum.framesDecoded += stat.framesDecoded ?? 0;
            codecs.add((report.get(stat.codecId ?? '') as Stat | undefined)?.mimeType ?? '?');
          } else {
            sum.audioPacketsReceived += stat.packetsReceived ?? 0;
            sum.audioBytesReceived += stat.bytesReceived ?? 0;
            sum.audioSamplesReceived += stat.totalSamplesReceived ?? 0;
          }
        } else if (stat.type === 'outbound-rtp' && stat.kind === 'video') {
          sum.framesSent += stat.framesSent ?? 0;
        } else if (stat.type === 'transport') {
          dtls.add(stat.tlsVersion ?? '?');
          srtp.add(stat.srtpCipher ?? '?');
          const pair = report.get(stat.selectedCandidatePairId ?? '') as Stat | undefined;
          const remote = report.get(pair?.remoteCandidateId ?? '') as Stat | undefined;
          if (remote !== undefined) {
            remoteEnds.push(`${remote.address}:${remote.port}/${remote.protocol}`);
          }
        }
      }
    }
    return {
      ...sum,
      remoteEnds,
      connectionStates: live.map((connection) => connection.connectionState),
      videoCodecs: [...codecs],
      dtlsVersions: [...dtls],
      srtpCiphers: [...srtp],
    };
  });
}
