import type { SurroundingName } from '#shared/anatomy/surroundings.ts';
import { type GridLps, ijkToLps, voxelCount } from '#shared/geometry/gridLps.ts';
import { evaluateNamed } from './evaluateShape.ts';
import type { PhantomScene } from './scene.ts';
import { compileTape } from './tape.ts';

/** The distance to a structure that the scene does not have, mm. */
export const ABSENT_MM = 1000;

/** The shapes of each structure, at most two; none where the scene does not have it. */
export function surroundingShapes(
  { surroundings = {} }: PhantomScene,
  structures: readonly SurroundingName[],
): (readonly string[])[] {
  return structures.map((structure) => surroundings[structure] ?? []);
}

/**
 * The distance to what two shapes have in common, from the distances to each: exact where their surfaces meet at a right
 * angle, as a vein's side and its mouth do.
 */
const commonDistance = (a: number, b: number): number =>
  Math.hypot(Math.max(a, 0), Math.max(b, 0)) + Math.min(Math.max(a, b), 0);

/** Signed distance to a structure at 3·N coordinates, LPS mm; near it exact, beyond FAR_MM a bound. */
export function surroundingDistance(
  scene: PhantomScene,
  structure: SurroundingName,
  pointsLpsMm: Float32Array | Float64Array,
): Float32Array {
  const [[first, second] = []] = surroundingShapes(scene, [structure]);
  if (first === undefined) return new Float32Array(pointsLpsMm.length / 3).fill(ABSENT_MM);
  const tape = compileTape(scene);
  const values = evaluateNamed(tape, first, pointsLpsMm);
  if (second === undefined) return values;
  const others = evaluateNamed(tape, second, pointsLpsMm);
  return values.map((value, n) => commonDistance(value, others[n]!));
}

/** The voxels' centres, i fastest, LPS mm. */
function gridPoints(grid: GridLps): Float64Array {
  const points = new Float64Array(3 * voxelCount(grid));
  const [ni, nj, nk] = grid.sizeIjk;
  for (let k = 0, n = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      for (let i = 0; i < ni; i++, n++) points.set(ijkToLps(grid, [i, j, k]), 3 * n);
    }
  }
  return points;
}

/** The distances to the structures at a grid's voxels, structure fastest, then i. */
export function surroundingDistances(
  scene: PhantomScene,
  grid: GridLps,
  structures: readonly SurroundingName[],
): Float32Array {
  const points = gridPoints(grid);
  const all = new Float32Array((points.length / 3) * structures.length);
  for (const [index, structure] of structures.entries()) {
    const values = surroundingDistance(scene, structure, points);
    for (let n = 0; n < values.length; n++) all[n * structures.length + index] = values[n]!;
  }
  return all;
}
