import * as tf from '@tensorflow/tfjs-core';
import { subtract } from '#shared/geometry/vec3.ts';
import type { WebGpu } from '#shared/nudf/engine/webgpuBackend.ts';
import { webgpuOps } from '#shared/nudf/kernels/index.ts';
import { createFieldNetwork } from '#shared/nudf/network/fieldNetwork.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { createCropMaker, type GpuCrop } from '../phantom/cropMaker.ts';
import { deviceBuffer, submitRecorded, wrapBuffer } from './deviceBuffers.ts';
import { createExamplePool } from './examplePool.ts';
import type { ExampleSource } from './exampleSource.ts';
import { fieldColumns, fieldLoss, landmarkLoss } from './losses.ts';
import type { FieldRecipe } from './recipe.ts';
import { stepRandom } from './schedule.ts';
import type { TrainingTask } from './trainLoop.ts';

/** Where the loss of the ways to the landmarks turns from quadratic to linear, network units. */
const LANDMARK_BETA = 0.1;
/** Bytes that offsets into a buffer must be multiples of. */
const ALIGNMENT = 256;

/**
 * Training of the dual-field network: crops of new phantoms are rendered into a pool on the GPU; each step draws some
 * of them and new points with their true distances. Nothing is read back.
 */
export function createFieldTask(recipe: FieldRecipe, gpu: WebGpu, examples: ExampleSource): TrainingTask {
  const { network, poolSize, batchSize, pointsPerCrop } = recipe;
  const { resolution, edgeMm, clipHu } = network;
  const { device, backend } = gpu;
  const voxels = resolution ** 3;
  if (
    (4 * voxels) % ALIGNMENT !== 0 ||
    (8 * pointsPerCrop) % ALIGNMENT !== 0 ||
    (12 * pointsPerCrop) % ALIGNMENT
  ) {
    throw new RangeError('Crops and point sets must fill whole blocks of 256 bytes.');
  }
  const maker = createCropMaker(device, {
    resolution,
    edgeMm,
    ...withoutUndefined({ scanResolution: recipe.truthScanResolution }),
  });
  const poolBuffer = deviceBuffer(device, 4 * voxels * poolSize);
  const pointBuffer = deviceBuffer(device, 12 * pointsPerCrop * batchSize);
  const targetBuffer = deviceBuffer(device, 8 * pointsPerCrop * batchSize);
  const pool = wrapBuffer(poolBuffer, [poolSize, voxels]) as tf.Tensor2D;
  const points = wrapBuffer(pointBuffer, [batchSize, pointsPerCrop, 3]) as tf.Tensor3D;
  const targets = wrapBuffer(targetBuffer, [batchSize * pointsPerCrop, 2]) as tf.Tensor2D;
  const crops: GpuCrop[] = Array.from({ length: poolSize }, (_, slot) =>
    maker.allocate({ buffer: poolBuffer, offset: 4 * voxels * slot, size: 4 * voxels }),
  );
  const landmarks = network.landmarks ?? [];
  /** By slot: the landmarks from the cube's centre, LPS mm. */
  const slotLandmarks: number[][][] = [];
  let batchSlots: readonly number[] = [];
  const examplePool = createExamplePool(recipe, examples, (slot, example) => {
    if (example.kind !== 'crop') throw new TypeError('The examples are not crops.');
    slotLandmarks[slot] = landmarks.map((name) => {
      const place = example.scene.appendage.landmarksLpsMm[name];
      if (!place) throw new RangeError(`The phantom has no landmark ${name}.`);
      return [...subtract(place, example.centreLpsMm)];
    });
    maker.makeCrop(crops[slot]!, example.scene, example.centreLpsMm, example.acquisition, example.plan);
  });

  return {
    network,
    async prepare(step) {
      // What TensorFlow.js has recorded but not submitted reads the buffers that are written next.
      submitRecorded(backend);
      await examplePool.advance(step);
      const { slots, random } = examplePool.draw(step);
      batchSlots = slots;
      maker.sampleTruth(
        batchSlots.map((slot, index) => ({
          crop: crops[slot]!,
          seed: random.uint32(),
          count: pointsPerCrop,
          pointsNormalized: {
            buffer: pointBuffer,
            offset: 12 * pointsPerCrop * index,
            size: 12 * pointsPerCrop,
          },
          targetsMm: { buffer: targetBuffer, offset: 8 * pointsPerCrop * index, size: 8 * pointsPerCrop },
        })),
      );
    },
    losses(variables, step) {
      const images = augment(tf.gather(pool, [...batchSlots]), recipe, step, clipHu);
      const field = createFieldNetwork(network, variables, webgpuOps());
      const predicted = field.decode(field.encode(images), points);
      const outputs = tf.reshape(predicted, [batchSize * pointsPerCrop, -1]) as tf.Tensor2D;
      const { total, signed, unsigned, sign } = fieldLoss(
        fieldColumns(outputs),
        targets,
        network.unitMm,
        recipe.loss,
      );
      if (landmarks.length === 0) return { total, signed, unsigned, sign };
      const count = landmarks.length;
      const places = tf.tensor(batchSlots.map((slot) => slotLandmarks[slot]!)) as tf.Tensor3D;
      const wayMm = tf.sub(
        tf.reshape(places, [batchSize, 1, count, 3]),
        tf.mul(tf.reshape(points, [batchSize, pointsPerCrop, 1, 3]), edgeMm / 2),
      );
      const ways = tf.reshape(wayMm, [batchSize * pointsPerCrop, count, 3]) as tf.Tensor3D;
      const landmark = landmarkLoss(outputs, ways, network.unitMm, LANDMARK_BETA);
      const weighted = tf.mul(landmark, recipe.loss.landmarkWeight ?? 0);
      return { total: tf.add(total, weighted) as tf.Scalar, signed, unsigned, sign, landmark };
    },
    free() {
      for (const tensor of [pool, points, targets]) tensor.dispose();
      maker.free();
      for (const buffer of [poolBuffer, pointBuffer, targetBuffer]) buffer.destroy();
    },
  };
}

