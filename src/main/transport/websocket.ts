import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { Port } from '#shared/rpc/port.ts';
import { NOT_ADMITTED_CODE, readCredential, WEB_SOCKET_PROTOCOL } from '#shared/rpc/webSocketHandshake.ts';
import { createWebSocketPort } from '#shared/rpc/webSocketPort.ts';
import { contentSecurityPolicy, securityHeaders } from '../page/contentSecurityPolicy.ts';
import { readPageFile } from '../page/pageFiles.ts';
import { createAccessTokens } from './accessTokens.ts';
import { localHosts, mayConnect, mayRead } from './localRequests.ts';

/** Only this machine reaches it. */
const LOOPBACK = '127.0.0.1';
/** Bytes of the largest message: a crop takes some 60 MB, a session or a set of files may take more. */
const LARGEST_MESSAGE = 512 << 20;

export interface LocalServerOptions {
  /** The folder of the built pages. */
  readonly pageFolder: string;
  /** 0: any that is free. */
  readonly port?: number;
  /** Gets the port of each page that was let in. */
  serve(port: Port): void;
}

export interface LocalServer {
  readonly port: number;
  /** `http://127.0.0.1:…` */
  readonly origin: string;
  /** A link that lets one page in; its session then lets in reloads and further windows. */
  createLink(): string;
  /** Whether a page is connected now. */
  hasPages(): boolean;
  close(): Promise<void>;
}

/**
 * Serves the pages and their sockets on the loopback interface. A page needs the one-time token of a link, or the
 * session that it was exchanged for; other sites' pages and rebound names are refused.
 * @throws UserError where the port is taken
 */
export async function startLocalServer(options: LocalServerOptions): Promise<LocalServer> {
  const tokens = createAccessTokens();
  const server = createServer((request, response) => void answer(options, request, response));
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_MESSAGE,
    perMessageDeflate: false,
    handleProtocols: (offered) => offered.has(WEB_SOCKET_PROTOCOL) && WEB_SOCKET_PROTOCOL,
  });

  server.on('upgrade', (request, socket, head) => {
    if (request.url !== '/rpc' || !mayConnect(request.headers, portOf(request))) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const offered = request.headers['sec-websocket-protocol']?.split(/\s*,\s*/) ?? [];
      const pass = tokens.admit(readCredential(offered));
      if (!pass) {
        webSocket.on('error', () => {});
        webSocket.close(NOT_ADMITTED_CODE, 'not admitted');
        return;
      }
      const port = createWebSocketPort(webSocket);
      webSocket.send(JSON.stringify(pass));
      options.serve(port);
    });
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new UserError(failure('page.port-taken', { port: options.port ?? 0 }))
          : error,
      ),
    );
    server.listen({ host: LOOPBACK, port: options.port ?? 0, exclusive: true }, resolve);
  });
  // `listen` with a host and a port gives this kind of address.
  const { port } = server.address() as AddressInfo;
  const origin = `http://${LOOPBACK}:${port}`;
  return {
    port,
    origin,
    // After a '#': browsers neither send nor refer it.
    createLink: () => `${origin}/#token=${tokens.issueToken()}`,
    hasPages: () => sockets.clients.size > 0,
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      const ended = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await ended;
    },
  };
}

const portOf = (request: IncomingMessage): number => request.socket.localPort ?? 0;

async function answer(
  { pageFolder }: LocalServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const port = portOf(request);
  const policy = contentSecurityPolicy(localHosts(port).map((host) => `ws://${host}`));
  const send = (status: number, contentType: string, body: string | Buffer): void => {
    response.writeHead(status, {
      ...securityHeaders(policy),
      'Content-Type': contentType,
      'Content-Length': Buffer.byteLength(body),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  };
  const refuse = (status: number, reason: string): void => send(status, 'text/plain; charset=utf-8', reason);
  if (!mayRead(request.headers, port)) return refuse(403, 'Forbidden');
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'Method not allowed');
  const [path = ''] = (request.url ?? '').split(/[?#]/);
  const file = await readPageFile(pageFolder, path);
  if (!file) return refuse(404, 'Not found');
  send(200, file.contentType, file.bytes);
}
