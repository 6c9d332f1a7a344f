import { deflateRawSync } from 'node:zlib';
import { encodeWithLibrary, LIBRARIES } from '#main/studies/testing/encodeWithLibrary.ts';
import { encapsulatedElement, encodeRle, joined } from '#shared/dicom/testing/compressedFixtures.ts';
import { bigEndianDataSet, changed, implicitDataSet } from '#shared/dicom/testing/ctFixtures.ts';
import { encodeJpegLossless } from '#shared/dicom/testing/encodeJpegLossless.ts';
import { ctSliceElements, defaultCtSeriesMetadata } from '#shared/dicom/writeCtSlice.ts';
import { decimalString, type ElementToWrite, writeDicomFile } from '#shared/dicom/writeElements.ts';
import type { GridLps } from '#shared/geometry/gridLps.ts';
import { add, addScaled, cross, normalize, perpendicular, type Vec3 } from '#shared/geometry/vec3.ts';
import { createRandom, type Random } from '#shared/random/random.ts';

/*
 * Small CT series whose geometry, values and encodings are odd in every way that is allowed, from a seed: for reading by
 * several programs side by side.
 */

const SYNTAXES = {
  'explicit little endian': '1.2.840.10008.1.2.1',
  'implicit little endian': '1.2.840.10008.1.2',
  'explicit big endian': '1.2.840.10008.1.2.2',
  deflated: '1.2.840.10008.1.2.1.99',
  RLE: '1.2.840.10008.1.2.5',
  'JPEG lossless': '1.2.840.10008.1.2.4.70',
  'JPEG-LS': '1.2.840.10008.1.2.4.80',
  'JPEG 2000': '1.2.840.10008.1.2.4.90',
} as const;
export type Syntax = keyof typeof SYNTAXES;

const STACKS = ['even', 'tilted', 'trembling', 'one missing', 'two steps', 'uneven and tilted'] as const;
export type StackKind = (typeof STACKS)[number];

export interface OddStack {
  readonly name: string;
  readonly kind: StackKind;
  readonly syntax: Syntax;
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** By which the slices are shifted against each other, degrees; 0 where they are not. */
  readonly tiltDegrees: number;
  /** Whether the instance numbers grow along the slices' normal. */
  readonly isCountedUpwards: boolean;
  /** Between neighbouring slices, mm, in the order of their instance numbers. */
  readonly stepsMm: readonly number[];
}

const COUNT = 9;
const [COLUMNS, ROWS] = [14, 12];

/** Orientations of rows and columns: the patient's planes either way round, turned a little, and any. */
function orientation(random: Random, at: number): readonly [Vec3, Vec3] {
  const plain: readonly (readonly [Vec3, Vec3])[] = [
    [
      [1, 0, 0],
      [0, 1, 0],
    ],
    [
      [-1, 0, 0],
      [0, 1, 0],
    ],
    [
      [-1, 0, 0],
      [0, -1, 0],
    ],
    [
      [1, 0, 0],
      [0, 0, -1],
    ],
    [
      [0, 1, 0],
      [0, 0, -1],
    ],
  ];
  if (at % 3 !== 2) return plain[at % plain.length]!;
  const normal = normalize([random.uniform(-0.4, 0.4), random.uniform(-0.4, 0.4), 1]);
  const row = perpendicular(normal);
  return [row, cross(normal, row)];
}

/** How far slices lie from each other along the normal, mm. */
function stepsOf(kind: StackKind, stepMm: number, random: Random): number[] {
  const steps = Array<number>(COUNT - 1).fill(stepMm);
  if (kind === 'one missing') steps[3] = 2 * stepMm;
  if (kind === 'two steps') steps.fill(2 * stepMm, 4);
  if (kind === 'uneven and tilted') return steps.map(() => stepMm * (1 + 0.45 * random.integer(0, 2)));
  if (kind === 'trembling') return steps.map((step) => step + random.uniform(-0.01, 0.01));
  return steps;
}

/** How stored values become HU. */
interface Values {
  readonly slope: number;
  readonly intercept: number;
  readonly bitsStored: number;
  readonly signed: boolean;
}

function valuesOf(at: number, syntax: Syntax): Values {
  const signed = at % 2 === 1 && syntax !== 'JPEG lossless';
  const slope = at % 7 === 3 ? 2 : 1;
  const intercept = signed ? 0 : -1024;
  // What stands above 12 bits with a sign is not the same in every program and code stream.
  const isSure = !signed || syntax === 'deflated';
  return { slope, intercept, signed, bitsStored: isSure && at % 4 < 2 ? 12 : 16 };
}

