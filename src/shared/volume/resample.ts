import { type GridLps, ijkToLps, lpsToIjk, voxelCount } from '../geometry/gridLps.ts';
import { subtract, type Vec3 } from '../geometry/vec3.ts';
import type { Volume, VoxelArray } from './volume.ts';

/**
 * The straight map from the indices of `target` to the (fractional) indices of `source`: origin + i·perI + j·perJ +
 * k·perK.
 */
interface IndexMap {
  readonly origin: Vec3;
  readonly perI: Vec3;
  readonly perJ: Vec3;
  readonly perK: Vec3;
}

function indexMap(source: GridLps, target: GridLps): IndexMap {
  const at = (voxel: Vec3): Vec3 => lpsToIjk(source, ijkToLps(target, voxel));
  const origin = at([0, 0, 0]);
  return {
    origin,
    perI: subtract(at([1, 0, 0]), origin),
    perJ: subtract(at([0, 1, 0]), origin),
    perK: subtract(at([0, 0, 1]), origin),
  };
}

/** A voxel covers index ± 0.5; a point on its very edge may lie this far beyond by rounding. */
const EDGE = 0.5 + 1e-9;

/**
 * The volume's values at the voxel centres of any other grid, interpolated trilinearly. Between the outermost voxel
 * centres and the outer faces of their voxels the values continue; beyond, they are `outside`. It samples points, so
 * a grid much coarser than the volume aliases: use `averageToGrid` there.
 *
 * @returns one value a voxel of `target`, i fastest
 */
export function resampleTrilinear(volume: Volume, target: GridLps, outside: number): Float32Array {
  const { data, grid } = volume;
  const [nI, nJ, nK] = target.sizeIjk;
  const map = indexMap(grid, target);
  if (isAligned(map)) return resampleAligned(volume, target, map, outside);
  const { origin, perI, perJ, perK } = map;
  const out = new Float32Array(voxelCount(target));
  for (let k = 0; k < nK; k++) {
    for (let j = 0; j < nJ; j++) {
      const row: Row = {
        startI: origin[0] + j * perJ[0] + k * perK[0],
        startJ: origin[1] + j * perJ[1] + k * perK[1],
        startK: origin[2] + j * perJ[2] + k * perK[2],
        perI,
        from: nI * (j + nJ * k),
        count: nI,
      };
      if (isAmongCentres(row, grid.sizeIjk)) resampleInnerRow(data, grid.sizeIjk, row, out);
      else resampleRow(data, grid.sizeIjk, row, outside, out);
    }
  }
  return out;
}

/** Voxels of the target on one line, by indices of the source; `from` is the first one's place in the target. */
interface Row {
  readonly startI: number;
  readonly startJ: number;
  readonly startK: number;
  readonly perI: Vec3;
  readonly from: number;
  readonly count: number;
}

/** Whether each of its places has a next voxel: its ends tell, for the places between lie between them, rounded too. */
function isAmongCentres({ startI, startJ, startK, perI, count }: Row, [sizeI, sizeJ, sizeK]: Vec3): boolean {
  const last = count - 1;
  const isAmong = (at: number, size: number): boolean => at >= 0 && at < size - 1;
  return (
    isAmong(startI, sizeI) &&
    isAmong(startJ, sizeJ) &&
    isAmong(startK, sizeK) &&
    isAmong(startI + last * perI[0], sizeI) &&
    isAmong(startJ + last * perI[1], sizeJ) &&
    isAmong(startK + last * perI[2], sizeK)
  );
}

/** {@link resampleRow} where nothing has to be kept within the volume: half of the work. */
function resampleInnerRow(
  data: VoxelArray,
  [sizeI, sizeJ]: Vec3,
  { startI, startJ, startK, perI: [perI, perJ, perK], from, count }: Row,
  out: Float32Array,
): void {
  const nextK = sizeI * sizeJ;
  for (let i = 0; i < count; i++) {
    const x = startI + i * perI;
    const y = startJ + i * perJ;
    const z = startK + i * perK;
    const i0 = x | 0;
    const j0 = y | 0;
    const k0 = z | 0;
    const fI = x - i0;
    const fJ = y - j0;
    const fK = z - k0;
    const a = i0 + sizeI * (j0 + sizeJ * k0);
    const b = a + sizeI;
    const c = a + nextK;
    const d = c + sizeI;
    const low =
      (data[a]! * (1 - fI) + data[a + 1]! * fI) * (1 - fJ) + (data[b]! * (1 - fI) + data[b + 1]! * fI) * fJ;
    const high =
      (data[c]! * (1 - fI) + data[c + 1]! * fI) * (1 - fJ) + (data[d]! * (1 - fI) + data[d + 1]! * fI) * fJ;
    out[from + i] = low * (1 - fK) + high * fK;
  }
}

