import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ctFiles, ctSlice, rampVolume, smallGrid } from '#shared/dicom/testing/ctFixtures.ts';
import { UserError } from '#shared/errors.ts';
import { scanDicomFolder } from '../../studies/scanDicomFolder.ts';
import { identityOfFile } from '../testing/fakeDicomWeb.ts';
import { openLanding, type SeriesLanding } from './seriesLanding.ts';

const volume = rampVolume(smallGrid());
const files = [...ctFiles(volume).values()];
const { studyUid, seriesUid } = identityOfFile(files[0]!);
const uids = files.map((file) => identityOfFile(file).sopInstanceUid);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auricle-landing-'));
});
afterEach(() => rm(folder, { recursive: true }));

const landing = (): Promise<SeriesLanding> => openLanding({ studyUid, seriesUid, folder, server: 'S' });
async function* pieces(file: Uint8Array, size = 100): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < file.length; from += size) yield file.subarray(from, from + size);
}
async function* broken(file: Uint8Array): AsyncGenerator<Uint8Array> {
  yield file.subarray(0, file.length / 2);
  throw new TypeError('The connection broke.');
}
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (thrown) => (thrown instanceof UserError ? thrown.failure.code : String(thrown)),
  );

describe('a series that lands', () => {
  it('has the bytes that were sent, under its own names', async () => {
    const series = await landing();
    for (const file of files) await series.land(pieces(file));
    const paths = await series.finish();
    expect(await readdir(folder)).toEqual([seriesUid]);
    expect(paths).toEqual(uids.map((uid) => join(folder, seriesUid, `${uid}.dcm`)).sort());
    for (const [index, uid] of uids.entries())
      expect(await readFile(join(folder, seriesUid, `${uid}.dcm`))).toEqual(Buffer.from(files[index]!));
  });

  it('is no DICOM for anyone until it is whole', async () => {
    const series = await landing();
    for (const file of files.slice(0, 7)) await series.land(pieces(file, 10_000));
    await expect(scanDicomFolder(folder)).rejects.toThrow('holds no DICOM');
    await series.land(pieces(files[7]!));
    await series.finish();
    expect((await scanDicomFolder(folder)).series[0]?.slices).toHaveLength(8);
  });

  it('goes on where an earlier fetch ended, wherever that was', async () => {
    const first = await landing();
    for (const file of files.slice(0, 5)) await first.land(pieces(file));
    expect(await codeOf(first.land(broken(files[5]!)))).toContain('The connection broke.');
    // A killed process cannot remove what it was writing.
    await writeFile(join(folder, `${seriesUid}.incomplete`, 'arriving-x'), 'half');
    const second = await landing();
    expect([...second.present].sort()).toEqual(uids.slice(0, 5).sort());
    for (const file of files.slice(4)) await second.land(pieces(file));
    expect(await second.finish()).toHaveLength(8);
    expect(await readdir(join(folder, seriesUid))).toHaveLength(8);
    // Images that the server has got since join the whole ones.
    const third = await landing();
    expect(third.present.size).toBe(8);
    await third.land(pieces(ctSlice(volume, 0, { '0008,0018': '1.2.3' })));
    expect(await third.finish()).toHaveLength(9);
    expect(await readdir(folder)).toEqual([seriesUid]);
  });

  it('drops copies, and refuses other studies, contradictions and what is no DICOM', async () => {
    const series = await landing();
    await series.land(pieces(files[0]!));
    await series.land(pieces(files[0]!, 7));
    expect(series.present.size).toBe(1);
    const other = ctSlice(volume, 0, { '0020,000d': '1.2.3' });
    expect(await codeOf(series.land(pieces(other)))).toBe('network.instance-foreign');
    const changedPixels = Uint8Array.from(files[0]!);
    changedPixels[changedPixels.length - 1]! ^= 1;
    expect(await codeOf(series.land(pieces(changedPixels)))).toBe('network.instance-contradicts');
    // Also where an earlier fetch wrote the first one.
    expect(await codeOf((await landing()).land(pieces(changedPixels)))).toBe('network.instance-contradicts');
    expect(await codeOf((await landing()).land(pieces(files[0]!)))).toBe('done');
    expect(await codeOf(series.land(pieces(Buffer.from('<html>Log in</html>'))))).toBe(
      'network.part-not-dicom',
    );
    expect(await codeOf(series.land(pieces(files[1]!.subarray(0, 140))))).toBe('network.part-not-dicom');
    expect(await readdir(join(folder, `${seriesUid}.incomplete`))).toEqual([`${uids[0]}.part`]);
  });

  it('says that a folder cannot be written', async () => {
    await mkdir(join(folder, 'x'));
    await writeFile(join(folder, 'x', 'file'), '');
    const place = { studyUid, seriesUid, folder: join(folder, 'x', 'file'), server: 'S' };
    expect(await codeOf(openLanding(place))).toBe('network.not-written');
  });
});
