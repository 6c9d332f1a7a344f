import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ctFiles, ctSlice, rampVolume, smallGrid } from '#shared/dicom/testing/ctFixtures.ts';
import { CancelledError, UserError } from '#shared/errors.ts';
import type { Failure } from '#shared/failures/failure.ts';
import type { DicomArchive } from '../archive.ts';
import { fetchStudy } from '../fetchStudy.ts';
import { collectFiles } from '../filesToStore.ts';
import {
  BOUNDARY,
  type FakeDicomWeb,
  type FakeOptions,
  type Intercept,
  identityOfFile,
  MULTIPART,
  multipartBody,
  startFakeDicomWeb,
} from '../testing/fakeDicomWeb.ts';
import { SELF_SIGNED } from '../testing/selfSigned.ts';
import { parseCaPem } from './certificateTrust.ts';
import { connectWeb } from './connectWeb.ts';
import type { WebServer } from './webServer.ts';

const volume = rampVolume(smallGrid());
const slices = [...ctFiles(volume).values()];
const { studyUid, seriesUid } = identityOfFile(slices[0]!);
const QUICK = { connectMs: 2000, answerMs: 2000, pieceMs: 2000, pausesMs: [1, 1] };

let folder: string;
const toClose: { close(): Promise<void> }[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auricle-web-'));
});
afterEach(async () => {
  for (const one of toClose.splice(0).reverse()) await one.close();
  await rm(folder, { recursive: true });
});

async function fakeServer(options: FakeOptions = {}): Promise<FakeDicomWeb> {
  const fake = await startFakeDicomWeb({ files: slices, ...options });
  toClose.push(fake);
  return fake;
}
function archiveOf(url: string, more: Partial<WebServer> = {}, patience = {}): DicomArchive {
  const archive = connectWeb({ url, ...more }, { ...QUICK, ...patience });
  toClose.push(archive);
  return archive;
}
const fetchAll = (archive: DicomArchive, signal?: AbortSignal) =>
  fetchStudy(archive, { studyUid }, folder, signal === undefined ? {} : { signal });
const failureFrom = async (work: Promise<unknown>): Promise<Failure> => {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof UserError)) throw new Error(`No UserError: ${thrown}`);
  return thrown.failure;
};
/** Answers the first request whose path matches, as often as said. */
const answering = (path: RegExp, answer: (response: ServerResponse) => void, times = 1): Intercept => {
  let left = times;
  return (request, response) => {
    if (!path.test(request.path) || left === 0) return false;
    left -= 1;
    answer(response);
    return true;
  };
};
const WHOLE_SERIES = new RegExp(`/series/${seriesUid}$`);
const fetchedFiles = async (): Promise<Buffer[]> => {
  const names = await readdir(join(folder, seriesUid));
  return Promise.all(names.sort().map((name) => readFile(join(folder, seriesUid, name))));
};
const sortedSlices = [...slices]
  .sort((a, b) => (identityOfFile(a).sopInstanceUid < identityOfFile(b).sopInstanceUid ? -1 : 1))
  .map((slice) => Buffer.from(slice));

describe('finding', () => {
  it('lists studies and series with the filters as parameters', async () => {
    const fake = await fakeServer();
    const archive = archiveOf(fake.url);
    const filters = { patientName: 'Doe', date: '20260101-20261231', modality: 'CT', accessionNumber: '7' };
    const { studies, hasMore } = await archive.studies(filters, { limit: 20, offset: 0 });
    expect(hasMore).toBe(false);
    expect(studies).toEqual([
      {
        studyUid,
        patientName: 'Doe^Jane',
        patientId: '4711',
        date: '20260131',
        description: 'Heart',
        accessionNumber: '',
        modalities: ['CT'],
        seriesCount: 1,
        imageCount: 8,
      },
    ]);
    const sent = new URL(`http://x${fake.requests[0]?.path}`).searchParams;
    expect(Object.fromEntries(sent)).toMatchObject({
      PatientName: 'Doe*',
      StudyDate: '20260101-20261231',
      ModalitiesInStudy: 'CT',
      AccessionNumber: '7',
      limit: '20',
      offset: '0',
    });
    expect(await archive.series(studyUid)).toMatchObject([{ seriesUid, modality: 'CT', imageCount: 8 }]);
    expect(await failureFrom(archive.studies({ date: '2026' }, { limit: 1, offset: 0 }))).toMatchObject({
      code: 'network.date-invalid',
    });
  });

  it('refuses pages that are no DICOM JSON, and JSON that is no list of data sets', async () => {
    const fake = await fakeServer();
    const archive = archiveOf(fake.url);
    const answerWith = (contentType: string, content: string): void => {
      fake.intercept = (_, response) => {
        response.writeHead(200, { 'content-type': contentType }).end(content);
        return true;
      };
    };
    answerWith('text/html', '<html>Log in</html>');
    expect(await failureFrom(archive.check())).toMatchObject({
      code: 'network.answer-type',
      fields: { contentType: 'text/html' },
    });
    for (const content of ['[{"00100010":', '"text"', '[1]']) {
      answerWith('application/dicom+json', content);
      expect(await failureFrom(archive.check())).toMatchObject({ code: 'network.answer-damaged' });
    }
    fake.intercept = (_, response) => {
      response.writeHead(200, { 'x-large': 'x'.repeat(100_000) }).end();
      return true;
    };
    expect(await failureFrom(archive.check())).toMatchObject({ code: 'network.answer-damaged' });
  });
});

