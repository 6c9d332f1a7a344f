import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DicomServerSettings, RemoteSeriesInfo } from '#shared/contract/services/servers.ts';
import { ctFiles, rampVolume, smallGrid } from '#shared/dicom/testing/ctFixtures.ts';
import type { Failure } from '#shared/failures/failure.ts';
import {
  type FakeDicomWeb,
  identityOfFile,
  startFakeDicomWeb,
} from '../dicomNetwork/testing/fakeDicomWeb.ts';
import type { Keychain } from '../platform/platform.ts';
import { createOpening } from './opening.ts';
import { createServers, type Servers } from './servers.ts';

const slices = [...ctFiles(rampVolume(smallGrid())).values()];
const { studyUid, seriesUid } = identityOfFile(slices[0]!);
const series: RemoteSeriesInfo = {
  studyUid,
  seriesUid,
  modality: 'CT',
  number: 2,
  description: 'CTA',
  imageCount: 8,
};
const job = { signal: new AbortController().signal, onProgress: () => {} };
/** Turning a text round hides it well enough from a test. */
const reversed = (text: string): string => [...text].reverse().join('');
const keychain: Keychain = { encrypt: reversed, decrypt: reversed };

let dataFolder: string;
let fake: FakeDicomWeb;
const notices: Failure[] = [];
const opening = createOpening(
  () => {},
  () => {},
);
const started = (kept: Keychain | null = keychain): Servers =>
  createServers({
    dataFolder,
    keychain: kept ?? undefined,
    lend: opening.lend,
    receiving: {
      identity: () => undefined,
      listenForMove: () => () => Promise.reject(new Error('C-GET was chosen.')),
    },
    onNotice: (notice) => notices.push(notice),
  });
const pacs = (changes: Partial<DicomServerSettings> = {}): DicomServerSettings => ({
  id: 'pacs',
  name: 'PACS',
  kind: 'web',
  address: fake.url,
  authentication: 'basic',
  user: 'alice',
  fingerprint: '',
  caPem: '',
  allowUnencryptedPassword: false,
  isEncrypted: false,
  receiveAt: '',
  calledAeTitle: '',
  callingAeTitle: '',
  ...changes,
});
const kept = (): Promise<string> => readFile(join(dataFolder, 'servers.json'), 'utf8');
const authorization = (): string | undefined => fake.requests.at(-1)?.headers.authorization;

beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'auricle-servers-'));
  fake = await startFakeDicomWeb({ files: slices });
  notices.length = 0;
});
afterEach(async () => {
  await fake.close();
  await rm(dataFolder, { recursive: true });
});

