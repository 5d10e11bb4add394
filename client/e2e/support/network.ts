import type { Page } from '@playwright/test';
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { type AddressInfo, connect, createServer, type Server as TcpServer, type Socket } from 'node:net';
import type { Server } from './server.js';

/** One way from a browser's UDP socket to a media port. */
interface UdpPath {
  readonly client: number;
  readonly port: number;
  upstream: UdpSocket;
}

/** The network between one browser and the server: it can fall silent, break connections, and become another one. */
export class Network {
  private isSilent = false;
  private readonly udp: UdpSocket[] = [];
  private readonly paths = new Map<string, UdpPath>();
  private readonly connections = new Set<Socket>();
  private readonly ports = new Map<number, number>();
  private http!: TcpServer;

  private constructor(private readonly server: Server) {}

  static async to(server: Server): Promise<Network> {
    const network = new Network(server);
    network.http = createServer({ allowHalfOpen: false }, (client) => network.pass(client));
    await new Promise<void>((resolve) => network.http.listen(0, '127.0.0.1', resolve));
    for (const port of server.udpPorts) await network.listen(port);
    return network;
  }

  /** The server, as seen from behind this network. */
  get address(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}/`;
  }

  /** Leads the media of a page through this network, and nothing else of it: no TCP. */
  async carriesMediaOf(page: Page): Promise<void> {
    await page.addInitScript(
      (ports) => {
        const led = (sdp = '') =>
          sdp
            .replaceAll(/a=candidate:\S+ \d+ tcp [^\r\n]*\r\n/gi, '')
            .replaceAll(/(a=candidate:\S+ \d+ udp \d+ \S+) (\d+)/gi, (_, start: string, port: string) => {
              return `${start} ${new Map(ports).get(Number(port)) ?? port}`;
            });
        window.RTCPeerConnection = class extends RTCPeerConnection {
          override async setRemoteDescription({ type, sdp }: RTCSessionDescriptionInit): Promise<void> {
            await super.setRemoteDescription({ type, sdp: led(sdp) });
          }
        };
      },
      [...this.ports],
    );
  }

  /** Nothing comes through, and nobody is told. */
  fallsSilent(): void {
    this.isSilent = true;
    for (const connection of this.connections) connection.pause();
  }

  returns(): void {
    this.isSilent = false;
    for (const connection of this.connections) connection.resume();
  }

  /** Every TCP connection is reset. */
  breaksConnections(): void {
    for (const connection of this.connections) connection.resetAndDestroy();
  }

  /** Another network: the client has another address, and what was connected to the old one is never heard of again. */
  changes(): void {
    for (const connection of this.connections) {
      connection.unpipe();
      connection.removeAllListeners('data');
      connection.pause();
    }
    for (const path of this.paths.values()) {
      path.upstream.close();
      path.upstream = this.upstream(path);
    }
  }

  close(): void {
    this.http.close();
    for (const connection of this.connections) connection.destroy();
    for (const socket of this.udp) socket.close();
    for (const { upstream } of this.paths.values()) upstream.close();
  }

  private pass(client: Socket): void {
    const server = connect(Number(new URL(this.server.address).port), '127.0.0.1');
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      this.connections.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        this.connections.delete(from);
        to.destroy();
      });
      if (this.isSilent) from.pause();
    }
  }

  private async listen(port: number): Promise<void> {
    const socket = createSocket('udp4');
    this.udp.push(socket);
    socket.on('message', (packet, { port: client }) => {
      if (this.isSilent) return;
      const key = `${client} ${port}`;
      let path = this.paths.get(key);
      if (!path) {
        const created = { client, port } as UdpPath;
        created.upstream = this.upstream(created);
        this.paths.set(key, (path = created));
      }
      path.upstream.send(packet, port, '127.0.0.1');
    });
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    this.ports.set(port, socket.address().port);
  }

  private upstream({ client, port }: UdpPath): UdpSocket {
    const listening = this.udp[this.server.udpPorts.indexOf(port)]!;
    const socket = createSocket('udp4');
    socket.on('message', (packet) => {
      if (!this.isSilent) listening.send(packet, client, '127.0.0.1');
    });
    socket.on('error', () => undefined); // the server is away
    return socket;
  }
}
