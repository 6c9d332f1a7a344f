import * as tf from '@tensorflow/tfjs-core';
import type { WebGpu } from '#shared/nudf/engine/webgpuBackend.ts';
import { webgpuOps } from '#shared/nudf/kernels/index.ts';
import { createRegionNetwork } from '#shared/nudf/network/regionNetwork.ts';
import { createBlockMaker } from '../phantom/renderBlockGpu.ts';
import { augment, insideMask } from './blockImages.ts';
import { deviceBuffer, submitRecorded, wrapBuffer } from './deviceBuffers.ts';
import { createExamplePool } from './examplePool.ts';
import type { ExampleSource } from './exampleSource.ts';
import { surroundingsLoss } from './losses.ts';
import type { SurroundingsRecipe } from './recipe.ts';
import type { SurroundingsExample } from './surroundingsExample.ts';
import type { TrainingTask } from './trainLoop.ts';

/** Training of the network of the surroundings: coarse cubes of new phantoms with the distances to each structure. */
export function createSurroundingsTask(
  recipe: SurroundingsRecipe,
  gpu: WebGpu,
  examples: ExampleSource,
): TrainingTask {
  const { network, poolSize, batchSize } = recipe;
  const { resolution, structures, reachMm } = network;
  const { device, backend } = gpu;
  const voxels = resolution ** 3;
  const numbers = voxels * structures.length;
  const maker = createBlockMaker(device);
  const huBuffer = deviceBuffer(device, 4 * voxels * poolSize);
  const distanceBuffer = deviceBuffer(device, 4 * numbers * poolSize);
  const hu = wrapBuffer(huBuffer, [poolSize, voxels]) as tf.Tensor2D;
  const distances = wrapBuffer(distanceBuffer, [poolSize, numbers]) as tf.Tensor2D;
  const drawn = new Map<number, SurroundingsExample>();
  let batchSlots: readonly number[] = [];
  const examplePool = createExamplePool(recipe, examples, (slot, example) => {
    if (example.kind !== 'surroundings') throw new TypeError('The examples are not of surroundings.');
    const { scene, block, plan, noiseSdHu } = example;
    drawn.set(slot, example);
    const into = {
      hu: { buffer: huBuffer, offset: 4 * voxels * slot, size: 4 * voxels },
      distances: { buffer: distanceBuffer, offset: 4 * numbers * slot, size: 4 * numbers },
    };
    maker.makeSurroundings(scene, block.grid, structures, into, { noiseSdHu }, plan);
  });

  return {
    network,
    async prepare(step) {
      submitRecorded(backend);
      await examplePool.advance(step);
      batchSlots = examplePool.draw(step).slots;
    },
    losses(variables, step) {
      const batch = batchSlots.map((slot) => drawn.get(slot)!);
      const inside = insideMask(
        batch.map(({ block }) => block),
        resolution,
      );
      const asScanned = thickened(
        tf.gather(hu, [...batchSlots]),
        batch.map(({ isThick }) => isThick),
        resolution,
      );
      const images = augment(asScanned, inside, recipe, step);
      const predicted = createRegionNetwork(network, variables, webgpuOps()).logits(
        tf.reshape(images, [batchSize, resolution, resolution, resolution, 1]),
      );
      const rows = [batchSize * voxels, structures.length] as const;
      const target = tf.mul(tf.reshape(tf.gather(distances, [...batchSlots]), [...rows]), 1 / reachMm);
      const within = tf.reshape(inside, [batchSize * voxels, 1]);
      return surroundingsLoss(
        tf.reshape(predicted, [...rows]),
        target as tf.Tensor2D,
        within as tf.Tensor2D,
        structures,
        { ...recipe.loss, near: recipe.loss.nearMm / reachMm },
      );
    },
    free() {
      for (const tensor of [hu, distances]) tensor.dispose();
      maker.free();
      for (const buffer of [huBuffer, distanceBuffer]) buffer.destroy();
    },
  };
}

/** Each voxel of the thick ones averaged with those above and below, 1:2:1, as slices of twice the voxel are. */
function thickened(blocksHu: tf.Tensor, isThick: readonly boolean[], n: number): tf.Tensor {
  if (!isThick.includes(true)) return blocksHu;
  const blocks = tf.reshape(blocksHu, [isThick.length, n, n * n]) as tf.Tensor3D;
  const first = tf.slice(blocks, [0, 0, 0], [-1, 1, -1]);
  const last = tf.slice(blocks, [0, n - 1, 0], [-1, 1, -1]);
  const above = tf.concat([tf.slice(blocks, [0, 1, 0], [-1, n - 1, -1]), last], 1);
  const below = tf.concat([first, tf.slice(blocks, [0, 0, 0], [-1, n - 1, -1])], 1);
  const smooth = tf.add(tf.mul(blocks, 0.5), tf.mul(tf.add(above, below), 0.25));
  const share = tf.tensor3d(
    isThick.map((thick) => (thick ? 1 : 0)),
    [isThick.length, 1, 1],
  );
  const mixed = tf.add(blocks, tf.mul(tf.sub(smooth, blocks), share));
  return tf.reshape(mixed, blocksHu.shape);
}
