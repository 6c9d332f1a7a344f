import { type GridLps, isRightHanded } from '#shared/geometry/gridLps.ts';
import { stepsLpsMm } from '#shared/geometry/sliceStack.ts';
import { scale, type Vec3 } from '#shared/geometry/vec3.ts';
import { gzipSlices, type SlicedLabels } from './gzipSlices.ts';

const HEADER_BYTES = 348;
/** The header and four bytes that say "no extension". */
const DATA_OFFSET = 352;
const UINT8 = 2;
const MILLIMETRES = 2;
/** The coordinates are those of the scanner. */
const SCANNER_ANATOMICAL = 1;
const UNKNOWN = 0;
const LABEL_INTENT = 1002;

/**
 * A label map as NIfTI-1 (.nii.gz), little-endian, 8 bit. The format's world is RAS: both sform and qform place the
 * voxels there, from the grid's LPS, oblique and left-handed grids included. Slices of a tilted gantry are placed by the
 * sform alone; of unevenly spaced ones it has the mean step. See nifti1.h (NIMH).
 * @throws RangeError where the slices do not fill the grid or the format cannot hold it; CancelledError.
 */
export const encodeNiftiLabels = async (
  labels: SlicedLabels,
  text = '',
  signal?: AbortSignal,
): Promise<Uint8Array> => gzipSlices(niftiHeader(labels, text), labels, signal);

function niftiHeader({ grid, stack }: Pick<SlicedLabels, 'grid' | 'stack'>, text: string): Uint8Array {
  if (grid.sizeIjk.some((size) => size > 32767)) throw new RangeError('NIfTI-1 cannot hold such a size.');
  const bytes = new Uint8Array(DATA_OFFSET);
  const view = new DataView(bytes.buffer);
  const shorts = (at: number, values: readonly number[]): void =>
    values.forEach((value, index) => {
      view.setInt16(at + 2 * index, value, true);
    });
  const floats = (at: number, values: readonly number[]): void =>
    values.forEach((value, index) => {
      view.setFloat32(at + 4 * index, value, true);
    });
  const { quaternion, factor } = quaternionOf(grid);
  const { sizeIjk, spacingMm } = grid;
  const [x, y, z] = toRas(grid.originLpsMm);
  view.setInt32(0, HEADER_BYTES, true);
  bytes[38] = 'r'.charCodeAt(0);
  shorts(40, [3, ...sizeIjk, 1, 1, 1, 1]);
  shorts(68, [LABEL_INTENT, UINT8, 8]);
  floats(76, [factor, ...spacingMm, 1, 1, 1, 1]);
  floats(108, [DATA_OFFSET, 1, 0]);
  bytes[123] = MILLIMETRES;
  floats(124, [1, 0]);
  bytes.set(new TextEncoder().encode(text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 79)), 148);
  // A quaternion holds no shear: tilted slices have an sform alone.
  shorts(252, [stack === undefined ? SCANNER_ANATOMICAL : UNKNOWN, SCANNER_ANATOMICAL]);
  floats(256, [...quaternion, x, y, z]);
  const columns = stepsLpsMm(grid, stack).map(toRas);
  for (const row of [0, 1, 2] as const) {
    floats(280 + 16 * row, [...columns.map((column) => column[row]), [x, y, z][row]!]);
  }
  bytes.set(new TextEncoder().encode('n+1'), 344);
  return bytes;
}

/** 0 − x, so that zero stays zero rather than −0. */
const toRas = ([left, posterior, superior]: Vec3): Vec3 => [0 - left, 0 - posterior, superior];

/**
 * The quaternion's b, c and d (a ≥ 0 follows) of the grid's axes in RAS, and qfac: where the axes are left-handed, −1
 * and the rotation is that of the axes with k turned round.
 */
function quaternionOf(grid: GridLps): { quaternion: [number, number, number]; factor: 1 | -1 } {
  const factor = isRightHanded(grid) ? 1 : -1;
  const i = toRas(grid.directions[0]);
  const j = toRas(grid.directions[1]);
  const k = scale(toRas(grid.directions[2]), factor);
  // Four times the squares of a, b, c and d; the greatest of them is the safe one to divide by.
  const squares = [
    1 + i[0] + j[1] + k[2],
    1 + i[0] - j[1] - k[2],
    1 - i[0] + j[1] - k[2],
    1 - i[0] - j[1] + k[2],
  ] as const;
  const greatest = squares.indexOf(Math.max(...squares));
  const root = 2 * Math.sqrt(squares[greatest]!);
  const [ca, cb, cc] = [j[2] - k[1], k[0] - i[2], i[1] - j[0]];
  const [ab, ac, bc] = [j[0] + i[1], k[0] + i[2], k[1] + j[2]];
  const candidates: readonly (readonly [number, number, number, number])[] = [
    [root / 4, ca / root, cb / root, cc / root],
    [ca / root, root / 4, ab / root, ac / root],
    [cb / root, ab / root, root / 4, bc / root],
    [cc / root, ac / root, bc / root, root / 4],
  ];
  const [a, b, c, d] = candidates[greatest]!;
  const sign = a < 0 ? -1 : 1;
  return { quaternion: [sign * b, sign * c, sign * d], factor };
}
