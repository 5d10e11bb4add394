/** What a try-out of the connection measures, and what it means. Only {@link tryConnection} touches the browser. */

/** How media gets to the server. */
export type Path = 'udp' | 'tcp' | 'relay';

/** One look at a connection that sends. */
export interface Reading {
  readonly path: Path | null;
  readonly roundTripMs: number | null;
  readonly sentKbps: number;
  /** What the browser believes could be sent; null until it believes something. */
  readonly roomKbps: number | null;
  /** Whether the picture is made smaller because more could not be sent. */
  readonly isSqueezed: boolean;
  /** Percent of the packets; null until the server has told. */
  readonly lossPercent: number | null;
}

/** What to expect of calls. */
export interface Verdict {
  readonly grade: 'good' | 'fair' | 'poor';
  readonly title: string;
  readonly advice: string;
}

/** The answer with the server's candidates of one transport only; null if it has none. */
export function restrictTo(transport: 'udp' | 'tcp', sdp: string): string | null {
  const isOther = (line: string) => line.startsWith('a=candidate:') && line.split(' ')[2]?.toLowerCase() !== transport;
  const lines = sdp.split('\r\n').filter((line) => !isOther(line));
  return lines.some((line) => line.startsWith('a=candidate:')) ? lines.join('\r\n') : null;
}

/** Sums of counters, so that two of them give a rate. */
export interface Counters {
  readonly atMs: number;
  readonly bytesSent: number;
}

type Stat = Readonly<Record<string, unknown>> & { readonly id: string; readonly type: string };

/** What the browser's statistics say, and the counters for the next look. */
export function read(stats: Iterable<Stat>, before: Counters | null, nowMs: number): [Reading, Counters] {
  const all = [...stats];
  const byId = new Map(all.map((stat) => [stat.id, stat]));
  const of = (type: string) => all.filter((stat) => stat.type === type);
  const sum = (of: Stat[], field: string) => of.reduce((total, stat) => total + (number(stat[field]) ?? 0), 0);

  const outbound = of('outbound-rtp');
  const reports = of('remote-inbound-rtp');
  const pair = byId.get(String(of('transport')[0]?.selectedCandidatePairId));
  const local = byId.get(String(pair?.localCandidateId));
  const bytesSent = sum(outbound, 'bytesSent');
  const packetsSent = sum(outbound, 'packetsSent');
  const roundTrip = number(pair?.currentRoundTripTime) ?? number(reports[0]?.roundTripTime);
  const room = number(pair?.availableOutgoingBitrate);
  const seconds = before === null ? 0 : (nowMs - before.atMs) / 1000;
  const reading: Reading = {
    path:
      local === undefined ? null : local.candidateType === 'relay' ? 'relay' : local.protocol === 'tcp' ? 'tcp' : 'udp',
    roundTripMs: roundTrip === null ? null : Math.round(roundTrip * 1000),
    sentKbps: before === null || seconds <= 0 ? 0 : Math.round(((bytesSent - before.bytesSent) * 8) / 1000 / seconds),
    roomKbps: room === null ? null : Math.round(room / 1000),
    isSqueezed: outbound.some(({ qualityLimitationReason }) => qualityLimitationReason === 'bandwidth'),
    lossPercent:
      reports.length === 0 || packetsSent === 0
        ? null
        : Math.max(0, Math.round((sum(reports, 'packetsLost') / packetsSent) * 1000) / 10),
  };
  return [reading, { atMs: nowMs, bytesSent }];
}

