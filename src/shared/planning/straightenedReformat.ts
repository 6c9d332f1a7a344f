import { DIRECTION_REACH_MM } from '../anatomy/landingZone.ts';
import { type GridLps, LPS_AXES } from '../geometry/gridLps.ts';
import {
  addScaled,
  cross,
  distance,
  dot,
  lerp,
  normalize,
  perpendicular,
  subtract,
  type Vec3,
} from '../geometry/vec3.ts';
import { boundingBoxLpsMm } from '../mesh/measures.ts';
import { rasterizeClosedMesh } from '../mesh/rasterize.ts';
import type { TriangleMesh } from '../mesh/triangleMesh.ts';

/** Which part of the surroundings of a line a straightened reformat shows. */
export interface ReformatFrame {
  /** Along the line; the first one's left edge is at `fromMm` from the line's start, which may be before it. */
  readonly columns: number;
  readonly fromMm: number;
  /** Across the line, which runs through the middle. */
  readonly rows: number;
  readonly mmPerPixel: number;
  /** About the line. */
  readonly turnDegrees: number;
}

/** A scan's HU on its grid. */
export interface ScannedVolume {
  readonly grid: GridLps;
  readonly data: Int16Array;
}

/**
 * The places of a straightened curved planar reformation (Kanitsar et al. 2002): each column lies in the section that is
 * perpendicular to the line there (`sectionPlane`), and the line itself becomes straight. Lengths along the line are true; so are those across it. The
 * direction across turns as little as it can from column to column, so that the picture does not twist. Before the
 * line's start and beyond its end it is continued straight.
 *
 * Example: of a straight tube it is the plane through the tube's axis, at any angle.
 * @returns 3·columns·rows coordinates, LPS mm, row by row
 */
export function straightenedPlaces(lineLpsMm: readonly Vec3[], frame: ReformatFrame): Float64Array {
  const { columns, rows, fromMm, mmPerPixel, turnDegrees } = frame;
  const places = new Float64Array(3 * columns * rows);
  const walk = walkAlong(lineLpsMm);
  const radians = (turnDegrees * Math.PI) / 180;
  const start = walk.direction(fromMm);
  const across = perpendicular(start);
  let side = addScaled(
    addScaled([0, 0, 0], across, Math.cos(radians)),
    cross(start, across),
    Math.sin(radians),
  );
  for (let column = 0; column < columns; column++) {
    const alongMm = fromMm + (column + 0.5) * mmPerPixel;
    const direction = walk.direction(alongMm);
    side = normalize(addScaled(side, direction, -dot(side, direction)));
    const middle = walk.point(alongMm);
    for (let row = 0; row < rows; row++) {
      const acrossMm = (row + 0.5 - rows / 2) * mmPerPixel;
      const at = 3 * (row * columns + column);
      places[at] = middle[0] + side[0] * acrossMm;
      places[at + 1] = middle[1] + side[1] * acrossMm;
      places[at + 2] = middle[2] + side[2] * acrossMm;
    }
  }
  return places;
}

/** The place of a pixel of a reformat, LPS mm. */
export const placeAt = (
  places: Float64Array,
  { columns }: Pick<ReformatFrame, 'columns'>,
  column: number,
  row: number,
): Vec3 => {
  const at = 3 * (row * columns + column);
  return [places[at]!, places[at + 1]!, places[at + 2]!];
};

function walkAlong(line: readonly Vec3[]) {
  const ends: number[] = [0];
  for (let at = 1; at < line.length; at++) ends.push(ends[at - 1]! + distance(line[at - 1]!, line[at]!));
  const total = ends.at(-1)!;
  const inside = (alongMm: number): Vec3 => {
    const after = ends.findIndex((end, at) => at > 0 && end >= alongMm);
    const at = after < 0 ? line.length - 1 : after;
    const span = ends[at]! - ends[at - 1]!;
    return lerp(line[at - 1]!, line[at]!, span > 0 ? (alongMm - ends[at - 1]!) / span : 0);
  };
  const clamped = (alongMm: number): number => Math.min(total, Math.max(0, alongMm));
  const direction = (alongMm: number): Vec3 => {
    const at = clamped(alongMm);
    const [before, after] = [clamped(at - DIRECTION_REACH_MM), clamped(at + DIRECTION_REACH_MM)];
    return normalize(subtract(inside(after), inside(before)));
  };
  return {
    direction,
    point: (alongMm: number): Vec3 =>
      addScaled(inside(clamped(alongMm)), direction(alongMm), alongMm - clamped(alongMm)),
  };
}

/**
 * Writes the fractional voxel index (`lpsToIjk`) of a place to `ijk`: pictures have a hundred thousand places, for which
 * arrays are neither made nor taken apart.
 */
function ijkOfPlace(grid: GridLps, places: Float64Array, at: number, ijk: Float64Array): void {
  const { originLpsMm: o, spacingMm, directions } = grid;
  const x = places[at]! - o[0];
  const y = places[at + 1]! - o[1];
  const z = places[at + 2]! - o[2];
  const a = directions[0];
  const b = directions[1];
  const c = directions[2];
  ijk[0] = (x * a[0] + y * a[1] + z * a[2]) / spacingMm[0];
  ijk[1] = (x * b[0] + y * b[1] + z * b[2]) / spacingMm[1];
  ijk[2] = (x * c[0] + y * c[1] + z * c[2]) / spacingMm[2];
}

