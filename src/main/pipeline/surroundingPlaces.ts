import {
  distancesOf,
  type SurroundingName,
  type SurroundingsField,
  valueAt,
} from '#shared/anatomy/surroundings.ts';
import { NEARBY, type NearbyName } from '#shared/contract/surroundings.ts';
import type { SegmentationReport } from '#shared/contract/report.ts';
import { type GridLps, ijkToLps } from '#shared/geometry/gridLps.ts';
import { addScaled, distance, length, scale, type Vec3 } from '#shared/geometry/vec3.ts';

/** How a structure is told to be there, and where. */
interface Rule {
  /** Voxels at these distances point at their nearest place on it, mm. */
  readonly bandMm: readonly [number, number];
  /** Somewhere the field must come this near, and where voxels point to as well, mm. */
  readonly mostAtPlaceMm: number;
  /** Places that there must be; each stands for CELL_MM of it. */
  readonly leastPlaces: number;
}

/** The field is blunt along a line: its lowest values lie above zero. */
const RULES: Readonly<Record<NearbyName, Rule>> = {
  leftSuperiorVein: { bandMm: [0.3, 3.5], mostAtPlaceMm: 1, leastPlaces: 10 },
  circumflex: { bandMm: [0.5, 3.5], mostAtPlaceMm: 1.2, leastPlaces: 6 },
  mitralAnnulus: { bandMm: [1, 5], mostAtPlaceMm: 2.5, leastPlaces: 10 },
};

/** Places are the means of what voxels point at in cells of this edge, mm. */
const CELL_MM = 2.5;
/** Of fewer voxels a place is chance. */
const LEAST_VOTES = 3;
/** Places that lie within this of each other belong together, mm; fewer together than that are chance. */
const LINK_MM = 6;
const LEAST_TOGETHER = 4;

/** By how much distances to a structure may be off, mm: 9 of 10 on phantoms were by less. */
export type SurroundingErrors = Readonly<Partial<Record<NearbyName, number>>>;

/** What a model's manifest says of its errors: as `npm run bench:surroundings` measures them. */
export function surroundingErrors(metrics: Readonly<Record<string, number>>): SurroundingErrors {
  return Object.fromEntries(
    NEARBY.flatMap((name) => {
      const errorMm = metrics[`${name}_rimErrorP90Mm`];
      return errorMm === undefined ? [] : [[name, errorMm]];
    }),
  );
}

/**
 * Where the surroundings lie that a field shows; what it does not show, or what nobody measured the model's errors of, is
 * left out. Null where the cube shows nothing of the scan.
 */
export function surroundingPlaces(
  field: SurroundingsField,
  errorsMm: SurroundingErrors,
): SegmentationReport['surroundings'] {
  const seen = seenBox(field);
  if (!seen) return null;
  return {
    seenLpsMm: seen,
    structures: NEARBY.flatMap((name) => {
      const uncertaintyMm = errorsMm[name];
      if (uncertaintyMm === undefined) return [];
      const places = placesOf(field, name, RULES[name]);
      if (places.length < RULES[name].leastPlaces) return [];
      return [{ name, pointsLpsMm: places.map(rounded), uncertaintyMm }];
    }),
  };
}

const rounded = ([x, y, z]: Vec3): [number, number, number] => [roundTenth(x), roundTenth(y), roundTenth(z)];
const roundTenth = (mm: number): number => Math.round(10 * mm) / 10;

