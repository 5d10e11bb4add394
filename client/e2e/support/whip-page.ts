import type { Browser, Page } from '@playwright/test';

/** A video codec of SDP (`video/` left out). */
export type VideoCodec = 'VP8' | 'VP9' | 'H264' | 'AV1';

/** What a pair is to be like. */
export interface PairOptions {
  readonly codec: VideoCodec;
  /** Whether the publisher offers three layers (RFC 8853), or one stream. */
  readonly simulcast?: boolean;
  /** Whether the server's UDP candidates are kept from both ends, as by a firewall. */
  readonly tcpOnly?: boolean;
  /** Whether both ends use nothing but the TURN servers that the endpoint names. */
  readonly relayOnly?: boolean;
}

/** One end's statistics. */
export interface EndStats {
  readonly connectionState: string;
  readonly videoCodec: string;
  readonly audioCodec: string;
  readonly srtpCipher: string;
  /** The transport protocol of the selected pair's remote candidate. */
  readonly protocol: string;
  /** The kind of the selected pair's local candidate. */
  readonly localCandidate: string;
  readonly frames: number;
  readonly audioPackets: number;
  /** How many layers of video are sent or received. */
  readonly layers: number;
}

/** What the publisher encodes and sends, and what the watcher receives and decodes. */
export interface PairStats {
  readonly publisher: EndStats;
  readonly watcher: EndStats;
}

interface Pair {
  readonly publisher: RTCPeerConnection;
  readonly watcher: RTCPeerConnection;
  readonly resources: readonly string[];
  readonly token: string;
  /** What the server answered the publisher. */
  readonly answer: string;
}

/** The fields read here, of all kinds of statistics. */
interface Stat {
  readonly type: string;
  readonly kind?: string;
  readonly codecId?: string;
  readonly mimeType?: string;
  readonly framesDecoded?: number;
  readonly framesEncoded?: number;
  readonly framesSent?: number;
  readonly packetsReceived?: number;
  readonly packetsSent?: number;
  readonly srtpCipher?: string;
  readonly selectedCandidatePairId?: string;
  readonly remoteCandidateId?: string;
  readonly localCandidateId?: string;
  readonly candidateType?: string;
  readonly protocol?: string;
}

declare global {
  interface Window {
    pairs: Map<string, Pair>;
  }
}

/** A page without the SDK that publishes by WHIP and watches by WHEP, each pair in a session of its own. */
export class WhipPage {
  private constructor(private readonly page: Page) {}

  /** Opens the page of a server in development mode. */
  static async open(browser: Browser, address: string): Promise<WhipPage> {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${address}healthz`); // any page of its origin: no script of ours is on it
    await page.evaluate(() => {
      window.pairs = new Map();
    });
    return new WhipPage(page);
  }

  /** The video codecs that this browser can encode. */
  encodable(): Promise<readonly string[]> {
    return this.page.evaluate(() =>
      (RTCRtpSender.getCapabilities('video')?.codecs ?? []).map(({ mimeType }) => mimeType.replace('video/', '')),
    );
  }

  /** Publishes, and watches that; returns what the server answered the publisher. */
  start(name: string, options: PairOptions): Promise<string> {
    return this.page.evaluate(startPair, { name, ...options });
  }

  async stats(name: string): Promise<PairStats> {
    return this.page.evaluate(pairStats, name);
  }

  /** Restarts ICE of the publisher by PATCH (RFC 9725 §4.3.2); returns the status. */
  restartIce(name: string): Promise<number> {
    return this.page.evaluate(restartIce, name);
  }

  /** Deletes both resources; returns the statuses. */
  stop(name: string): Promise<readonly number[]> {
    return this.page.evaluate(async (pair) => {
      const { publisher, watcher, resources, token } = window.pairs.get(pair)!;
      const headers = { authorization: `Bearer ${token}` };
      const answers = await Promise.all(resources.map((url) => fetch(url, { method: 'DELETE', headers })));
      publisher.close();
      watcher.close();
      return answers.map(({ status }) => status);
    }, name);
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}

/** Runs in the page, as all functions below: refers to nothing outside of itself. */
async function startPair(options: PairOptions & { name: string }): Promise<string> {
  const { name, codec, simulcast = false, tcpOnly = false, relayOnly = false } = options;
  const api = async (path: string, body: object, authToken = '') => {
    const method = 'POST';
    const answer = await fetch(path, { method, headers: { authToken }, body: JSON.stringify(body) });
    return ((await answer.json()) as { data: Record<string, string> }).data;
  };
  const settings = (await (await fetch('/v1/settings')).json()) as { data: { authKey: string } };
  const { authToken } = await api('/v1/login', { uid: 'henry', authKey: settings.data.authKey });
  const { sessionId, token } = await api('/v1/me/test_session', {}, authToken);

  const exchange = async (connection: RTCPeerConnection, kind: 'whip' | 'whep') => {
    await connection.setLocalDescription();
    const response = await fetch(`/${kind}/${sessionId}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/sdp' },
      body: connection.localDescription!.sdp,
    });
    const sdp = await response.text();
    if (response.status !== 201) throw new Error(`${kind} answered ${response.status}: ${sdp}`);
    const answer = tcpOnly ? sdp.replaceAll(/a=candidate:\S+ \d+ udp [^\r\n]*\r\n/gi, '') : sdp;
    await connection.setRemoteDescription({ type: 'answer', sdp: answer });
    return { resource: response.headers.get('location')!, answer: sdp };
  };

  const media = await navigator.mediaDevices.getUserMedia({
    audio: true,
    video: { width: 640, height: 360, frameRate: 15 },
  });
  const [camera, microphone] = [media.getVideoTracks()[0]!, media.getAudioTracks()[0]!];
  const layers: RTCRtpEncodingParameters[] = [
    { rid: 'q', scaleResolutionDownBy: 4 },
    { rid: 'h', scaleResolutionDownBy: 2 },
    { rid: 'f', scaleResolutionDownBy: 1 },
  ];
  const asked = await fetch(`/whip/${sessionId}`, { method: 'OPTIONS', headers: { authorization: `Bearer ${token}` } });
  const iceServers = [...(asked.headers.get('link') ?? '').matchAll(/<([^>]+)>; rel="ice-server"([^<]*)/g)].map(
    ([, urls, login]) => ({
      urls: urls!,
      username: /username="([^"]*)"/.exec(login!)?.[1] ?? '',
      credential: /credential="([^"]*)"/.exec(login!)?.[1] ?? '',
    }),
  );
  const configuration: RTCConfiguration = relayOnly ? { iceServers, iceTransportPolicy: 'relay' } : {};
  const publisher = new RTCPeerConnection(configuration);
  publisher.addTransceiver(microphone, { direction: 'sendonly' });
  const video = publisher.addTransceiver(camera, {
    direction: 'sendonly',
    // With a scalability mode the newer codecs send layers as streams of their own, too.
    sendEncodings: simulcast ? layers.map((layer) => ({ ...layer, scalabilityMode: 'L1T1' })) : [{}],
  });
  video.setCodecPreferences(
    RTCRtpReceiver.getCapabilities('video')!.codecs.filter(({ mimeType }) =>
      [`video/${codec}`, 'video/rtx'].includes(mimeType),
    ),
  );
  const watcher = new RTCPeerConnection(configuration);
  watcher.addTransceiver('audio', { direction: 'recvonly' });
  watcher.addTransceiver('video', { direction: 'recvonly' });
  const published = await exchange(publisher, 'whip');
  const watched = await exchange(watcher, 'whep');
  window.pairs.set(name, {
    publisher,
    watcher,
    token: token!,
    resources: [published.resource, watched.resource],
    answer: published.answer,
  });
  return published.answer;
}

