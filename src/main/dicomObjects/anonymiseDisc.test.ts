import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BASIC_PROFILE } from '#shared/deidentify/confidentialityProfile.ts';
import { joined } from '#shared/dicom/testing/compressedFixtures.ts';
import { ctSlice, rampVolume, smallGrid } from '#shared/dicom/testing/ctFixtures.ts';
import { ascii, rawElement } from '#shared/dicom/testing/rawElements.ts';
import { MEDIA_STORAGE_DIRECTORY } from '#shared/dicom/transferSyntax.ts';
import { listTree } from '../studies/dicomFiles.ts';
import { anonymiseFolders } from './anonymiseFolders.ts';

const item = (content: Uint8Array): Uint8Array =>
  rawElement(0xfffee000, '', content, { explicitVr: false, bigEndian: false });

/** A DICOMDIR of a patient's record and one for each file. */
function dicomdir(fileIds: readonly string[]): Uint8Array {
  const patient = joined([
    rawElement(0x00041430, 'CS', ascii('PATIENT')),
    rawElement(0x00100010, 'PN', ascii('Doe^Jane')),
  ]);
  const images = fileIds.map((id) =>
    joined([rawElement(0x00041430, 'CS', ascii('IMAGE')), rawElement(0x00041500, 'CS', ascii(id))]),
  );
  return joined([
    new Uint8Array(128),
    ascii('DICM'),
    rawElement(0x00020002, 'UI', ascii(MEDIA_STORAGE_DIRECTORY)),
    rawElement(0x00020010, 'UI', ascii('1.2.840.10008.1.2.1')),
    rawElement(0x00041130, 'CS', ascii('DISC')),
    rawElement(0x00041220, 'SQ', joined([patient, ...images].map(item))),
  ]);
}

describe('anonymiseFolders with a disc', () => {
  let root: string;
  let disc: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'auricle-disc-'));
    disc = join(root, 'disc');
    mkdirSync(join(disc, 'Images'), { recursive: true });
    const volume = rampVolume(smallGrid());
    for (const k of [0, 1, 2]) writeFileSync(join(disc, 'Images', `im${k}`), ctSlice(volume, k));
    // Lists two of three, one twice, one that is not there, one outside of the disc; in capitals, as discs are written.
    const ids = ['IMAGES\\IM0', 'IMAGES\\IM2', 'IMAGES\\IM0', 'IMAGES\\IM7', '..\\SECRET'];
    writeFileSync(join(disc, 'DICOMDIR'), dicomdir(ids));
    writeFileSync(join(root, 'secret'), ctSlice(volume, 3));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  const anonymise = async (paths: readonly string[], out: string) => {
    const { copied, leftOut } = await anonymiseFolders(paths, join(root, out), {
      options: BASIC_PROFILE,
      key: new Uint8Array(32),
      withRisky: false,
    });
    return [copied, ...leftOut.map(({ reason, count }) => `${count} ${reason.code}`)];
  };

  it('copies no DICOMDIR, and says what it is', async () => {
    expect(await anonymise([disc], 'of-folder')).toEqual([3, '1 objects.disc-index']);
    const { files } = await listTree(join(root, 'of-folder'));
    for (const { path, name } of files) {
      expect(name).not.toBe('DICOMDIR');
      expect(readFileSync(path).toString('latin1')).not.toContain('Doe');
    }
  });

  it('copies what a DICOMDIR lists, and each file once however often it is named', async () => {
    const index = join(disc, 'DICOMDIR');
    expect(await anonymise([index], 'of-index')).toEqual([2, '2 studies.listed-file-missing']);
    expect(await anonymise([disc, index, disc], 'of-both')).toEqual([
      3,
      '2 studies.listed-file-missing',
      '1 objects.disc-index',
    ]);
  });

  it('refuses a DICOMDIR that is cut, and leaves nothing', async () => {
    const cut = join(root, 'DICOMDIR');
    writeFileSync(cut, dicomdir(['IMAGES\\IM0']).subarray(0, -9));
    await expect(anonymise([cut], 'of-cut')).rejects.toMatchObject({
      failure: { code: 'studies.disc-index-damaged' },
    });
    expect(readdirSync(root)).not.toContain('of-cut');
    await expect(listTree(cut)).rejects.toMatchObject({ failure: { code: 'studies.disc-index-named' } });
  });
});