describe('fetching', () => {
  it('gives the files as they are stored, and asks for nothing twice', async () => {
    const fake = await fakeServer();
    const archive = archiveOf(fake.url);
    const { series, failed } = await fetchAll(archive);
    expect(failed).toEqual([]);
    expect(series).toMatchObject([{ seriesUid, received: 8, isCountKnown: true, warnings: [] }]);
    expect(await fetchedFiles()).toEqual(sortedSlices);
    const before = fake.requests.length;
    expect((await fetchAll(archive)).series).toMatchObject([{ received: 0 }]);
    expect(
      fake.requests.slice(before).filter(({ path }) => !/\/(series|instances)(\?|$)/.test(path)),
    ).toEqual([]);
  });

  it('goes on image by image where the answer is cut, its connection breaks or the series is refused', async () => {
    const body = multipartBody(slices);
    const hostile: readonly ((response: ServerResponse) => void)[] = [
      (response) => response.writeHead(200, { 'content-type': MULTIPART }).end(body.subarray(0, 5000)),
      (response) => {
        response.writeHead(200, { 'content-type': MULTIPART, 'content-length': body.length });
        response.write(body.subarray(0, 5000), () => response.destroy());
      },
      (response) => response.writeHead(403).end(),
      (response) => response.writeHead(500).end('<html>Out of memory</html>'),
      (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>'),
      (response) => response.writeHead(200, { 'content-type': MULTIPART }).end(`--${BOUNDARY}--`),
      (response) =>
        response
          .writeHead(200, { 'content-type': MULTIPART })
          .end(multipartBody(slices.slice(0, 3), 'application/pdf')),
    ];
    for (const answer of hostile) {
      const fake = await fakeServer({ intercept: answering(WHOLE_SERIES, answer) });
      expect((await fetchAll(archiveOf(fake.url))).failed).toEqual([]);
      expect(await fetchedFiles()).toEqual(sortedSlices);
      await rm(join(folder, seriesUid), { recursive: true });
    }
  });

  it('never takes a part of a series for the whole, and goes on where it ended', async () => {
    const lost = identityOfFile(slices[7]!).sopInstanceUid;
    const fake = await fakeServer({
      intercept: (request, response) => {
        const isSeries = WHOLE_SERIES.test(request.path);
        if (!isSeries && !request.path.endsWith(lost)) return false;
        response.writeHead(isSeries ? 200 : 404, { 'content-type': MULTIPART });
        response.end(isSeries ? multipartBody(slices.slice(0, 7)) : '');
        return true;
      },
    });
    const archive = archiveOf(fake.url);
    expect((await fetchAll(archive)).failed).toMatchObject([
      { seriesUid, failure: { code: 'network.series-incomplete', fields: { arrived: 7, expected: 8 } } },
    ]);
    expect(await readdir(folder)).toEqual([`${seriesUid}.incomplete`]);
    fake.intercept = undefined;
    const before = fake.requests.length;
    expect((await fetchAll(archive)).series).toMatchObject([{ received: 1 }]);
    const asked = fake.requests.slice(before).map(({ path }) => path);
    expect(asked.filter((path) => path.endsWith(lost))).toHaveLength(1);
    expect(asked.some((path) => WHOLE_SERIES.test(path))).toBe(false);
    expect(await fetchedFiles()).toEqual(sortedSlices);
  });

  it('keeps what arrived when the server dies in the middle', async () => {
    const body = multipartBody(slices);
    const fake = await fakeServer();
    fake.intercept = (request, response) => {
      if (!WHOLE_SERIES.test(request.path)) return false;
      response.writeHead(200, { 'content-type': MULTIPART });
      response.write(body.subarray(0, body.length / 2), () => void fake.close());
      return true;
    };
    expect((await fetchAll(archiveOf(fake.url))).failed).toMatchObject([
      { failure: { code: 'network.series-incomplete', fields: { expected: 8 } } },
    ]);
    toClose.splice(toClose.indexOf(fake), 1);
    const kept = await readdir(join(folder, `${seriesUid}.incomplete`));
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.every((name) => name.endsWith('.part'))).toBe(true);
    const second = await fakeServer();
    expect((await fetchAll(archiveOf(second.url))).series).toMatchObject([{ received: 8 - kept.length }]);
    expect(await fetchedFiles()).toEqual(sortedSlices);
  });

  it('leaves copies and images of other studies out, and refuses two images of one identifier', async () => {
    const foreign = ctSlice(volume, 3, { '0020,000d': '1.2.3', '0008,0018': '1.2.4' });
    const answer = (files: readonly Uint8Array[]): Intercept =>
      answering(WHOLE_SERIES, (response) =>
        response.writeHead(200, { 'content-type': MULTIPART }).end(multipartBody(files)),
      );
    const fake = await fakeServer({ intercept: answer([...slices, foreign, slices[2]!]) });
    expect((await fetchAll(archiveOf(fake.url))).series).toMatchObject([
      { received: 8, warnings: [{ code: 'network.instance-foreign' }] },
    ]);
    expect(await fetchedFiles()).toEqual(sortedSlices);
    await rm(join(folder, seriesUid), { recursive: true });
    const twice = ctSlice(volume, 5, { '0008,0018': identityOfFile(slices[2]!).sopInstanceUid });
    fake.intercept = answer([...slices, twice]);
    expect((await fetchAll(archiveOf(fake.url))).failed).toMatchObject([
      { failure: { code: 'network.instance-contradicts' } },
    ]);
    expect(await readdir(folder)).toEqual([`${seriesUid}.incomplete`]);
  });

  it('takes a single file that is no multipart, and other Accept headers where servers insist', async () => {
    const fake = await fakeServer({
      intercept: (request, response, { files }) => {
        if (WHOLE_SERIES.test(request.path)) response.writeHead(400).end();
        else if (/\/instances\/[\d.]+$/.test(request.path)) {
          const isFine = !request.headers.accept?.includes('transfer-syntax');
          response.writeHead(isFine ? 200 : 406, { 'content-type': 'application/dicom' });
          response.end(isFine ? files.get(request.path.split('/').at(-1) ?? '') : '');
        } else return false;
        return true;
      },
    });
    expect((await fetchAll(archiveOf(fake.url))).failed).toEqual([]);
    expect(await fetchedFiles()).toEqual(sortedSlices);
  });

  it('stops when cancelled and keeps what arrived', async () => {
    const body = multipartBody(slices);
    const stop = new AbortController();
    const fake = await fakeServer({
      intercept: answering(WHOLE_SERIES, (response) => {
        response.writeHead(200, { 'content-type': MULTIPART });
        response.write(body.subarray(0, body.length / 2));
      }),
    });
    const work = archiveOf(fake.url).fetchSeries({ studyUid, seriesUid, imageCount: 8 }, folder, {
      signal: stop.signal,
      onProgress: ({ fraction }) => fraction > 0 && stop.abort(),
    });
    await expect(work).rejects.toThrow(CancelledError);
    expect(await readdir(folder)).toEqual([`${seriesUid}.incomplete`]);
  });
});

