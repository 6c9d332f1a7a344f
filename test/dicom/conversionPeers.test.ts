import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pixelCodecs } from '../../src/main/studies/pixelCodecs.ts';
import { decodeSlice } from '../../src/shared/dicom/decodeSlice.ts';
import { createHounsfieldTables } from '../../src/shared/dicom/hounsfield.ts';
import { parseSliceHeader } from '../../src/shared/dicom/parseSliceHeader.ts';
import { storedRange } from '../../src/shared/dicom/sliceHeader.ts';
import { type Changes, ctSlice, rampVolume, smallGrid } from '../../src/shared/dicom/testing/ctFixtures.ts';
import { enhancedCt } from '../../src/shared/dicom/testing/enhancedFixtures.ts';

const COLUMNS = 33;
const ROWS = 17;
const COUNT = COLUMNS * ROWS;
const volume = rampVolume(smallGrid({ sizeIjk: [COLUMNS, ROWS, 4] }));
const slice = (changes: Changes = {}): Uint8Array => ctSlice(volume, 1, changes);
/** An odd number of values of 8 bits, padded to an even length. */
const eightBits = slice({
  '0028,0100': 8,
  '0028,0101': 8,
  '0028,0102': 7,
  '7fe0,0010': Uint8Array.from({ length: COUNT + 1 }, (_, v) => (v * 7) & 255),
});

function isThere(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function huOf(bytes: Uint8Array): Promise<number[]> {
  const parsed = parseSliceHeader(bytes);
  const headers = parsed.kind === 'slice' ? [parsed.header] : parsed.kind === 'frames' ? parsed.headers : [];
  if (headers.length === 0) throw new Error(JSON.stringify(parsed));
  const hu: number[] = [];
  for (const header of headers) {
    const { from, to } = storedRange(header);
    const decoded = await decodeSlice(
      bytes.subarray(from, to),
      header,
      pixelCodecs,
      createHounsfieldTables(),
    );
    if (decoded.kind !== 'decoded') throw new Error(decoded.reason.code);
    hu.push(...decoded.valuesHu);
  }
  return hu;
}

/** What other programs make of our files, by their own encoders. */
const CONVERSIONS: readonly (readonly [what: string, command: string, options: readonly string[]])[] = [
  ['implicit little endian', 'dcmconv', ['+ti']],
  ['big endian', 'dcmconv', ['+tb']],
  ['deflated', 'dcmconv', ['+td']],
  ['without meta group', 'dcmconv', ['-F', '+ti']],
  ['sequences of undefined length', 'dcmconv', ['+te', '-e']],
  ['run-length encoded', 'dcmcrle', []],
  ['lossless JPEG, first-order prediction', 'dcmcjpeg', ['+e1']],
  ['JPEG-LS', 'dcmcjpls', []],
  ['JPEG 2000 by GDCM', 'gdcmconv', ['--j2k']],
  ['JPEG-LS by GDCM', 'gdcmconv', ['--jpegls']],
  ['lossless JPEG by GDCM', 'gdcmconv', ['--jpeg']],
];

describe('files that other programs convert', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'conversions-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const convert = (command: string, options: readonly string[], file: Uint8Array): Uint8Array => {
    const [from, to] = [join(folder, 'from.dcm'), join(folder, 'to.dcm')];
    writeFileSync(from, file);
    execFileSync(command, [...options, from, to], { stdio: 'ignore' });
    return readFileSync(to);
  };

  for (const [what, command, options] of CONVERSIONS) {
    const present = isThere(command);
    it.skipIf(!present)(
      `hold the same values: ${what}${present ? '' : ` (skipped: ${command} is not installed)`}`,
      async () => {
        for (const file of [
          slice(),
          slice({ '0028,0103': 1, '0028,0101': 16, '0028,0102': 15 }),
          eightBits,
        ]) {
          expect(await huOf(convert(command, options, file))).toEqual(await huOf(file));
        }
      },
    );
  }

  const present = isThere('dcmconv');
  it.skipIf(!present)(
    `hold the same frames${present ? '' : ' (skipped: DCMTK is not installed)'}`,
    async () => {
      const file = enhancedCt(volume, { frames: [0, 1, 2, 3] });
      for (const options of [['+td'], ['+tb'], ['+ti', '-e']]) {
        expect(await huOf(convert('dcmconv', options, file))).toEqual(Array.from(volume.data));
      }
    },
  );
});
