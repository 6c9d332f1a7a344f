import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type LocalServer, startLocalServer } from '#main/transport/websocket.ts';
import { type Admission, admitted, tokenIn } from '#renderer/connection/admission.ts';
import type { Port } from '#shared/rpc/port.ts';
import { type Credential, credentialProtocol, WEB_SOCKET_PROTOCOL } from '#shared/rpc/webSocketHandshake.ts';
import { describeRpc } from './rpcSuite.ts';

/** A server with one page, whose served ports can be waited for. */
async function startTestServer(): Promise<{
  server: LocalServer;
  nextPort(): Promise<Port>;
  free(): Promise<void>;
}> {
  const pageFolder = mkdtempSync(join(tmpdir(), 'renderer-'));
  writeFileSync(join(pageFolder, 'index.html'), '<!doctype html><title>Auricle</title>');
  const served: ((port: Port) => void)[] = [];
  const server = await startLocalServer({ pageFolder, serve: (port) => served.shift()?.(port) });
  return {
    server,
    nextPort: () => new Promise((resolve) => void served.push(resolve)),
    async free() {
      await server.close();
      rmSync(pageFolder, { recursive: true, force: true });
    },
  };
}

const tokenOf = (link: string): Credential => ({ kind: 'token', secret: tokenIn(new URL(link).hash) ?? '' });

const open = (server: LocalServer, credential: Credential, headers: Record<string, string> = {}): WebSocket =>
  new WebSocket(
    `${server.origin.replace('http', 'ws')}/rpc`,
    [WEB_SOCKET_PROTOCOL, credentialProtocol(credential)],
    {
      headers: { Origin: server.origin, ...headers },
    },
  );

/** The port and the session of a socket that has to be let in. */
async function letIn(socket: WebSocket): Promise<Admission> {
  const admission = await admitted(socket);
  if (!admission) throw new Error('was not let in');
  return admission;
}

describeRpc('a WebSocket on the loopback interface', async () => {
  const { server, nextPort, free } = await startTestServer();
  return {
    async connect() {
      const serverPort = nextPort();
      const { port } = await letIn(open(server, tokenOf(server.createLink())));
      return [port, await serverPort];
    },
    free,
  };
});

describe('the local server', () => {
  let server: LocalServer;
  let free: () => Promise<void>;
  beforeEach(async () => {
    ({ server, free } = await startTestServer());
  });
  afterEach(() => free());

  /** Not fetch: that would correct the host and the path. */
  const get = (
    path: string,
    headers: Record<string, string> = {},
    method = 'GET',
  ): Promise<{ status: number; headers: Record<string, unknown>; body: string }> =>
    new Promise((resolve, reject) => {
      request({ host: '127.0.0.1', port: server.port, path, method, headers }, (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (part) => {
          body += part;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      })
        .on('error', reject)
        .end();
    });
  /** The HTTP status that a refused upgrade gets. */
  const refusal = (socket: WebSocket): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      socket.on('error', () => {});
      socket.on('open', () => reject(new Error('was let in')));
      socket.on('unexpected-response', (_request, response) => {
        resolve(response.statusCode);
        response.resume();
      });
    });

  it('answers its page with the policy and the isolation', async () => {
    const page = await get('/');
    expect(page).toMatchObject({ status: 200, body: expect.stringContaining('Auricle') });
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    expect(page.headers['content-security-policy']).toContain(
      `connect-src 'self' ws://127.0.0.1:${server.port}`,
    );
    expect(Object.keys(page.headers).join()).not.toContain('access-control');
  });

  it('answers HEAD without a body, and nothing else but GET', async () => {
    expect(await get('/', {}, 'HEAD')).toMatchObject({ status: 200, body: '' });
    for (const method of ['POST', 'PUT', 'OPTIONS']) expect((await get('/', {}, method)).status).toBe(405);
  });

  it.each([
    '/../package.json',
    '/..%2f..%2fpackage.json',
    '/%2e%2e/package.json',
    '//etc/passwd',
    '/none.js',
  ])('has no file %s', async (path) => {
    expect(await get(path)).toMatchObject({ status: 404, body: 'Not found' });
  });

  it('refuses other names and other pages', async () => {
    expect((await get('/', { Host: 'evil.example' })).status).toBe(403);
    expect((await get('/', { Host: `evil.example:${server.port}` })).status).toBe(403);
    expect((await get('/', { Origin: 'http://evil.example' })).status).toBe(403);
    expect((await get('/', { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
    expect((await get('/', { Host: `localhost:${server.port}` })).status).toBe(200);
  });

  it('refuses sockets for other host names and from other pages, with any token', async () => {
    const credential = tokenOf(server.createLink());
    expect(await refusal(open(server, credential, { Origin: 'http://evil.example' }))).toBe(403);
    expect(await refusal(open(server, credential, { Origin: 'null' }))).toBe(403);
    expect(await refusal(open(server, credential, { Host: `evil.example:${server.port}` }))).toBe(403);
    // The token was not used up by them.
    const { port } = await letIn(open(server, credential));
    port.close();
  });

  it('admits a token once, its session again, and nobody else', async () => {
    const credential = tokenOf(server.createLink());
    const first = await letIn(open(server, credential));
    expect(await admitted(open(server, credential))).toBeUndefined();
    const again = await letIn(open(server, { kind: 'session', secret: first.session }));
    expect(again.session).toBe(first.session);
    const never = { kind: 'session', secret: 'a'.repeat(43) } as const;
    expect(await admitted(open(server, never))).toBeUndefined();
    first.port.close();
    again.port.close();
  });

  it('proves to a page that comes back that it is the same server', async () => {
    const first = await letIn(open(server, tokenOf(server.createLink())));
    const credential = { kind: 'session', secret: first.session } as const;
    const again = await admitted(open(server, credential), first.proof);
    expect(again?.proof).toBe(first.proof);
    const doubted = admitted(open(server, credential), 'x'.repeat(43));
    await expect(doubted).rejects.toThrow("What answers at this address is not Auricle's engine.");
    first.port.close();
    again?.port.close();
  });

  it('rejects a page that comes too late: the engine is gone', async () => {
    const credential = tokenOf(server.createLink());
    await server.close();
    await expect(admitted(open(server, credential))).rejects.toThrow(/cannot be reached/);
  });

  it.each([
    ['text', 'hello'],
    ['damaged bytes', new Uint8Array([1, 2, 3])],
  ])('closes a socket that sends %s', async (_what, frame) => {
    const socket = open(server, tokenOf(server.createLink()));
    expect(server.hasPages()).toBe(false);
    const { port } = await letIn(socket);
    expect(server.hasPages()).toBe(true);
    const closed = new Promise((resolve) => void port.onClose(resolve));
    socket.send(frame);
    await closed;
  });

  it('listens on the loopback interface only', async () => {
    const others = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    for (const { address } of others) {
      const failure = new Promise((resolve) => {
        request({ host: address, port: server.port }, () => resolve('answered'))
          .on('error', resolve)
          .end();
      });
      expect(await failure).toBeInstanceOf(Error);
    }
    expect(server.origin).toBe(`http://127.0.0.1:${server.port}`);
  });

  it('refuses a port that is taken, in a sentence', async () => {
    await expect(startLocalServer({ pageFolder: '', port: server.port, serve: () => {} })).rejects.toThrow(
      `Port ${server.port} is taken.`,
    );
  });
});