function placesOf(field: SurroundingsField, name: SurroundingName, { bandMm, mostAtPlaceMm }: Rule): Vec3[] {
  const values = distancesOf(field, name);
  if (!values) return [];
  const { grid } = field;
  const [ni, nj, nk] = grid.sizeIjk;
  const cells = new Map<string, { sum: Vec3; votes: number }>();
  for (let k = 1; k + 1 < nk; k++) {
    for (let j = 1; j + 1 < nj; j++) {
      for (let i = 1; i + 1 < ni; i++) {
        const n = i + ni * (j + nj * k);
        const value = values[n]!;
        // NaN is in no band.
        if (!(value > bandMm[0] && value < bandMm[1])) continue;
        const gradient: Vec3 = [
          (values[n + 1]! - values[n - 1]!) / (2 * grid.spacingMm[0]),
          (values[n + ni]! - values[n - ni]!) / (2 * grid.spacingMm[1]),
          (values[n + ni * nj]! - values[n - ni * nj]!) / (2 * grid.spacingMm[2]),
        ];
        const steepness = length(gradient);
        if (!(steepness > 0.4)) continue;
        const foot = addScaled(ijkToLps(grid, [i, j, k]), gradient, -value / steepness);
        if (!(Math.abs(valueAt(values, grid, foot)) < mostAtPlaceMm)) continue;
        const key = foot.map((x) => Math.floor(x / CELL_MM)).join();
        const cell = cells.get(key);
        cells.set(key, { sum: cell ? addScaled(foot, cell.sum, 1) : foot, votes: (cell?.votes ?? 0) + 1 });
      }
    }
  }
  const places = [...cells.values()].flatMap(({ sum, votes }) =>
    votes < LEAST_VOTES ? [] : [scale(sum, 1 / votes)],
  );
  return withoutChance(places);
}

/** The places that lie together with some others. */
function withoutChance(places: readonly Vec3[]): Vec3[] {
  const groupOf = new Int32Array(places.length).fill(-1);
  const sizes: number[] = [];
  for (let first = 0; first < places.length; first++) {
    if (groupOf[first]! >= 0) continue;
    const group = sizes.length;
    const open = [first];
    groupOf[first] = group;
    let size = 0;
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      size++;
      for (let other = 0; other < places.length; other++) {
        if (groupOf[other]! >= 0 || distance(places[at]!, places[other]!) > LINK_MM) continue;
        groupOf[other] = group;
        open.push(other);
      }
    }
    sizes.push(size);
  }
  return places.filter((_, n) => sizes[groupOf[n]!]! >= LEAST_TOGETHER);
}

/** The box of voxels which the scan reaches, its faces through their centres; null where it reaches none. */
function seenBox({
  grid,
  distancesMm,
}: SurroundingsField): { low: [number, number, number]; high: [number, number, number] } | null {
  const low: [number, number, number] = [0, 0, 0];
  const high: [number, number, number] = [grid.sizeIjk[0] - 1, grid.sizeIjk[1] - 1, grid.sizeIjk[2] - 1];
  // The face that the scan reaches least is taken off until all are whole.
  for (;;) {
    let worst: { readonly axis: number; readonly isLow: boolean; readonly share: number } | undefined;
    for (const axis of [0, 1, 2]) {
      if (low[axis]! > high[axis]!) return null;
      for (const isLow of [true, false]) {
        const share = unreachedShare(grid, distancesMm, low, high, axis, isLow ? low[axis]! : high[axis]!);
        if (share > (worst?.share ?? 0)) worst = { axis, isLow, share };
      }
    }
    if (!worst) break;
    if (worst.isLow) low[worst.axis]!++;
    else high[worst.axis]!--;
  }
  return { low: [...ijkToLps(grid, low)], high: [...ijkToLps(grid, high)] };
}

function unreachedShare(
  { sizeIjk: [ni, nj] }: GridLps,
  values: Float32Array,
  low: Vec3,
  high: Vec3,
  axis: number,
  at: number,
): number {
  const from = [...low];
  const to = [...high];
  from[axis] = at;
  to[axis] = at;
  let [missing, all] = [0, 0];
  for (let k = from[2]!; k <= to[2]!; k++) {
    for (let j = from[1]!; j <= to[1]!; j++) {
      for (let i = from[0]!; i <= to[0]!; i++, all++) {
        if (Number.isNaN(values[i + ni * (j + nj * k)]!)) missing++;
      }
    }
  }
  return missing / all;
}
