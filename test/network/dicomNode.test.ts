import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectNode, listenAt, receiveStudies } from '#main/dicomNetwork/classicNode.ts';
import { collectFiles, type DicomArchive, fetchStudy, listSeries } from '#main/dicomNetwork/index.ts';
import { identityOfFile } from '#main/dicomNetwork/testing/fakeDicomWeb.ts';
import { SELF_SIGNED } from '#main/dicomNetwork/testing/selfSigned.ts';
import { createReceiving } from '#main/services/receiving.ts';
import { createServers } from '#main/services/servers.ts';
import { encapsulatedSlice } from '#shared/dicom/testing/compressedFixtures.ts';
import { ctFiles, ctSlice, smallGrid } from '#shared/dicom/testing/ctFixtures.ts';
import { voxelCount } from '#shared/geometry/gridLps.ts';
import { builtProgram, runProgram } from '../cli/builtProgram.ts';
import { fetchThroughCrash } from './fetchThroughCrash.ts';
import { freePorts, isOrthancHere, type Orthanc, startOrthanc } from './orthanc.ts';

const isHere = isOrthancHere('A classic DICOM node');
const STORESCU = '/usr/bin/storescu';
const hasDcmtk = existsSync(STORESCU);
if (!hasDcmtk) process.stderr.write("Receiving from DCMTK skipped: DCMTK's programs are not installed.\n");

const grid = smallGrid({ sizeIjk: [128, 128, 40] });
const volume = {
  grid,
  data: Int16Array.from({ length: voxelCount(grid) }, (_, v) => ((v * 7919) % 2000) - 1000),
};
const ct = [...ctFiles(volume).values()];
const { studyUid, seriesUid } = identityOfFile(ct[0]!);
/** Other objects of the study, in a series of their own. */
const OTHERS_UID = '1.2.4';
const others = [
  ...['2.1', '66.4', '88.34', '7', '104.3', '104.4'].map((end, index) =>
    ctSlice(volume, 0, {
      '0008,0016': `1.2.840.10008.5.1.4.1.1.${end}`,
      '0008,0018': `1.2.3.${index}`,
      '0020,000e': OTHERS_UID,
    }),
  ),
  encapsulatedSlice(volume, 1, '1.2.840.10008.1.2.4.80', [new Uint8Array(502)], {
    '0008,0018': '1.2.5',
    '0020,000e': OTHERS_UID,
  }),
];
const all = [...ct, ...others];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auricle-node-'));
  await Promise.all(all.map((file, index) => writeFile(join(folder, `${index}.dcm`), file)));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** File meta information is each program's own; the data set is the sender's. */
const dataSet = (file: Uint8Array): Buffer => Buffer.from(file.subarray(identityOfFile(file).dataSetOffset));
async function expectSameDataSets(output: string, files: readonly Uint8Array[]): Promise<void> {
  for (const file of files) {
    const { seriesUid: series, sopInstanceUid, transferSyntaxUid } = identityOfFile(file);
    const kept = await readFile(join(output, series, `${sopInstanceUid}.dcm`));
    expect(identityOfFile(kept).transferSyntaxUid).toBe(transferSyntaxUid);
    expect(dataSet(kept).equals(dataSet(file)), sopInstanceUid).toBe(true);
  }
}