function number(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

const LEAST_VIDEO_KBPS = 300;
const LEAST_AUDIO_KBPS = 12;

/** What calls will be like. */
export function verdictOf(reading: Reading, hasVideo: boolean): Verdict {
  const { roundTripMs, lossPercent, sentKbps, roomKbps, isSqueezed, path } = reading;
  const least = hasVideo ? LEAST_VIDEO_KBPS : LEAST_AUDIO_KBPS;
  const loss = lossPercent ?? 0;
  const roundTrip = roundTripMs ?? 0;
  // A still picture needs little: that little is sent says nothing as long as there is room.
  const kbps = Math.max(sentKbps, roomKbps ?? 0);
  if (loss >= 8 || roundTrip >= 500 || kbps < least / 3) {
    return {
      grade: 'poor',
      title: 'Poor: calls will break up',
      advice: 'Go nearer to your Wi-Fi or use a cable, close downloads, or call without camera.',
    };
  }
  if (loss >= 2 || roundTrip >= 200 || (isSqueezed && kbps < least) || path !== 'udp') {
    return {
      grade: 'fair',
      title: hasVideo ? 'Fair: the picture may blur at times' : 'Fair: the sound may break up at times',
      advice:
        path === 'udp' || path === null
          ? 'A cable or a place nearer to your Wi-Fi may help.'
          : 'Your network blocks UDP, so what gets lost on the way arrives late. Ask who runs it to allow UDP.',
    };
  }
  return {
    grade: 'good',
    title: hasVideo ? 'Good: sound and picture will be clear' : 'Good: the sound will be clear',
    advice: 'Nothing to do.',
  };
}

/** A session of the user's own, as the server gave it. */
export interface TestSession {
  readonly sessionId: string;
  readonly token: string;
  readonly url: string;
}

/** Where one publishes into a session by one request: beside its socket. */
export function publishAddress({ url, sessionId }: TestSession, origin: string): string {
  const base = new URL(url, origin);
  base.protocol = base.protocol.replace('ws', 'http');
  base.pathname = base.pathname.replace(/\/v1\/session$/, `/whip/${sessionId}`);
  return base.href;
}

/** Asks for a session that nobody else is in. */
export async function openTestSession(authToken: string): Promise<TestSession> {
  const answer = await fetch('./v1/me/test_session', { method: 'POST', headers: { authToken }, cache: 'no-store' });
  const { data, error } = (await answer.json()) as { data?: TestSession; error?: { code: string; message: string } };
  if (data === undefined) {
    throw Object.assign(new Error(error?.message ?? `The server answered ${answer.status}.`), { code: error?.code });
  }
  return data;
}

const CONNECT_WITHIN_MS = 8000;
const LOOK_EVERY_MS = 500;

/** The server cannot be reached by any of the ways that were tried. */
export class UnreachableError extends Error {}

/** Publishes for a while, as a call does (RFC 9725), and tells what it sees. Nothing is left behind. */
export async function tryConnection(
  session: TestSession,
  tracks: readonly MediaStreamTrack[],
  forMs: number,
  onReading: (reading: Reading) => void,
  only: 'udp' | 'tcp' | null = null,
): Promise<Reading> {
  const address = publishAddress(session, location.origin);
  const authorization = `Bearer ${session.token}`;
  const connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  let resource: string | null = null;
  try {
    tracks.forEach((track) => connection.addTransceiver(track, { direction: 'sendonly' }));
    await connection.setLocalDescription();
    const answer = await fetch(address, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/sdp' },
      body: connection.localDescription?.sdp ?? '',
    });
    if (answer.status !== 201) {
      throw new Error(`The server answered ${answer.status}.`);
    }
    const given = answer.headers.get('location');
    resource = given === null ? null : new URL(given, address).href;
    const whole = await answer.text();
    const sdp = only === null ? whole : restrictTo(only, whole);
    if (sdp === null) {
      throw new UnreachableError();
    }
    await connection.setRemoteDescription({ type: 'answer', sdp });
    await connected(connection);
    return await watch(connection, forMs, onReading);
  } finally {
    connection.close();
    if (resource !== null) {
      await fetch(resource, { method: 'DELETE', headers: { authorization }, keepalive: true }).catch(() => null);
    }
  }
}

function connected(connection: RTCPeerConnection): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new UnreachableError()), CONNECT_WITHIN_MS);
    const look = () => {
      if (connection.connectionState === 'connected') {
        clearTimeout(timer);
        resolve();
      } else if (connection.connectionState === 'failed') {
        clearTimeout(timer);
        reject(new UnreachableError());
      }
    };
    connection.addEventListener('connectionstatechange', look);
    look();
  });
}

async function watch(
  connection: RTCPeerConnection,
  forMs: number,
  onReading: (reading: Reading) => void,
): Promise<Reading> {
  const endMs = performance.now() + forMs;
  let [reading, counters] = read(await statsOf(connection), null, performance.now());
  while (performance.now() < endMs) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    [reading, counters] = read(await statsOf(connection), counters, performance.now());
    onReading(reading);
  }
  return reading;
}

async function statsOf(connection: RTCPeerConnection): Promise<Stat[]> {
  const stats: Stat[] = [];
  (await connection.getStats()).forEach((stat: Stat) => stats.push(stat));
  return stats;
}