async function pairStats(name: string): Promise<PairStats> {
  const read = async (connection: RTCPeerConnection) => {
    const report = await connection.getStats();
    const stats = [...(report.values() as Iterable<Stat>)];
    const rtp = stats.filter(({ type }) => type === 'inbound-rtp' || type === 'outbound-rtp');
    const video = rtp.filter(({ kind }) => kind === 'video');
    const audio = rtp.filter(({ kind }) => kind === 'audio');
    const codec = (of: Stat | undefined) =>
      ((report.get(of?.codecId ?? '') as Stat | undefined)?.mimeType ?? '?').split('/').pop()!;
    const transport = stats.find(({ type }) => type === 'transport');
    const pair = report.get(transport?.selectedCandidatePairId ?? '') as Stat | undefined;
    const remote = report.get(pair?.remoteCandidateId ?? '') as Stat | undefined;
    const local = report.get(pair?.localCandidateId ?? '') as Stat | undefined;
    const sum = (all: Stat[], value: (stat: Stat) => number | undefined) =>
      all.reduce((total, stat) => total + (value(stat) ?? 0), 0);
    return {
      connectionState: connection.connectionState,
      videoCodec: codec(video[0]),
      audioCodec: codec(audio[0]),
      srtpCipher: transport?.srtpCipher ?? '?',
      protocol: remote?.protocol ?? '?',
      localCandidate: local?.candidateType ?? '?',
      frames: sum(video, ({ framesDecoded, framesSent }) => framesDecoded ?? framesSent),
      audioPackets: sum(audio, ({ packetsReceived, packetsSent }) => packetsReceived ?? packetsSent),
      layers: video.filter(({ framesDecoded, framesSent }) => (framesDecoded ?? framesSent ?? 0) > 0).length,
    };
  };
  const { publisher, watcher } = window.pairs.get(name)!;
  return { publisher: await read(publisher), watcher: await read(watcher) };
}

async function restartIce(name: string): Promise<number> {
  const { publisher, resources, token, answer } = window.pairs.get(name)!;
  publisher.restartIce();
  const offer = await publisher.createOffer();
  await publisher.setLocalDescription(offer);
  const line = (sdp: string, prefix: string) => sdp.split('\r\n').find((each) => each.startsWith(prefix))!;
  const fragment = [line(offer.sdp!, 'a=ice-ufrag:'), line(offer.sdp!, 'a=ice-pwd:'), ''].join('\r\n');
  const response = await fetch(resources[0]!, {
    method: 'PATCH',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/trickle-ice-sdpfrag',
      'if-match': '*',
    },
    body: fragment,
  });
  const fresh = await response.text();
  const restarted = answer
    .replaceAll(/a=ice-ufrag:.*/g, line(fresh, 'a=ice-ufrag:'))
    .replaceAll(/a=ice-pwd:.*/g, line(fresh, 'a=ice-pwd:'));
  await publisher.setRemoteDescription({ type: 'answer', sdp: restarted });
  return response.status;
}
