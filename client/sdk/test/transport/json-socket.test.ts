import { beforeEach, describe, expect, it } from 'vitest';
import type { CometChatException } from '../../src/errors.js';
import { JsonSocket, type FinalClose, type SocketState } from '../../src/transport/json-socket.js';
import { FakeServer } from '../support/fake-server.js';
import { ManualClock, settle } from '../support/manual-clock.js';

const HEARTBEAT_SECONDS = 10;

interface Heard {
  states: SocketState[];
  final: FinalClose | undefined;
  events: [string, unknown][];
}

let clock: ManualClock;
let server: FakeServer;
let heard: Heard;
let socket: JsonSocket;
let eventsContinue: boolean;

function create(): JsonSocket {
  return new JsonSocket({
    clock,
    openSocket: server.openSocket,
    url: () => 'wss://calls.example.org/v1/connect',
    greeting: (lastSeq) => ({ type: 'hello', fields: { protocol: 1, ...(lastSeq === undefined ? {} : { lastSeq }) } }),
    onGreeted: () => ({ heartbeatSeconds: HEARTBEAT_SECONDS, eventsContinue }),
    onEvent: (type, data) => heard.events.push([type, data]),
    onState: (state, final) => {
      heard.states.push(state);
      heard.final = final ?? heard.final;
    },
    isFinalRefusal: (error) => error.code === 'AUTH_ERR_NO_ACCESS',
  });
}

async function open(): Promise<void> {
  socket.open();
  await settle();
}

beforeEach(() => {
  clock = new ManualClock();
  server = new FakeServer().answer('hello', {}).answer('ping', {});
  heard = { states: [], final: undefined, events: [] };
  eventsContinue = true;
  socket = create();
});

describe('greeting', () => {
  it('is the first frame, and opens the socket when it is answered', async () => {
    await open();
    expect(server.last.received).toEqual([{ id: 1, type: 'hello', protocol: 1 }]);
    expect(heard.states).toEqual(['connecting', 'open']);
  });

  it('gives up for good when it is refused for good', async () => {
    server.answer('hello', { error: { code: 'AUTH_ERR_NO_ACCESS', message: 'no' } });
    await open();
    expect(heard.states).toEqual(['connecting', 'closed']);
    expect(heard.final?.error?.code).toBe('AUTH_ERR_NO_ACCESS');
    await clock.advance(60_000);
    expect(server.connections).toHaveLength(1);
  });

  it('is tried again when it is refused for now', async () => {
    server.answer('hello', { error: { code: 'ERR_OVERLOADED', message: 'later' } });
    await open();
    expect(heard.states).toEqual(['connecting', 'waiting']);
    server.answer('hello', {});
    await clock.advance(300);
    expect(heard.states.at(-1)).toBe('open');
  });

  it('is given ten seconds', async () => {
    server.answer('hello', () => undefined);
    await open();
    await clock.advance(9_999);
    expect(heard.states).toEqual(['connecting']);
    await clock.advance(1);
    expect(heard.states).toEqual(['connecting', 'waiting']);
    expect(server.last.closedWith?.code).toBe(4000);
  });
});

