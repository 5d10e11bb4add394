import { CometChatException, clientError, type ErrorModel } from '../errors.js';
import type { Platform } from '../platform.js';

const REST_TIMEOUT_MILLIS = 15_000;

/** Who a request speaks for. */
export type Credentials = { authToken: string } | { apikey: string };

/** The REST half of the protocol (§2): JSON in and out, refusals as exceptions with words. */
export class Rest {
  constructor(
    private readonly platform: Platform,
    /** The server's address, e.g. `https://calls.example.org`, without a path. */
    readonly server: string,
  ) {}

  /** Asks, and gives the `data` of the answer. */
  async call<T>(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    path: string,
    credentials?: Credentials,
    body?: object,
  ): Promise<T> {
    const abort = new AbortController();
    const cancelTimer = this.platform.clock.after(REST_TIMEOUT_MILLIS, () => abort.abort());
    try {
      const response = await this.platform.fetch(`${this.server}${path}`, {
        method,
        headers: { ...(body ? { 'content-type': 'application/json' } : {}), ...credentials },
        ...(body ? { body: JSON.stringify(body) } : {}),
        cache: 'no-store',
        signal: abort.signal,
      });
      const answer = (await response.json().catch(() => ({}))) as { data?: T; error?: ErrorModel };
      if (!response.ok || answer.error) throw refusal(response.status, answer.error);
      return answer.data as T;
    } catch (thrown) {
      if (thrown instanceof CometChatException) throw thrown;
      if (abort.signal.aborted) throw clientError('REQUEST_TIMEOUT');
      throw clientError(this.platform.isOnline() ? 'FAILED_TO_FETCH' : 'NO_INTERNET_CONNECTION', String(thrown));
    } finally {
      cancelTimer();
    }
  }

  /** A WebSocket address on the same server. */
  socketUrl(path: string): string {
    return `${this.server.replace(/^http/, 'ws')}${path}`;
  }
}

function refusal(status: number, error: ErrorModel | undefined): CometChatException {
  if (error?.code !== undefined) return new CometChatException(error);
  return new CometChatException({
    code: 'UNKNOWN_API_ERROR',
    message: `The server refused the request (HTTP ${status}).`,
  });
}

/**
 * The server's address from what an app gave as a host: `calls.example.org`, `https://calls.example.org/` and
 * `localhost:8080` all name one. Without a scheme it is that of the page.
 */
export function serverAddress(host: string | undefined, origin: string): string {
  if (!host) return origin;
  const scheme = origin.startsWith('http://') ? 'http' : 'https';
  const url = new URL(/^[a-z]+:\/\//i.test(host) ? host : `${scheme}://${host}`);
  const path = url.pathname.replace(/\/+$/, '');
  return `${url.protocol.replace(/^ws/, 'http')}//${url.host}${path}`;
}
