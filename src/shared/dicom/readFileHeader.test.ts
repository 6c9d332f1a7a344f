import { expect, it } from 'vitest';
import { readFileHeader } from './readFileHeader.ts';
import { encapsulatedSlice, joined } from './testing/compressedFixtures.ts';
import { ctSlice, rampVolume, smallGrid } from './testing/ctFixtures.ts';
import { rawElement } from './testing/rawElements.ts';
import { writeDicomFile } from './writeElements.ts';

const volume = rampVolume(smallGrid());

/** Reads a file's header and counts what was read for it. */
async function read(bytes: Uint8Array) {
  let upTo = 0;
  const parsed = await readFileHeader({
    name: 'file.dcm',
    size: bytes.length,
    read: (from, to) => {
      upTo = Math.max(upTo, to);
      return bytes.subarray(from, to);
    },
  });
  return { parsed, upTo };
}

it('reads the first bytes of a slice', async () => {
  const slice = joined([ctSlice(volume, 0), new Uint8Array(2 ** 20)]);
  const { parsed, upTo } = await read(slice);
  expect([parsed.kind, upTo]).toEqual(['slice', 16384]);
});

it('knows a large document by its first bytes', async () => {
  const head = writeDicomFile(
    [{ tag: 0x00020002, vr: 'UI', value: '1.2.840.10008.5.1.4.1.1.104.1' }],
    [
      { tag: 0x00080016, vr: 'UI', value: '1.2.840.10008.5.1.4.1.1.104.1' },
      { tag: 0x00080060, vr: 'CS', value: 'DOC' },
      { tag: 0x0020000e, vr: 'UI', value: '1.2.3' },
    ],
  );
  const { parsed, upTo } = await read(
    joined([head, rawElement(0x00420011, 'OB', new Uint8Array(5 * 2 ** 20))]),
  );
  expect(parsed).toMatchObject({ kind: 'notImage', seriesInstanceUid: '1.2.3' });
  expect(upTo).toBe(16384);
});

it('reads on where a code stream begins at the end of what was read', async () => {
  // Lossy JPEG of 10 bits, which is refused by name: only its frame header says so.
  const tenBits = Uint8Array.from([0xff, 0xd8, 0xff, 0xc1, 0, 11, 10, 0, 5, 0, 6, 1, 1, 0x11, 0, 0xff, 0xd9]);
  const padded = (length: number): Uint8Array =>
    encapsulatedSlice(volume, 0, '1.2.840.10008.1.2.4.51', [tenBits, new Uint8Array(4000)], {
      '0009,0010': ' '.repeat(length),
    });
  // Behind the header: two fragments, the offset table and the delimiter. Ten bytes of it are in the first step.
  const header = padded(0).length - (18 + 4000 + 4 * 8);
  const { parsed } = await read(padded(16384 - 10 - header));
  expect(parsed).toMatchObject({ kind: 'unsupported', reason: { code: 'dicom.lossy-jpeg-bits' } });
});
