import { type Browser, expect, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { watchPeerConnections } from './media.js';

type Sdk = typeof import('@belfry/sdk');

declare global {
  const CometChat: Sdk['CometChat'];
  const CometChatCalls: Sdk['CometChatCalls'];
  interface Window {
    /** What the listeners were told, as text. */
    told: string[];
    /** What ends now is pulled out, rather than forbidden. */
    isPulledOut?: boolean;
    /** What had arrived when it was looked at last. */
    arrived?: Record<string, number>;
  }
}

/** The SDK as one script. */
export const SDK = readFileSync(join(import.meta.dirname, '../../sdk/dist/belfry.browser.js'), 'utf8');

/** What arrives from one participant. */
export interface Arriving {
  readonly framesDecoded: number;
  readonly isSpeaking: boolean;
}

/** How a session is joined. */
export interface JoinOptions {
  readonly isAudioOnly?: boolean;
  readonly idleSeconds?: number;
  readonly idlePromptSeconds?: number;
}

/** Somebody on an empty page that has loaded the SDK: an app of a few lines. */
export class Member {
  private constructor(
    readonly uid: string,
    readonly page: Page,
  ) {}

  /** Opens the page and logs in. The camera is small and slow, and the microphone hears a steady tone. */
  static async logIn(
    browser: Browser,
    address: string,
    uid: string,
    {
      isWatched = true,
      hasTone = true,
      prepare,
    }: {
      /** Watching holds on to every peer connection. */
      isWatched?: boolean;
      /** Instead of the browser's microphones, which can be told apart and lost. */
      hasTone?: boolean;
      /** What the page needs before it is opened. */
      prepare?: (page: Page) => Promise<void>;
    } = {},
  ): Promise<Member> {
    const context = await browser.newContext({ bypassCSP: true, viewport: { width: 480, height: 320 } });
    const page = await context.newPage();
    if (isWatched) await watchPeerConnections(page);
    await page.addInitScript(hasTone ? useSmallDevices : useSmallPictures);
    await prepare?.(page);
    await page.goto(`${address}v1/settings`);
    await page.mouse.click(5, 5); // a page that nobody touched may make no sound
    await page.addScriptTag({ content: SDK });
    await page.evaluate(
      async ([user, host]) => {
        const answer = (await (await fetch('/v1/settings')).json()) as { data: { appId: string; authKey: string } };
        const { appId, authKey } = answer.data;
        await CometChat.init(appId, new CometChat.AppSettingsBuilder().overrideClientHost(host).build());
        await CometChatCalls.init({ appId, host });
        await CometChat.login(user, authKey);
        window.told = [];
        CometChatCalls.addCallEventListener('test', {
          onUserJoined: (one) => window.told.push(`joined ${one.getUid()}`),
          onUserLeft: (one) => window.told.push(`left ${one.getUid()}`),
          onUserListUpdated: (all) =>
            window.told.push(
              `list ${all
                .map((one) => one.getUid())
                .sort()
                .join(' ')}`,
            ),
          onUserMuted: ({ muted, mutedBy }) => window.told.push(`${mutedBy.getUid()} muted ${muted.getUid()}`),
          onCallEnded: () => window.told.push('ended'),
        });
        CometChatCalls.addEventListener('onDominantSpeakerChanged', ({ uid }) => window.told.push(`stage ${uid}`));
      },
      [uid, address] as const,
    );
    return new Member(uid, page);
  }

  /** Begins a group call. Resolves with its session once somebody has accepted. */
  async callsGroup(guid: string): Promise<string> {
    return this.page.evaluate(async (receiver) => {
      const { VIDEO } = CometChat.CALL_TYPE;
      const call = await CometChat.initiateCall(new CometChat.Call(receiver, VIDEO, CometChat.RECEIVER_TYPE.GROUP));
      return call.getSessionId();
    }, guid);
  }

  /** Rings somebody. Resolves with the session. */
  callsUser(uid: string, type: 'audio' | 'video' = 'video'): Promise<string> {
    return this.page.evaluate(
      async ([receiver, callType]) => {
        const call = await CometChat.initiateCall(new CometChat.Call(receiver, callType, CometChat.RECEIVER_TYPE.USER));
        return call.getSessionId();
      },
      [uid, type] as const,
    );
  }

  /** The right to join a session of one's own, which takes anybody who has it. */
  ownSession(): Promise<{ token: string }> {
    return this.page.evaluate(async () => {
      const authToken = (await CometChat.getLoggedInUser())!.getAuthToken();
      const answer = await fetch('/v1/me/test_session', { method: 'POST', headers: { authToken }, body: '{}' });
      return ((await answer.json()) as { data: { token: string } }).data;
    });
  }

  accepts(sessionId: string): Promise<unknown> {
    return this.page.evaluate((id) => CometChat.acceptCall(id).then(() => null), sessionId);
  }

  /** Joins the session, with the default layout over the whole page. Resolves once in. */
  async joins(session: string | { token: string }, options: JoinOptions = {}): Promise<void> {
    await this.page.evaluate(
      async ([given, { isAudioOnly = false, idleSeconds = 180, idlePromptSeconds = 60 }]) => {
        const settings = new CometChatCalls.CallSettingsBuilder()
          .enableDefaultLayout(true)
          .setIsAudioOnlyCall(isAudioOnly)
          .setIdleTimeoutPeriod(idleSeconds, idlePromptSeconds)
          .build();
        document.body.innerHTML = '<div id="call" style="position: fixed; inset: 0"></div>';
        await CometChatCalls.startSession(
          typeof given === 'string' ? await CometChatCalls.generateToken(given) : given,
          settings,
          document.body.firstElementChild as HTMLElement,
        );
      },
      [session, options] as const,
    );
  }

  /** Ends a call, or leaves the session of it that the other one has ended. */
  async ends(sessionId?: string): Promise<void> {
    await this.page.evaluate(async (id) => {
      if (id !== undefined) await CometChat.endCall(id);
      CometChatCalls.endSession();
    }, sessionId);
  }

  /** Resolves once a picture of somebody else plays. */
  async seesSomebody(): Promise<void> {
    await this.page.waitForFunction(() => {
      const other = CometChatCalls.getSessionView()?.snapshot.participants.find(({ isLocal }) => !isLocal);
      const videos = document.querySelector('belfry-call')?.shadowRoot?.querySelectorAll('video') ?? [];
      return [...videos].some(
        ({ srcObject, videoWidth }) =>
          videoWidth > 0 && (srcObject as MediaStream | null)?.getVideoTracks()[0] === other?.camera,
      );
    });
  }

  /** What was told since the last time, of the words that begin so. */
  async told(...beginnings: string[]): Promise<string[]> {
    const told = await this.page.evaluate(() => window.told.splice(0));
    return told.filter((line) => beginnings.some((beginning) => line.startsWith(beginning)));
  }

  /** Waits until picture and sound of the only other one grow from one look to the next. */
  async receivesMedia(): Promise<void> {
    await expect
      .poll(
        () =>
          this.page.evaluate(async () => {
            const other = CometChatCalls.getSessionView()?.snapshot.participants.find(({ isLocal }) => !isLocal);
            const before = (window.arrived ??= {});
            const now: Record<string, number> = {};
            for (const connection of window.peerConnections) {
              if (connection.connectionState !== 'connected') continue;
              for (const stat of (await connection.getStats()).values() as Iterable<Record<string, unknown>>) {
                if (stat.type !== 'inbound-rtp') continue;
                if (stat.kind === 'audio') now[`sound ${String(stat.trackIdentifier)}`] = Number(stat.packetsReceived);
                else if (stat.trackIdentifier === other?.camera?.id) {
                  now[`picture ${String(stat.trackIdentifier)}`] = Number(stat.framesDecoded);
                }
              }
            }
            window.arrived = now;
            const grown = Object.keys(now).filter((key) => now[key]! > (before[key] ?? Infinity));
            return [...new Set(grown.map((key) => key.split(' ')[0]))].sort().join(' and ');
          }),
        { message: `${this.uid} receives`, timeout: 30_000, intervals: [300] },
      )
      .toBe('picture and sound');
  }

  /** Frames decoded of each of the others, by uid, and how many voices arrive. */
  async hearsAndSees(): Promise<{ frames: Record<string, number>; voices: number }> {
    return this.page.evaluate(async () => {
      const frames: Record<string, number> = {};
      let voices = 0;
      const byTrack = new Map<string, number>();
      for (const connection of window.peerConnections) {
        if (connection.connectionState !== 'connected') continue;
        for (const stat of (await connection.getStats()).values() as Iterable<Record<string, unknown>>) {
          if (stat.type !== 'inbound-rtp') continue;
          if (stat.kind === 'video') byTrack.set(stat.trackIdentifier as string, Number(stat.framesDecoded ?? 0));
          else if (Number(stat.totalAudioEnergy ?? 0) > 0.0001) voices++;
        }
      }
      for (const { uid, camera, isLocal } of CometChatCalls.getSessionView()?.snapshot.participants ?? []) {
        if (!isLocal) frames[uid] = byTrack.get(camera?.id ?? '') ?? 0;
      }
      return { frames, voices };
    });
  }

  /** Waits until frames of exactly these others are decoded, and as many voices are heard. */
  async seesAndHears(others: readonly Member[]): Promise<void> {
    const uids = others.map(({ uid }) => uid).sort();
    await expect
      .poll(
        async () => {
          const { frames, voices } = await this.hearsAndSees();
          return {
            seen: Object.keys(frames)
              .filter((uid) => frames[uid]! > 5)
              .sort(),
            of: Object.keys(frames).sort(),
            voices,
          };
        },
        { message: `${this.uid} sees and hears`, timeout: 30_000 },
      )
      .toEqual({ seen: uids, of: uids, voices: uids.length });
  }
}

/** Runs in the page: the browser's devices, with small and slow pictures; those that are not permitted are refused, as a person would. */
function useSmallPictures(): void {
  const devices = navigator.mediaDevices;
  const open = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (constraints) => {
    const { audio = false, video = false } = constraints ?? {};
    for (const [name, wanted] of Object.entries({ microphone: audio, camera: video })) {
      const { state } = await navigator.permissions.query({ name: name as PermissionName });
      if (wanted && state === 'denied' && !window.isPulledOut)
        throw new DOMException('Permission denied', 'NotAllowedError');
    }
    const small = { width: 160, height: 120, frameRate: 10 };
    return open({ audio, video: video && { ...(video as MediaTrackConstraints), ...small } });
  };
}

/** Runs in the page: what it opens is a picture of 160 × 120, ten times a second, and a tone. */
function useSmallDevices(): void {
  const devices = navigator.mediaDevices;
  const open = devices.getUserMedia.bind(devices);
  devices.getUserMedia = async (constraints) => {
    const stream = new MediaStream();
    if (constraints?.video) {
      const { width, height, frameRate } = { width: 160, height: 120, frameRate: 10 };
      const camera = await open({ video: { width, height, frameRate } });
      camera.getTracks().forEach((track) => stream.addTrack(track));
    }
    if (constraints?.audio) {
      const context = new AudioContext();
      const tone = new OscillatorNode(context, { frequency: 300 + 200 * Math.random() });
      const out = new MediaStreamAudioDestinationNode(context);
      tone.connect(new GainNode(context, { gain: 0.3 })).connect(out);
      tone.start();
      const [track] = out.stream.getAudioTracks() as [MediaStreamTrack];
      const stop = track.stop.bind(track);
      // A graph that sounds is never collected; a microphone that is let go is silent.
      track.stop = () => {
        stop();
        if (context.state !== 'closed') void context.close();
      };
      stream.addTrack(track);
    }
    return stream;
  };
}
