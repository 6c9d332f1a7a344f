import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import net, { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encapsulatedSlice } from '#shared/dicom/testing/compressedFixtures.ts';
import { ctFiles, ctSlice, rampVolume, smallGrid } from '#shared/dicom/testing/ctFixtures.ts';
import { UserError } from '#shared/errors.ts';
import type { Failure } from '#shared/failures/failure.ts';
import { collectFiles } from '../filesToStore.ts';
import { identityOfFile } from '../testing/fakeDicomWeb.ts';
import { SELF_SIGNED } from '../testing/selfSigned.ts';
import { connectNode } from './connectNode.ts';
import { parseAeTitle, parseNodeAddress } from './dicomNode.ts';
import type { NodeTls } from './nodeTls.ts';
import type { Receiver } from './receiver.ts';
import { receiveStudies } from './receiveStudies.ts';

const volume = rampVolume(smallGrid());
const slices = [...ctFiles(volume).values()];
const { seriesUid } = identityOfFile(slices[0]!);
const QUICK = { connectMs: 2000, pieceMs: 4000 };

let folder: string;
let receiver: Receiver;
const received: string[] = [];
const problems: unknown[] = [];
/** The failures that were told. */
const told = () => problems.map((thrown) => (thrown instanceof UserError ? thrown.failure : thrown));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auricle-node-'));
  received.length = 0;
  problems.length = 0;
  receiver = await receiveStudies({
    port: 0,
    aeTitle: 'AURICLE',
    isAllowed: (aeTitle) => aeTitle === 'SCANNER',
    folder: join(folder, 'in'),
    onReceived: (uids) => received.push(...uids),
    onProblem: (thrown) => problems.push(thrown),
  });
});
afterEach(async () => {
  await receiver.close();
  await rm(folder, { recursive: true });
});

const archive = (titles: { calledAeTitle?: string; callingAeTitle?: string } = {}, port = receiver.port) =>
  connectNode(
    { host: '127.0.0.1', port, calledAeTitle: 'AURICLE', callingAeTitle: 'SCANNER', ...titles },
    { patience: QUICK },
  );
async function written(files: readonly Uint8Array[]) {
  const paths = files.map((_, index) => join(folder, `${index}.dcm`));
  await Promise.all(paths.map((path, index) => writeFile(path, files[index]!)));
  return collectFiles(paths);
}
const failureFrom = async (work: Promise<unknown>): Promise<Failure> => {
  const thrown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof UserError)) throw new Error(`No UserError: ${thrown}`);
  return thrown.failure;
};
/** Data sets: file meta information is each program's own. */
const dataSet = (file: Uint8Array): Buffer => Buffer.from(file.subarray(identityOfFile(file).dataSetOffset));
async function inFolder(series: string): Promise<Map<string, Buffer>> {
  const names = await readdir(join(folder, 'in', series));
  const files = await Promise.all(names.map((name) => readFile(join(folder, 'in', series, name))));
  return new Map(names.map((name, index) => [name.replace('.dcm', ''), files[index]!]));
}

