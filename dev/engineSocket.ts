import type { IncomingMessage, Server } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { mayConnect } from '../src/main/transport/localRequests.ts';

const refuse = (socket: Duplex, status: string): void => {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
};

/**
 * Passes the page's socket (`/rpc`) on to the engine. The engine lets in pages of its own origin only, so host and origin
 * are rewritten, but not before the same rule has been applied here: a page of another site is refused as by the engine.
 * @param enginePort the engine's port on the loopback interface; undefined while none runs
 */
export function passSocketsOn(server: Server, enginePort: () => number | undefined): void {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Anything else is Vite's own socket.
    if (request.url !== '/rpc') return;
    socket.on('error', () => {});
    if (!mayConnect(request.headers, request.socket.localPort ?? 0)) return refuse(socket, '403 Forbidden');
    const port = enginePort();
    if (port === undefined) return refuse(socket, '503 Service Unavailable');
    const host = `127.0.0.1:${port}`;
    const headers = { ...request.headers, host, origin: `http://${host}` };
    const upstream = connect(port, '127.0.0.1', () => {
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
      upstream.write(`GET /rpc HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => socket.destroy());
    upstream.on('close', () => socket.destroy());
    socket.on('close', () => upstream.destroy());
  });
}
