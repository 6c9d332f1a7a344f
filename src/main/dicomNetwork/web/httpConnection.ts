import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { CancelledError, throwIfCancelled, UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { createAgent, exchange, type Patience } from './httpExchange.ts';
import { authorizationOf, isUnencrypted, type WebServer } from './webServer.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** Below the services' address, with its query: `/studies?limit=20`. */
  readonly path: string;
  readonly accept: string;
  readonly contentType?: string;
  readonly contentLength?: number;
  /** Made anew for every attempt. */
  readonly body?: () => AsyncIterable<Uint8Array>;
  /** Statuses beside 2xx whose answers the caller reads. */
  readonly alsoStatus?: readonly number[];
  readonly signal?: AbortSignal | undefined;
}

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  /** Throws a UserError where the connection ends early, a CancelledError where the request's signal fires. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Ends reading what is not wanted. */
  discard(): void;
}

export interface HttpConnection {
  /** The origin, for messages and for the screen. */
  readonly server: string;
  /**
   * Sends a request; again after a pause where the server could not be reached, was silent or overloaded: every request
   * of DICOMweb that is used here may be repeated.
   *
   * @throws UserError for whatever is no success
   * @throws CancelledError where the request's signal fires
   */
  send(request: HttpRequest): Promise<HttpAnswer>;
  close(): void;
}

export const USUAL_PATIENCE: Patience = {
  connectMs: 10_000,
  answerMs: 120_000,
  pieceMs: 60_000,
  pausesMs: [500, 1000, 2000],
};

const LONGEST_PAUSE_MS = 30_000;
const MOST_REDIRECTS = 5;

/**
 * A connection to one DICOMweb server, with its credentials and its certificate's check.
 *
 * @throws UserError where the credentials would be sent unencrypted to another machine
 */
export function connectHttp(server: WebServer, patience: Patience = USUAL_PATIENCE): HttpConnection {
  const { origin } = new URL(server.url);
  const { credentials } = server;
  if (credentials !== undefined && isUnencrypted(server.url) && server.allowUnencryptedPassword !== true)
    throw new UserError(failure('network.password-unencrypted', { server: origin }));
  const agent = createAgent(origin, server.trust ?? {}, server.identity, patience);
  const headersOf = ({ accept, contentType, contentLength }: HttpRequest): Record<string, string> =>
    withoutUndefined({
      accept,
      authorization: credentials && authorizationOf(credentials),
      'content-type': contentType,
      'content-length': contentLength?.toString(),
    });

  const sendOnce = async (request: HttpRequest): Promise<IncomingMessage> => {
    let url = `${server.url}${request.path}`;
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      const { method, body, signal } = request;
      const raw = { url, method, headers: headersOf(request), body: body?.(), signal };
      const answer = await exchange(raw, agent, patience);
      const { location } = answer.headers;
      if (!isRedirect(statusOf(answer)) || location === undefined) return answer;
      answer.destroy();
      const target = redirectTarget(url, location);
      // Neither the credentials nor a patient's data go to a server that nobody configured.
      if (target?.origin !== origin)
        throw new UserError(
          failure('network.redirected', { server: origin, target: target?.origin ?? 'nowhere' }),
        );
      url = target.href;
    }
    throw new UserError(failure('network.redirected-endlessly', { server: origin }));
  };

  return {
    server: origin,
    async send(request) {
      const { signal } = request;
      for (let attempt = 0; ; attempt++) {
        throwIfCancelled(signal);
        const pauseMs = patience.pausesMs[attempt];
        try {
          const answer = await sendOnce(request);
          const status = statusOf(answer);
          if ((status >= 200 && status < 300) || request.alsoStatus?.includes(status))
            return answerOf(answer, origin, signal);
          answer.destroy();
          if (pauseMs === undefined || !isOverloaded(status))
            throw new UserError(statusFailure(status, origin, credentials !== undefined));
          await pause(Math.max(pauseMs, retryAfterMs(answer)), signal);
        } catch (thrown) {
          const why = failureOfTransport(thrown, origin, signal);
          if (pauseMs === undefined || !isPassing(why)) throw new UserError(why, { cause: thrown });
          await pause(pauseMs, signal);
        }
      }
    },
    close: () => agent.destroy(),
  };
}

const statusOf = ({ statusCode }: IncomingMessage): number => statusCode ?? 0;

function answerOf(answer: IncomingMessage, server: string, signal: AbortSignal | undefined): HttpAnswer {
  return {
    status: statusOf(answer),
    contentType: answer.headers['content-type'] ?? '',
    body: (async function* pieces() {
      try {
        for await (const piece of answer) yield piece as Uint8Array;
      } catch (thrown) {
        throw new UserError(failureOfTransport(thrown, server, signal), { cause: thrown });
      }
    })(),
    discard: () => void answer.destroy(),
  };
}

const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status);

function redirectTarget(from: string, location: string): URL | undefined {
  try {
    return new URL(location, from);
  } catch {
    return undefined;
  }
}

const isOverloaded = (status: number): boolean => [429, 502, 503, 504].includes(status);

function retryAfterMs({ headers }: IncomingMessage): number {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) ? Math.min(LONGEST_PAUSE_MS, Math.max(0, seconds * 1000)) : 0;
}

function statusFailure(status: number, server: string, hasCredentials: boolean): Failure {
  if (status === 401)
    return failure(hasCredentials ? 'network.password-refused' : 'network.password-needed', { server });
  if (status === 403) return failure('network.access-denied', { server });
  if (status === 404) return failure('network.not-found', { server });
  return failure('network.status', { server, status });
}

/** Failures that may be over a moment later. */
const isPassing = ({ code }: Failure): boolean =>
  code === 'network.unreachable' || code === 'network.silent' || code === 'network.connection-ended';

/** What the transport threw, as a failure. @throws CancelledError where it was the request's signal */
function failureOfTransport(thrown: unknown, server: string, signal: AbortSignal | undefined): Failure {
  throwIfCancelled(signal);
  if (thrown instanceof UserError) return thrown.failure;
  const code =
    thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
  if (['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'ECONNABORTED'].includes(code))
    return failure('network.connection-ended', { server });
  // The parser's own codes: a header that is too large, chunks that are none.
  if (code.startsWith('HPE_')) return failure('network.answer-damaged', { server });
  // ECONNREFUSED, ENOTFOUND, EHOSTUNREACH, a protocol error of TLS, …
  if (code !== '') return failure('network.unreachable', { server, reason: code });
  throw thrown;
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(ms, undefined, withoutUndefined({ signal }));
  } catch {
    throw new CancelledError();
  }
}
