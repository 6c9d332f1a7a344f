import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { NodeTls } from './nodeTls.ts';

/** A classic DICOM node and how to call it. */
export interface DicomNode {
  readonly host: string;
  readonly port: number;
  readonly calledAeTitle: string;
  readonly callingAeTitle: string;
  /** Undefined: the connection is not encrypted. */
  readonly tls?: NodeTls | undefined;
}

export const nodeName = ({ host, port, calledAeTitle }: DicomNode): string =>
  `${calledAeTitle}@${host}:${port}`;

/** `HOST:PORT`; an IPv6 address in brackets. @throws UserError */
export function parseNodeAddress(text: string): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9._-]+)):(\d{1,5})$/.exec(text.trim());
  const port = Number(match?.[3]);
  const host = match?.[1] ?? match?.[2];
  if (host === undefined || port < 1 || port > 65535)
    throw new UserError(failure('network.node-invalid', { address: text }));
  return { host, port };
}

/** PS3.5 section 6.2: at most 16 characters of the basic set, no backslash, not blank. @throws UserError */
export function parseAeTitle(text: string): string {
  const aeTitle = text.trim();
  if (!/^[ -[\]-~]{1,16}$/.test(aeTitle))
    throw new UserError(failure('network.ae-title-invalid', { aeTitle: text }));
  return aeTitle;
}

/** Where to listen: `[HOST:]PORT`; without a host, the loopback interface. @throws UserError */
export const parseListenAddress = (text: string): { readonly host: string; readonly port: number } =>
  parseNodeAddress(/^\d+$/.test(text.trim()) ? `127.0.0.1:${text.trim()}` : text);
