import { distancesOf, type SurroundingsField, valueAt } from '#shared/anatomy/surroundings.ts';
import type { SegmentationReport } from '#shared/contract/report.ts';
import { NEARBY, type NearbyName } from '#shared/contract/surroundings.ts';
import { type GridLps, ijkToLps } from '#shared/geometry/gridLps.ts';
import { add, addScaled, distance, scale, type Vec3 } from '#shared/geometry/vec3.ts';

/** How a structure is told to be there, and where. */
interface Rule {
  /** Somewhere the field must come down to this, mm: a structure that is only hinted at is left out. */
  readonly lowestMm: number;
  readonly clear: PlaceRule;
  /** What would be a place by this alone is doubtful: nobody knows whether the structure reaches there. */
  readonly doubtful: PlaceRule;
  /** Places that there must be; each stands for CELL_MM of it. */
  readonly leastPlaces: number;
  /** Of its places so much must hang together, as the structure is one; of a structure in pieces a part is missed. */
  readonly leastInOnePiece?: number;
  /** Farther from the ostium that was found it cannot be, mm: its part beside the ostium is missed. */
  readonly mostFromRimMm?: number;
  /** It is no longer than this, mm: else something else was taken for a part of it. */
  readonly mostAcrossMm?: number;
}

interface PlaceRule {
  /** Voxels at these distances point at their nearest place on it, mm. */
  readonly bandMm: readonly [number, number];
  /** Where they point to the field must come this near, mm. */
  readonly mostAtPlaceMm: number;
}

/**
 * A network's field is blunt where it is not sure: along an artery or a line its valley ends above zero, now here, now
 * there. Set on phantoms of the seeds 7001 to 7024 and 8001 onwards, by the bundled network's fields.
 */
const RULES: Readonly<Record<NearbyName, Rule>> = {
  leftSuperiorVein: {
    lowestMm: -2,
    clear: { bandMm: [0.3, 4], mostAtPlaceMm: 1.5 },
    doubtful: { bandMm: [0.3, 5], mostAtPlaceMm: 3 },
    leastPlaces: 10,
    leastInOnePiece: 0.95,
  },
  circumflex: {
    lowestMm: 0.8,
    clear: { bandMm: [0.5, 4.5], mostAtPlaceMm: 2 },
    doubtful: { bandMm: [0.5, 6], mostAtPlaceMm: 4 },
    leastPlaces: 6,
    // The ostium's plane reaches to it; on phantoms it lay within 8 mm of the rim.
    mostFromRimMm: 12,
  },
  mitralAnnulus: {
    lowestMm: 1.75,
    clear: { bandMm: [1, 6], mostAtPlaceMm: 3 },
    doubtful: { bandMm: [1, 7], mostAtPlaceMm: 5 },
    leastPlaces: 10,
  },
  interatrialSeptum: {
    lowestMm: 0.8,
    clear: { bandMm: [0.5, 3.5], mostAtPlaceMm: 2 },
    doubtful: { bandMm: [0.5, 4.5], mostAtPlaceMm: 3 },
    // Two faces of 15 by 20 mm.
    leastPlaces: 100,
    leastInOnePiece: 0.9,
    // The aortic root's wall, say, goes on where it ends.
    mostAcrossMm: 41,
  },
};

/** Places are the means of what voxels point at in cells of this edge, mm. */
const CELL_MM = 2.5;
/** Of fewer voxels a place is chance. */
const LEAST_VOTES = 3;
/** Places that lie within this of each other belong together, mm; fewer together than that are chance. */
const LINK_MM = 6;
const LEAST_TOGETHER = 4;
/** Places of one piece lie within this of each other, mm. */
const PIECE_LINK_MM = 5;
/** A doubtful place this near to a clear one says nothing new, mm. */
const DOUBT_MM = 1.5;

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
 * left out, and so is what contradicts itself: a vein in pieces, an artery far from the ostium that ends at it, a septum
 * that is longer than any. Null where the cube shows nothing of the scan.
 * @param rimLpsMm of the ostium that was found; empty where none was
 */
