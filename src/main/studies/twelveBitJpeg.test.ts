import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type DecodedSlice, decodeSlice } from '#shared/dicom/decodeSlice.ts';
import { createHounsfieldTables } from '#shared/dicom/hounsfield.ts';
import { parseSliceHeader } from '#shared/dicom/parseSliceHeader.ts';
import { type SliceHeader, storedRange } from '#shared/dicom/sliceHeader.ts';
import { encapsulatedSlice } from '#shared/dicom/testing/compressedFixtures.ts';
import { type Changes, rampVolume, smallGrid } from '#shared/dicom/testing/ctFixtures.ts';
import { enhancedCt } from '#shared/dicom/testing/enhancedFixtures.ts';
import { inWords } from '#shared/words/testing/inWords.ts';
import { words } from '#shared/words/words.ts';
import { gdcmOfPage, pixelCodecs } from './pixelCodecs.ts';
import { twelveBitJpeg } from './testing/twelveBitJpeg.ts';

const { file, codeStream, storedValues, rows, columns } = twelveBitJpeg();
const SIZE = { '0028,0010': rows, '0028,0011': columns };
const JPEG_EXTENDED = '1.2.840.10008.1.2.4.51';
/** Only its headers are used. */
const volume = rampVolume(smallGrid());
const sliceOf = (fragments: readonly Uint8Array[], changes: Changes = {}): Uint8Array =>
  encapsulatedSlice(volume, 1, JPEG_EXTENDED, fragments, { ...SIZE, ...changes });
const slice = (stream: Uint8Array, changes: Changes = {}): Uint8Array => sliceOf([stream], changes);

const decodeWith = (bytes: Uint8Array, header: SliceHeader): Promise<DecodedSlice> => {
  const { from, to } = storedRange(header);
  return decodeSlice(bytes.subarray(from, to), header, pixelCodecs, createHounsfieldTables());
};
const headerOf = (bytes: Uint8Array): SliceHeader => {
  const parsed = parseSliceHeader(bytes);
  if (parsed.kind !== 'slice') throw new Error(JSON.stringify(parsed));
  return parsed.header;
};
async function huOf(bytes: Uint8Array): Promise<Int16Array> {
  const decoded = await decodeWith(bytes, headerOf(bytes));
  if (decoded.kind !== 'decoded') throw new Error(decoded.reason.code);
  return decoded.valuesHu;
}
async function reasonOf(bytes: Uint8Array): Promise<string> {
  const parsed = parseSliceHeader(bytes);
  if (parsed.kind !== 'slice') return 'reason' in parsed ? words().sentence(parsed.reason) : parsed.kind;
  const decoded = await decodeWith(bytes, parsed.header);
  return decoded.kind === 'failed' ? words().clause(decoded.reason) : 'decoded';
}

describe('lossy JPEG of 12 bits', () => {
  afterEach(() => vi.restoreAllMocks());

  it('decodes to exactly the values of another decoder', async () => {
    // The encoder wrote an intercept of its own.
    expect(await huOf(file)).toEqual(Int16Array.from(storedValues, (value) => value - 2044));
    expect(inWords(headerOf(file).remarks)).toEqual([
      'The images were compressed with loss: their values are not exact.',
    ]);
    const expected = Int16Array.from(storedValues, (value) => value - 1024);
    const half = 2 * Math.floor(codeStream.length / 4);
    for (const fragments of [[codeStream], [codeStream.subarray(0, half), codeStream.subarray(half)]]) {
      expect(await huOf(sliceOf(fragments))).toEqual(expected);
    }
  });

  it('decodes signed values by the sign bit of the header', async () => {
    const signed = { '0028,0103': 1, '0028,1052': '0' };
    const expected = Int16Array.from(storedValues, (value) => (value < 2048 ? value : value - 4096));
    expect(expected.some((value) => value < 0)).toBe(true);
    expect(await huOf(slice(codeStream, signed))).toEqual(expected.map((hu) => Math.max(-2048, hu)));
  });

  it('is refused with other depths, in a sentence', async () => {
    const jpeg = codeStream.slice();
    jpeg[jpeg.findIndex((byte, at) => byte === 0xff && jpeg[at + 1] === 0xc1) + 4] = 10;
    expect(await reasonOf(slice(jpeg))).toBe(
      'The image is lossy JPEG of 10 bits a value; 8 and 12 can be read.',
    );
    const inBytes = slice(codeStream, { '0028,0100': 8, '0028,0101': 8, '0028,0102': 7 });
    expect(await reasonOf(inBytes)).toBe(
      'its compressed image has 12 bits a value where the header allocates 8',
    );
  });

  it('is refused where only the frames say how to rescale them', async () => {
    const frames = { frames: [0, 1], transferSyntaxUid: JPEG_EXTENDED, changes: SIZE };
    expect(await reasonOf(enhancedCt(volume, { ...frames, codeStreams: [codeStream, codeStream] }))).toBe(
      'The frames are lossy JPEG of 12 bits a value, whose Hounsfield units cannot be relied on.',
    );
  });

  it('is reported as damaged where the library cannot decode it, without console output', async () => {
    const written = (['log', 'warn', 'error'] as const).map((method) => vi.spyOn(console, method));
    const { exitCode } = process;
    process.exitCode = 7;
    const jpeg = codeStream.slice();
    // No Huffman table has 255 codes of one bit.
    jpeg[jpeg.findIndex((byte, at) => byte === 0xff && jpeg[at + 1] === 0xc4) + 5] = 255;
    expect(await reasonOf(slice(jpeg))).toBe('its compressed pixel data is damaged');
    expect(process.exitCode).toBe(7);
    process.exitCode = exitCode;
    for (const method of written) expect(method).not.toHaveBeenCalled();
    expect(await reasonOf(file)).toBe('decoded');
  });
});

describe('the decoder of an installed program', () => {
  it('is found among the files of its page, and said to be missing where it is not there', async () => {
    const program = mkdtempSync(join(tmpdir(), 'auricle-gdcm-'));
    try {
      const assets = join(program, 'dist/renderer/assets');
      mkdirSync(assets, { recursive: true });
      const names = ['gdcm-read-image-Ab1.js', 'gdcm-read-image.wasm-Cd2.zst', 'index-Ef3.js'];
      const chunk = join(program, 'dist/main/chunks/pixelCodecs-Gh4.js');
      await expect(gdcmOfPage(chunk)).rejects.toThrow('is missing');
      for (const name of names) writeFileSync(join(assets, name), '');
      const [script, wasm] = names.map((name) => join(assets, name));
      expect(await gdcmOfPage(chunk)).toEqual({ script, wasm });
    } finally {
      rmSync(program, { recursive: true });
    }
  });
});
