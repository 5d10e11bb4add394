import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { existsSync } from 'node:fs';

const TURNSERVER = process.env.TURNSERVER ?? '/usr/bin/turnserver';

/** coturn on the loopback interface, with a secret that it shares with the server. */
export class Turn {
  static readonly isInstalled = existsSync(TURNSERVER);

  readonly secret = 'north';
  /** Of this process, so that runs beside each other do not meet. */
  private readonly port = 20_000 + (process.pid % 10_000);
  private process: ChildProcess | null = null;

  get url(): string {
    return `turn:127.0.0.1:${this.port}?transport=udp`;
  }

  /** Resolves when it listens. */
  async start(): Promise<void> {
    const options = [
      ['--listening-ip', '127.0.0.1'],
      ['--relay-ip', '127.0.0.1'],
      ['--listening-port', String(this.port)],
      ['--realm', 'belfry'],
      ['--use-auth-secret', '--static-auth-secret', this.secret],
      ['--allow-loopback-peers', '--no-cli', '--no-tls', '--no-dtls'],
      ['--log-file', 'stdout', '--pidfile', ''],
    ];
    const child = spawn(TURNSERVER, options.flat(), { stdio: 'ignore' });
    this.process = child;
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`coturn stopped with ${code ?? 'a signal'}`)));
      this.answers().then(resolve, reject);
    });
  }

  /** Asks for a binding (RFC 8489) until there is an answer. */
  private async answers(): Promise<void> {
    const socket = createSocket('udp4');
    const question = Buffer.from('000100002112a442' + '01'.repeat(12), 'hex');
    const asking = setInterval(() => socket.send(question, this.port, '127.0.0.1'), 50);
    await new Promise((resolve) => socket.once('message', resolve));
    clearInterval(asking);
    socket.close();
  }

  async stop(): Promise<void> {
    const child = this.process;
    this.process = null;
    if (child !== null && child.exitCode === null) {
      await new Promise((resolve) => {
        child.once('exit', resolve);
        child.kill('SIGTERM');
      });
    }
  }
}