/** A voxel's share; what has none may lie beyond the scan's last voxel. */
const weighed = (weight: number, data: Int16Array, at: number): number =>
  weight > 0 ? weight * data[at]! : 0;

/** HU at places, trilinear between voxel centres; `outside` where the scan is not. */
export function huAtPlaces(
  { grid, data }: ScannedVolume,
  places: Float64Array,
  outside: number,
): Float32Array {
  const [nI, nJ, nK] = grid.sizeIjk;
  const ijk = new Float64Array(3);
  const hu = new Float32Array(places.length / 3);
  for (let at = 0; at < hu.length; at++) {
    ijkOfPlace(grid, places, 3 * at, ijk);
    const i = ijk[0]!;
    const j = ijk[1]!;
    const k = ijk[2]!;
    if (!(i >= 0 && j >= 0 && k >= 0 && i <= nI - 1 && j <= nJ - 1 && k <= nK - 1)) {
      hu[at] = outside;
      continue;
    }
    const i0 = Math.min(nI - 2, Math.floor(i));
    const j0 = Math.min(nJ - 2, Math.floor(j));
    const k0 = Math.min(nK - 2, Math.floor(k));
    const x1 = i - i0;
    const y1 = j - j0;
    const z1 = k - k0;
    const x0 = 1 - i + i0;
    const y0 = 1 - j + j0;
    const z0 = 1 - k + k0;
    const first = i0 + nI * (j0 + nJ * k0);
    const above = first + nI * nJ;
    let sum = weighed(x0 * y0 * z0, data, first);
    sum += weighed(x1 * y0 * z0, data, first + 1);
    sum += weighed(x0 * y1 * z0, data, first + nI);
    sum += weighed(x1 * y1 * z0, data, first + nI + 1);
    sum += weighed(x0 * y0 * z1, data, above);
    sum += weighed(x1 * y0 * z1, data, above + 1);
    sum += weighed(x0 * y1 * z1, data, above + nI);
    sum += weighed(x1 * y1 * z1, data, above + nI + 1);
    hu[at] = sum;
  }
  return hu;
}

const LUMEN_MM = 0.5;
const lumens = new WeakMap<TriangleMesh, { readonly grid: GridLps; readonly mask: Uint8Array }>();

/** 1 where places lie in the lumen, to half a millimetre; a surface is filled once. */
export function lumenAtPlaces(closed: TriangleMesh, places: Float64Array): Uint8Array {
  const { grid, mask } = lumens.get(closed) ?? filled(closed);
  lumens.set(closed, { grid, mask });
  const [nI, nJ, nK] = grid.sizeIjk;
  const ijk = new Float64Array(3);
  const lumen = new Uint8Array(places.length / 3);
  for (let at = 0; at < lumen.length; at++) {
    ijkOfPlace(grid, places, 3 * at, ijk);
    const i = ijk[0]!;
    const j = ijk[1]!;
    const k = ijk[2]!;
    const i0 = Math.floor(i);
    const j0 = Math.floor(j);
    const k0 = Math.floor(k);
    // None of the eight voxels is of the grid.
    if (i0 < -1 || j0 < -1 || k0 < -1 || i0 >= nI || j0 >= nJ || k0 >= nK) continue;
    if (i0 >= 0 && j0 >= 0 && k0 >= 0 && i0 + 1 < nI && j0 + 1 < nJ && k0 + 1 < nK) {
      const count = inCell(mask, nI, nI * nJ, i0 + nI * (j0 + nJ * k0));
      // Nearly all places lie between voxels that are all in the lumen or all outside.
      if (count === 0 || count === 8) {
        lumen[at] = count === 8 ? 1 : 0;
        continue;
      }
    }
    // Between the voxels, for the wall would be a saw's edge where pixels are finer than they.
    let sum = 0;
    for (let corner = 0; corner < 8; corner++) {
      const a = i0 + (corner & 1);
      const b = j0 + ((corner >> 1) & 1);
      const c = k0 + (corner >> 2);
      if (a < 0 || b < 0 || c < 0 || a >= nI || b >= nJ || c >= nK || mask[a + nI * (b + nJ * c)] !== 1)
        continue;
      sum += (a > i0 ? i - i0 : 1 - i + i0) * (b > j0 ? j - j0 : 1 - j + j0) * (c > k0 ? k - k0 : 1 - k + k0);
    }
    if (sum >= 0.5) lumen[at] = 1;
  }
  return lumen;
}

/** How many of the eight voxels of a cell are in the mask. @param first the lowest of them */
const inCell = (mask: Uint8Array, row: number, slice: number, first: number): number =>
  mask[first]! +
  mask[first + 1]! +
  mask[first + row]! +
  mask[first + row + 1]! +
  mask[first + slice]! +
  mask[first + slice + 1]! +
  mask[first + slice + row]! +
  mask[first + slice + row + 1]!;

function filled(closed: TriangleMesh): { readonly grid: GridLps; readonly mask: Uint8Array } {
  const { low, high } = boundingBoxLpsMm(closed);
  const size = (axis: 0 | 1 | 2): number => Math.ceil((high[axis] - low[axis]) / LUMEN_MM) + 1;
  const grid: GridLps = {
    sizeIjk: [size(0), size(1), size(2)],
    originLpsMm: low,
    spacingMm: [LUMEN_MM, LUMEN_MM, LUMEN_MM],
    directions: LPS_AXES,
  };
  return { grid, mask: rasterizeClosedMesh(closed, grid) };
}
