import { deflateSync } from 'fflate';
import {
  encapsulatedSlice,
  encodeRle,
  joined,
  storedWords,
} from '#shared/dicom/testing/compressedFixtures.ts';
import {
  bigEndianDataSet,
  type Changes,
  changed,
  ctSlice,
  implicitDataSet,
  smallGrid,
} from '#shared/dicom/testing/ctFixtures.ts';
import { encodeJpegLossless } from '#shared/dicom/testing/encodeJpegLossless.ts';
import { enhancedCt } from '#shared/dicom/testing/enhancedFixtures.ts';
import { ctSliceElements, defaultCtSeriesMetadata } from '#shared/dicom/writeCtSlice.ts';
import { writeDicomFile } from '#shared/dicom/writeElements.ts';
import type { Volume } from '#shared/volume/volume.ts';
import { encodeWithLibrary, LIBRARIES } from '../encodeWithLibrary.ts';

/** A sound study to be damaged: its files by name. */
export interface FuzzStudy {
  readonly name: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

const COLUMNS = 12;
const ROWS = 10;
export const SLICES = 6;

/** Edges, noise and another picture in each slice, within 12 bits. */
const volume: Volume<Int16Array> = {
  grid: smallGrid({ sizeIjk: [COLUMNS, ROWS, SLICES] }),
  data: Int16Array.from({ length: COLUMNS * ROWS * SLICES }, (_, v) => {
    const [i, k] = [v % COLUMNS, Math.floor(v / (COLUMNS * ROWS))];
    return (i > 3 + (k % 3) && i < 9 ? 350 : -900) + ((v * 7919) % 61) + 2 * i + 11 * k;
  }),
};
const JPEG = '1.2.840.10008.1.2.4';

/** Small studies in every encoding. */
export async function fuzzStudies(withLibraries = true): Promise<FuzzStudy[]> {
  const slices = (of: (k: number) => Uint8Array): Map<string, Uint8Array> =>
    new Map(Array.from({ length: SLICES }, (_, k) => [`IM${String(k + 1).padStart(4, '0')}`, of(k)]));
  const compressed = async (
    name: string,
    uid: string,
    encode: (k: number) => Uint8Array | Promise<Uint8Array>,
  ) => {
    const streams = await Promise.all(Array.from({ length: SLICES }, (_, k) => encode(k)));
    return { name, files: slices((k) => encapsulatedSlice(volume, k, uid, [streams[k]!])) };
  };
  const elements = (k: number) => ctSliceElements(volume, k, defaultCtSeriesMetadata(1, volume.grid));
  const words = (k: number): Uint8Array => storedWords(volume, k);
  const studies: FuzzStudy[] = [
    { name: 'explicit', files: slices((k) => ctSlice(volume, k)) },
    { name: 'implicit', files: slices((k) => implicitDataSet(elements(k).dataSet)) },
    { name: 'big endian', files: slices((k) => bigEndianDataSet(elements(k).dataSet)) },
    { name: 'deflated', files: slices((k) => deflated(k)) },
    { name: 'signed with padding', files: slices((k) => ctSlice(volume, k, signedWithPadding(k))) },
    { name: 'eight bits', files: slices((k) => ctSlice(volume, k, eightBits(k))) },
    { name: 'two phases', files: twoPhases() },
    await compressed('RLE', '1.2.840.10008.1.2.5', (k) => encodeRle(words(k), true)),
    await compressed('JPEG lossless', `${JPEG}.70`, (k) =>
      encodeJpegLossless(new Uint16Array(words(k).buffer), COLUMNS, ROWS),
    ),
    { name: 'enhanced', files: new Map([['IM0001', enhancedCt(volume, { frames: frames() })]]) },
  ];
  if (!withLibraries) return studies;
  const image = (k: number) => ({ columns: COLUMNS, rows: ROWS, stored: words(k) });
  const streams = await Promise.all(frames().map((k) => encodeWithLibrary(LIBRARIES.jpegLs, image(k))));
  return [
    ...studies,
    await compressed('JPEG-LS', `${JPEG}.80`, (k) => encodeWithLibrary(LIBRARIES.jpegLs, image(k))),
    await compressed('JPEG 2000', `${JPEG}.90`, (k) => encodeWithLibrary(LIBRARIES.jpeg2000, image(k))),
    await compressed('HTJ2K', `${JPEG}.201`, (k) => encodeWithLibrary(LIBRARIES.htj2k, image(k))),
    {
      name: 'enhanced JPEG-LS',
      files: new Map([
        [
          'IM0001',
          enhancedCt(volume, {
            frames: frames(),
            transferSyntaxUid: `${JPEG}.80`,
            codeStreams: streams,
            offsetTable: offsetsOf(streams),
          }),
        ],
      ]),
    },
  ];

  function deflated(k: number): Uint8Array {
    const { meta, dataSet } = elements(k);
    const head = writeDicomFile(changed(meta, { '0002,0010': '1.2.840.10008.1.2.1.99' }), []);
    return joined([head, deflateSync(writeDicomFile([], dataSet).subarray(132 + 12))]);
  }
}

const frames = (): number[] => Array.from({ length: SLICES }, (_, k) => k);

function offsetsOf(streams: readonly Uint8Array[]): number[] {
  let at = 0;
  return streams.map(({ length }) => {
    const own = at;
    at += 8 + length + (length % 2);
    return own;
  });
}

const sliceOf = (k: number): Int16Array => volume.data.subarray(k * COLUMNS * ROWS, (k + 1) * COLUMNS * ROWS);

function signedWithPadding(k: number): Changes {
  const words = Int16Array.from(sliceOf(k), (hu, v) => (v % COLUMNS === 0 ? -2000 : hu));
  return {
    '0028,0101': 16,
    '0028,0102': 15,
    '0028,0103': 1,
    '0028,0120': -2000 & 0xffff,
    '0028,1052': '0',
    '7fe0,0010': new Uint8Array(words.buffer),
  };
}

const eightBits = (k: number): Changes => ({
  '0028,0100': 8,
  '0028,0101': 8,
  '0028,0102': 7,
  '0028,1052': '-1000',
  '0028,1053': '8',
  '7fe0,0010': Uint8Array.from(sliceOf(k), (hu) => (hu + 1000) / 8),
});

/** Two phases of a heart in one series, told apart by their trigger times. */
function twoPhases(): Map<string, Uint8Array> {
  const other = { ...volume, data: volume.data.map((hu) => hu + 37) };
  return new Map(
    [volume, other].flatMap((one, phase) =>
      Array.from({ length: SLICES }, (_, k): [string, Uint8Array] => [
        `IM${String(2 * k + phase + 1).padStart(4, '0')}`,
        ctSlice(one, k, {
          '0018,1060': String(100 + 300 * phase),
          '0020,0013': String(2 * k + phase + 1),
          '0008,0018': `1.2.3.${phase + 1}.${k + 1}`,
        }),
      ]),
    ),
  );
}
