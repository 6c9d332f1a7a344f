import * as tf from '@tensorflow/tfjs-core';
import type { WebGpu } from '#shared/nudf/engine/webgpuBackend.ts';
import { webgpuOps } from '#shared/nudf/kernels/index.ts';
import { createRegionNetwork } from '#shared/nudf/network/regionNetwork.ts';
import { createBlockMaker } from '../phantom/renderBlockGpu.ts';
import type { DrawnBlock } from './blockExample.ts';
import { deviceBuffer, submitRecorded, wrapBuffer } from './deviceBuffers.ts';
import { createExamplePool } from './examplePool.ts';
import type { ExampleSource } from './exampleSource.ts';
import { regionLoss } from './losses.ts';
import type { RegionRecipe } from './recipe.ts';
import { stepRandom } from './schedule.ts';
import type { TrainingTask } from './trainLoop.ts';

/** 1 for each voxel centre of a block inside the scan, 0 outside, as factors along x, y and z. */
function insideFactors({ grid, scan }: DrawnBlock): [Float32Array, Float32Array, Float32Array] {
  const along = (axis: 0 | 1 | 2): Float32Array =>
    Float32Array.from({ length: grid.sizeIjk[axis] }, (_, n) => {
      const position = grid.originLpsMm[axis] + n * grid.spacingMm[axis];
      return position > scan.minLpsMm[axis] && position < scan.maxLpsMm[axis] ? 1 : 0;
    });
  return [along(0), along(1), along(2)];
}

/** Training of the region network: coarse blocks of new phantoms with the appendage's share of each voxel. */
export function createRegionTask(recipe: RegionRecipe, gpu: WebGpu, examples: ExampleSource): TrainingTask {
  const { network, poolSize, batchSize } = recipe;
  const { resolution, clipHu } = network;
  const { device, backend } = gpu;
  const voxels = resolution ** 3;
  const maker = createBlockMaker(device);
  const huBuffer = deviceBuffer(device, 4 * voxels * poolSize);
  const appendageBuffer = deviceBuffer(device, 4 * voxels * poolSize);
  const hu = wrapBuffer(huBuffer, [poolSize, voxels]) as tf.Tensor2D;
  const appendage = wrapBuffer(appendageBuffer, [poolSize, voxels]) as tf.Tensor2D;
  const drawn = new Map<number, DrawnBlock>();
  let batchSlots: readonly number[] = [];
  const examplePool = createExamplePool(recipe, examples, (slot, example) => {
    if (example.kind !== 'block') throw new TypeError('The examples are not blocks.');
    const { scene, block, plan, noiseSdHu } = example;
    drawn.set(slot, block);
    const part = { offset: 4 * voxels * slot, size: 4 * voxels };
    maker.makeBlock(
      scene,
      block.grid,
      { hu: { buffer: huBuffer, ...part }, appendage: { buffer: appendageBuffer, ...part } },
      { noiseSdHu },
      plan,
    );
  });

  return {
    network,
    async prepare(step) {
      submitRecorded(backend);
      await examplePool.advance(step);
      batchSlots = examplePool.draw(step).slots;
    },
    losses(variables, step) {
      const shape: [number, number, number, number, number] = [
        batchSize,
        resolution,
        resolution,
        resolution,
        1,
      ];
      const inside = insideMask(
        batchSlots.map((slot) => drawn.get(slot)!),
        resolution,
      );
      const images = augment(tf.gather(hu, [...batchSlots]), inside, recipe, step, clipHu);
      const occupancy = tf.mul(tf.gather(appendage, [...batchSlots]), inside);
      const logits = createRegionNetwork(network, variables, webgpuOps()).logits(tf.reshape(images, shape));
      const loss = regionLoss(logits, tf.reshape(occupancy, shape), recipe.loss);
      return { total: loss.total, crossEntropy: loss.crossEntropy, dice: loss.dice };
    },
    free() {
      for (const tensor of [hu, appendage]) tensor.dispose();
      maker.free();
      for (const buffer of [huBuffer, appendageBuffer]) buffer.destroy();
    },
  };
}

/** [B, resolution³]: 1 inside the scan, 0 outside. */
function insideMask(blocks: readonly DrawnBlock[], n: number): tf.Tensor2D {
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

/** HU to network units, brightness varied, air outside of the scan. */
function augment(
  blocksHu: tf.Tensor,
  inside: tf.Tensor2D,
  recipe: RegionRecipe,
  step: number,
  clipHu: number,
): tf.Tensor {
  const { batchSize, intensity } = recipe;
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
