import { describe, expect, it } from 'vitest';
import { publishAddress, read, type Reading, restrictTo, verdictOf } from '../src/connection';
import { grantIn, guestLink } from '../src/guest';
import { guestErrorInWords } from '../src/words';

const SDP = [
  'v=0',
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'a=candidate:1 1 udp 2130706431 203.0.113.7 5000 typ host',
  'a=candidate:2 1 TCP 1677729535 203.0.113.7 5001 typ host tcptype passive',
  'a=end-of-candidates',
  '',
].join('\r\n');

const GOOD: Reading = {
  path: 'udp',
  roundTripMs: 30,
  sentKbps: 1200,
  roomKbps: 2500,
  isSqueezed: false,
  lossPercent: 0,
};

describe('the try-out of the connection', () => {
  it('leaves the server’s candidates of one transport', () => {
    expect(restrictTo('tcp', SDP)).toContain('tcptype passive');
    expect(restrictTo('tcp', SDP)).not.toContain('udp');
    expect(restrictTo('udp', SDP)).not.toContain('tcptype');
    expect(restrictTo('tcp', restrictTo('udp', SDP) ?? '')).toBeNull();
  });

  it.each([
    ['/v1/session', 'https://a.example', 'https://a.example/whip/s.1'],
    ['wss://media.example/v1/session', 'https://a.example', 'https://media.example/whip/s.1'],
    ['ws://127.0.0.1:9/v1/session', 'http://a.example', 'http://127.0.0.1:9/whip/s.1'],
  ])('publishes beside the session socket at %s', (url, origin, address) => {
    expect(publishAddress({ url, sessionId: 's.1', token: 't' }, origin)).toBe(address);
  });

  it('reads path, round trip, rate and loss out of the statistics', () => {
    const stats = (bytesSent: number, packetsLost: number) => [
      { id: 'T', type: 'transport', selectedCandidatePairId: 'P' },
      {
        id: 'P',
        type: 'candidate-pair',
        localCandidateId: 'L',
        currentRoundTripTime: 0.0421,
        availableOutgoingBitrate: 9e5,
      },
      { id: 'L', type: 'local-candidate', candidateType: 'host', protocol: 'tcp' },
      { id: 'O', type: 'outbound-rtp', bytesSent, packetsSent: 400, qualityLimitationReason: 'bandwidth' },
      { id: 'R', type: 'remote-inbound-rtp', packetsLost },
    ];
    const [, counters] = read(stats(1000, 0), null, 1000);
    const [reading] = read(stats(51_000, 6), counters, 1500);
    expect(reading).toEqual({
      path: 'tcp',
      roundTripMs: 42,
      sentKbps: 800,
      roomKbps: 900,
      isSqueezed: true,
      lossPercent: 1.5,
    });
  });

  it('claims nothing before there is something to read', () => {
    expect(read([], null, 0)[0]).toEqual({
      path: null,
      roundTripMs: null,
      sentKbps: 0,
      roomKbps: null,
      isSqueezed: false,
      lossPercent: null,
    });
  });

  it.each<[string, Partial<Reading>, boolean, string]>([
    ['all is well', {}, true, 'good'],
    ['sound alone needs little', { sentKbps: 20, roomKbps: 40 }, false, 'good'],
    ['some is lost', { lossPercent: 2.5 }, true, 'fair'],
    ['it is far', { roundTripMs: 250 }, true, 'fair'],
    ['UDP is blocked', { path: 'tcp' }, true, 'fair'],
    ['much is lost', { lossPercent: 12 }, true, 'poor'],
    ['a still picture needs little', { sentKbps: 120, roomKbps: 2000 }, true, 'good'],
    ['the picture is squeezed', { sentKbps: 200, roomKbps: 250, isSqueezed: true }, true, 'fair'],
    ['hardly anything gets out', { sentKbps: 60, roomKbps: 70 }, true, 'poor'],
  ])('judges: %s', (_, change, hasVideo, grade) => {
    expect(verdictOf({ ...GOOD, ...change }, hasVideo).grade).toBe(grade);
  });
});

describe('links for guests', () => {
  it.each([
    ['#guest=a.b-c.d_e', 'a.b-c.d_e'],
    ['#guest=', null],
    ['#guest=<b>', null],
    ['', null],
  ])('finds the grant in %s', (hash, grant) => {
    expect(grantIn(hash)).toBe(grant);
  });

  it('makes the links that it finds', () => {
    expect(grantIn(new URL(guestLink('https://a.example/', 'a.b.c')).hash)).toBe('a.b.c');
  });

  it('tells in words why a link does not work, and what helps', () => {
    expect(guestErrorInWords({ code: 'ERR_GUEST_LINK_INVALID' })).toMatch(/Ask for a new one/);
    expect(guestErrorInWords({ code: 'ERR_ELSE', message: 'Else.' })).toBe('Else.');
  });
});