export function surroundingPlaces(
  field: SurroundingsField,
  errorsMm: SurroundingErrors,
  rimLpsMm: readonly Vec3[],
): SegmentationReport['surroundings'] {
  const seen = seenBox(field);
  if (!seen) return null;
  return {
    seenLpsMm: seen,
    lookedFor: NEARBY.filter((name) => field.structures.includes(name)),
    structures: NEARBY.flatMap((name) => {
      const uncertaintyMm = errorsMm[name];
      if (uncertaintyMm === undefined) return [];
      const rule = RULES[name];
      const { lowestMm, clear, doubtful, leastPlaces } = rule;
      const values = distancesOf(field, name);
      if (!values?.some((mm) => mm < lowestMm)) return [];
      const places = placesOf(values, field.grid, clear);
      if (places.length < leastPlaces || contradictsItself(places, rule, rimLpsMm)) return [];
      const others = placesOf(values, field.grid, doubtful).filter((other) =>
        places.every((place) => distance(place, other) > DOUBT_MM),
      );
      return [
        {
          name,
          pointsLpsMm: places.map(rounded),
          doubtfulLpsMm: others.map(rounded),
          uncertaintyMm,
        },
      ];
    }),
  };
}

const rounded = ([x, y, z]: Vec3): [number, number, number] => [roundTenth(x), roundTenth(y), roundTenth(z)];
const roundTenth = (mm: number): number => Math.round(10 * mm) / 10;

function placesOf(values: Float32Array, grid: GridLps, { bandMm, mostAtPlaceMm }: PlaceRule): Vec3[] {
  const [ni, nj, nk] = grid.sizeIjk;
  const [leastMm, mostMm] = bandMm;
  const [spanX, spanY, spanZ] = scale(grid.spacingMm, 2);
  const cells = new Map<number, { sum: Vec3; votes: number }>();
  for (let k = 1; k + 1 < nk; k++) {
    for (let j = 1; j + 1 < nj; j++) {
      for (let i = 1; i + 1 < ni; i++) {
        const n = i + ni * (j + nj * k);
        const value = values[n]!;
        // NaN is in no band.
        if (!(value > leastMm && value < mostMm)) continue;
        const x = (values[n + 1]! - values[n - 1]!) / spanX;
        const y = (values[n + ni]! - values[n - ni]!) / spanY;
        const z = (values[n + ni * nj]! - values[n - ni * nj]!) / spanZ;
        const steepness = Math.sqrt(x * x + y * y + z * z);
        if (!(steepness > 0.4)) continue;
        const foot = addScaled(ijkToLps(grid, [i, j, k]), [x, y, z], -value / steepness);
        if (!(Math.abs(valueAt(values, grid, foot)) < mostAtPlaceMm)) continue;
        const key = cellKey(foot);
        const cell = cells.get(key);
        if (cell) {
          cell.sum = add(foot, cell.sum);
          cell.votes++;
        } else cells.set(key, { sum: foot, votes: 1 });
      }
    }
  }
  const places = [...cells.values()].flatMap(({ sum, votes }) =>
    votes < LEAST_VOTES ? [] : [scale(sum, 1 / votes)],
  );
  return withoutChance(places);
}

/** One number for each cell, exact within 160 m of the origin: as text these took longer than the places themselves. */
const cellKey = ([x, y, z]: Vec3): number =>
  (Math.floor(x / CELL_MM) * 2 ** 17 + Math.floor(y / CELL_MM)) * 2 ** 17 + Math.floor(z / CELL_MM);

function contradictsItself(
  places: readonly Vec3[],
  { leastInOnePiece = 0, mostFromRimMm = Infinity, mostAcrossMm = Infinity }: Rule,
  rimLpsMm: readonly Vec3[],
): boolean {
  const largest = Math.max(...inPieces(places, PIECE_LINK_MM).sizes);
  if (largest < leastInOnePiece * places.length) return true;
  if (places.some((place) => places.some((other) => distance(place, other) > mostAcrossMm))) return true;
  return (
    rimLpsMm.length > 0 &&
    places.every((place) => rimLpsMm.every((point) => distance(place, point) > mostFromRimMm))
  );
}

/** The places that lie together with some others. */
function withoutChance(places: readonly Vec3[]): Vec3[] {
  const { groupOf, sizes } = inPieces(places, LINK_MM);
  return places.filter((_, n) => sizes[groupOf[n]!]! >= LEAST_TOGETHER);
}

/** Which places hang together by steps of at most so much. */
function inPieces(
  places: readonly Vec3[],
  linkMm: number,
): { readonly groupOf: Int32Array; readonly sizes: readonly number[] } {
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
        if (groupOf[other]! >= 0 || distance(places[at]!, places[other]!) > linkMm) continue;
        groupOf[other] = group;
        open.push(other);
      }
    }
    sizes.push(size);
  }
  return { groupOf, sizes };
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
