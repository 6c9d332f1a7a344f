import * as tf from '@tensorflow/tfjs-core';
import type { WebGpu } from '#shared/nudf/engine/webgpuBackend.ts';
import { webgpuOps } from '#shared/nudf/kernels/index.ts';
import { createRegionNetwork } from '#shared/nudf/network/regionNetwork.ts';
import { createBlockMaker } from '../phantom/renderBlockGpu.ts';
import type { DrawnBlock } from './blockExample.ts';
import { augment, findable, insideMask } from './blockImages.ts';
import { deviceBuffer, submitRecorded, wrapBuffer } from './deviceBuffers.ts';
import { createExamplePool } from './examplePool.ts';
import type { ExampleSource } from './exampleSource.ts';
import { regionLoss } from './losses.ts';
import type { RegionRecipe } from './recipe.ts';
import type { TrainingTask } from './trainLoop.ts';

/** Training of the region network: coarse blocks of new phantoms with the appendage's share of each voxel. */
export function createRegionTask(recipe: RegionRecipe, gpu: WebGpu, examples: ExampleSource): TrainingTask {
  const { network, poolSize, batchSize } = recipe;
  const { resolution } = network;
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
      const blocks = batchSlots.map((slot) => drawn.get(slot)!);
      const inside = insideMask(blocks, resolution);
      const images = augment(tf.gather(hu, [...batchSlots]), inside, recipe, step);
      const shown = tf.mul(inside, findable(blocks));
      const occupancy = tf.mul(tf.gather(appendage, [...batchSlots]), shown);
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
