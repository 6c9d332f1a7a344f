import type { PlaneLps } from '#shared/anatomy/plane.ts';
import {
  add,
  addScaled,
  cross,
  dot,
  normalize,
  perpendicular,
  subtract,
  type Vec3,
} from '#shared/geometry/vec3.ts';
import type { LandmarkName } from '#shared/nudf/network/networkSpec.ts';
import { type CropFrame, lpsToNormalized } from '../surface/cropFrame.ts';
import type { FieldFunction } from '../surface/field/fieldFunction.ts';

/** A landmark of the ostium as the network points at it from all sides. */
export interface FoundLandmark {
  readonly name: LandmarkName;
  readonly pointLpsMm: Vec3;
  /** How far the places that it is pointed at from disagree: root mean square, mm. */
  readonly spreadMm: number;
}

/** The lattice of points round a first guess that a landmark is asked at: steps to each side, and their length. */
const ROUND_MM = 3;
const STEPS = [-2, -1, 0, 1, 2] as const;
/** The first guess comes from the rim; each further one from the lattice round the last. */
const ROUNDS = 2;
/** A place whose way is this long counts e⁻¹ as much as one on the landmark, mm: the networks learn the near ones. */
const NEAR_MM = 12;

/**
 * Where the network's landmarks lie: first as the ostium's rim points at them, then as the neighbourhood of that place
 * does.
 * @param field with ways to the landmarks
 * @param names of the landmarks, in the order of the network's outputs
 */
export async function findLandmarks(
  field: FieldFunction,
  frame: CropFrame,
  names: readonly LandmarkName[],
  rimLpsMm: readonly Vec3[],
  signal?: AbortSignal,
): Promise<FoundLandmark[]> {
  const askedAt = (places: readonly (readonly Vec3[])[]) => pointedAt(field, frame, places, signal);
  // All landmarks are asked for at once: on a graphics processor each question costs a wait.
  let votes = votesOf(
    await askedAt([rimLpsMm]),
    names.length,
    names.map(() => 0),
  );
  for (let round = 0; round < ROUNDS; round++) {
    const near = votes.map(({ pointLpsMm }) => latticeRound(pointLpsMm));
    votes = votesOf(await askedAt(near), names.length, [...near.keys()]);
  }
  return names.map((name, landmark) => ({ name, ...votes[landmark]! }));
}

const latticeRound = (point: Vec3): Vec3[] =>
  STEPS.flatMap((x) =>
    STEPS.flatMap((y) => STEPS.map((z): Vec3 => add(point, [x * ROUND_MM, y * ROUND_MM, z * ROUND_MM]))),
  );

/** Places, and the ways from each to all landmarks, mm. */
interface Pointing {
  readonly pointsLpsMm: readonly Vec3[];
  readonly waysMm: Float32Array;
}

/** The ways from several lists of places, asked in one go. */
async function pointedAt(
  field: FieldFunction,
  frame: CropFrame,
  lists: readonly (readonly Vec3[])[],
  signal?: AbortSignal,
): Promise<Pointing[]> {
  const all = lists.flat();
  const points = Float32Array.from(all.flatMap((point) => [...lpsToNormalized(frame, point)]));
  const { toLandmarksMm } = await field(points, signal);
  if (!toLandmarksMm) throw new RangeError('The network knows no landmarks.');
  const numbers = toLandmarksMm.length / all.length;
  let from = 0;
  return lists.map((pointsLpsMm) => {
    const first = from;
    from += pointsLpsMm.length;
    return { pointsLpsMm, waysMm: toLandmarksMm.subarray(numbers * first, numbers * from) };
  });
}

/**
 * The mean of the places that points point at, and their spread, for each landmark; long ways count less.
 * @param listOf for each landmark the list that is asked for it
 */
const votesOf = (
  lists: readonly Pointing[],
  landmarks: number,
  listOf: readonly number[],
): Omit<FoundLandmark, 'name'>[] =>
  listOf.map((list, landmark) => {
    const { pointsLpsMm, waysMm } = lists[list]!;
    let total = 0;
    let sum: Vec3 = [0, 0, 0];
    const places = pointsLpsMm.map((point, index) => {
      const at = 3 * (landmarks * index + landmark);
      const way: Vec3 = [waysMm[at]!, waysMm[at + 1]!, waysMm[at + 2]!];
      // Never quite zero, so that a rim far away still gives a first guess.
      const weight = Math.exp(-dot(way, way) / NEAR_MM ** 2) + 1e-6;
      const place = add(point, way);
      total += weight;
      sum = addScaled(sum, place, weight);
      return { place, weight };
    });
    const pointLpsMm: Vec3 = [sum[0] / total, sum[1] / total, sum[2] / total];
    const variance = places.reduce((squares, { place, weight }) => {
      const off = subtract(place, pointLpsMm);
      return squares + weight * dot(off, off);
    }, 0);
    return { pointLpsMm, spreadMm: Math.sqrt(variance / total) };
  });

/** A plane and how sure it is. */
export interface WeighedPlane {
  readonly plane: PlaneLps;
  /** Standard deviation of its position along the normal, at the ostium's centre. */
  readonly sdMm: number;
  /** Standard deviation of its direction about either axis in the plane. */
  readonly sdDegrees: number;
}