describe('requests', () => {
  it('carry new ids and get their own answers, in whatever order these come', async () => {
    await open();
    const first = socket.request('acceptCall', { sessionId: 'a' });
    const second = socket.request('endCall', { sessionId: 'b' });
    const [accept, end] = server.last.received.slice(1);
    expect(accept!.id).not.toBe(end!.id);
    server.last.send({ re: end!.id, data: { n: 2 } });
    server.last.send({ re: accept!.id, data: { n: 1 } });
    expect(await first).toEqual({ n: 1 });
    expect(await second).toEqual({ n: 2 });
  });

  it('cannot have their id or type overwritten by a field', async () => {
    await open();
    void socket.request('acceptCall', { id: 'x', type: 'y' }).catch(() => undefined);
    expect(server.last.received[1]).toMatchObject({ type: 'acceptCall', id: 2 });
  });

  it('are refused with the words of the server', async () => {
    server.answer('acceptCall', { error: { code: 'ERR_CALL_TERMINATED', message: 'It is over.', details: 'ended' } });
    await open();
    await expect(socket.request('acceptCall')).rejects.toMatchObject({
      code: 'ERR_CALL_TERMINATED',
      message: 'It is over.',
      details: 'ended',
    });
  });

  it('time out when nothing answers', async () => {
    await open();
    const request = socket.request('acceptCall').catch((error: unknown) => (error as CometChatException).code);
    await clock.advance(9_999);
    server.last.send({ re: 99, data: {} }); // an answer to nothing
    await clock.advance(1);
    expect(await request).toBe('REQUEST_TIMEOUT');
  });

  it('wait for the connection, and are sent in order once it is there', async () => {
    server.answer('a', { is: 'a' }).answer('b', { is: 'b' });
    const both = Promise.all([socket.request('a'), socket.request('b')]);
    await open();
    expect(await both).toEqual([{ is: 'a' }, { is: 'b' }]);
    expect(server.last.received.map(({ type }) => type)).toEqual(['hello', 'a', 'b']);
  });

  it('do not wait for ever for a connection', async () => {
    server.accepts = false;
    const request = socket.request('a').catch((error: unknown) => (error as CometChatException).code);
    socket.open();
    await clock.advance(10_000);
    expect(await request).toBe('WS_CONNECTION_FAIL');
  });

  it('are refused, not repeated, when the connection breaks under them', async () => {
    await open();
    const request = socket.request('initiateCall').catch((error: unknown) => (error as CometChatException).code);
    server.last.drop();
    expect(await request).toBe('WS_CONNECTION_LOST');
    await clock.advance(300);
    expect(server.last.requests('initiateCall')).toHaveLength(0);
  });

  it('are refused at once after the end', async () => {
    await open();
    socket.close();
    await expect(socket.request('a')).rejects.toMatchObject({ code: 'WS_CONNECTION_FAIL' });
    expect(clock.pending).toBe(0);
  });
});

describe('events', () => {
  it('are told in order and acknowledged', async () => {
    await open();
    await server.event(7, 'onUserOnline', { n: 1 });
    await server.event(8, 'onUserOffline', { n: 2 });
    expect(heard.events).toEqual([
      ['onUserOnline', { n: 1 }],
      ['onUserOffline', { n: 2 }],
    ]);
    expect(server.last.acks).toEqual([7, 8]);
  });

  it('that come twice are told once, and acknowledged again', async () => {
    await open();
    await server.event(7, 'onUserOnline');
    await server.event(7, 'onUserOnline');
    expect(heard.events).toHaveLength(1);
    expect(server.last.acks).toEqual([7, 7]);
  });

  it('handled before a gap are named in the next greeting', async () => {
    await open();
    await server.event(7, 'onUserOnline');
    server.last.drop();
    await clock.advance(300);
    expect(server.last.received[0]).toMatchObject({ type: 'hello', lastSeq: 7 });
  });

  it('count anew when the server has forgotten', async () => {
    await open();
    await server.event(7, 'onUserOnline');
    server.last.drop();
    eventsContinue = false;
    await clock.advance(300);
    await server.event(1, 'onUserOffline');
    expect(heard.events.at(-1)?.[0]).toBe('onUserOffline');
  });

  it('whose handler throws are still acknowledged', async () => {
    const reported: unknown[] = [];
    globalThis.reportError = (error) => void reported.push(error);
    const failing = new JsonSocket({
      clock,
      openSocket: server.openSocket,
      url: () => 'wss://x',
      greeting: () => ({ type: 'hello', fields: {} }),
      onGreeted: () => ({ heartbeatSeconds: 10, eventsContinue: true }),
      onEvent: () => {
        throw new Error('the app');
      },
      onState: () => undefined,
      isFinalRefusal: () => false,
    });
    failing.open();
    await settle();
    await server.event(1, 'onUserOnline');
    expect(server.last.acks).toEqual([1]);
    expect(reported).toHaveLength(1);
  });

  it.each(['', 'null', '[]', '7', '{"seq":"1","type":"x"}', '{"re":"x"}', '{"seq":1}', '{'])(
    'that are no frames are ignored: %s',
    async (text) => {
      await open();
      server.last.sendText(text);
      await settle();
      expect(heard.events).toEqual([]);
      expect(socket.currentState).toBe('open');
    },
  );
});

