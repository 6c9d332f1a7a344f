import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inWords } from '../words/testing/inWords.ts';
import { parseSliceHeader } from './parseSliceHeader.ts';
import {
  type Changes,
  changed,
  ctSlice,
  implicitDataSet,
  rampVolume,
  smallGrid,
} from './testing/ctFixtures.ts';
import { ctSliceElements, defaultCtSeriesMetadata } from './writeCtSlice.ts';
import { type ElementToWrite, writeDicomFile } from './writeElements.ts';

const volume = rampVolume(smallGrid());
const slice = (changes: Changes = {}) => ctSlice(volume, 2, changes);
const headerOf = (bytes: Uint8Array) => {
  const result = parseSliceHeader(bytes);
  if (result.kind !== 'slice') throw new Error(`expected a slice, got ${JSON.stringify(result)}`);
  return result.header;
};

const stating = (transferSyntaxUid: string): Uint8Array => {
  const { meta, dataSet } = ctSliceElements(volume, 2, defaultCtSeriesMetadata(1, volume.grid));
  return writeDicomFile(changed(meta, { '0002,0010': transferSyntaxUid }), dataSet);
};

describe('parseSliceHeader', () => {
  it('reads plane, labels and pixel format of an explicit file', () => {
    const header = headerOf(slice());
    expect(header.plane).toMatchObject({
      rows: 5,
      columns: 6,
      rowSpacingMm: 0.75,
      columnSpacingMm: 0.5,
      alongRow: [1, 0, 0],
      alongColumn: [0, 1, 0],
      positionLpsMm: [-10, -20, 102.5],
      sliceThicknessMm: 1.25,
    });
    expect(header.pixels).toMatchObject({
      bitsAllocated: 16,
      bitsStored: 12,
      signed: false,
      slope: 1,
      intercept: -1024,
    });
    expect(header.labels).toMatchObject({ modality: 'CT', patientId: 'AURICLE-PHANTOM-1' });
    expect(header.acquisition.instanceNumber).toBe(3);
    expect(header.window).toEqual({ centreHu: 250, widthHu: 800 });
  });

  it('reads implicit files without preamble and meta group alike', () => {
    const { dataSet } = ctSliceElements(volume, 2, defaultCtSeriesMetadata(1, volume.grid));
    const { pixels, ...implicit } = headerOf(implicitDataSet(dataSet));
    const { pixels: explicitPixels, ...explicit } = headerOf(slice());
    expect(implicit).toEqual(explicit);
    expect({ ...pixels, dataOffset: 0 }).toEqual({ ...explicitPixels, dataOffset: 0 });
  });

  it('reads an explicit data set without preamble', () => {
    const withoutMeta = slice().subarray(132);
    expect(headerOf(withoutMeta).plane).toEqual(headerOf(slice()).plane);
  });

  it('works from the first bytes, and asks for more where they end within the header', () => {
    const whole = slice();
    const { dataOffset } = headerOf(whole).pixels;
    expect(parseSliceHeader(whole.subarray(0, dataOffset), whole.length).kind).toBe('slice');
    expect(parseSliceHeader(whole.subarray(0, dataOffset - 40), whole.length).kind).toBe('needsMoreBytes');
  });

  it('tells truncated files from sound ones', () => {
    const whole = slice();
    const cut = parseSliceHeader(whole.subarray(0, whole.length - 1));
    expect(inWords(cut)).toMatchObject({ kind: 'damaged', reason: expect.stringContaining('cut short') });
    expect(cut).toHaveProperty('seriesInstanceUid', headerOf(whole).identity.seriesInstanceUid);
    const { dataOffset } = headerOf(whole).pixels;
    for (let end = 200; end < whole.length; end++) {
      expect(parseSliceHeader(whole.subarray(0, end)).kind, `cut at ${end} of ${dataOffset}`).toBe('damaged');
    }
  });

  it('reads a modality in small letters', () => {
    expect(headerOf(slice({ '0008,0060': 'ct' })).labels.modality).toBe('CT');
  });

  it('refuses pixel data of whole images more, and says where rows are left', () => {
    // The matrix of the volume's 5 rows of 6 values takes 60 bytes.
    const twice = slice({ '7fe0,0010': new Uint8Array(120) });
    expect(inWords(parseSliceHeader(twice))).toMatchObject({
      kind: 'damaged',
      reason:
        'The pixel data is too long for the matrix: 120 bytes where 60 are needed; the header is wrong about the size, the bits or the number of the images.',
    });
    expect(inWords(headerOf(slice({ '7fe0,0010': new Uint8Array(72) })).remarks)).toEqual([
      'Pixel data is longer than the images need (72 bytes where 60 are needed); the rest was left out, and headers may be wrong about the size.',
    ]);
    expect(headerOf(slice({ '7fe0,0010': new Uint8Array(70) })).remarks).toEqual([]);
  });

  it('does not trust a pixel data length that is too small for the matrix', () => {
    expect(inWords(parseSliceHeader(slice({ '7fe0,0010': new Uint8Array(58) })))).toMatchObject({
      kind: 'damaged',
      reason: expect.stringContaining('58 bytes where 60'),
    });
  });

  it.each([
    ['Image Position', '0020,0032'],
    ['Image Orientation', '0020,0037'],
    ['Pixel Spacing', '0028,0030'],
    ['Rescale Intercept', '0028,1052'],
  ])('names a missing %s', (name, tag) => {
    expect(inWords(parseSliceHeader(slice({ [tag]: undefined })))).toMatchObject({
      kind: 'damaged',
      reason: expect.stringContaining(name),
    });
  });

  it.each([
    ['a zero spacing', { '0028,0030': '0\\0.5' }],
    ['text for a number', { '0020,0032': 'a\\b\\c' }],
    ['skewed axes', { '0020,0037': '1\\0\\0\\0.5\\0.8660254\\0' }],
    ['no unit vectors', { '0020,0037': '2\\0\\0\\0\\1\\0' }],
    ['more bits stored than allocated', { '0028,0101': 17 }],
    ['an empty matrix', { '0028,0010': 0 }],
    ['a zero slope', { '0028,1053': '0' }],
    ['two intercepts', { '0028,1052': '-1024\\0' }],
  ] satisfies [string, Changes][])('calls %s damage', (_, changes) => {
    expect(parseSliceHeader(slice(changes)).kind).toBe('damaged');
  });

  it.each([
    ['PALETTE COLOR', { '0028,0004': 'PALETTE COLOR' }],
    ['colour', { '0028,0002': 3 }],
    ['several frames', { '0028,0008': '2' }],
    ['look-up table', { '0028,3000': [[]] }],
    ['MGML', { '0028,1054': 'MGML' }],
  ] satisfies [string, Changes][])('refuses %s by name', (name, changes) => {
    expect(inWords(parseSliceHeader(slice(changes)))).toMatchObject({
      kind: 'unsupported',
      reason: expect.stringContaining(name),
    });
  });

  it.each([
    ['MONOCHROME1', { '0028,0004': 'MONOCHROME1' }],
    ['do not say that their values are Hounsfield units', { '0028,1054': 'US' }],
    ['compressed with loss', { '0028,2110': '01' }],
  ] satisfies [string, Changes][])('reads but remarks on %s', (remark, changes) => {
    expect(inWords(headerOf(slice(changes)).remarks)).toEqual([expect.stringContaining(remark)]);
  });

  it.each([
    ['1.2.840.10008.1.2.4.55', 'JPEG Full Progression'],
    ['1.2.840.10008.1.2.4.100', '1.2.840.10008.1.2.4.100'],
    ['1.2.3.4', '1.2.3.4'],
  ])('refuses transfer syntax %s as %s', (uid, name) => {
    expect(inWords(parseSliceHeader(stating(uid)))).toMatchObject({
      kind: 'unsupported',
      reason: expect.stringContaining(name),
    });
  });

  it.each([
    [0x00281052, '-1000', 'Rescale Intercept'],
    [0x00200032, '0\\0\\0', 'Image Position (Patient)'],
  ])(
    'is damaged where element %i is there twice with other values, and not with the same',
    (tag, value, element) => {
      const { meta, dataSet } = ctSliceElements(volume, 2, defaultCtSeriesMetadata(1, volume.grid));
      const again = dataSet.filter((written) => written.tag === tag);
      expect(again).toHaveLength(1);
      const twice = (more: readonly ElementToWrite[]) =>
        parseSliceHeader(writeDicomFile(meta, [...more, ...dataSet]));
      expect(twice(again).kind).toBe('slice');
      expect(inWords(twice(again.map((written) => ({ ...written, value }))))).toMatchObject({
        kind: 'damaged',
        reason: `The header gives ${element} twice, with values that differ.`,
      });
    },
  );

  it('reports pixels as damaged that are not stored as the transfer syntax says', () => {
    expect(inWords(parseSliceHeader(stating('1.2.840.10008.1.2.4.90')))).toMatchObject({
      kind: 'damaged',
      reason: 'The slice claims to be compressed but its pixel data is not encapsulated.',
    });
    expect(parseSliceHeader(stating('1.2.840.10008.1.2.1.99')).kind).toBe('damaged');
    // The first element shows that the data set is little-endian after all.
    expect(parseSliceHeader(stating('1.2.840.10008.1.2.2')).kind).toBe('slice');
  });

  it('recognises files that are not DICOM, and DICOM without an image', () => {
    expect(parseSliceHeader(new Uint8Array(0)).kind).toBe('notDicom');
    expect(parseSliceHeader(new Uint8Array(4000)).kind).toBe('notDicom');
    expect(
      parseSliceHeader(Uint8Array.from('just some text, and more of it', (c) => c.charCodeAt(0))).kind,
    ).toBe('notDicom');
    expect(
      parseSliceHeader(slice({ '7fe0,0010': undefined, '0008,0016': '1.2.840.10008.5.1.4.1.1.88.11' })).kind,
    ).toBe('notImage');
    expect(parseSliceHeader(slice({ '0008,0016': '1.2.840.10008.5.1.4.1.1.7' })).kind).toBe('notImage');
  });

  it.each([
    ['a CT slice', '1.2.840.10008.5.1.4.1.1.2'],
    ['an Enhanced CT', '1.2.840.10008.5.1.4.1.1.2.1'],
    ['a converted Enhanced CT', '1.2.840.10008.5.1.4.1.1.2.2'],
    ['a slice of no class', ''],
  ])('calls %s without pixel data damage', (_, sopClass) => {
    expect(inWords(parseSliceHeader(slice({ '7fe0,0010': undefined, '0008,0016': sopClass })))).toMatchObject(
      {
        kind: 'damaged',
        reason: 'The file ends before its pixel data.',
      },
    );
  });

  it.each([
    ['a dose page', { '0008,0008': 'DERIVED\\SECONDARY\\OTHER\\CT_SOM5 PROT' }],
    ['a scout', { '0008,0008': 'ORIGINAL\\PRIMARY\\LOCALIZER' }],
    ['a screen', { '0008,0008': 'DERIVED\\SECONDARY\\SCREEN SAVE' }],
    ['a picture in colour', { '0028,0002': 3 }],
  ] satisfies [string, Changes][])('leaves %s without position out', (_, changes) => {
    const page = slice({ '0020,0032': undefined, '0020,0037': undefined, ...changes });
    expect(inWords(parseSliceHeader(page))).toMatchObject({
      kind: 'notImage',
      reason: 'The image has no position in the patient (modality CT).',
      seriesInstanceUid: headerOf(slice()).identity.seriesInstanceUid,
    });
  });

  it('calls a slice damage that lost its position', () => {
    expect(parseSliceHeader(slice({ '0020,0032': undefined, '0020,0037': undefined })).kind).toBe('damaged');
  });

  it('recognises the index of a disc from its first bytes', () => {
    const directory = writeDicomFile(
      [
        { tag: 0x00020002, vr: 'UI', value: '1.2.840.10008.1.3.10' },
        { tag: 0x00020010, vr: 'UI', value: '1.2.840.10008.1.2.1' },
      ],
      [{ tag: 0x00041130, vr: 'CS', value: 'DISC' }],
    );
    expect(parseSliceHeader(directory, directory.length + 10_000_000)).toEqual({ kind: 'index' });
  });

  it('reads the padding range with the sign of the pixels', () => {
    const header = headerOf(slice({ '0028,0103': 1, '0028,0120': 0xf830, '0028,0121': 0xf831 }));
    expect(header.pixels.padding).toEqual({ from: -2000, to: -1999 });
  });

  it('survives sequences within sequences without end', () => {
    // (0008,1140) SQ of undefined length, and an item of undefined length in it.
    const level = [
      8, 0, 0x40, 0x11, 0x53, 0x51, 0, 0, 255, 255, 255, 255, 0xfe, 0xff, 0, 0xe0, 255, 255, 255, 255,
    ];
    const head = slice().subarray(0, 132);
    const nested = Uint8Array.from([...head, ...Array.from({ length: 50_000 }, () => level).flat()]);
    expect(parseSliceHeader(nested)).toMatchObject({ kind: 'damaged' });
  });

  it('never throws, whatever bytes are flipped or cut', () => {
    const whole = slice();
    const kinds = ['slice', 'frames', 'notDicom', 'notImage', 'unsupported', 'damaged'];
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 12 }),
        fc.nat(whole.length),
        (flips, end) => {
          const bytes = whole.slice(0, Math.max(end, 140));
          for (const [at, value] of flips) if (at < bytes.length) bytes[at] = value;
          expect(kinds).toContain(parseSliceHeader(bytes).kind);
        },
      ),
      { numRuns: 1000, seed: 1 },
    );
  });
});
