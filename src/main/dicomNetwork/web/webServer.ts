import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { TlsIdentity, TlsTrust } from '../certificateTrust.ts';

/** Who asks. Held in memory only; never part of an address, a message or a log. */
export type Credentials =
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: string };

/** A DICOMweb server and how to speak to it. */
export interface WebServer {
  /** Where the services are, without a slash at the end: `https://host/dicom-web`. */
  readonly url: string;
  readonly credentials?: Credentials;
  readonly trust?: TlsTrust;
  /** What this program shows of itself where the server asks for a certificate. */
  readonly identity?: TlsIdentity;
  /** Whether a password may be sent over http to another machine. */
  readonly allowUnencryptedPassword?: boolean;
}

/**
 * The address of DICOMweb services as it is used: http or https, no slash at the end.
 *
 * @throws UserError where it is no such address, or holds a user name, a password, a query or a fragment
 */
export function parseWebAddress(text: string): string {
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    throw new UserError(failure('network.address-invalid', { address: text }));
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new UserError(failure('network.address-holds-password'));
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new UserError(failure('network.address-invalid', { address: text }));
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Whether what is sent can be read on the way: http to another machine. */
export function isUnencrypted(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && !LOOPBACK.test(hostname);
}

/** The `Authorization` header of a request. */
export function authorizationOf(credentials: Credentials): string {
  if (credentials.kind === 'bearer') return `Bearer ${credentials.token}`;
  // RFC 7617: the name ends at the first colon; UTF-8.
  return `Basic ${Buffer.from(`${credentials.user}:${credentials.password}`, 'utf8').toString('base64')}`;
}