describe('the connection', () => {
  it('tries again after a pause where the server is overloaded, and gives up in the end', async () => {
    const fake = await fakeServer({
      intercept: answering(/./, (response) => response.writeHead(503).end(), 2),
    });
    await archiveOf(fake.url).check();
    expect(fake.requests).toHaveLength(3);
    fake.intercept = answering(/./, (response) => response.writeHead(503).end(), 99);
    expect(await failureFrom(archiveOf(fake.url).check())).toMatchObject({
      code: 'network.status',
      fields: { status: 503 },
    });
    expect(fake.requests).toHaveLength(6);
  });

  it('does not wait for ever for a silent server, one that stops within an answer or one that is gone', async () => {
    const fake = await fakeServer({ intercept: () => true });
    const patience = { answerMs: 60, pieceMs: 60, pausesMs: [] };
    expect(await failureFrom(archiveOf(fake.url, {}, patience).check())).toMatchObject({
      code: 'network.silent',
    });
    fake.intercept = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/dicom+json' });
      response.write('[');
      return true;
    };
    expect(await failureFrom(archiveOf(fake.url, {}, patience).check())).toMatchObject({
      code: 'network.silent',
    });
    const gone = net.createServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const { port } = gone.address() as AddressInfo;
    gone.close();
    await once(gone, 'close');
    expect(await failureFrom(archiveOf(`http://127.0.0.1:${port}`).check())).toMatchObject({
      code: 'network.unreachable',
      fields: { reason: 'ECONNREFUSED' },
    });
  });

  it('follows redirects within the server and to no other', async () => {
    const other = await fakeServer();
    const fake = await fakeServer();
    const redirect = (location: string): Intercept =>
      answering(/\/studies\?/, (response) => response.writeHead(307, { location }).end());
    const credentials = { kind: 'basic', user: 'alice', password: 'secret' } as const;
    fake.intercept = redirect('/dicom-web/studies');
    await archiveOf(fake.url, { credentials }).check();
    expect(fake.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Basic YWxpY2U6c2VjcmV0',
      'Basic YWxpY2U6c2VjcmV0',
    ]);
    fake.intercept = redirect(`${other.url}/studies`);
    expect(await failureFrom(archiveOf(fake.url, { credentials }).check())).toEqual({
      code: 'network.redirected',
      fields: { server: new URL(fake.url).origin, target: new URL(other.url).origin },
    });
    expect(other.requests).toEqual([]);
  });

  it('says whether a password is needed, refused or not enough', async () => {
    const fake = await fakeServer();
    const answer = (status: number): void => {
      fake.intercept = (_, response) => {
        response.writeHead(status).end();
        return true;
      };
    };
    answer(401);
    expect(await failureFrom(archiveOf(fake.url).check())).toMatchObject({ code: 'network.password-needed' });
    const credentials = { kind: 'bearer', token: 'abc' } as const;
    expect(await failureFrom(archiveOf(fake.url, { credentials }).check())).toMatchObject({
      code: 'network.password-refused',
    });
    expect(fake.requests.at(-1)?.headers.authorization).toBe('Bearer abc');
    answer(403);
    expect(await failureFrom(archiveOf(fake.url, { credentials }).check())).toMatchObject({
      code: 'network.access-denied',
    });
    const elsewhere = { url: 'http://pacs.example', credentials };
    expect(() => connectWeb(elsewhere)).toThrow('is not encrypted');
    toClose.push(connectWeb({ ...elsewhere, allowUnencryptedPassword: true }));
  });

  it('trusts a self-signed certificate by its fingerprint or as an authority, and nothing without', async () => {
    const fake = await fakeServer({ tls: SELF_SIGNED });
    const server = new URL(fake.url).origin;
    expect(await failureFrom(archiveOf(fake.url).check())).toEqual({
      code: 'network.certificate-untrusted',
      fields: { server, reason: 'it is self-signed', fingerprint: SELF_SIGNED.fingerprint },
    });
    const { fingerprint } = SELF_SIGNED;
    const other = fingerprint.replace(/^../, 'FF');
    expect(await failureFrom(archiveOf(fake.url, { trust: { fingerprint: other } }).check())).toEqual({
      code: 'network.certificate-changed',
      fields: { server, fingerprint },
    });
    expect(fake.requests).toEqual([]);
    await archiveOf(fake.url, { trust: { fingerprint } }).check();
    const caPem = parseCaPem(`Hospital CA\n${SELF_SIGNED.cert}\n`, 'ca.pem');
    await archiveOf(fake.url, { trust: { caPem } }).check();
    expect(fake.requests).toHaveLength(2);
    expect(() => parseCaPem('no certificate', 'ca.pem')).toThrow('ca.pem holds no certificates');
  });
});

