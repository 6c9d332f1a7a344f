import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text as readText } from 'node:stream/consumers';
import { type Command, InvalidArgumentError } from 'commander';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import {
  type Credentials,
  connectWeb,
  type DicomArchive,
  type NodeTls,
  parseAeTitle,
  parseCaPem,
  parseFingerprint,
  parseIdentity,
  parseListenAddress,
  parseNodeAddress,
  parseWebAddress,
  type TlsIdentity,
} from '../dicomNetwork/index.ts';

/*
 * The options by which `auricle find|fetch|store` name a DICOM server. Secrets are no options: other users of the machine
 * see a program's arguments, and shells keep them.
 */

/** The options of an encrypted connection. */
export interface TlsOptions {
  readonly tls?: boolean;
  readonly certificate?: string;
  readonly key?: string;
  readonly ca?: string;
  readonly fingerprint?: string;
}

export interface DicomServerOptions extends TlsOptions {
  readonly url?: string;
  readonly node?: string;
  readonly called?: string;
  readonly calling: string;
  readonly receive?: string;
  readonly user?: string;
  readonly passwordStdin?: boolean;
  readonly tokenStdin?: boolean;
  readonly allowUnencryptedPassword?: boolean;
}

/** Adds the options of an encrypted connection to or from a classic node. */
export const addTlsOptions = (command: Command): Command =>
  command
    .option('--tls', 'classic node: over an encrypted connection')
    .option('--certificate <file>', 'the certificate that this program shows where it is asked for, PEM')
    .option('--key <file>', 'the private key of that certificate, PEM without a password')
    .option('--ca <file>', "certificates of the hospital's own authorities, PEM")
    .option(
      '--fingerprint <sha256>',
      'trust the one certificate with this fingerprint, however it is signed',
      (text: string) => {
        const fingerprint = parseFingerprint(text);
        if (fingerprint === undefined) throw new InvalidArgumentError('64 hexadecimal digits are needed.');
        return fingerprint;
      },
    );

/** Adds the options that name a classic node. */
export const addNodeOptions = (command: Command): Command =>
  addTlsOptions(command)
    .option('--node <host:port>', 'the classic DICOM node')
    .option('--called <title>', "the node's AE title")
    .option('--calling <title>', 'the AE title of this program, as the node knows it', 'AURICLE');

/** Adds all of them to a command. */
export const addDicomServerOptions = (command: Command): Command =>
  addNodeOptions(command)
    .option('--url <address>', 'the DICOMweb server, for example https://pacs.hospital.org/dicom-web')
    .option(
      '--receive <[host:]port>',
      'fetch by C-MOVE, which sends to this address of ours, instead of C-GET; host: default 127.0.0.1',
    )
    .option(
      '--user <name>',
      'log in with a password: from AURICLE_DICOM_PASSWORD, --password-stdin, or asked for',
    )
    .option('--password-stdin', 'read the password from the standard input')
    .option('--token-stdin', 'read a bearer token from the standard input (or set AURICLE_DICOM_TOKEN)')
    .option('--allow-unencrypted-password', 'send the password over http to another machine');

/** Connects to the server that the options name. @throws UserError */
export async function archiveOf(options: DicomServerOptions): Promise<DicomArchive> {
  if (options.node !== undefined && options.url === undefined) return nodeOf(options.node, options);
  if (options.url === undefined || options.node !== undefined)
    throw new UserError(failure('cli.no-dicom-server'));
  const caPem = options.ca === undefined ? undefined : await readCa(options.ca);
  const { fingerprint, allowUnencryptedPassword } = options;
  return connectWeb({
    url: parseWebAddress(options.url),
    trust: withoutUndefined({ caPem, fingerprint }),
    ...withoutUndefined({
      identity: await identityOf(options.certificate, options.key),
      credentials: await credentialsOf(options),
      allowUnencryptedPassword,
    }),
  });
}

async function nodeOf(
  address: string,
  { called, calling, receive, ...options }: DicomServerOptions,
): Promise<DicomArchive> {
  if (called === undefined) throw new UserError(failure('cli.no-called-title'));
  const { connectNode, listenAt } = await import('../dicomNetwork/classicNode.ts');
  return connectNode(
    {
      ...parseNodeAddress(address),
      calledAeTitle: parseAeTitle(called),
      callingAeTitle: parseAeTitle(calling),
      tls: await tlsOf(options),
    },
    { listenForMove: receive === undefined ? undefined : listenAt(parseListenAddress(receive)) },
  );
}

/** Undefined: the connection is not encrypted. @throws UserError where certificates would mean nothing */
export async function tlsOf(options: TlsOptions): Promise<NodeTls | undefined> {
  const { tls, certificate, key, ca, fingerprint } = options;
  if (tls !== true) {
    if ([certificate, key, ca, fingerprint].some((option) => option !== undefined))
      throw new UserError(failure('cli.certificate-without-tls'));
    return undefined;
  }
  const caPem = ca === undefined ? undefined : await readCa(ca);
  return {
    trust: withoutUndefined({ caPem, fingerprint }),
    identity: await identityOf(certificate, key),
  };
}

async function identityOf(
  certificate: string | undefined,
  key: string | undefined,
): Promise<TlsIdentity | undefined> {
  if (certificate === undefined && key === undefined) return undefined;
  if (certificate === undefined || key === undefined)
    throw new UserError(failure('cli.certificate-without-key'));
  return parseIdentity(await readPem(certificate), await readPem(key), basename(key));
}

const readPem = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch(() => {
    throw new UserError(failure('files.unreadable', { fileName: basename(file) }));
  });

const readCa = async (file: string): Promise<string> => parseCaPem(await readPem(file), basename(file));

async function credentialsOf(options: DicomServerOptions): Promise<Credentials | undefined> {
  const { user } = options;
  const { AURICLE_DICOM_TOKEN, AURICLE_DICOM_PASSWORD } = process.env;
  if (options.tokenStdin) return { kind: 'bearer', token: await secretFromStdin() };
  if (user === undefined)
    return AURICLE_DICOM_TOKEN ? { kind: 'bearer', token: AURICLE_DICOM_TOKEN } : undefined;
  if (options.passwordStdin) return { kind: 'basic', user, password: await secretFromStdin() };
  if (AURICLE_DICOM_PASSWORD !== undefined) return { kind: 'basic', user, password: AURICLE_DICOM_PASSWORD };
  if (!process.stdin.isTTY) throw new UserError(failure('cli.no-password'));
  return { kind: 'basic', user, password: await askedPassword(user) };
}

/** The first line. */
async function secretFromStdin(): Promise<string> {
  return (await readText(process.stdin)).split(/\r?\n/, 1)[0] ?? '';
}

/** Asks on the terminal, without showing what is typed. */
async function askedPassword(user: string): Promise<string> {
  process.stderr.write(`Password of ${user}: `);
  const unseen = new Writable({ write: (_piece, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: unseen, terminal: true });
  try {
    return await terminal.question('');
  } finally {
    terminal.close();
    process.stderr.write('\n');
  }
}
