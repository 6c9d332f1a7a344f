/**
 * Milliseconds of one training step of the field network on random data, and of its parts: the kernels alone, without
 * phantoms; and of PyTorch's, on the same network, with `--torch python3`.
 * `node bench/run.js trainingStep [resolution] [batch] [points] [steps] [--torch PYTHON]`
 */
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { fieldLoss } from '#main/training/losses.ts';
import { trainLoop } from '#main/training/trainLoop.ts';
import { registerAuricleKernels, webgpuOps } from '#shared/nudf/kernels/index.ts';
import { createFieldNetwork } from '#shared/nudf/network/fieldNetwork.ts';
import { FIELD_128 } from '#shared/nudf/network/networkSpec.ts';
import { createWebGpu } from '../src/main/nudf/engine/webgpuDevice.ts';
import { printTorchStep } from './peers/torchStep.ts';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { torch: { type: 'string' } } });
const [resolution = 128, batch = 4, points = 8192, steps = 20] = positionals.map(Number);
const gpu = await createWebGpu();
console.log(gpu.adapterName);
registerAuricleKernels();
const spec = { ...FIELD_128, resolution };
const image = tf.randomUniform([batch, resolution, resolution, resolution, 1], -1, 1) as tf.Tensor5D;
const where = tf.randomUniform([batch, points, 3], -1, 1) as tf.Tensor3D;
const target = tf.randomUniform([batch * points, 2], -5, 5) as tf.Tensor2D;
const loss = { beta: 0.05, signedWeight: 2, unsignedWeight: 2, signWeight: 0.4, sharpness: 8 };
await trainLoop(
  {
    kind: 'nudf',
    id: 'bench',
    seed: 1,
    network: spec,
    steps,
    optimizer: { learningRate: 1e-3, finalShare: 0.01, warmupSteps: 1, weightDecay: 1e-4, clipNorm: 1 },
    intensity: { gainSd: 0, biasSd: 0 },
    poolSize: 1,
    newPerStep: 1,
    batchSize: batch,
    checkpointEverySteps: 1_000_000,
    reportEverySteps: Math.max(1, Math.floor(steps / 4)),
    pointsPerCrop: points,
    centreShift: { sdMm: 0, uniformShare: 0, uniformMm: 0 },
    finestScanMm: { inPlane: 1, slice: 1 },
    truncatedShare: 0,
    loss,
  },
  {
    network: spec,
    prepare: async () => {},
    losses: (variables) => {
      const network = createFieldNetwork(spec, variables, webgpuOps());
      const predicted = network.decode(network.encode(image), where);
      return { ...fieldLoss(tf.reshape(predicted, [-1, 2]), target, spec.unitMm, loss) };
    },
    free: () => {},
  },
  {
    resumeFrom: null,
    recipeSha256: '',
    onReport: (report, seconds) =>
      console.log(
        `step ${report.step}: ${(seconds * 1000).toFixed(1)} ms a step, loss ${report.losses.total?.toFixed(4)}, norm ${report.gradientNorm.toFixed(3)}, tensors ${tf.memory().numTensors}`,
      ),
    onCheckpoint: async () => {},
  },
);
gpu.free();
if (values.torch !== undefined) {
  printTorchStep(values.torch, { network: 'DualField', resolution, batch, points, steps });
}