describe.skipIf(!isHere)('an Orthanc as a classic node', () => {
  let orthanc: Orthanc;
  let movePort: number;
  let node: { host: string; port: number; calledAeTitle: string; callingAeTitle: string };
  let archive: DicomArchive;
  beforeAll(async () => {
    [movePort = 0] = await freePorts(1);
    orthanc = await startOrthanc({ destination: { aeTitle: 'AURICLE', port: movePort } });
    node = {
      host: '127.0.0.1',
      port: orthanc.dicomPort,
      calledAeTitle: 'ORTHANC',
      callingAeTitle: 'AURICLE',
    };
    archive = connectNode(node);
  });
  afterAll(() => orthanc?.remove());

  it('takes a study with every kind of result and compressed images, and finds it', async () => {
    await archive.check();
    const results = await archive.store(await collectFiles([folder]));
    expect(results.filter((result) => result.failure !== undefined)).toEqual([]);
    const page = { limit: 10, offset: 0 };
    const { studies } = await archive.studies({ modality: 'CT' }, page);
    expect(studies).toMatchObject([{ studyUid, seriesCount: 2, imageCount: all.length }]);
    expect((await archive.studies({ patientName: 'Nobody' }, page)).studies).toEqual([]);
    const { series } = await archive.series({ studyUid });
    expect(series.map((one) => [one.seriesUid, one.imageCount]).sort()).toEqual(
      [
        [seriesUid, ct.length],
        [OTHERS_UID, others.length],
      ].sort(),
    );
  });

  it('is found from the command line', async () => {
    const program = await builtProgram();
    try {
      const titles = ['--called', 'ORTHANC', '--calling', 'AURICLE'];
      const address = ['--node', `127.0.0.1:${orthanc.dicomPort}`];
      const found = await runProgram(program.file, ['find', ...address, ...titles, '--json']);
      expect(JSON.parse(found.stdout)).toMatchObject({ studies: [{ studyUid }] });
      expect(found.stderr).not.toContain('Deprecation');
    } finally {
      await program.remove();
    }
  });

  it('gives back the same data sets by C-GET', async () => {
    const output = join(folder, 'get');
    const { series, failed } = await fetchStudy(archive, { studyUid }, output);
    expect(failed).toEqual([]);
    expect(series.map(({ received }) => received).sort()).toEqual([ct.length, others.length].sort());
    await expectSameDataSets(output, all);
    // The second time nothing is left to fetch.
    expect((await fetchStudy(archive, { studyUid }, output)).series.map(({ received }) => received)).toEqual([
      0, 0,
    ]);
  });

  it('gives back the same data sets by C-MOVE', async () => {
    const moving = connectNode(node, { listenForMove: listenAt({ host: '127.0.0.1', port: movePort }) });
    const output = join(folder, 'move');
    const { failed } = await fetchStudy(moving, { studyUid }, output);
    expect(failed).toEqual([]);
    await expectSameDataSets(output, all);
  });

  it('lists the series of one of two patients who share the UID of a study', async () => {
    const shared = { '0020,000d': '1.2.7' };
    const files = ['A', 'B'].map((patientId, at) =>
      ctSlice(volume, 0, {
        ...shared,
        '0010,0020': patientId,
        '0020,000e': `1.2.7.${at}`,
        '0008,0018': `1.2.7.${at}.1`,
      }),
    );
    for (const file of files) {
      const body = Uint8Array.from(file);
      expect((await fetch(new URL('/instances', orthanc.url), { method: 'POST', body })).ok).toBe(true);
    }
    const patient = { patientId: 'B', issuerOfPatientId: '', patientName: '' };
    const { series, warnings } = await listSeries(archive, { studyUid: '1.2.7', patient });
    expect(series).toMatchObject([{ seriesUid: '1.2.7.1' }]);
    expect(warnings).toMatchObject([{ code: 'network.other-patients-left-out' }]);
    expect((await listSeries(archive, { studyUid: '1.2.7' })).series).toHaveLength(2);
  });

  it('says which class of object a node does not send by C-GET', async () => {
    const labelMap = '1.2.840.10008.5.1.4.1.1.66.7';
    const uids = { '0008,0018': '1.2.6.1', '0020,000d': '1.2.6', '0020,000e': '1.2.6.2' };
    const file = ctSlice(volume, 0, { ...uids, '0008,0016': labelMap });
    const body = Uint8Array.from(file);
    expect((await fetch(new URL('/instances', orthanc.url), { method: 'POST', body })).ok).toBe(true);
    const { failed } = await fetchStudy(archive, { studyUid: '1.2.6' }, join(folder, 'label-map'));
    expect(failed).toMatchObject([
      {
        failure: {
          fields: { reason: [{ code: 'network.class-not-sent', fields: { sopClassUid: labelMap } }] },
        },
      },
    ]);
  });

  it('is fetched from by C-MOVE in the application, at a port of its own and through its receiver', async () => {
    const dataFolder = await mkdtemp(join(folder, 'application-'));
    const parts = { dataFolder, keychain: undefined, lend: async (paths: readonly string[]) => lent(paths) };
    const lent = (paths: readonly string[]) =>
      paths.map((path, at) => ({ id: `${at}`, path: basename(path), sizeBytes: 1 }));
    const noted: unknown[] = [];
    const onNotice = (notice: unknown) => void noted.push(notice);
    const receiving = createReceiving({ ...parts, emit: () => {}, onNotice });
    const servers = createServers({ ...parts, receiving, onNotice });
    const job = { signal: new AbortController().signal, onProgress: () => {} };
    const server = {
      ...{ id: 'a', name: 'PACS', kind: 'node' as const, address: `127.0.0.1:${orthanc.dicomPort}` },
      ...{ authentication: 'none' as const, user: '', fingerprint: '', caPem: '' },
      ...{ allowUnencryptedPassword: false, isEncrypted: false, receiveAt: String(movePort) },
      ...{ calledAeTitle: 'ORTHANC', callingAeTitle: 'AURICLE' },
    };
    const { settings } = await receiving.handlers.state({}, job);
    try {
      await servers.handlers.keep({ server, secret: null }, job);
      const [found] = (await archive.studies({ studyUid }, { limit: 1, offset: 0 })).studies;
      const { patientId, issuerOfPatientId, patientName } = found!;
      const patient = { patientId, issuerOfPatientId, patientName };
      const { series: listed } = await servers.handlers.series({ id: 'a', studyUid, patient }, job);
      const [series] = listed;
      for (const isOn of [false, true]) {
        const on = { ...settings, isOn, port: movePort, allowedAeTitles: ['SCANNER'] };
        await receiving.handlers.configure({ settings: on }, job);
        const { files, loan } = await servers.handlers.fetch({ id: 'a', series: series! }, job);
        expect(files).toHaveLength(series?.imageCount ?? 0);
        await servers.handlers.release({ loan }, job);
      }
      expect((await receiving.handlers.state({}, job)).series).toEqual([]);
      expect(noted).toEqual([]);
    } finally {
      await Promise.all([servers.free(), receiving.free()]);
    }
  });

  it('loses nothing when it is killed in the middle, and leaves no half series', async () => {
    const output = join(folder, 'killed');
    const quick = connectNode(node, { patience: { connectMs: 2000, pieceMs: 5000 } });
    await fetchThroughCrash(orthanc, quick, { studyUid, seriesUid, imageCount: ct.length }, output);
    await expectSameDataSets(output, ct);
  });
});