function resampleRow(
  data: VoxelArray,
  [sizeI, sizeJ, sizeK]: Vec3,
  { startI, startJ, startK, perI: [perI, perJ, perK], from, count }: Row,
  outside: number,
  out: Float32Array,
): void {
  // Along an axis of one voxel both neighbours are the same.
  const nextI = sizeI > 1 ? 1 : 0;
  const nextJ = sizeJ > 1 ? sizeI : 0;
  const nextK = sizeK > 1 ? sizeI * sizeJ : 0;
  const [lastI, lastJ, lastK] = [Math.max(0, sizeI - 2), Math.max(0, sizeJ - 2), Math.max(0, sizeK - 2)];
  for (let i = 0; i < count; i++) {
    let x = startI + i * perI;
    let y = startJ + i * perJ;
    let z = startK + i * perK;
    if (
      x < -EDGE ||
      y < -EDGE ||
      z < -EDGE ||
      x > sizeI - 1 + EDGE ||
      y > sizeJ - 1 + EDGE ||
      z > sizeK - 1 + EDGE
    ) {
      out[from + i] = outside;
      continue;
    }
    x = Math.min(Math.max(x, 0), sizeI - 1);
    y = Math.min(Math.max(y, 0), sizeJ - 1);
    z = Math.min(Math.max(z, 0), sizeK - 1);
    const i0 = Math.min(x | 0, lastI);
    const j0 = Math.min(y | 0, lastJ);
    const k0 = Math.min(z | 0, lastK);
    const fI = x - i0;
    const fJ = y - j0;
    const fK = z - k0;
    const a = i0 + sizeI * (j0 + sizeJ * k0);
    const b = a + nextJ;
    const c = a + nextK;
    const d = c + nextJ;
    const low =
      (data[a]! * (1 - fI) + data[a + nextI]! * fI) * (1 - fJ) +
      (data[b]! * (1 - fI) + data[b + nextI]! * fI) * fJ;
    const high =
      (data[c]! * (1 - fI) + data[c + nextI]! * fI) * (1 - fJ) +
      (data[d]! * (1 - fI) + data[d + nextI]! * fI) * fJ;
    out[from + i] = low * (1 - fK) + high * fK;
  }
}

/**
 * The voxels of one axis of the target on one axis of the source: between the voxel `index` and the next one, by
 * `share` of the way; those from `from` to `to` − 1 lie in the source.
 */
interface AxisPlaces {
  readonly from: number;
  readonly to: number;
  readonly index: Int32Array;
  readonly share: Float64Array;
}

function axisPlaces(size: number, count: number, origin: number, step: number): AxisPlaces {
  const index = new Int32Array(count);
  const share = new Float64Array(count);
  const last = Math.max(0, size - 2);
  let [from, to] = [count, 0];
  for (let n = 0; n < count; n++) {
    const place = origin + n * step;
    if (place < -EDGE || place > size - 1 + EDGE) continue;
    const within = Math.min(Math.max(place, 0), size - 1);
    index[n] = Math.min(within | 0, last);
    share[n] = within - index[n]!;
    if (from > n) from = n;
    to = n + 1;
  }
  return { from, to, index, share };
}

/** Whether i, j and k of the target run along i, j and k of the source, forward or backward, to the last bit. */
const isAligned = ({ perI, perJ, perK }: IndexMap): boolean =>
  perI[1] === 0 && perI[2] === 0 && perJ[0] === 0 && perJ[2] === 0 && perK[0] === 0 && perK[1] === 0;

/**
 * The numbers of {@link resampleTrilinear}, bit for bit, where the axes are the same: each row of the source is interpolated
 * along i once, each of its planes along j once, and only along k does every voxel cost something of its own.
 */