/** How sure the plane of the cap is by itself: standard deviations on phantoms (docs/accuracy.md). */
const CAP = { sdMm: 1, sdRadians: (6 * Math.PI) / 180 } as const;
/**
 * On scans unlike the phantoms it may be off by far more (8 mm at the circumflex artery of the real CT): its errors
 * have the tails of Student's t with so many degrees of freedom, so that landmarks that contradict it prevail.
 */
const CAP_FREEDOM = 2;
/**
 * How sure a landmark is across the plane: at least so many mm, and this share of its spread, most of which lies along
 * the plane. On phantoms the errors across the plane are 0.5 mm where the spread is 1.
 */
const LANDMARK = { sdMm: 0.9, spreadShare: 0.3 } as const;
/**
 * The plane's direction errs in proportion to the larger spread of the two landmarks: on 200 phantoms of wide variety
 * the angle to the truth is 0.8 to 1.2 times this at the median, wherever the spread lies from 0.6 to 2.7 mm
 * (docs/accuracy.md, "How sure the plane is").
 */
const DEGREES_A_SPREAD_MM = 4.2;
/** So does its position, on the scans of the same section. */
const MM_A_SPREAD_MM = 0.6;
/** Rounds of weighing the cap anew by how far the plane is from it; they change the plane by less than 0.01 mm then. */
const WEIGHINGS = 12;

/**
 * The plane of the ostium's cap moved towards the landmarks, by how sure each is: the most probable plane where the
 * errors of landmarks are Gaussian, and those of the cap have longer tails. In coordinates u, v of the cap's plane, the
 * sought plane is height a + b·u + c·v, each expected to be 0 and each landmark a measurement of the height at its place.
 * @param landmarks one or more
 */
export function weighPlane(cap: PlaneLps, landmarks: readonly FoundLandmark[]): WeighedPlane {
  const u = perpendicular(cap.normal);
  const v = cross(cap.normal, u);
  const heights = landmarks.map(({ pointLpsMm, spreadMm }) => {
    const off = subtract(pointLpsMm, cap.pointLpsMm);
    return {
      row: [1, dot(off, u), dot(off, v)],
      mm: dot(off, cap.normal),
      weight: 1 / (LANDMARK.sdMm ** 2 + (LANDMARK.spreadShare * spreadMm) ** 2),
    };
  });
  let capWeight = 1;
  let fit = fitHeights(heights, capWeight);
  for (let round = 1; round < WEIGHINGS; round++) {
    const [a, b, c] = fit;
    const squares = (a / CAP.sdMm) ** 2 + (b ** 2 + c ** 2) / CAP.sdRadians ** 2;
    capWeight = Math.min(1, (CAP_FREEDOM + 3) / (CAP_FREEDOM + squares));
    fit = fitHeights(heights, capWeight);
  }
  const spreadMm = Math.max(...landmarks.map((landmark) => landmark.spreadMm));
  return {
    plane: {
      pointLpsMm: addScaled(cap.pointLpsMm, cap.normal, fit[0]),
      normal: normalize(addScaled(addScaled(cap.normal, u, -fit[1]), v, -fit[2])),
    },
    sdMm: MM_A_SPREAD_MM * spreadMm,
    sdDegrees: DEGREES_A_SPREAD_MM * spreadMm,
  };
}

/** A measured height over the cap's plane: its coefficients of a, b and c, mm, and 1/variance. */
interface MeasuredHeight {
  readonly row: readonly number[];
  readonly mm: number;
  readonly weight: number;
}

/** Least squares for a, b, c of weighPlane; `capWeight` scales the information of the cap. */
function fitHeights(heights: readonly MeasuredHeight[], capWeight: number): Vec3 {
  const expected = [CAP.sdMm, CAP.sdRadians, CAP.sdRadians].map((sd) => capWeight / sd ** 2);
  const sum = (i: number, j: number): number =>
    heights.reduce(
      (total, { row, weight }) => total + weight * row[i]! * row[j]!,
      i === j ? expected[i]! : 0,
    );
  const inverse = inverse3([0, 1, 2].map((i) => [0, 1, 2].map((j) => sum(i, j))));
  const right = [0, 1, 2].map((i) =>
    heights.reduce((total, { row, mm, weight }) => total + weight * row[i]! * mm, 0),
  );
  const [a, b, c] = inverse.map((row) => row.reduce((total, value, i) => total + value * right[i]!, 0));
  return [a!, b!, c!];
}

/** The inverse of a symmetric positive 3 × 3 matrix, by cofactors. */
function inverse3(m: readonly (readonly number[])[]): number[][] {
  const at = (row: number, column: number): number => m[row % 3]![column % 3]!;
  const cofactor = (row: number, column: number): number =>
    at(row + 1, column + 1) * at(row + 2, column + 2) - at(row + 1, column + 2) * at(row + 2, column + 1);
  const determinant = [0, 1, 2].reduce((sum, column) => sum + at(0, column) * cofactor(0, column), 0);
  return [0, 1, 2].map((row) => [0, 1, 2].map((column) => cofactor(column, row) / determinant));
}
