/**
 * Examples per second of a training of the family on WebGPU, with what reading, drawing and recording a step take on
 * the processor; on cases of noise in memory. `node bench/run.js familyStep [64|128|256|512] [epochs] [cases]
 * [--batch N] [--profile] [--flags name,name] [--torch PYTHON]`: `--profile` lists the time of each program on the
 * device in one step, `--flags` are Dawn's own; `--torch python3` measures PyTorch's step of the same network beside it.
 */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { trainEpochs } from '#main/training/epochs/trainEpochs.ts';
import type { CaseSource, TrainingCase } from '#main/training/family/caseSource.ts';
import { makeBatch } from '#main/training/family/familyBatches.ts';
import { initialFamilyState, initialFamilyWeights } from '#main/training/family/familyInitialWeights.ts';
import type { FamilyBatch } from '#main/training/family/familyTrainer.ts';
import { createTensorflowFamilyTrainer } from '#main/training/family/tensorflowFamilyTrainer.ts';
import { FAMILY_NAMES, familySpec } from '#shared/nudf/family/familySpec.ts';
import { writeSizesIntoShaders } from '#shared/nudf/kernels/index.ts';
import { createRandom } from '#shared/random/random.ts';
import { createWebGpu } from '../src/main/nudf/engine/webgpuDevice.ts';
import { gpuTimes } from './kernels/gpuTimes.ts';
import { printTorchStep } from './peers/torchStep.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    batch: { type: 'string', default: '5' },
    points: { type: 'string', default: '15000' },
    profile: { type: 'boolean', default: false },
    flags: { type: 'string', default: '' },
    torch: { type: 'string' },
    /** Voxels along an edge, fewer than the network's own, to try the program on a processor. */
    edge: { type: 'string' },
  },
});
const [resolution = 64, epochs = 4, cases = 60] = positionals.map(Number);
const network = FAMILY_NAMES.find((name) => familySpec(name).resolution === resolution);
if (network === undefined) throw new Error(`No network of the family has ${resolution}³ voxels.`);
const edge = Number(values.edge ?? resolution);
const spec = { ...familySpec(network, { alignCorners: false }), resolution: edge };
const cropSize = edge === 512 ? 256 : undefined;
const categories = 3;

function noiseCase(name: string): TrainingCase {
  const random = createRandom(1).fork(name);
  const count = 100_000;
  const imageHu = new Int16Array(edge ** 3);
  for (let index = 0; index < imageHu.length; index++) imageHu[index] = (index * 7919) % 1500;
  return {
    imageHu,
    samples: Array.from({ length: categories }, () =>
      Float32Array.from({ length: 4 * count }, (_, index) =>
        index % 4 === 3 ? random.uniform(0, 0.3) : random.uniform(-0.9, 0.9),
      ),
    ),
  };
}
const known = new Map<string, TrainingCase>();
const source: CaseSource = {
  read: async (name) => {
    const found = known.get(name) ?? noiseCase(name);
    known.set(name, found);
    return found;
  },
};

const gpu = await createWebGpu({
  dawnFlags: values.flags === '' ? [] : [`enable-dawn-features=${values.flags}`],
});
if (!gpu.isSoftware) writeSizesIntoShaders(gpu.backend);
const trainer = createTensorflowFamilyTrainer(
  spec,
  initialFamilyState(initialFamilyWeights(spec, 1)),
  { loss: 'target-clamped', freezeEncoder: false },
  {
    name: gpu.adapterName,
    assertWorking() {
      const failed = gpu.failure();
      if (failed) throw failed;
    },
  },
);
const settings = {
  points: Number(values.points),
  shares: [0.45, 0.45, 0.1],
  augmentation: { translationMm: 5, rotationDegrees: 10, noiseHu: 50 },
  cropSize,
};
const train = Array.from({ length: cases }, (_, index) => `case ${index}`);
for (const name of train) await source.read(name);

const spent = { drawing: 0, recording: 0, steps: 0 };
let lastBatch: FamilyBatch | undefined;
await trainEpochs(
  {
    ...trainer,
    step(batch, learningRate) {
      const began = performance.now();
      const loss = trainer.step(batch, learningRate);
      spent.recording += performance.now() - began;
      spent.steps++;
      return loss;
    },
  },
  async (plan) => {
    const began = performance.now();
    lastBatch = await makeBatch(spec, source, settings, plan);
    spent.drawing += performance.now() - began;
    return lastBatch;
  },
  {
    seed: 1,
    batchSize: Number(values.batch),
    epochs,
    learningRate: 1e-4,
    patience: undefined,
    train,
    validation: [],
  },
  {
    begin: { epoch: 0, history: [] },
    async onEpoch({ report }) {
      const each = (ms: number): string => (ms / spent.steps).toFixed(1);
      process.stdout.write(
        `${network} epoch ${report.epoch}: ${report.examplesPerSecond.toFixed(1)} examples/s, ${each(1000 * report.seconds)} ms a step; on the processor drawing ${each(spent.drawing)}, recording ${each(spent.recording)} ms; loss ${report.trainLoss.toPrecision(4)}\n`,
      );
      Object.assign(spent, { drawing: 0, recording: 0, steps: 0 });
    },
  },
);
if (values.profile) {
  const times = await gpuTimes(gpu, () => trainer.step(lastBatch!, 1e-4));
  const all = times.reduce((sum, { ms }) => sum + ms, 0);
  const dispatches = times.reduce((sum, { count }) => sum + count, 0);
  process.stdout.write(`One step on ${gpu.adapterName}: ${all.toFixed(2)} ms in ${dispatches} dispatches.\n`);
  for (const { name, count, ms } of times.filter((one) => one.ms > all / 500)) {
    process.stdout.write(`${ms.toFixed(3).padStart(9)} ms  ${String(count).padStart(3)} ×  ${name}\n`);
  }
}
await trainer.free();
gpu.free();
if (values.torch !== undefined) {
  const [batch, points] = [values.batch, values.points].map(Number) as [number, number];
  printTorchStep(values.torch, { network, resolution: edge, batch, points, steps: 20 });
}