function resampleAligned(
  { data, grid }: Volume,
  { sizeIjk }: GridLps,
  { origin, perI, perJ, perK }: IndexMap,
  outside: number,
): Float32Array {
  const [sizeI, sizeJ, sizeK] = grid.sizeIjk;
  const [nI, nJ, nK] = sizeIjk;
  const alongI = axisPlaces(sizeI, nI, origin[0], perI[0]);
  const alongJ = axisPlaces(sizeJ, nJ, origin[1], perJ[1]);
  const alongK = axisPlaces(sizeK, nK, origin[2], perK[2]);
  const out = new Float32Array(nI * nJ * nK);
  const isCovered = [alongI, alongJ, alongK].every(
    ({ from, to, index }) => from === 0 && to === index.length,
  );
  if (!isCovered) out.fill(outside);
  const rows = { held: Int32Array.of(-1, -1), values: [new Float64Array(nI), new Float64Array(nI)] as const };
  const scan = { data, sizeI, sizeJ, alongI, alongJ, rows };
  // The planes on both sides of the last output plane, by their number modulo 2.
  const held = Int32Array.of(-1, -1);
  const planes = [new Float64Array(nI * nJ), new Float64Array(nI * nJ)] as const;
  for (let k = alongK.from; k < alongK.to; k++) {
    const low = alongK.index[k]!;
    // Along an axis of one voxel both neighbours are the same.
    const high = sizeK > 1 ? low + 1 : low;
    if (held[low & 1] !== low) readPlane(scan, low, planes[(low & 1) as 0 | 1]);
    held[low & 1] = low;
    if (held[high & 1] !== high) readPlane(scan, high, planes[(high & 1) as 0 | 1]);
    held[high & 1] = high;
    const rest = 1 - alongK.share[k]!;
    for (let j = alongJ.from; j < alongJ.to; j++) {
      const from = nI * j + alongI.from;
      const count = alongI.to - alongI.from;
      const lowPlane = planes[(low & 1) as 0 | 1];
      mix(
        lowPlane,
        from,
        rest,
        planes[(high & 1) as 0 | 1],
        from,
        alongK.share[k]!,
        count,
        out,
        nI * nJ * k + from,
      );
    }
  }
  return out;
}

/** Planes of a scan, interpolated along i and j. */
interface PlaneSource {
  readonly data: VoxelArray;
  readonly sizeI: number;
  readonly sizeJ: number;
  readonly alongI: AxisPlaces;
  readonly alongJ: AxisPlaces;
  /** The rows on both sides of the last one, interpolated along i, by their number modulo 2. */
  readonly rows: { readonly held: Int32Array; readonly values: readonly [Float64Array, Float64Array] };
}

// No function here is made anew at each call: V8 would compile what calls it again each time.
function readPlane(scan: PlaneSource, k: number, plane: Float64Array): void {
  const { sizeI, sizeJ, alongI, alongJ, rows } = scan;
  const nI = alongI.index.length;
  const offset = sizeI * sizeJ * k;
  rows.held.fill(-1);
  for (let j = alongJ.from; j < alongJ.to; j++) {
    const low = alongJ.index[j]!;
    const high = sizeJ > 1 ? low + 1 : low;
    readRow(scan, low, offset + sizeI * low);
    readRow(scan, high, offset + sizeI * high);
    const a = rows.values[(low & 1) as 0 | 1];
    const b = rows.values[(high & 1) as 0 | 1];
    const { from, to } = alongI;
    mix(a, from, 1 - alongJ.share[j]!, b, from, alongJ.share[j]!, to - from, plane, nI * j + from);
  }
}

/** Interpolates a row along i where it is not the one that is held. */
function readRow({ data, sizeI, alongI, rows }: PlaneSource, j: number, offset: number): void {
  if (rows.held[j & 1] === j) return;
  rows.held[j & 1] = j;
  const row = rows.values[(j & 1) as 0 | 1];
  const next = sizeI > 1 ? 1 : 0;
  const { from, to, index, share } = alongI;
  for (let i = from; i < to; i++) {
    const at = offset + index[i]!;
    const part = share[i]!;
    row[i] = data[at]! * (1 - part) + data[at + next]! * part;
  }
}

function mix(
  a: Float64Array,
  fromA: number,
  weightA: number,
  b: Float64Array,
  fromB: number,
  weightB: number,
  count: number,
  out: Float32Array | Float64Array,
  write: number,
): void {
  for (let i = 0; i < count; i++) out[write + i] = a[fromA + i]! * weightA + b[fromB + i]! * weightB;
}
