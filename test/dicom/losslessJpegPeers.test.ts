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
import { encapsulatedSlice } from '../../src/shared/dicom/testing/compressedFixtures.ts';
import { rampVolume, smallGrid } from '../../src/shared/dicom/testing/ctFixtures.ts';
import {
  encodeJpegLossless,
  type LosslessOptions,
} from '../../src/shared/dicom/testing/encodeJpegLossless.ts';

const COLUMNS = 20;
const ROWS = 12;
/** Only its headers are used. */
const volume = rampVolume(smallGrid({ sizeIjk: [COLUMNS, ROWS, 3] }));
const values = Uint16Array.from({ length: COLUMNS * ROWS }, (_, v) => ((v * 2654435761) >>> 20) & 0xff8);

function isThere(command: string, probe: string): boolean {
  try {
    execFileSync(command, [probe], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function huOf(bytes: Uint8Array): Promise<Int16Array> {
  const parsed = parseSliceHeader(bytes);
  if (parsed.kind !== 'slice') throw new Error(JSON.stringify(parsed));
  const { from, to } = storedRange(parsed.header);
  const stored = bytes.subarray(from, to);
  const slice = await decodeSlice(stored, parsed.header, pixelCodecs, createHounsfieldTables());
  if (slice.kind !== 'decoded') throw new Error(slice.reason.code);
  return slice.valuesHu;
}

const PEERS = [
  { name: 'GDCM', command: 'gdcmconv', probe: '--version', options: ['--raw'] },
  { name: 'DCMTK', command: 'dcmdjpeg', probe: '--version', options: [] },
];

describe.each(PEERS)('lossless JPEG as $name reads it', ({ name, command, probe, options: flags }) => {
  const present = isThere(command, probe);
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'peers-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  // What both read; the decoder's own tests go further.
  const variants: readonly (readonly [string, LosslessOptions])[] = [
    ['predictor 1', { bits: 12 }],
    ['predictor 4', { bits: 12, predictor: 4 }],
    ['predictor 7 of 16 bits', { bits: 16, predictor: 7 }],
    ['restarts', { bits: 12, restartRows: 3 }],
    ['codes of up to 16 bits', { bits: 12, codes: 'long' }],
    ['another table', { bits: 12, table: 1 }],
    ['segments that mean nothing', { bits: 12, chatty: true }],
  ];
  it.skipIf(!present).each(variants)(
    `%s${present ? '' : ` (skipped: ${name} is not installed)`}`,
    async (_, options) => {
      const codeStream = encodeJpegLossless(values, COLUMNS, ROWS, options);
      const half = 2 * Math.floor(codeStream.length / 4);
      const fragments = [codeStream.subarray(0, half), codeStream.subarray(half)];
      const file = encapsulatedSlice(volume, 1, '1.2.840.10008.1.2.4.57', fragments);
      const [compressed, plain] = [join(folder, 'compressed.dcm'), join(folder, 'plain.dcm')];
      writeFileSync(compressed, file);
      execFileSync(command, [...flags, compressed, plain], { stdio: 'ignore' });
      const ours = await huOf(file);
      expect(ours).toEqual(Int16Array.from(values, (value) => value - 1024));
      expect(await huOf(readFileSync(plain))).toEqual(ours);
    },
  );
});
