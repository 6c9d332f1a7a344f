import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { readIdentity } from '../dicomIdentity.ts';
import { parseContentType, readMultipart } from '../web/multipart.ts';

/** A request as the fake server received it, for tests to look at. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

/** Answers in place of the server. @returns whether it did */
export type Intercept = (
  request: ReceivedRequest,
  response: ServerResponse,
  fake: FakeDicomWeb,
) => boolean | Promise<boolean>;

export interface FakeDicomWeb {
  /** Address of its services. */
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  /** Files by SOP Instance UID. */
  readonly files: Map<string, Uint8Array>;
  intercept: Intercept | undefined;
  close(): Promise<void>;
}

export interface FakeOptions {
  readonly files?: Iterable<Uint8Array>;
  readonly intercept?: Intercept;
  readonly tls?: { readonly key: string; readonly cert: string };
}

const json = (response: ServerResponse, content: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/dicom+json' });
  response.end(JSON.stringify(content));
};

export const BOUNDARY = 'fake-boundary';
/** A `Content-Type` of files. */
export const MULTIPART = `multipart/related; type="application/dicom"; boundary="${BOUNDARY}"`;

/** A multipart body of DICOM files, up to the last boundary. */
export const multipartBody = (files: readonly Uint8Array[], mediaType = 'application/dicom'): Buffer =>
  Buffer.concat([
    ...files.flatMap((file) => [
      Buffer.from(`--${BOUNDARY}\r\nContent-Type: ${mediaType}\r\n\r\n`),
      file,
      Buffer.from('\r\n'),
    ]),
    Buffer.from(`--${BOUNDARY}--\r\n`),
  ]);

export const identityOfFile = (file: Uint8Array) => {
  const identity = readIdentity(file);
  if (identity === undefined) throw new Error('The file has no identity.');
  return identity;
};

/** A DICOMweb server in the test's own process, on the loopback interface: QIDO-RS, WADO-RS and STOW-RS of a few files. */
export async function startFakeDicomWeb(options: FakeOptions = {}): Promise<FakeDicomWeb> {
  const requests: ReceivedRequest[] = [];
  const files = new Map<string, Uint8Array>();
  for (const file of options.files ?? []) files.set(identityOfFile(file).sopInstanceUid, file);
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const received = { method: request.method ?? '', path: request.url ?? '', headers: request.headers };
    requests.push(received);
    if (await fake.intercept?.(received, response, fake)) return;
    const { pathname, searchParams } = new URL(received.path, 'http://fake');
    const path = pathname.replace('/dicom-web', '');
    if (received.method === 'POST') return store(request, response);
    const [, study, , series, , instance] = path.split('/').slice(1);
    if (path === '/studies' || path.endsWith('/series') || path.endsWith('/instances'))
      return json(response, page(listed(path, study, series), searchParams));
    const wanted = [...files.values()].filter((file) => {
      const identity = identityOfFile(file);
      return (
        identity.studyUid === study &&
        identity.seriesUid === series &&
        (instance ?? identity.sopInstanceUid) === identity.sopInstanceUid
      );
    });
    response.writeHead(wanted.length === 0 ? 404 : 200, { 'content-type': MULTIPART });
    response.end(wanted.length === 0 ? '' : multipartBody(wanted));
  };

  const listed = (path: string, study = '', series = ''): unknown[] => {
    const identities = [...files.values()].map(identityOfFile);
    const value = (vr: string, content: string | number) => ({ vr, Value: [content] });
    const count = (key: 'studyUid' | 'seriesUid', uid: string): number =>
      identities.filter((identity) => identity[key] === uid).length;
    if (path === '/studies')
      return [...new Set(identities.map(({ studyUid }) => studyUid))].map((uid) => ({
        '00080020': value('DA', '20260131'),
        '00080061': value('CS', 'CT'),
        '00081030': value('LO', 'Heart'),
        '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Doe^Jane' }] },
        '00100020': value('LO', '4711'),
        '0020000D': value('UI', uid),
        '00201206': value('IS', 1),
        '00201208': value('IS', count('studyUid', uid)),
      }));
    const ofStudy = identities.filter((identity) => identity.studyUid === study);
    if (path.endsWith('/series'))
      return [...new Set(ofStudy.map(({ seriesUid }) => seriesUid))].map((uid) => ({
        '00080060': value('CS', 'CT'),
        '0008103E': value('LO', 'CTA'),
        '0020000E': value('UI', uid),
        '00200011': value('IS', 2),
        '00201209': value('IS', count('seriesUid', uid)),
      }));
    return ofStudy
      .filter((identity) => identity.seriesUid === series)
      .map(({ sopInstanceUid }) => ({ '00080018': value('UI', sopInstanceUid) }));
  };

  const store = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { parameters } = parseContentType(request.headers['content-type'] ?? '');
    const stored: unknown[] = [];
    for await (const part of readMultipart(request, parameters.get('boundary') ?? '')) {
      const file = await buffer(part.body);
      const { sopInstanceUid, sopClassUid } = identityOfFile(file);
      files.set(sopInstanceUid, file);
      stored.push({
        '00081150': { vr: 'UI', Value: [sopClassUid] },
        '00081155': { vr: 'UI', Value: [sopInstanceUid] },
      });
    }
    json(response, { '00081199': { vr: 'SQ', Value: stored } });
  };

  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    handle(request, response).catch(() => response.destroy());
  };
  const { tls } = options;
  const server = tls === undefined ? http.createServer(listener) : https.createServer(tls, listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const fake: FakeDicomWeb = {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}/dicom-web`,
    requests,
    files,
    intercept: options.intercept,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return fake;
}

function page(all: readonly unknown[], parameters: URLSearchParams): unknown[] {
  const from = Number(parameters.get('offset') ?? 0);
  return all.slice(from, from + Number(parameters.get('limit') ?? all.length));
}