describe('DICOM servers', () => {
  it('are none until one is added, and speak to nobody by themselves', async () => {
    const { handlers } = started();
    expect(await handlers.list({}, job)).toEqual({ servers: [], canKeepSecrets: true });
    await handlers.keep({ server: pacs(), secret: 'secret' }, job);
    expect(fake.requests).toEqual([]);
    await handlers.check({ id: 'pacs' }, job);
    expect(authorization()).toBe(`Basic ${Buffer.from('alice:secret').toString('base64')}`);
  });

  it('keep a password as the keychain encrypts it, and give it to no other address', async () => {
    await started().handlers.keep({ server: pacs(), secret: 'secret' }, job);
    expect(await kept()).not.toContain('secret');
    const { handlers } = started();
    expect((await handlers.list({}, job)).servers).toMatchObject([{ id: 'pacs', needsSecret: false }]);
    await handlers.keep({ server: pacs({ name: 'Other name' }), secret: null }, job);
    await handlers.check({ id: 'pacs' }, job);
    expect(authorization()).toContain('Basic');
    const moved = await handlers.keep({ server: pacs({ address: `${fake.url}/x` }), secret: null }, job);
    expect(moved.servers).toMatchObject([{ needsSecret: true }]);
    expect(await kept()).not.toContain(reversed('secret'));
    await handlers.check({ id: 'pacs' }, job).catch(() => {});
    expect(authorization()).toBeUndefined();
  });

  it('forget a password at the end where there is no keychain', async () => {
    const { handlers } = started(null);
    await handlers.keep({ server: pacs(), secret: 'secret' }, job);
    expect(JSON.stringify(await handlers.list({}, job))).not.toContain('secret');
    expect((await handlers.list({}, job)).servers).toMatchObject([{ needsSecret: false }]);
    expect(await kept()).not.toMatch(/secret|terces/);
    const again = started(null);
    expect((await again.handlers.list({}, job)).servers).toMatchObject([{ needsSecret: true }]);
    await again.handlers.unlock({ id: 'pacs', secret: 'secret' }, job);
    await again.handlers.check({ id: 'pacs' }, job);
    expect(authorization()).toContain('Basic');
  });

  it('refuse addresses that are none, and say that a damaged list is one', async () => {
    const { handlers } = started();
    for (const changes of [
      { address: 'ftp://pacs' },
      { address: 'https://alice:secret@pacs/' },
      { fingerprint: 'AB' },
      { kind: 'node' as const, address: 'pacs' },
    ])
      await expect(handlers.keep({ server: pacs(changes), secret: null }, job)).rejects.toThrow();
    await expect(handlers.check({ id: 'gone' }, job)).rejects.toThrow('no longer configured');
    await writeFile(join(dataFolder, 'servers.json'), '[{"id":1}]');
    expect((await started().handlers.list({}, job)).servers).toEqual([]);
    expect(notices).toEqual([{ code: 'storage.servers-damaged', fields: {} }]);
  });

  it('list, picture and fetch a series, whose files are there as long as a page has it open', async () => {
    const { handlers, free } = started();
    await handlers.keep({ server: pacs({ authentication: 'none' }), secret: null }, job);
    const filters = { patientName: '', patientId: '', date: '', modality: 'CT', accessionNumber: '' };
    const { studies } = await handlers.studies({ id: 'pacs', filters, offset: 0 }, job);
    expect(studies).toMatchObject([{ studyUid, patientName: 'Doe^Jane' }]);
    const { patientName, patientId, issuerOfPatientId } = studies[0]!;
    const patient = { patientName, patientId, issuerOfPatientId };
    expect(await handlers.series({ id: 'pacs', studyUid, patient }, job)).toMatchObject({
      series: [{ seriesUid }],
      warnings: [],
    });
    const picture = await handlers.thumbnail({ id: 'pacs', series }, job);
    expect(picture?.mediaType).toBe('image/png');
    expect(Buffer.from(picture!.bytes).subarray(1, 4).toString()).toBe('PNG');
    const { files, loan } = await handlers.fetch({ id: 'pacs', series }, job);
    expect(files).toHaveLength(8);
    // Another page has the same series for itself.
    const other = await handlers.fetch({ id: 'pacs', series }, job);
    await handlers.release({ loan: other.loan }, job);
    await handlers.release({ loan: null }, job);
    const { bytes } = await opening.handlers.read({ id: files[0]!.id, fromByte: 0 }, job);
    expect(fake.files.get(identityOfFile(bytes).sopInstanceUid)?.length).toBe(bytes.length);
    await handlers.release({ loan }, job);
    expect(await readdir(dataFolder)).toEqual(['servers.json']);
    await free();
  });

  it('store results, each with what became of it', async () => {
    fake.files.clear();
    const { handlers } = started();
    await handlers.keep({ server: pacs({ authentication: 'none' }), secret: null }, job);
    const files = slices.slice(0, 2).map((bytes, index) => ({
      name: `laa-${index}.dcm`,
      bytes: Uint8Array.from(bytes),
    }));
    expect(await handlers.store({ id: 'pacs', files }, job)).toEqual(
      files.map(({ name }) => ({ name, failure: null })),
    );
    expect(fake.files.size).toBe(2);
    expect(await readdir(dataFolder)).toEqual(['servers.json']);
  });
});
