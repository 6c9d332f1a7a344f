import FlatQueue from 'flatqueue';
import { createPointGrid, typicalSpacing } from './pointGrid.ts';

/** How steeply a neighbour's weight falls with its distance. */
const STEEPNESS = 8;

/**
 * A subset of a cloud whose points keep about the same distance from each other: a blue-noise (Poisson-disk)
 * resampling. Points are taken away one by one, always the one that is crowded most, until `count` are left
 * (C. Yuksel, "Sample Elimination for Generating Poisson Disk Sample Sets", Eurographics 2015). The same cloud gives
 * the same subset.
 *
 * @param points 3·N coordinates on a surface
 * @param areaHint the surface's area in the unit squared; estimated from the cloud's box where left out
 * @returns the indices of the points kept, ascending; all where there are no more than `count`
 */
export function poissonDiskSubset(points: Float32Array, count: number, areaHint?: number): Uint32Array {
  const total = points.length / 3;
  if (total <= count) return Uint32Array.from({ length: total }, (_, index) => index);
  // The radius of discs in the densest packing of `count` points over the area (Yuksel's r_max for surfaces).
  const spacing = typicalSpacing(points);
  const area = areaHint ?? spacing * spacing * total;
  const most = Math.sqrt(area / (2 * Math.sqrt(3) * count));
  const reach = 2 * most;
  const grid = createPointGrid(points, reach);
  const weightAt = (squared: number): number =>
    (1 - Math.min(Math.sqrt(squared), reach) / reach) ** STEEPNESS;

  const weights = new Float64Array(total);
  for (let point = 0; point < total; point++) {
    let sum = 0;
    grid.forEachWithin(
      points[3 * point]!,
      points[3 * point + 1]!,
      points[3 * point + 2]!,
      reach,
      (other, squared) => {
        if (other !== point) sum += weightAt(squared);
      },
    );
    weights[point] = sum;
  }
  const queue = new FlatQueue<number>();
  for (let point = 0; point < total; point++) queue.push(point, -weights[point]!);

  const isGone = new Uint8Array(total);
  for (let left = total; left > count; ) {
    const priority = queue.peekValue()!;
    const point = queue.pop()!;
    // An entry from before its neighbours went: put back with the weight that it has now.
    if (-priority !== weights[point]) {
      queue.push(point, -weights[point]!);
      continue;
    }
    isGone[point] = 1;
    left--;
    grid.forEachWithin(
      points[3 * point]!,
      points[3 * point + 1]!,
      points[3 * point + 2]!,
      reach,
      (other, squared) => {
        if (other !== point && isGone[other] === 0) weights[other]! -= weightAt(squared);
      },
    );
  }
  return Uint32Array.from({ length: total }, (_, index) => index).filter((index) => isGone[index] === 0);
}
