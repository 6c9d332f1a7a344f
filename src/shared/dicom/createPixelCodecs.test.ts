import { expect, it } from 'vitest';
import { words } from '../words/words.ts';
import { createPixelCodecs } from './createPixelCodecs.ts';
import { decodeSlice } from './decodeSlice.ts';
import { createHounsfieldTables } from './hounsfield.ts';
import { storedRange } from './sliceHeader.ts';
import { encapsulatedSlice } from './testing/compressedFixtures.ts';
import { rampVolume, smallGrid } from './testing/ctFixtures.ts';
import { parseFile } from './testing/scanFiles.ts';

it('says that a decoder could not be had, not that the file is damaged', async () => {
  const missing = () => Promise.reject(new Error('ENOENT /a/secret/path'));
  const codecs = createPixelCodecs({
    jpegLs: missing,
    jpeg: missing,
    jpeg2000: missing,
    htj2k: missing,
    jpeg12: missing,
  });
  // SOI and the frame header of an image of 6 × 5 values of 16 bits.
  const codeStream = Uint8Array.of(0xff, 0xd8, 0xff, 0xf7, 0, 11, 16, 0, 5, 0, 6, 1, 1, 0x11, 0, 0xff, 0xd9);
  const bytes = encapsulatedSlice(rampVolume(smallGrid()), 0, '1.2.840.10008.1.2.4.80', [codeStream]);
  const parsed = parseFile(bytes);
  if (parsed.kind !== 'slice') throw new Error(parsed.kind);
  const { from, to } = storedRange(parsed.header);
  const slice = await decodeSlice(bytes.subarray(from, to), parsed.header, codecs, createHounsfieldTables());
  expect(slice.kind === 'failed' && words().sentence(slice.reason)).toBe(
    'The decoder for its compression could not be started.',
  );
});
