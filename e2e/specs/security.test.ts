import { request } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { credentialProtocol, WEB_SOCKET_PROTOCOL } from '#shared/rpc/webSocketHandshake.ts';
import { type Application, describeInBrowser, endToEnd, openApplication } from '../fixtures/application.ts';

describeInBrowser('the local server, to those who have no business with it', () => {
  let app: Application;
  beforeAll(async () => {
    app = await openApplication({
      ownServer: true,
      prepared: endToEnd.sessionData,
      // What the browser logs where another site's page is refused.
      provoked:
        /blocked by CORS policy|net::ERR_FAILED|net::ERR_TUNNEL|status of 403|WebSocket connection to/,
    });
  });
  afterAll(async () => {
    await app?.close();
  });

  const status = (headers: Record<string, string>, path = '/'): Promise<number | undefined> =>
    new Promise((done, failed) => {
      request(`${app.server.origin}${path}`, { headers }, (answer) => {
        answer.resume();
        done(answer.statusCode);
      })
        .on('error', failed)
        .end();
    });
  /** @returns whether the server opened the socket and, when it closes at once, that it did */
  const socket = (secret: string, origin: string, host = new URL(app.server.origin).host): Promise<string> =>
    new Promise((done) => {
      const opened = new WebSocket(
        `ws://${new URL(app.server.origin).host}/rpc`,
        [WEB_SOCKET_PROTOCOL, credentialProtocol({ kind: 'token', secret })],
        { headers: { Origin: origin, Host: host } },
      );
      opened.on('message', () => {
        opened.close();
        done('answered');
      });
      opened.on('close', () => done('closed'));
      opened.on('error', () => done('refused'));
    });

  it('serves its pages to this machine only', async () => {
    expect(await status({})).toBe(200);
    expect(await status({ Host: 'rebound.example' })).toBe(403);
    expect(await status({ Origin: 'https://elsewhere.example' })).toBe(403);
    expect(await status({ 'Sec-Fetch-Site': 'cross-site' })).toBe(403);
    expect(await status({}, '/../../package.json')).toBeGreaterThanOrEqual(400);
    expect(await status({}, '/%2e%2e/%2e%2e/package.json')).toBeGreaterThanOrEqual(400);
  });

  it('opens no socket for a wrong token, a used one, another origin or another name', async () => {
    const token = new URLSearchParams(new URL(app.server.link).hash.slice(1)).get('token')!;
    const { origin } = app.server;
    for (const attempt of [
      socket('a'.repeat(43), origin),
      socket(token, origin),
      socket(token, 'https://elsewhere.example'),
      socket(token, 'null'),
      socket(token, origin, 'rebound.example'),
    ])
      expect(await attempt).toMatch(/closed|refused/);
  });

  it('lets no other page read or frame the program', async () => {
    const page = await app.context.newPage();
    // A page of another origin that a person happens to have open.
    await page.goto('data:text/html,<title>Elsewhere</title>');
    const outcome = await page.evaluate(async (origin) => {
      const read = await fetch(origin).then(
        () => 'read',
        () => 'refused',
      );
      const opened = await new Promise<string>((done) => {
        const attempt = new globalThis.WebSocket(`${origin.replace('http', 'ws')}/rpc`, ['auricle']);
        attempt.onopen = () => done('opened');
        attempt.onerror = () => done('refused');
      });
      return { read, opened };
    }, app.server.origin);
    expect(outcome).toEqual({ read: 'refused', opened: 'refused' });
    await page.close();
  });

  it('would be seen to ask another host: requests, sockets, other names of this machine', async () => {
    expect([...app.otherHosts]).toEqual([]);
    const page = await app.context.newPage();
    await page.goto('data:text/html,<title>Elsewhere</title>');
    await page.evaluate(async () => {
      const addresses = ['http://plain.example/', 'https://secure.example/', 'http://localhost:8123/'];
      for (const address of addresses) await fetch(address, { mode: 'no-cors' }).catch(() => undefined);
      await new Promise((done) => {
        new globalThis.WebSocket('ws://socket.example/').onerror = done;
      });
    });
    await page.close();
    expect([...app.otherHosts].sort()).toEqual([
      'localhost',
      'plain.example',
      'secure.example',
      'socket.example',
    ]);
    app.otherHosts.clear();
  });
});
