import * as tf from '@tensorflow/tfjs-core';
import type { DrawnBlock } from './blockExample.ts';
import type { RegionRecipe, SurroundingsRecipe } from './recipe.ts';
import { stepRandom } from './schedule.ts';

/** 1 for each voxel centre of a block inside the scan, 0 outside, as factors along x, y and z. */
function insideFactors({ grid, scan }: DrawnBlock): [Float32Array, Float32Array, Float32Array] {
  const along = (axis: 0 | 1 | 2): Float32Array =>
    Float32Array.from({ length: grid.sizeIjk[axis] }, (_, n) => {
      // Blocks lie along the patient's axes, turned ones against them.
      const position = grid.originLpsMm[axis] + n * grid.spacingMm[axis] * grid.directions[axis][axis];
      return position > scan.minLpsMm[axis] && position < scan.maxLpsMm[axis] ? 1 : 0;
    });
  return [along(0), along(1), along(2)];
}

/** [B, resolution³]: 1 inside the scan, 0 outside. */
export function insideMask(blocks: readonly DrawnBlock[], n: number): tf.Tensor2D {
  const factors = blocks.map(insideFactors);
  const along = (axis: 0 | 1 | 2): Float32Array => {
    const all = new Float32Array(blocks.length * n);
    for (const [item, factor] of factors.entries()) all.set(factor[axis], item * n);
    return all;
  };
  const z = tf.tensor(along(2), [blocks.length, n, 1, 1]);
  const y = tf.tensor(along(1), [blocks.length, 1, n, 1]);
  const x = tf.tensor(along(0), [blocks.length, 1, 1, n]);
  return tf.reshape(tf.mul(tf.mul(z, y), x), [blocks.length, n * n * n]);
}

/** [B, 1]: 0 for the blocks of turned scans and of hearts without their appendage, in which nothing is to be found, 1 for the others. */
export const findable = (blocks: readonly DrawnBlock[]): tf.Tensor2D =>
  tf.tensor2d(
    blocks.map(({ turn, isRemoved }) => (turn === undefined && !isRemoved ? 1 : 0)),
    [blocks.length, 1],
  );

/** HU to network units, brightness varied, air outside of the scan. */
export function augment(
  blocksHu: tf.Tensor,
  inside: tf.Tensor2D,
  recipe: Pick<RegionRecipe | SurroundingsRecipe, 'seed' | 'batchSize' | 'intensity' | 'network'>,
  step: number,
): tf.Tensor {
  const { batchSize, intensity } = recipe;
  const { clipHu } = recipe.network;
  const random = stepRandom(recipe.seed, step, 'augment');
  const draw = (mean: number, sd: number): tf.Tensor2D =>
    tf.tensor2d(
      Array.from({ length: batchSize }, () => random.normal(mean, sd)),
      [batchSize, 1],
    );
  const normalized = tf.mul(tf.clipByValue(blocksHu, -clipHu, clipHu), 1 / clipHu);
  const varied = tf.add(tf.mul(normalized, draw(1, intensity.gainSd)), draw(0, intensity.biasSd));
  return tf.sub(tf.mul(tf.add(tf.clipByValue(varied, -1, 1), 1), inside), 1);
}
