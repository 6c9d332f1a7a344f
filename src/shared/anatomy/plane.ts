import { normalize, type Vec3 } from '../geometry/vec3.ts';
import { symmetricEigen } from './symmetricEigen.ts';

/** A plane in LPS mm. */
export interface PlaneLps {
  readonly pointLpsMm: Vec3;
  /** Unit normal. */
  readonly normal: Vec3;
}

/**
 * The plane through weighted points with the least squared distances, made robust by Tukey's biweight over a few
 * rounds: points further from it than about seven times the typical (median) distance no longer count.
 * The normal's sign is arbitrary.
 * @param points 3·N coordinates in LPS mm. @param weights N weights, ≥ 0; equal when left out.
 * @throws RangeError for fewer than three points.
 */
export function fitPlane(points: ArrayLike<number>, weights?: ArrayLike<number>, robustRounds = 6): PlaneLps {
  const count = points.length / 3;
  if (count < 3) throw new RangeError('A plane needs three points.');
  let robust = new Float64Array(count).fill(1);
  let plane = weightedPlane(points, (index) => weights?.[index] ?? 1);
  const heights = new Float64Array(count);
  for (let round = 0; round < robustRounds; round++) {
    for (let index = 0; index < count; index++) {
      heights[index] =
        points[3 * index]! * plane.normal[0] +
        points[3 * index + 1]! * plane.normal[1] +
        points[3 * index + 2]! * plane.normal[2];
    }
    // Measured from the median height, which outliers on one side do not pull along as they do the mean.
    const middle = median(heights);
    const deviations = heights.map((height) => Math.abs(height - middle));
    const cut = Math.max(4.685 * 1.4826 * median(deviations), 1e-6);
    robust = deviations.map((deviation) => Math.max(0, 1 - (deviation / cut) ** 2) ** 2);
    plane = weightedPlane(points, (index) => robust[index]! * (weights?.[index] ?? 1));
  }
  return plane;
}

const median = (values: Float64Array): number => values.slice().sort()[values.length >> 1]!;

function weightedPlane(points: ArrayLike<number>, weightOf: (index: number) => number): PlaneLps {
  const count = points.length / 3;
  let [total, x, y, z] = [0, 0, 0, 0];
  for (let index = 0; index < count; index++) {
    const weight = weightOf(index);
    total += weight;
    x += weight * points[3 * index]!;
    y += weight * points[3 * index + 1]!;
    z += weight * points[3 * index + 2]!;
  }
  const centre: Vec3 = [x / total, y / total, z / total];
  const m = [0, 0, 0, 0, 0, 0];
  for (let index = 0; index < count; index++) {
    const weight = weightOf(index);
    const dx = points[3 * index]! - centre[0];
    const dy = points[3 * index + 1]! - centre[1];
    const dz = points[3 * index + 2]! - centre[2];
    m[0]! += weight * dx * dx;
    m[1]! += weight * dy * dy;
    m[2]! += weight * dz * dz;
    m[3]! += weight * dx * dy;
    m[4]! += weight * dx * dz;
    m[5]! += weight * dy * dz;
  }
  const { vectors } = symmetricEigen([m[0]!, m[1]!, m[2]!, m[3]!, m[4]!, m[5]!]);
  return { pointLpsMm: centre, normal: normalize(vectors[0]) };
}