describe('storing', () => {
  async function written(files: readonly Uint8Array[]): Promise<string[]> {
    return Promise.all(
      files.map(async (file, index) => {
        const path = join(folder, `file-${index}.dcm`);
        await writeFile(path, file);
        return path;
      }),
    );
  }

  it('sends the bytes of each object once, and again without harm', async () => {
    const fake = await fakeServer({ files: [] });
    const archive = archiveOf(fake.url);
    await written([...slices, slices[0]!]);
    await writeFile(join(folder, 'notes.txt'), 'nothing to see');
    const files = await collectFiles([folder]);
    expect(files).toHaveLength(8);
    for (let time = 0; time < 2; time++) {
      const results = await archive.store(files);
      expect(results.map((result) => result.failure)).toEqual(files.map(() => undefined));
      expect([...fake.files.values()].map((file) => Buffer.from(file)).sort(Buffer.compare)).toEqual(
        slices.map((slice) => Buffer.from(slice)).sort(Buffer.compare),
      );
    }
  });

  it('sends again what a server that died in the middle may not have kept', async () => {
    const fake = await fakeServer({ files: [] });
    let posts = 0;
    fake.intercept = ({ method }, response) => {
      if (method !== 'POST' || posts++ > 0) return false;
      response.destroy();
      return true;
    };
    const results = await archiveOf(fake.url).store(await collectFiles(await written(slices)));
    expect(results.every((result) => result.failure === undefined)).toBe(true);
    expect(posts).toBe(2);
    expect(fake.files.size).toBe(8);
  });

  it('says of each object whether it was refused, with the status', async () => {
    const refused = identityOfFile(slices[1]!).sopInstanceUid;
    const fake = await fakeServer({
      files: [],
      intercept: ({ method }, response) => {
        if (method !== 'POST') return false;
        const item = (sopInstanceUid: string, more = {}) => ({
          '00081155': { vr: 'UI', Value: [sopInstanceUid] },
          ...more,
        });
        const said = {
          '00081198': { vr: 'SQ', Value: [item(refused, { '00081197': { vr: 'US', Value: [0xa700] } })] },
          '00081199': { vr: 'SQ', Value: [item(identityOfFile(slices[0]!).sopInstanceUid)] },
        };
        response.writeHead(202, { 'content-type': 'application/dicom+json' }).end(JSON.stringify(said));
        return true;
      },
    });
    const results = await archiveOf(fake.url).store(await collectFiles(await written(slices.slice(0, 3))));
    expect(results.map(({ failure: why }) => why?.code)).toEqual([
      undefined,
      'network.instance-refused',
      // Not mentioned, and not in the server's list.
      'network.instance-unconfirmed',
    ]);
    expect(results[1]?.failure).toMatchObject({ fields: { status: '0xA700' } });
  });

  it('looks whether an object is there where the answer does not say, and sends one by one what is too large', async () => {
    const fake = await fakeServer({ files: [slices[0]!] });
    fake.intercept = ({ method }, response) => {
      if (method !== 'POST') return false;
      response.writeHead(200, { 'content-type': 'text/plain' }).end('stored');
      return true;
    };
    const one = await collectFiles(await written(slices.slice(0, 1)));
    expect(await archiveOf(fake.url).store(one)).toEqual([{ file: one[0] }]);
    let posts = 0;
    fake.intercept = ({ method }, response) => {
      if (method !== 'POST' || posts++ > 0) return false;
      response.writeHead(413).end();
      return true;
    };
    const three = await collectFiles(await written(slices.slice(0, 3)));
    expect((await archiveOf(fake.url).store(three)).every((result) => result.failure === undefined)).toBe(
      true,
    );
    expect(posts).toBe(4);
  });

  it('refuses what is no DICOM, nothing at all, and two objects of one identifier', async () => {
    await writeFile(join(folder, 'notes.txt'), 'nothing to see');
    expect(await failureFrom(collectFiles([folder]))).toMatchObject({ code: 'network.nothing-to-store' });
    expect(await failureFrom(collectFiles([join(folder, 'notes.txt')]))).toMatchObject({
      code: 'network.file-not-dicom',
    });
    const twice = ctSlice(volume, 5, { '0008,0018': identityOfFile(slices[2]!).sopInstanceUid });
    expect(await failureFrom(collectFiles(await written([slices[2]!, twice])))).toMatchObject({
      code: 'network.files-contradict',
    });
  });
});
