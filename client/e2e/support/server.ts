import { spawn, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../..');
const READY = /^Belfry is ready: (\S+)/m;
const READY_WITHIN_MS = 60_000;

/** Other than in production: nobody wants to wait for who is gone, and tests call more often than people. */
const IMPATIENT = {
  'belfry.signalling.limits.callsPerMinutePerUser': '0',
  'belfry.signalling.disconnectGrace': '4s',
  'belfry.sfu.silentGrace': '4s',
};

let sharedServer: Promise<Server> | undefined;

/** A real server in development mode, with its own data folder and ports. */
export class Server {
  private process: ChildProcess | null = null;
  private output = '';

  private constructor(
    private readonly httpPort: number,
    /** The media ports, one for each loop. */
    readonly udpPorts: readonly number[],
    private readonly data: string,
    private readonly settings: Readonly<Record<string, string>>,
    private readonly announced: string,
  ) {}

  /** Starts a server; `settings` are put over those of development. `announced` is where clients send their media. */
  static async start(settings: Readonly<Record<string, string>> = {}, announced = '127.0.0.1'): Promise<Server> {
    const data = mkdtempSync(join(tmpdir(), 'belfry-e2e-'));
    const server = new Server(await freeTcpPort(), await freeMediaPorts(), data, settings, announced);
    await server.resume();
    return server;
  }

  /** The server of all tests that need no settings of their own and run in this process; it ends with the process. */
  static shared(): Promise<Server> {
    sharedServer ??= Server.start(IMPATIENT).then((server) => {
      process.once('exit', () => {
        server.process?.kill();
        rmSync(server.data, { recursive: true, force: true });
      });
      return server;
    });
    return sharedServer;
  }

  get address(): string {
    return `http://127.0.0.1:${this.httpPort}/`;
  }

  /** Everything that the server has printed. */
  get log(): string {
    return this.output;
  }

  /** The server's process, for measurements. */
  get pid(): number {
    return this.process?.pid ?? 0;
  }

  /** Starts it again where it was, after {@link pause}. */
  async resume(): Promise<void> {
    const settings = {
      'belfry.http.host': '127.0.0.1',
      'belfry.http.port': String(this.httpPort),
      'belfry.dataDirectory': this.data,
      'belfry.sfu.loops': String(this.udpPorts.length),
      'belfry.sfu.udp.port': String(this.udpPorts[0]),
      'belfry.sfu.warmUp': 'false',
      ...this.settings,
    };
    const jar = join(ROOT, 'app/target/belfry.jar');
    if (!existsSync(jar)) {
      throw new Error('The server is not built: start ./run once.');
    }
    const cache = join(ROOT, 'app/target/belfry.aot');
    const isFresh = existsSync(cache) && statSync(cache).mtimeMs > statSync(jar).mtimeMs;
    const set = Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`]);
    const child = spawn(java(), [...(isFresh ? [`-XX:AOTCache=${cache}`] : []), '-jar', jar, 'run', '--dev', ...set], {
      cwd: this.data,
      env: { ...process.env, BELFRY_SFU_ANNOUNCED_ADDRESSES: this.announced },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.process = child;
    const before = this.output.length;
    await new Promise<void>((resolve, reject) => {
      const fail = (why: string) => {
        child.kill();
        reject(new Error(`The server ${why}:\n${this.output.slice(before)}`));
      };
      const timer = setTimeout(() => fail('was not ready in time'), READY_WITHIN_MS);
      const hear = (chunk: Buffer) => {
        this.output += chunk.toString();
        if (READY.test(this.output.slice(before))) {
          clearTimeout(timer);
          resolve();
        }
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.once('exit', (code) => fail(`stopped with ${code ?? 'a signal'}`));
    });
  }

  /** Stops it, but keeps its data. */
  async pause(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.process;
    this.process = null;
    if (child !== null && child.exitCode === null) {
      await new Promise((resolve) => {
        child.once('exit', resolve);
        child.kill(signal);
      });
    }
  }

  /** Stops it for good. */
  async stop(): Promise<void> {
    await this.pause();
    rmSync(this.data, { recursive: true, force: true });
  }
}

function java(): string {
  const installed = '/usr/lib/jvm';
  const homes = [
    process.env.JAVA_HOME ?? '',
    ...(existsSync(installed) ? readdirSync(installed).filter((name) => name.includes('25')) : []).map((name) =>
      join(installed, name),
    ),
  ];
  const found = homes.map((home) => join(home, 'bin/java')).find((path) => path.startsWith('/') && existsSync(path));
  return found ?? 'java';
}

async function freeTcpPort(): Promise<number> {
  return (await bindTcp(0))!;
}

/** Two neighbouring ports, for two media loops; they take UDP and TCP. */
async function freeMediaPorts(): Promise<readonly number[]> {
  for (;;) {
    const first = await bindUdp(0);
    if (first === null) continue;
    const second = first + 1;
    if ((await bindUdp(second)) !== null && (await bindTcp(first)) !== null && (await bindTcp(second)) !== null) {
      return [first, second];
    }
  }
}

/** The port, if it could be bound; it is let go again. */
async function bindUdp(port: number): Promise<number | null> {
  const socket = createSocket('udp4');
  return new Promise((resolve) => {
    socket.once('error', () => resolve(null));
    socket.bind(port, () => {
      const bound = socket.address().port;
      socket.close(() => resolve(bound));
    });
  });
}

async function bindTcp(port: number): Promise<number | null> {
  const socket = createServer();
  return new Promise((resolve) => {
    socket.once('error', () => resolve(null));
    // On all addresses, as the media ports are.
    socket.listen(port, () => {
      const bound = (socket.address() as AddressInfo).port;
      socket.close(() => resolve(bound));
    });
  });
}
