import { type Page, test } from '@playwright/test';
import { Person } from '../support/person.js';
import { Server } from '../support/server.js';

/**
 * Prints how long each stage takes from the press on "Answer" to the first decoded frame of the other side, in both pages, over a
 * few calls: `CALLS=5 npm run bench --workspace e2e`.
 */

interface Mark {
  readonly at: number;
  readonly what: string;
}

declare global {
  interface Window {
    marks: Mark[];
  }
}

/** Notes, from inside the page, what happens on the way to a picture. */
function watch(): void {
  window.marks = [];
  const note = (what: string) => window.marks.push({ at: performance.timeOrigin + performance.now(), what });
  document.addEventListener('click', () => note('click'), true);

  const { fetch } = window;
  window.fetch = async (...args) => {
    const path = new URL(args[0] instanceof Request ? args[0].url : String(args[0]), location.href).pathname;
    const name = path.replace(/[^/]{16,}/, '…');
    note(`fetch ${name}`);
    const answer = await fetch(...args);
    note(`fetched ${name}`);
    return answer;
  };

  const pathOf = (url: string) => new URL(url).pathname.split('/').pop() ?? '';
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(url: string | URL) {
      super(url);
      note(`${pathOf(this.url)} socket connecting`);
      this.addEventListener('open', () => note(`${pathOf(this.url)} socket open`));
      this.addEventListener('message', ({ data }) => {
        const frame = JSON.parse(String(data)) as { type?: string };
        note(`${pathOf(this.url)} <- ${frame.type ?? 'answer'}`);
      });
    }
    override send(data: string): void {
      const { type } = JSON.parse(data) as { type?: string };
      if (type !== undefined && type !== 'ping') note(`${pathOf(this.url)} -> ${type}`);
      super.send(data);
    }
  };

  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    note('getUserMedia');
    const stream = await open(constraints);
    note('getUserMedia done');
    return stream;
  };

  const watchFrames = async (connection: RTCPeerConnection) => {
    const seen = new Set<string>();
    const once = (what: string) => {
      if (!seen.has(what)) note(what);
      seen.add(what);
    };
    while (!seen.has('FIRST FRAME DECODED') && connection.connectionState !== 'closed') {
      await new Promise((resolve) => setTimeout(resolve, 10));
      for (const stat of (await connection.getStats()).values() as Iterable<Record<string, unknown>>) {
        if (stat.type !== 'inbound-rtp' || stat.kind !== 'video') continue;
        if ((stat.packetsReceived as number) > 0) once('first video packet');
        if ((stat.pliCount as number) > 0) once('PLI sent');
        if ((stat.framesReceived as number) > 0) once('first frame complete');
        if ((stat.framesDecoded as number) > 0) {
          once(`${stat.frameWidth as number}x${stat.frameHeight as number}, ${stat.packetsReceived as number} packets`);
          once('FIRST FRAME DECODED');
        }
      }
    }
  };

  const names = new WeakMap<RTCPeerConnection, string>();
  let connections = 0;
  const Peer = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Peer {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      const name = connections++ % 2 === 0 ? 'publish' : 'subscribe';
      names.set(this, name);
      note(`${name} created`);
      this.addEventListener('iceconnectionstatechange', () => note(`${name} ICE ${this.iceConnectionState}`));
      this.addEventListener('connectionstatechange', () => note(`${name} ${this.connectionState}`));
      if (name === 'subscribe') void watchFrames(this);
    }
    override async setLocalDescription(description?: RTCLocalSessionDescriptionInit): Promise<void> {
      await super.setLocalDescription(description);
      note(`${names.get(this)} local ${description?.type ?? ''} set`);
    }
    override async setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
      await super.setRemoteDescription(description);
      note(`${names.get(this)} remote ${description.type} set`);
    }
  };
}

async function marksOf(page: Page): Promise<Mark[]> {
  return page.evaluate(() => window.marks.splice(0));
}

test('accept to first frame', async ({ browser }) => {
  const calls = Number(process.env.CALLS ?? 5);
  const server = await Server.start();
  const anna = await Person.logIn(browser, server.address, 'anna', { beforeLoad: watch });
  const ben = await Person.logIn(browser, server.address, 'ben', { beforeLoad: watch });
  for (let call = 1; call <= calls; call++) {
    await anna.calls(ben);
    await ben.isRungBy(anna);
    await Promise.all([marksOf(anna.page), marksOf(ben.page)]);
    await ben.answers();
    await Promise.all([anna, ben].map((person) => person.page.waitForFunction(isFirstFrameDecoded)));
    const [caller, callee] = [await marksOf(anna.page), await marksOf(ben.page)];
    const start = callee.find(({ what }) => what === 'click')!.at;
    const told = [...caller.map((mark) => ({ ...mark, side: 0 })), ...callee.map((mark) => ({ ...mark, side: 1 }))];
    told.sort((one, other) => one.at - other.at);
    if (call === 1 || call === calls) {
      console.log(`call ${call}: the caller's page on the left, the callee's on the right`);
      for (const { at, side, what } of told) {
        console.log(`${(at - start).toFixed(0).padStart(6)} ms  ${' '.repeat(side * 44)}${what}`);
      }
    }
    const total = (side: number) =>
      told.find((mark) => mark.side === side && mark.what.startsWith('FIRST'))!.at - start;
    console.log(`call ${call}: caller sees after ${total(0).toFixed(0)} ms, callee after ${total(1).toFixed(0)} ms`);
    await anna.hangsUp();
    for (const person of [anna, ben]) {
      await person.reads('The call has ended.');
      await person.closesOver();
    }
  }
  await server.stop();
});

function isFirstFrameDecoded(): boolean {
  return window.marks.some(({ what }) => what.startsWith('FIRST'));
}