/** HU to network units with a random change of brightness, and for some crops the scan's edge somewhere inside. */
function augment(cropsHu: tf.Tensor, recipe: FieldRecipe, step: number, clipHu: number): tf.Tensor5D {
  const { batchSize, intensity, truncatedShare, network, quantised } = recipe;
  const n = network.resolution;
  const random = stepRandom(recipe.seed, step, 'augment');
  const stepsHu: number[] = [];
  const gains: number[] = [];
  const biases: number[] = [];
  const shown: number[] = [];
  for (let item = 0; item < batchSize; item++) {
    // Drawn only for recipes that use it, so that all others keep the crops that they had.
    if (quantised) stepsHu.push(random.chance(quantised.share) ? quantised.stepHu : 1);
    gains.push(1 + random.normal(0, intensity.gainSd));
    biases.push(random.normal(0, intensity.biasSd));
    const cutsTop = random.chance(0.5);
    const isCut = random.chance(truncatedShare);
    // The edge lies in the outer 40 % of the cube, above or below.
    const kept = isCut ? Math.round(n * random.uniform(0.6, 0.98)) : n;
    for (let z = 0; z < n; z++) shown.push((cutsTop ? z < kept : z >= n - kept) ? 1 : 0);
  }
  const steps = quantised && tf.tensor2d(stepsHu, [batchSize, 1]);
  const stepped = steps ? tf.mul(tf.round(tf.div(cropsHu, steps)), steps) : cropsHu;
  const normalized = tf.mul(tf.clipByValue(stepped, -clipHu, clipHu), 1 / clipHu);
  const varied = tf.add(
    tf.mul(normalized, tf.tensor2d(gains, [batchSize, 1])),
    tf.tensor2d(biases, [batchSize, 1]),
  );
  const clipped = tf.clipByValue(varied, -1, 1);
  // Outside of the scan the image is −1, as air.
  const mask = tf.tensor2d(shown, [batchSize * n, 1]);
  const masked = tf.sub(tf.mul(tf.add(tf.reshape(clipped, [batchSize * n, n * n]), 1), mask), 1);
  return tf.reshape(masked, [batchSize, n, n, n, 1]);
}