describe('heart-beat', () => {
  it('pings once per interval', async () => {
    await open();
    await clock.advance(HEARTBEAT_SECONDS * 3_000);
    expect(server.last.requests('ping')).toHaveLength(3);
    expect(socket.currentState).toBe('open');
  });

  it('gives a silent server up after two and a half intervals', async () => {
    await open();
    server.answer('ping', () => undefined);
    await clock.advance(HEARTBEAT_SECONDS * 2_500 - 1);
    expect(socket.currentState).toBe('open');
    await clock.advance(1);
    expect(socket.currentState).toBe('waiting');
  });

  it('counts any frame as a sign of life', async () => {
    await open();
    server.answer('ping', () => undefined);
    for (let seq = 1; seq <= 6; seq++) {
      await clock.advance(HEARTBEAT_SECONDS * 1_000);
      await server.event(seq, 'onUserOnline');
    }
    expect(socket.currentState).toBe('open');
  });

  it('does not take the late timer of a hidden tab for a dead server', async () => {
    await open();
    const { nowMillis } = clock;
    clock.nowMillis = () => nowMillis.call(clock) + 60_000; // a minute passed before the next timer ran
    await clock.advance(HEARTBEAT_SECONDS * 1_000);
    expect(socket.currentState).toBe('open');
    expect(server.last.requests('ping').length).toBeGreaterThan(0);
  });

  it('stops with the connection', async () => {
    await open();
    socket.close();
    expect(clock.pending).toBe(0);
  });
});

describe('reconnection', () => {
  it('backs off further with each failure, up to a limit', async () => {
    await open();
    server.accepts = false;
    const delays: number[] = [];
    for (let i = 0; i < 9; i++) {
      const before = server.connections.length;
      server.last.drop();
      const start = clock.nowMillis();
      while (server.connections.length === before) await clock.advance(50);
      delays.push(clock.nowMillis() - start);
    }
    expect(delays).toEqual([300, 600, 1200, 2400, 4800, 9600, 15_000, 15_000, 15_000]);
  });

  it('spreads the attempts of many clients over half of the delay', async () => {
    clock.chance = 0;
    await open();
    server.last.drop();
    await clock.advance(149);
    expect(server.connections).toHaveLength(1);
    await clock.advance(1);
    expect(server.connections).toHaveLength(2);
  });

  it('starts over with short delays after a success', async () => {
    await open();
    for (let i = 0; i < 4; i++) {
      server.last.drop();
      await clock.advance(300);
      expect(socket.currentState).toBe('open');
    }
  });

  it('comes at once when the network is back', async () => {
    await open();
    server.accepts = false;
    for (let i = 0; i < 6; i++) {
      server.last.drop();
      await clock.advance(15_000);
    }
    server.last.drop();
    server.accepts = true;
    socket.onNetworkBack();
    await settle();
    expect(socket.currentState).toBe('open');
  });

  it('asks an open connection whether it survived the network change', async () => {
    await open();
    server.answer('ping', () => undefined);
    socket.onNetworkBack();
    await clock.advance(2_999);
    expect(socket.currentState).toBe('open');
    await clock.advance(1);
    expect(socket.currentState).toBe('waiting');
  });

  it('takes nothing but the answer for a sign of life', async () => {
    await open();
    server.answer('ping', () => undefined);
    socket.onNetworkBack();
    server.last.send({ seq: 1, type: 'fromBefore', data: {} });
    await clock.advance(3_000);
    expect(socket.currentState).toBe('waiting');
  });

  it('keeps a connection that answers after the network change', async () => {
    await open();
    socket.onNetworkBack();
    await settle();
    await clock.advance(3_000);
    expect(server.connections).toHaveLength(1);
    expect(socket.currentState).toBe('open');
  });

  it.each([
    [4401, true],
    [4409, true],
    [4410, true],
    [4426, true],
    [1000, false],
    [1001, false],
    [1006, false],
    [1008, false],
    [4408, false],
  ])('after close code %i is final: %s', async (code, isFinal) => {
    await open();
    server.last.drop(code, 'why');
    expect(socket.currentState).toBe(isFinal ? 'closed' : 'waiting');
    expect(heard.final?.code).toBe(isFinal ? code : undefined);
  });

  it('hears nothing from a connection it has given up', async () => {
    await open();
    const old = server.last;
    server.answer('ping', () => undefined);
    await clock.advance(HEARTBEAT_SECONDS * 2_500);
    old.closedWith = undefined;
    old.send({ seq: 99, type: 'onUserOnline', data: {} });
    await settle();
    expect(heard.events).toEqual([]);
  });
});
