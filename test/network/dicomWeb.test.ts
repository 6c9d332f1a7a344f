import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  collectFiles,
  connectWeb,
  type DicomArchive,
  fetchStudy,
  type WebServer,
} from '#main/dicomNetwork/index.ts';
import { identityOfFile } from '#main/dicomNetwork/testing/fakeDicomWeb.ts';
import { SELF_SIGNED } from '#main/dicomNetwork/testing/selfSigned.ts';
import { loadSeries, requireBestSeries } from '#main/studies/loadSeries.ts';
import { scanDicomFolder } from '#main/studies/scanDicomFolder.ts';
import { ctFiles, smallGrid } from '#shared/dicom/testing/ctFixtures.ts';
import { voxelCount } from '#shared/geometry/gridLps.ts';
import { type BuiltProgram, builtProgram, runProgram } from '../cli/builtProgram.ts';
import { fetchThroughCrash } from './fetchThroughCrash.ts';
import { isOrthancHere, type Orthanc, startOrthanc, startTlsProxy } from './orthanc.ts';

const isHere = isOrthancHere('DICOMweb with a real server');

/** Large enough that a fetch can be interrupted. */
const grid = smallGrid({ sizeIjk: [256, 256, 60] });
const volume = {
  grid,
  data: Int16Array.from({ length: voxelCount(grid) }, (_, v) => ((v * 7919) % 2000) - 1000),
};
const slices = [...ctFiles(volume).values()];
const { studyUid, seriesUid } = identityOfFile(slices[0]!);
const credentials = { kind: 'basic', user: 'alice', password: 'a:secret' } as const;

describe.skipIf(!isHere)('an Orthanc with a password', () => {
  let folder: string;
  let orthanc: Orthanc;
  let archive: DicomArchive;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'auricle-network-'));
    orthanc = await startOrthanc({ user: ['alice', 'a:secret'] });
    archive = connectWeb({ url: orthanc.url, credentials });
    for (const [index, slice] of slices.entries()) await writeFile(join(folder, `${index}.dcm`), slice);
    await rm(join(folder, 'fetched'), { recursive: true, force: true });
  });
  afterAll(async () => {
    await archive?.close();
    await orthanc?.remove();
    await rm(folder, { recursive: true, force: true });
  });
  const fetchedTo = (name: string): string => join(folder, 'fetched', name);

  it('takes a study, finds it and gives back the same bytes, which load as the same volume', async () => {
    const results = await archive.store(await collectFiles([folder]));
    expect(results.filter((result) => result.failure !== undefined)).toEqual([]);
    const { studies } = await archive.studies({ modality: 'CT' }, { limit: 10, offset: 0 });
    expect(studies).toMatchObject([{ studyUid, modalities: ['CT'], seriesCount: 1, imageCount: 60 }]);
    expect((await archive.studies({ modality: 'MR' }, { limit: 10, offset: 0 })).studies).toEqual([]);
    const output = fetchedTo('whole');
    const { series, failed } = await fetchStudy(archive, { studyUid }, output);
    expect(failed).toEqual([]);
    expect(series).toMatchObject([{ seriesUid, received: 60, isCountKnown: true }]);
    for (const slice of slices) {
      const { sopInstanceUid } = identityOfFile(slice);
      const fetched = await readFile(join(output, seriesUid, `${sopInstanceUid}.dcm`));
      expect(fetched.equals(slice), sopInstanceUid).toBe(true);
    }
    const { chosen } = requireBestSeries(await scanDicomFolder(output));
    const loaded = await loadSeries(chosen);
    expect(loaded.grid).toEqual(volume.grid);
    expect(Buffer.from(loaded.data.buffer).equals(Buffer.from(volume.data.buffer))).toBe(true);
  });

  it('loses nothing when it is killed in the middle of a fetch, and leaves no half series', async () => {
    const output = fetchedTo('killed');
    const impatient = connectWeb(
      { url: orthanc.url, credentials },
      { connectMs: 2000, answerMs: 5000, pieceMs: 5000, pausesMs: [10] },
    );
    try {
      await fetchThroughCrash(orthanc, impatient, { studyUid, seriesUid, imageCount: 60 }, output);
    } finally {
      await impatient.close();
    }
  });

  it('refuses a wrong password', async () => {
    const wrong = connectWeb({ url: orthanc.url, credentials: { ...credentials, password: 'no' } });
    await expect(wrong.check()).rejects.toThrow('refused the user name and password');
    await wrong.close();
  });

  it('is refused behind a self-signed certificate, in a sentence with the fingerprint, and trusted by it', async () => {
    const proxy = await startTlsProxy(SELF_SIGNED, Number(new URL(orthanc.url).port));
    const check = async (server: Omit<WebServer, 'url'>): Promise<void> => {
      const url = `https://127.0.0.1:${proxy.port}/dicom-web`;
      const encrypted = connectWeb({ url, credentials, ...server });
      try {
        await encrypted.check();
      } finally {
        await encrypted.close();
      }
    };
    try {
      await expect(check({})).rejects.toThrow(SELF_SIGNED.fingerprint);
      await check({ trust: { fingerprint: SELF_SIGNED.fingerprint } });
      await check({ trust: { caPem: SELF_SIGNED.cert } });
    } finally {
      await proxy.close();
    }
  });

  describe('from the command line', () => {
    let program: BuiltProgram;
    beforeAll(async () => {
      program = await builtProgram();
    });
    afterAll(() => program.remove());

    it('finds, fetches and stores, and its messages hold no password', async () => {
      process.env.AURICLE_DICOM_PASSWORD = credentials.password;
      const run = (command: readonly string[]) =>
        runProgram(program.file, [...command, '--url', orthanc.url, '--user', 'alice', '--json']);
      const found = await run(['find', '--patient-id', '*']);
      expect(JSON.parse(found.stdout)).toMatchObject({ studies: [{ studyUid }] });
      const fetched = await run(['fetch', '--modality', 'CT', '-o', fetchedTo('cli')]);
      expect(JSON.parse(fetched.stdout)).toMatchObject({ series: [{ seriesUid, images: 60 }], failed: [] });
      const stored = await run(['store', fetchedTo('cli')]);
      expect(JSON.parse(stored.stdout).objects).toHaveLength(60);
      expect(stored.code).toBe(0);
      process.env.AURICLE_DICOM_PASSWORD = 'not-the-secret';
      const refused = await run(['find']);
      delete process.env.AURICLE_DICOM_PASSWORD;
      expect(refused.code).toBe(1);
      expect(refused.stderr).toContain('refused the user name and password');
      expect(JSON.stringify([found, fetched, stored, refused])).not.toMatch(/secret/);
    });
  });
});