/** The series of one seed. */
export async function oddStack(seed: number): Promise<OddStack> {
  const random = createRandom(seed);
  const kind = STACKS[seed % STACKS.length]!;
  const syntaxes = Object.keys(SYNTAXES) as Syntax[];
  const syntax = syntaxes[Math.floor(seed / STACKS.length) % syntaxes.length]!;
  const [alongRow, alongColumn] = orientation(random, seed);
  const normal = cross(alongRow, alongColumn);
  const spacingMm: Vec3 = [
    random.integer(5, 12) / 10,
    random.integer(5, 12) / 10,
    random.integer(5, 30) / 10,
  ];
  const isTilted = kind === 'tilted' || kind === 'uneven and tilted';
  const tiltDegrees = isTilted ? (random.chance(0.5) ? 1 : -1) * random.integer(8, 28) : 0;
  const tiltAxis = random.chance(0.8) ? alongColumn : alongRow;
  // Not every scanner counts upwards.
  const direction = random.chance(0.5) ? 1 : -1;
  const isReversed = random.chance(0.5);
  const stepsMm = stepsOf(kind, spacingMm[2], random);
  const origin: Vec3 = [random.integer(-200, 200), random.integer(-200, 200), random.integer(-900, 900)];
  const values = valuesOf(seed, syntax);
  const grid: GridLps = {
    sizeIjk: [COLUMNS, ROWS, COUNT],
    originLpsMm: origin,
    spacingMm,
    directions: [alongRow, alongColumn, normal],
  };
  const files = new Map<string, Uint8Array>();
  let height = 0;
  for (let k = 0; k < COUNT; k++) {
    if (k > 0) height += stepsMm[k - 1]! * direction;
    const shear = Math.tan((tiltDegrees * Math.PI) / 180) * height;
    const tremble: Vec3 =
      kind === 'trembling' ? [random.uniform(-0.01, 0.01), random.uniform(-0.01, 0.01), 0] : [0, 0, 0];
    const position = add(addScaled(addScaled(origin, normal, height), tiltAxis, shear), tremble);
    const name = `${String(random.integer(1000, 9999))}${k}.dcm`;
    files.set(name, await slice(grid, k, position, { seed, tiltDegrees, syntax, values, isReversed }));
  }
  return {
    name: `odd-${seed}`,
    kind,
    syntax,
    files,
    tiltDegrees,
    isCountedUpwards: isReversed === direction < 0,
    stepsMm: isReversed ? [...stepsMm].reverse() : stepsMm,
  };
}

interface SliceParts {
  readonly seed: number;
  readonly tiltDegrees: number;
  readonly syntax: Syntax;
  readonly values: Values;
  readonly isReversed: boolean;
}

async function slice(grid: GridLps, k: number, position: Vec3, parts: SliceParts): Promise<Uint8Array> {
  const { seed, tiltDegrees, syntax, values, isReversed } = parts;
  const stored = storedWords(values, seed, k);
  const volume = { grid, data: new Int16Array(COLUMNS * ROWS * COUNT) };
  const { meta, dataSet } = ctSliceElements(volume, k, defaultCtSeriesMetadata(seed + 1, grid));
  // Some series change their rescale from slice to slice.
  const intercept = seed % 5 === 4 ? values.intercept + 10 * k : values.intercept;
  const elements = changed(dataSet, {
    '0008,0070': seed % 2 === 0 ? 'GE MEDICAL SYSTEMS' : 'Philips',
    '0008,0023': '20000101',
    '0018,1120': String(tiltDegrees),
    '0020,0013': String(isReversed ? COUNT - k : k + 1),
    '0020,0032': position.map(decimalString).join('\\'),
    '0020,1041': decimalString(position[2]),
    '0028,0101': values.bitsStored,
    '0028,0102': values.bitsStored - 1,
    '0028,0103': values.signed ? 1 : 0,
    '0028,1052': String(intercept),
    '0028,1053': String(values.slope),
    '7fe0,0010': stored,
  });
  return encoded(syntax, changed(meta, { '0002,0010': SYNTAXES[syntax] }), elements, stored, values);
}

/** Stored values without a pattern that a shift, a mirror or another sign would keep; of 12 bits in every case. */
function storedWords({ signed }: Values, seed: number, k: number): Uint8Array {
  const words = new Int16Array(COLUMNS * ROWS);
  for (let v = 0; v < words.length; v++) {
    const value = (Math.imul(v + 1, 2654435) ^ Math.imul(k + 1, 40503) ^ Math.imul(seed + 1, 97)) & 0x7ff;
    // More than −1024 when it is doubled: −2048 HU stands for nothing.
    words[v] = signed ? value - 900 : value;
  }
  return new Uint8Array(words.buffer);
}

async function encoded(
  syntax: Syntax,
  meta: readonly ElementToWrite[],
  dataSet: readonly ElementToWrite[],
  stored: Uint8Array,
  { bitsStored, signed }: Values,
): Promise<Uint8Array> {
  const head = (): Uint8Array => writeDicomFile(meta, changed(dataSet, { '7fe0,0010': undefined }));
  const compressed = (codeStream: Uint8Array): Uint8Array =>
    joined([head(), encapsulatedElement([codeStream])]);
  const image = { columns: COLUMNS, rows: ROWS, stored, bits: bitsStored, isSigned: signed };
  switch (syntax) {
    case 'explicit little endian':
      return writeDicomFile(meta, dataSet);
    case 'implicit little endian':
      return joined([writeDicomFile(meta, []), implicitDataSet(dataSet)]);
    case 'explicit big endian':
      return joined([writeDicomFile(meta, []), bigEndianDataSet(dataSet)]);
    case 'deflated': {
      const explicit = writeDicomFile([], dataSet).subarray(132 + 12);
      return joined([writeDicomFile(meta, []), new Uint8Array(deflateRawSync(explicit))]);
    }
    case 'RLE':
      return compressed(encodeRle(stored, true));
    case 'JPEG lossless':
      return compressed(encodeJpegLossless(new Uint16Array(stored.slice().buffer), COLUMNS, ROWS));
    case 'JPEG-LS':
      return compressed(await encodeWithLibrary(LIBRARIES.jpegLs, { ...image, isSigned: false }));
    case 'JPEG 2000':
      return compressed(await encodeWithLibrary(LIBRARIES.jpeg2000, image));
  }
}
