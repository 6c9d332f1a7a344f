import { readFileSync } from 'node:fs';
import tls, { type TLSSocket } from 'node:tls';
import { UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';

/** What makes a certificate a trusted one, beside the certificates that the system trusts. */
export interface TlsTrust {
  /** Certificates of the hospital's own authorities, PEM. */
  readonly caPem?: string;
  /** SHA-256 of the one certificate that is trusted instead, however it is signed: `AB:CD:…`. */
  readonly fingerprint?: string;
}

/** The certificate that a program shows of itself, and its key, both PEM. */
export interface TlsIdentity {
  readonly certificatePem: string;
  readonly keyPem: string;
}

/** Where Linux distributions keep the certificates that they trust, as one file. */
const SYSTEM_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

let systemPems: readonly string[] | undefined;

/** The certificates that the system trusts: by Node.js where it can read them, else from the system's file. */
function systemCertificates(): readonly string[] {
  // From Node.js 22.15 on, so that the types of Node.js 20 lack it.
  const { getCACertificates } = tls as { getCACertificates?: (type: 'system') => string[] };
  systemPems ??= getCACertificates?.('system') ?? firstReadable(SYSTEM_BUNDLES);
  return systemPems;
}

function firstReadable(files: readonly string[]): string[] {
  for (const file of files) {
    try {
      return [readFileSync(file, 'utf8')];
    } catch {
      // The next distribution's place.
    }
  }
  return [];
}

/** The trusted authorities of a connection, and our own certificate; made once for all of its sockets. */
export const secureContextOf = ({ caPem }: TlsTrust, identity?: TlsIdentity): tls.SecureContext =>
  tls.createSecureContext({
    ca: [...tls.rootCertificates, ...systemCertificates(), ...(caPem === undefined ? [] : [caPem])],
    ...withoutUndefined({ cert: identity?.certificatePem, key: identity?.keyPem }),
  });

/** @throws UserError where the texts are no certificate and its key, or the key asks for a password */
export function parseIdentity(certificatePem: string, keyPem: string, fileName: string): TlsIdentity {
  try {
    const isWhole = certificatePem.includes('BEGIN CERTIFICATE') && keyPem.includes('PRIVATE KEY');
    if (!isWhole) throw new RangeError('no certificate or no key');
    tls.createSecureContext({ cert: certificatePem, key: keyPem });
  } catch (thrown) {
    throw new UserError(failure('network.identity-invalid', { fileName }), { cause: thrown });
  }
  return { certificatePem, keyPem };
}

/** @throws UserError where the text of a file holds no certificate */
export function parseCaPem(text: string, fileName: string): string {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    if (blocks.length === 0) throw new RangeError('no certificate');
    tls.createSecureContext({ ca: blocks });
  } catch {
    throw new UserError(failure('network.certificate-file', { fileName }));
  }
  return blocks.join('\n');
}

/** Hexadecimal digits, with or without colons, as `AB:CD:…`; undefined where it is no SHA-256 fingerprint. */
export function parseFingerprint(text: string): string | undefined {
  const digits = text.replace(/[:\s]/g, '').toUpperCase();
  return /^[0-9A-F]{64}$/.test(digits) ? (digits.match(/../g) ?? []).join(':') : undefined;
}

/** Why nothing may be sent through this socket; undefined where the certificate is trusted. */
export function certificateRefusal(
  socket: TLSSocket,
  server: string,
  { fingerprint }: TlsTrust,
): Failure | undefined {
  const shown = socket.getPeerCertificate().fingerprint256 ?? '';
  if (fingerprint !== undefined) {
    return shown === fingerprint
      ? undefined
      : failure('network.certificate-changed', { server, fingerprint: shown });
  }
  if (socket.authorized) return undefined;
  const reason = reasonInWords(String(socket.authorizationError));
  return failure('network.certificate-untrusted', { server, reason, fingerprint: shown });
}

const REASONS: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its authority is not known here',
  UNABLE_TO_GET_ISSUER_CERT: 'its authority is not known here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its authority is not known here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its authority is not known here',
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is for another host',
};
const reasonInWords = (code: string): string => REASONS[code] ?? code;