describe.skipIf(!hasDcmtk)('DCMTK over TLS, both ends with a certificate', () => {
  let files: string[];
  const identity = { certificatePem: SELF_SIGNED.cert, keyPem: SELF_SIGNED.key };
  /** Their trust in our certificate and ours in theirs, which is the same. */
  let tlsOptions: string[];
  beforeAll(async () => {
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
    await writeFile(key, SELF_SIGNED.key);
    await writeFile(certificate, SELF_SIGNED.cert);
    files = ct.slice(0, 3).map((_, index) => join(folder, `${index}.dcm`));
    tlsOptions = ['+tls', key, certificate, '+cf', certificate];
  });

  it('answers and stores for a sender with certificates, from the command line too', async () => {
    const [port = 0] = await freePorts(1);
    const incoming = await mkdtemp(join(folder, 'storescp-'));
    const storescp = spawn('/usr/bin/storescp', [...tlsOptions, '-od', incoming, String(port)]);
    const program = await builtProgram();
    try {
      const address = { host: '127.0.0.1', port, calledAeTitle: 'STORESCP', callingAeTitle: 'AURICLE' };
      const trust = { caPem: SELF_SIGNED.cert };
      const trusting = connectNode({ ...address, tls: { trust, identity } });
      await expect
        .poll(
          () =>
            trusting.check().then(
              () => true,
              () => false,
            ),
          { timeout: 10_000 },
        )
        .toBe(true);
      const results = await trusting.store(await collectFiles(files));
      expect(results.filter((result) => result.failure !== undefined)).toEqual([]);
      expect(await readdir(incoming)).toHaveLength(files.length);
      await expect(connectNode({ ...address, tls: { trust: {}, identity } }).check()).rejects.toThrow(
        'it is self-signed',
      );
      await expect(connectNode({ ...address, tls: { trust } }).check()).rejects.toThrow(
        'asks for a certificate of this program',
      );
      const echo = ['node', 'echo', '--node', `127.0.0.1:${port}`, '--called', 'STORESCP', '--tls'];
      const [, key = '', certificate = ''] = tlsOptions;
      const ours = ['--certificate', certificate, '--key', key];
      const answer = await runProgram(program.file, [
        ...echo,
        ...ours,
        '--fingerprint',
        SELF_SIGNED.fingerprint,
      ]);
      expect(answer.stdout).toContain('answers.');
    } finally {
      await program.remove();
      storescp.kill();
      await once(storescp, 'exit');
    }
  });

  it('reaches us with its certificate, and not without encryption', async () => {
    const output = join(folder, 'encrypted');
    const received: string[] = [];
    const problems: unknown[] = [];
    const receiver = await receiveStudies({
      port: 0,
      aeTitle: 'AURICLE',
      isAllowed: (aeTitle) => aeTitle === 'SCANNER',
      tls: { identity, trust: { caPem: SELF_SIGNED.cert } },
      folder: output,
      onReceived: (uids) => received.push(...uids),
      onProblem: (thrown) => problems.push(thrown),
    });
    const peer = ['-aet', 'SCANNER', '-aec', 'AURICLE', '127.0.0.1', String(receiver.port)];
    try {
      await promisify(execFile)('/usr/bin/echoscu', [...tlsOptions, ...peer]);
      await promisify(execFile)(STORESCU, [...tlsOptions, ...peer, ...files]);
      await expect.poll(() => received).toEqual([seriesUid]);
      expect(problems).toEqual([]);
      await expectSameDataSets(output, ct.slice(0, 3));
      await expect(promisify(execFile)('/usr/bin/echoscu', peer)).rejects.toThrow();
    } finally {
      await receiver.close();
    }
  });
});

describe.skipIf(!hasDcmtk)("DCMTK's storescu", () => {
  it('sends us a study, and is refused under another name', async () => {
    const output = join(folder, 'received');
    const received: string[] = [];
    const problems: unknown[] = [];
    const receiver = await receiveStudies({
      port: 0,
      aeTitle: 'AURICLE',
      isAllowed: (aeTitle) => aeTitle === 'SCANNER',
      folder: output,
      onReceived: (uids) => received.push(...uids),
      onProblem: (thrown) => problems.push(thrown),
    });
    const files = ct.map((_, index) => join(folder, `${index}.dcm`));
    const send = (aeTitle: string) =>
      promisify(execFile)(STORESCU, [
        ...['-aet', aeTitle, '-aec', 'AURICLE', '127.0.0.1', String(receiver.port)],
        ...files,
      ]);
    try {
      await expect(send('OTHER')).rejects.toThrow('Calling AE Title Not Recognized');
      await send('SCANNER');
      await expect.poll(() => received).toEqual([seriesUid]);
      expect(problems).toEqual([]);
      await expectSameDataSets(output, ct);
    } finally {
      await receiver.close();
    }
  });
});