describe('a node that receives studies', () => {
  it('keeps the bytes of every data set, of any storage class and transfer syntax', async () => {
    const classes = ['2', '2.1', '66.4', '66.7', '88.34', '7', '104.3', '104.4'];
    const others = classes.map((end, index) =>
      ctSlice(volume, 0, {
        '0008,0016': `1.2.840.10008.5.1.4.1.1.${end}`,
        '0008,0018': `1.2.3.${index}`,
        '0020,000e': '1.2.4',
      }),
    );
    const compressed = encapsulatedSlice(volume, 1, '1.2.840.10008.1.2.4.80', [new Uint8Array(501)], {
      '0008,0018': '1.2.5',
      '0020,000e': '1.2.4',
    });
    const sent = [...slices, ...others, compressed];
    await archive().check();
    const results = await archive().store(await written(sent));
    expect(results.map((result) => result.failure)).toEqual(sent.map(() => undefined));
    await expect.poll(() => received.sort()).toEqual(['1.2.4', seriesUid].sort());
    const files = new Map([...(await inFolder(seriesUid)), ...(await inFolder('1.2.4'))]);
    expect(files.size).toBe(sent.length);
    for (const file of sent) {
      const { sopInstanceUid, transferSyntaxUid, sopClassUid } = identityOfFile(file);
      const kept = files.get(sopInstanceUid)!;
      expect(dataSet(kept).equals(dataSet(file)), sopInstanceUid).toBe(true);
      expect(identityOfFile(kept)).toMatchObject({ transferSyntaxUid, sopClassUid });
    }
    // Again, without harm.
    expect((await archive().store(await written(sent))).every((result) => result.failure === undefined)).toBe(
      true,
    );
  });

  it('answers nobody else, and not by another name', async () => {
    expect(await failureFrom(archive({ callingAeTitle: 'OTHER' }).check())).toMatchObject({
      code: 'network.association-refused',
      fields: { reason: 'calling' },
    });
    expect(await failureFrom(archive({ calledAeTitle: 'ORTHANC' }).check())).toMatchObject({
      fields: { reason: 'called' },
    });
    expect(await failureFrom(archive().studies({}, { limit: 1, offset: 0 }))).toMatchObject({
      code: 'network.service-not-offered',
      fields: { service: 'find' },
    });
  });

  it('shows no series of an association that was broken off, and goes on with it in the next', async () => {
    const files = await written(slices);
    const stop = new AbortController();
    const work = archive().store(files, {
      signal: stop.signal,
      onProgress: ({ fraction }) => fraction > 0.4 && stop.abort(),
    });
    await expect(work).rejects.toThrow('Cancelled');
    await expect.poll(() => readdir(join(folder, 'in'))).toEqual([`${seriesUid}.incomplete`]);
    expect(received).toEqual([]);
    await expect.poll(told).toMatchObject([{ code: 'network.sender-lost' }]);
    await archive().store(files);
    await expect.poll(() => received).toEqual([seriesUid]);
    expect((await inFolder(seriesUid)).size).toBe(8);
  });

  it('keeps every image of a sender that sends each by itself, all at once', async () => {
    const files = await written(slices);
    const results = await Promise.all(files.map((file) => archive().store([file])));
    expect(results.flat().map((result) => result.failure)).toEqual(slices.map(() => undefined));
    await expect.poll(async () => (await inFolder(seriesUid)).size).toBe(slices.length);
    expect(problems).toEqual([]);
  });

  it('refuses two different objects of one identifier', async () => {
    await archive().store(await written([slices[0]!]));
    const twice = ctSlice(volume, 5, { '0008,0018': identityOfFile(slices[0]!).sopInstanceUid });
    expect((await archive().store(await written([twice]))).map((result) => result.failure)).toMatchObject([
      { code: 'network.instance-refused', fields: { status: '0xA900' } },
    ]);
    expect(told()).toMatchObject([{ code: 'network.instance-contradicts' }]);
  });

  it('says that a series cannot be finished, and keeps what arrived', async () => {
    await mkdir(join(folder, 'in', seriesUid), { recursive: true });
    await mkdir(join(folder, 'in', seriesUid, `${identityOfFile(slices[0]!).sopInstanceUid}.dcm`, 'x'), {
      recursive: true,
    });
    await archive().store(await written([slices[0]!]));
    await expect.poll(() => problems.length).toBeGreaterThan(0);
    expect(received).toEqual([]);
  });

  it('ends connections that are no DICOM or announce more than any node sends', async () => {
    const claim = Buffer.from([4, 0, 0xff, 0xff, 0xff, 0xff, 0, 0]);
    for (const bytes of [claim, Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')]) {
      const socket = net.connect(receiver.port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write(bytes);
      await once(socket, 'close');
    }
    await archive().check();
  });
});

describe('an encrypted connection', () => {
  const identity = { certificatePem: SELF_SIGNED.cert, keyPem: SELF_SIGNED.key };
  const trust = { fingerprint: SELF_SIGNED.fingerprint };
  const node = (port: number, tls: NodeTls | undefined) =>
    connectNode(
      { host: '127.0.0.1', port, calledAeTitle: 'AURICLE', callingAeTitle: 'SCANNER', tls },
      { patience: QUICK },
    );
  let secured: Receiver;
  beforeEach(async () => {
    secured = await receiveStudies({
      port: 0,
      aeTitle: 'AURICLE',
      isAllowed: (aeTitle) => aeTitle === 'SCANNER',
      tls: { identity, trust },
      folder: join(folder, 'in'),
      onReceived: (uids) => received.push(...uids),
      onProblem: (thrown) => problems.push(thrown),
    });
  });
  afterEach(() => secured.close());

  it('carries a study where both ends trust the certificates', async () => {
    const sender = node(secured.port, { trust, identity });
    await sender.check();
    await sender.store(await written(slices));
    await expect.poll(() => received).toEqual([seriesUid]);
    expect(problems).toEqual([]);
  });

  it('is refused before anything is sent where our end does not trust the other', async () => {
    expect(await failureFrom(node(secured.port, { trust: {}, identity }).check())).toEqual({
      code: 'network.certificate-untrusted',
      fields: {
        server: `AURICLE@127.0.0.1:${secured.port}`,
        reason: 'it is self-signed',
        fingerprint: SELF_SIGNED.fingerprint,
      },
    });
    const other = { fingerprint: SELF_SIGNED.fingerprint.replace(/^../, '00') };
    expect(await failureFrom(node(secured.port, { trust: other, identity }).check())).toMatchObject({
      code: 'network.certificate-changed',
    });
  });

  it('is needed: without it, or without a certificate, a sender is turned away and said to be', async () => {
    expect((await failureFrom(node(secured.port, undefined).check())).code).toMatch(
      /^network\.(connection-ended|answer-damaged)$/,
    );
    await expect.poll(told).toMatchObject([{ code: 'network.sender-no-tls' }]);
    problems.length = 0;
    await failureFrom(node(secured.port, { trust }).check());
    await expect.poll(told).toMatchObject([{ code: 'network.certificate-changed' }]);
    expect(received).toEqual([]);
  });

  it('is not spoken by every node', async () => {
    expect((await failureFrom(node(receiver.port, { trust }).check())).code).toMatch(
      /^network\.(no-tls|connection-ended)$/,
    );
  });
});

describe('a node that is called', () => {
  it('is not waited for for ever, and told apart from one that is gone, hostile or ends', async () => {
    const answers: Record<string, (socket: net.Socket) => void> = {
      'network.silent': () => {},
      'network.connection-ended': (socket) => socket.destroy(),
      'network.answer-damaged': (socket) => void socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'.padEnd(64)),
      'network.association-aborted': (socket) =>
        void socket.write(Buffer.from([7, 0, 0, 0, 0, 4, 0, 0, 0, 0])),
    };
    for (const [code, answer] of Object.entries(answers)) {
      const server = net.createServer((socket) => {
        socket.on('error', () => {});
        socket.once('data', () => answer(socket));
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      const called = connectNode(
        { host: '127.0.0.1', port, calledAeTitle: 'A', callingAeTitle: 'B' },
        { patience: { connectMs: 500, pieceMs: 500 } },
      );
      expect(await failureFrom(called.check()), code).toMatchObject({ code });
      server.close();
      await once(server, 'close');
      expect(await failureFrom(called.check())).toMatchObject({ code: 'network.unreachable' });
    }
  });
});

describe('names of nodes', () => {
  it('are read or refused', () => {
    expect(parseNodeAddress('pacs.hospital.org:104')).toEqual({ host: 'pacs.hospital.org', port: 104 });
    expect(parseNodeAddress('[::1]:11112')).toEqual({ host: '::1', port: 11112 });
    for (const wrong of ['pacs', 'pacs:0', 'pacs:70000', 'http://pacs:104', ':104'])
      expect(() => parseNodeAddress(wrong)).toThrow('is not the address of a DICOM node');
    expect(parseAeTitle(' MY-AE ')).toBe('MY-AE');
    for (const wrong of ['', 'SEVENTEEN-LETTERS', 'A\\B', 'Ä'])
      expect(() => parseAeTitle(wrong)).toThrow('is not an AE title');
  });
});
