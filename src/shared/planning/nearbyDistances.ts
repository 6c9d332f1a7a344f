import type { SegmentationReport } from '../contract/report.ts';
import type { MeasuredAppendage } from '../contract/services/measured.ts';
import { NEARBY, type NearbyName, type OstiumDistance, type Surroundings } from '../contract/surroundings.ts';
import { type Failure, failure } from '../failures/failure.ts';
import type { Vec3 } from '../geometry/vec3.ts';

/** The distance to a structure, or why it is not known. */
export interface NearbyDistance {
  readonly mm: number | null;
  /** Of ten such distances on phantoms nine are off by less; null where there is no distance. */
  readonly uncertaintyMm: number | null;
  readonly withheld: Failure | null;
}

/** What a distance is measured from. */
export interface MeasuredFrom {
  /** Points on it that span it, LPS mm. */
  readonly pointsLpsMm: readonly Vec3[];
  /** From it to a point, mm. */
  distanceTo(pointLpsMm: Vec3): number;
}

/** Nearer by less than this a doubtful place changes nothing, mm; the septum's edge is nowhere sharp, and far. */
const doubtMm = (structure: NearbyName): number => (structure === 'interatrialSeptum' ? 4 : 1.5);

/**
 * The distance to the nearest known place of a structure. It is withheld where the structure was not found, where a part
 * of it could lie nearer outside of the box that was looked at, and where the network hints at it nearer by.
 */
export function nearbyDistance(
  surroundings: Surroundings | null,
  structure: NearbyName,
  from: MeasuredFrom,
): NearbyDistance {
  const withheld = (why: Failure): NearbyDistance => ({ mm: null, uncertaintyMm: null, withheld: why });
  if (!surroundings) return withheld(failure('planning.surroundings-unknown'));
  const found = surroundings.structures.find(({ name }) => name === structure);
  if (!found) return withheld(failure('planning.structure-not-found', { structure }));
  const nearest = (points: readonly Vec3[]): number =>
    points.reduce((least, point) => Math.min(least, from.distanceTo(point)), Infinity);
  const mm = nearest(found.pointsLpsMm);
  if (roomMm(surroundings, structure, from.pointsLpsMm) < mm)
    return withheld(failure('planning.structure-beyond-scan', { structure }));
  if (nearest(found.doubtfulLpsMm) < mm - doubtMm(structure))
    return withheld(failure('planning.structure-unclear', { structure }));
  return { mm: Math.round(10 * mm) / 10, uncertaintyMm: found.uncertaintyMm, withheld: null };
}

/** The septum is far from an ostium, but lies to the right of it always: nothing of it is left, behind or above. */
const NEVER_BEYOND: Readonly<Partial<Record<NearbyName, readonly ('left' | 'behind' | 'above')[]>>> = {
  interatrialSeptum: ['left', 'behind', 'above'],
};
const HIGH_FACES = ['left', 'behind', 'above'] as const;

/**
 * From points to the nearest face of the box that was looked at, of those beyond which the structure can be, mm; negative
 * where a point lies outside.
 */
function roomMm(
  { seenLpsMm: { low, high } }: Surroundings,
  structure: NearbyName,
  pointsLpsMm: readonly Vec3[],
): number {
  let room = Infinity;
  for (const point of pointsLpsMm) {
    for (const axis of [0, 1, 2] as const) {
      room = Math.min(room, point[axis] - low[axis]);
      if (!NEVER_BEYOND[structure]?.includes(HIGH_FACES[axis]))
        room = Math.min(room, high[axis] - point[axis]);
    }
  }
  return room;
}

/** The distances from the ostium's rim, a closed polyline of 3·n coordinates, to all that surrounds it; none without a rim. */
export function ostiumDistances(
  surroundings: Surroundings | null,
  rimLpsMm: Float32Array | null,
): OstiumDistance[] {
  if (!rimLpsMm || rimLpsMm.length === 0) return [];
  const points = Array.from(
    { length: rimLpsMm.length / 3 },
    (_, n): Vec3 => [rimLpsMm[3 * n]!, rimLpsMm[3 * n + 1]!, rimLpsMm[3 * n + 2]!],
  );
  const rim: MeasuredFrom = {
    pointsLpsMm: points,
    distanceTo: ([x, y, z]) => {
      let least = Infinity;
      for (let at = 0; at < rimLpsMm.length; at += 3) {
        const dx = rimLpsMm[at]! - x;
        const dy = rimLpsMm[at + 1]! - y;
        const dz = rimLpsMm[at + 2]! - z;
        least = Math.min(least, dx * dx + dy * dy + dz * dz);
      }
      return Math.sqrt(least);
    },
  };
  const lookedFor = NEARBY.filter((structure) => surroundings?.lookedFor.includes(structure) ?? true);
  return lookedFor.map((structure) => ({ structure, ...nearbyDistance(surroundings, structure, rim) }));
}

interface Known {
  readonly surroundings: Surroundings;
  readonly distances: readonly OstiumDistance[];
}

const knownOfRim = new WeakMap<Float32Array, Known>();

/**
 * The same of a surface and the report that it is of; none where no network looked. They are measured once: the page asks
 * with each number that changes beside them.
 */
export function distancesFromOstium(
  { rimLpsMm, measurements }: Pick<MeasuredAppendage, 'rimLpsMm' | 'measurements'>,
  { surroundings }: Pick<SegmentationReport, 'surroundings'>,
): OstiumDistance[] {
  if (!surroundings || !measurements.ostium || !rimLpsMm) return [];
  const known = knownOfRim.get(rimLpsMm);
  if (known?.surroundings === surroundings) return [...known.distances];
  const distances = ostiumDistances(surroundings, rimLpsMm);
  knownOfRim.set(rimLpsMm, { surroundings, distances });
  return [...distances];
}
