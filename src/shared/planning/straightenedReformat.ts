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

/** Fractional voxel indices of places (`lpsToIjk`), in the same order: pictures have a hundred thousand places. */
function ijkOfPlaces({ originLpsMm: o, spacingMm, directions }: GridLps, places: Float64Array): Float64Array {
  const ijk = new Float64Array(places.length);
  for (const axis of [0, 1, 2] as const) {
    const [x, y, z] = directions[axis];
    const spacing = spacingMm[axis];
    for (let at = 0; at < places.length; at += 3) {
      ijk[at + axis] =
        ((places[at]! - o[0]) * x + (places[at + 1]! - o[1]) * y + (places[at + 2]! - o[2]) * z) / spacing;
    }
  }
  return ijk;
}

/** HU at places, trilinear between voxel centres; `outside` where the scan is not. */
export function huAtPlaces(
  { grid, data }: ScannedVolume,
  places: Float64Array,
  outside: number,
): Float32Array {
  const [nI, nJ, nK] = grid.sizeIjk;
  const ijk = ijkOfPlaces(grid, places);
  const hu = new Float32Array(places.length / 3);
  for (let at = 0; at < hu.length; at++) {
    const i = ijk[3 * at]!;
    const j = ijk[3 * at + 1]!;
    const k = ijk[3 * at + 2]!;
    if (!(i >= 0 && j >= 0 && k >= 0 && i <= nI - 1 && j <= nJ - 1 && k <= nK - 1)) {
      hu[at] = outside;
      continue;
    }
    const i0 = Math.min(nI - 2, Math.floor(i));
    const j0 = Math.min(nJ - 2, Math.floor(j));
    const k0 = Math.min(nK - 2, Math.floor(k));
    let sum = 0;
    for (let corner = 0; corner < 8; corner++) {
      const a = corner & 1;
      const b = (corner >> 1) & 1;
      const c = corner >> 2;
      const weight = (a ? i - i0 : 1 - i + i0) * (b ? j - j0 : 1 - j + j0) * (c ? k - k0 : 1 - k + k0);
      if (weight > 0) sum += weight * data[i0 + a + nI * (j0 + b + nJ * (k0 + c))]!;
    }
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
  const ijk = ijkOfPlaces(grid, places);
  const lumen = new Uint8Array(places.length / 3);
  for (let at = 0; at < lumen.length; at++) {
    const i = ijk[3 * at]!;
    const j = ijk[3 * at + 1]!;
    const k = ijk[3 * at + 2]!;
    const i0 = Math.floor(i);
    const j0 = Math.floor(j);
    const k0 = Math.floor(k);
    // None of the eight voxels is of the grid.
    if (i0 < -1 || j0 < -1 || k0 < -1 || i0 >= nI || j0 >= nJ || k0 >= nK) continue;
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
