import net, { type Socket } from 'node:net';
import tls, { type TLSSocket } from 'node:tls';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { certificateRefusal, secureContextOf, type TlsIdentity, type TlsTrust } from '../certificateTrust.ts';

/*
 * The classic protocol over TLS (PS3.15 annex B): the same messages within an encrypted connection, where either end may
 * ask the other for a certificate.
 */

/** An encrypted connection to a node, or of nodes to us. */
export interface NodeTls {
  /** Which certificates the other end may show. */
  readonly trust: TlsTrust;
  /** What we show of ourselves: always where we are called, where it is asked for when we call. */
  readonly identity?: TlsIdentity | undefined;
}

/** Connects; nothing is sent before `onReady`, which an encrypted socket reaches with a trusted certificate only. */
export function connectSocket(
  { host, port, tls: secure }: { host: string; port: number; tls?: NodeTls | undefined },
  server: string,
  onReady: () => void,
  onRefused: (why: Failure) => void,
): Socket {
  if (secure === undefined) return net.connect({ host, port }, onReady);
  const socket = tls.connect(
    {
      host,
      port,
      secureContext: secureContextOf(secure.trust, secure.identity),
      // Checked below, because one certificate may be trusted by its fingerprint.
      rejectUnauthorized: false,
      ...(net.isIP(host) === 0 ? { servername: host } : {}),
    },
    () => {
      const refusal = certificateRefusal(socket, server, secure.trust);
      if (refusal === undefined) onReady();
      else onRefused(refusal);
    },
  );
  return socket;
}

const NO_TLS = ['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG', 'EPROTO'];

/** What an error of an encrypted socket says about the other end; undefined where it is another error. */
export function tlsFailure(code: string, server: string): Failure | undefined {
  if (NO_TLS.includes(code)) return failure('network.no-tls', { server });
  // The alerts by which it refuses our certificate, or the lack of one (RFC 8446 section 6.2).
  return /^ERR_SSL_.*ALERT/.test(code) ? failure('network.identity-refused', { server }) : undefined;
}

/** Listens for sockets; for encrypted ones whose certificate is trusted, where any is asked for. */
export function createSocketServer(
  secure: NodeTls | undefined,
  onSocket: (socket: Socket) => void,
  onRefused: (why: Failure) => void,
): net.Server {
  if (secure?.identity === undefined) return net.createServer(onSocket);
  const { trust, identity } = secure;
  const asksForCertificate = trust.caPem !== undefined || trust.fingerprint !== undefined;
  const server = tls.createServer(
    {
      cert: identity.certificatePem,
      key: identity.keyPem,
      requestCert: asksForCertificate,
      rejectUnauthorized: false,
      handshakeTimeout: 10_000,
      // Senders are known to the hospital's authorities alone, not to those of the web.
      ...withoutUndefined({ ca: trust.caPem }),
    },
    (socket) => {
      const refusal = asksForCertificate ? certificateRefusal(socket, 'the sender', trust) : undefined;
      if (refusal === undefined) return onSocket(socket);
      socket.on('error', () => {});
      socket.destroy();
      onRefused(refusal);
    },
  );
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: TLSSocket) => {
    socket.destroy();
    onRefused(failure('network.sender-no-tls', { reason: error.code ?? error.message }));
  });
  return server;
}
