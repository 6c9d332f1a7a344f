import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { TLSSocket } from 'node:tls';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { certificateRefusal, secureContextOf, type TlsIdentity, type TlsTrust } from '../certificateTrust.ts';

/** How long to wait and how often to try; tests set shorter ones. */
export interface Patience {
  readonly connectMs: number;
  /** For the beginning of an answer: an archive may have to fetch a series from tape. */
  readonly answerMs: number;
  /** Between two pieces of an answer. */
  readonly pieceMs: number;
  /** Pauses before the second, third, … attempt. */
  readonly pausesMs: readonly number[];
}

const SOCKETS = 6;

/** The sockets to one server, kept open between requests. An encrypted one carries nothing before its check. */
export function createAgent(
  origin: string,
  trust: TlsTrust,
  identity: TlsIdentity | undefined,
  { connectMs }: Patience,
): http.Agent {
  const usual = { keepAlive: true, maxSockets: SOCKETS };
  if (!origin.startsWith('https:')) return new PatientAgent(usual, origin, connectMs);
  return new TrustingAgent(origin, trust, connectMs, {
    ...usual,
    secureContext: secureContextOf(trust, identity),
    // The check is ours, below, so that a refusal can name the certificate's fingerprint. Sessions are not resumed: a
    // resumed one shows no certificate.
    rejectUnauthorized: false,
    maxCachedSessions: 0,
  });
}

type OnSocket = NonNullable<Parameters<http.Agent['createConnection']>[1]>;

class PatientAgent extends http.Agent {
  readonly #origin: string;
  readonly #connectMs: number;
  constructor(options: http.AgentOptions, origin: string, connectMs: number) {
    super(options);
    this.#origin = origin;
    this.#connectMs = connectMs;
  }
  override createConnection(options: http.ClientRequestArgs, callback?: OnSocket): undefined {
    const socket = super.createConnection(options);
    whenReady(socket, 'connect', this.#origin, this.#connectMs, callback, () => undefined);
  }
}

class TrustingAgent extends https.Agent {
  readonly #origin: string;
  readonly #trust: TlsTrust;
  readonly #connectMs: number;
  constructor(origin: string, trust: TlsTrust, connectMs: number, options: https.AgentOptions) {
    super(options);
    this.#origin = origin;
    this.#trust = trust;
    this.#connectMs = connectMs;
  }
  override createConnection(options: https.RequestOptions, callback?: OnSocket): undefined {
    const socket = super.createConnection(options);
    whenReady(socket, 'secureConnect', this.#origin, this.#connectMs, callback, () => {
      if (!(socket instanceof TLSSocket)) return new TypeError('The socket is not encrypted.');
      const refusal = certificateRefusal(socket, this.#origin, this.#trust);
      return refusal === undefined ? undefined : new UserError(refusal);
    });
  }
}

/** Hands a socket to the agent when it is connected and passes the check; destroys it where it does not. */
function whenReady(
  socket: ReturnType<http.Agent['createConnection']>,
  event: 'connect' | 'secureConnect',
  server: string,
  connectMs: number,
  callback: OnSocket | undefined,
  check: () => Error | undefined,
): void {
  if (!socket || !callback) throw new TypeError('The agent made no socket.');
  const end = (error: Error | null): void => {
    clearTimeout(timer);
    socket.off('error', end);
    if (error !== null) {
      socket.on('error', () => {});
      socket.destroy();
    }
    callback(error, socket);
  };
  const timer = setTimeout(() => end(silence(server, connectMs)), connectMs);
  socket.once('error', end);
  socket.once(event, () => end(check() ?? null));
}

const silence = (server: string, ms: number): UserError =>
  new UserError(failure('network.silent', { server, seconds: ms / 1000 }));

export interface RawRequest {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array> | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * One request over an agent's socket, up to the beginning of its answer. Reading the answer throws where it is silent
 * too long or ends early.
 */
export function exchange(
  { url, method, headers, body, signal }: RawRequest,
  agent: http.Agent,
  { answerMs, pieceMs }: Patience,
): Promise<IncomingMessage> {
  const { origin } = new URL(url);
  return new Promise((resolve, reject) => {
    const { request: open } = origin.startsWith('https:') ? https : http;
    const request = open(url, { agent, method, headers, ...withoutUndefined({ signal }) });
    let answer: IncomingMessage | undefined;
    // Of silence in both directions: a long upload is no silence.
    request.setTimeout(answerMs, () => {
      if (answer === undefined) request.destroy(silence(origin, answerMs));
      else answer.destroy(silence(origin, pieceMs));
    });
    request.on('error', reject);
    request.on('response', (response) => {
      answer = response;
      request.setTimeout(pieceMs);
      // Whoever reads gets the error thrown; one that comes while nobody reads must not end the program.
      response.on('error', () => {});
      resolve(response);
    });
    if (body === undefined) request.end();
    else {
      pipeline(Readable.from(body), request).catch((thrown: unknown) => {
        // A server that answers early may close what is still sent; then its answer says why.
        if (answer === undefined) reject(thrown);
      });
    }
  });
}
