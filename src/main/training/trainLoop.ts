import * as tf from '@tensorflow/tfjs-core';
import { failureOf } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { CancelledError, UserError } from '#shared/errors.ts';
import { type AdamWSettings, adamWStep } from '#shared/nudf/kernels/index.ts';
import { disposeParameters, variablesFrom, weightsFrom } from '#shared/nudf/network/networkParameters.ts';
import type { NetworkSpec } from '#shared/nudf/network/networkSpec.ts';
import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import { assertWeightsFit, initializeWeights } from '#shared/nudf/network/weightLayout.ts';
import type { JobOptions } from '#shared/progress.ts';
import type { Checkpoint, TrainingReport } from './checkpoint.ts';
import type { TrainingRecipe } from './recipe.ts';
import { learningRateAt } from './schedule.ts';

/** The network's weights as TensorFlow.js variables, by name. */
export type Variables = ReadonlyMap<string, tf.Variable>;

/** Scalar losses by name; `total` is what is minimised. */
export interface NamedLosses {
  readonly total: tf.Scalar;
  readonly [name: string]: tf.Scalar;
}

/** What a kind of network brings to the loop. */
export interface TrainingTask {
  readonly network: NetworkSpec;
  /** Brings the examples of a step to the device. Called once before each step, in order, from the first step on. */
  prepare(step: number): Promise<void>;
  /** The losses on the prepared batch. Called once per step, inside tf.tidy. */
  losses(variables: Variables, step: number): NamedLosses;
  free(): void;
}

export interface TrainLoopOptions extends JobOptions {
  /** What training begins with where nothing is resumed; random weights where left out. */
  readonly initialWeights?: WeightMap | undefined;
  readonly resumeFrom: Checkpoint | null;
  readonly recipeSha256: string;
  readonly onReport: (report: TrainingReport, secondsPerStep: number) => void;
  readonly onCheckpoint: (checkpoint: Checkpoint) => Promise<void>;
  /** Why the device failed (lost, out of memory); from then on its results are zeros, and training must stop. */
  readonly deviceFailure?: () => Error | undefined;
  /** Stop, with a checkpoint, after the first step that ends later than this. */
  readonly stopAfterSeconds?: number | undefined;
}

/** Steps that may be queued on the device while the next is recorded, so that it never waits for the processor. */
const STEPS_IN_FLIGHT = 2;

const zerosLike = (weights: WeightMap): WeightMap =>
  new Map(
    [...weights].map(([name, { shape, data }]) => [name, { shape, data: new Float32Array(data.length) }]),
  );

/**
 * The training loop: prepare, losses, gradients, AdamW; reports and checkpoints at the recipe's intervals and at the
 * end. Everything random depends only on the recipe's seed and the step's number, so a resumed run continues as if it
 * had never stopped.
 * @returns the last checkpoint, which the caller writes
 * @throws CancelledError when the signal fires, after writing a checkpoint; UserError where the device fails or
 *   `initialWeights` do not fit the network
 */
export async function trainLoop(
  recipe: TrainingRecipe,
  task: TrainingTask,
  options: TrainLoopOptions,
): Promise<Checkpoint> {
  const { resumeFrom, recipeSha256, signal } = options;
  const initial =
    resumeFrom?.weights ?? options.initialWeights ?? initializeWeights(task.network, recipe.seed);
  if (options.initialWeights) assertWeightsFit(task.network, options.initialWeights);
  const variables = variablesFrom(initial);
  const first = variablesFrom(resumeFrom?.firstMoments ?? zerosLike(initial));
  const second = variablesFrom(resumeFrom?.secondMoments ?? zerosLike(initial));
  const history = [...(resumeFrom?.history ?? [])];
  const meter = createLossMeter();
  const began = performance.now();
  let reportBegan = began;
  let step = resumeFrom?.step ?? 0;

  const capture = async (): Promise<Checkpoint> => ({
    step,
    recipeSha256,
    weights: await weightsFrom(variables),
    firstMoments: await weightsFrom(first),
    secondMoments: await weightsFrom(second),
    history: [...history],
  });

  try {
    while (step < recipe.steps) {
      await task.prepare(step);
      const learningRate = learningRateAt(recipe, step);
      trainStep(recipe, task, { variables, first, second }, step, meter);
      step++;
      const outOfTime =
        options.stopAfterSeconds !== undefined && performance.now() - began > options.stopAfterSeconds * 1000;
      const isCheckpointDue = signal?.aborted || outOfTime || step % recipe.checkpointEverySteps === 0;
      // Before a checkpoint all must have ended, so that a device that failed is noticed before its zeros are written.
      await meter.settle(isCheckpointDue || step === recipe.steps ? 0 : STEPS_IN_FLIGHT);
      const deviceFailure = options.deviceFailure?.();
      if (deviceFailure)
        throw new UserError(failure('training.device-failed', { reason: failureOf(deviceFailure) }));
      if (step % recipe.reportEverySteps === 0 || step === recipe.steps) {
        const { losses, gradientNorm, count } = await meter.read();
        const report: TrainingReport = { step, learningRate, losses, gradientNorm };
        history.push(report);
        const now = performance.now();
        options.onReport(report, (now - reportBegan) / 1000 / count);
        reportBegan = now;
      }
      options.onProgress?.({ stage: `Training ${recipe.id}`, fraction: step / recipe.steps });
      if (isCheckpointDue) {
        await options.onCheckpoint(await capture());
        if (signal?.aborted) throw new CancelledError();
        if (outOfTime) break;
      }
    }
    return await capture();
  } finally {
    meter.free();
    for (const set of [variables, first, second]) disposeParameters(set);
  }
}

/** The weights and Adam's two moments of each, by the same names. */
interface TrainedState {
  readonly variables: Variables;
  readonly first: Variables;
  readonly second: Variables;
}

/** One step on the prepared batch: losses, gradients, AdamW. Changes the state in place and reads nothing back. */
function trainStep(
  recipe: TrainingRecipe,
  task: TrainingTask,
  { variables, first, second }: TrainedState,
  step: number,
  meter: LossMeter,
): void {
  const names = [...variables.keys()];
  tf.tidy(() => {
    let named: NamedLosses | undefined;
    const { grads } = tf.variableGrads(
      () => {
        const losses = task.losses(variables, step);
        // Kept after the gradient's own tidy, until they have been added up below.
        named = Object.fromEntries(
          Object.entries(losses).map(([name, loss]) => [name, tf.keep(loss)]),
        ) as unknown as NamedLosses;
        return losses.total;
      },
      names.map((name) => variables.get(name)!),
    );
    const settings: AdamWSettings = {
      learningRate: learningRateAt(recipe, step),
      beta1: 0.9,
      beta2: 0.999,
      epsilon: 1e-8,
      weightDecay: recipe.optimizer.weightDecay,
      clipNorm: recipe.optimizer.clipNorm,
      step: step + 1,
    };
    const norm = adamWStep(
      names.map((name) => ({
        variable: variables.get(name)!,
        gradient: grads[variables.get(name)!.name]!,
        firstMoment: first.get(name)!,
        secondMoment: second.get(name)!,
        // No decay of scales, offsets and biases, as is usual.
        decay: name.endsWith('.kernel'),
      })),
      settings,
    );
    meter.add(named!, norm);
    for (const loss of Object.values(named!)) loss.dispose();
  });
}

interface LossMeter {
  add(losses: NamedLosses, gradientNorm: tf.Scalar): void;
  /** Called after each step: waits until the device has done all but the last `inFlight` of them. */
  settle(inFlight: number): Promise<void>;
  /** The means since the last read. */
  read(): Promise<{ losses: Record<string, number>; gradientNorm: number; count: number }>;
  free(): void;
}

/** Adds up losses on the device, so that reading them stalls it only when a report is due. */
function createLossMeter(): LossMeter {
  let sums: tf.Tensor1D | null = null;
  let names: string[] = [];
  let count = 0;
  const queued: Promise<unknown>[] = [];
  const free = (): void => {
    sums?.dispose();
    sums = null;
    count = 0;
  };
  return {
    free,
    add(losses, gradientNorm) {
      names = Object.keys(losses);
      const row = tf.stack(
        [...Object.values(losses), gradientNorm].map((loss) => tf.reshape(loss, [])),
      ) as tf.Tensor1D;
      const total = tf.keep(sums ? tf.add(sums, row) : tf.clone(row)) as tf.Tensor1D;
      sums?.dispose();
      sums = total;
      count++;
    },
    async settle(inFlight) {
      if (!sums) return;
      // Reading a few bytes waits for all that was queued before. A tensor of its own, for the sums are disposed of in
      // the next step, while the read is under way.
      const row = tf.keep(tf.clone(sums));
      const read = row.data().finally(() => row.dispose());
      // One that nobody waits for any more, because training has ended by an error, fails unheard.
      read.catch(() => undefined);
      queued.push(read);
      while (queued.length > inFlight) await queued.shift();
    },
    async read() {
      const values = sums ? await sums.data() : new Float32Array();
      const mean = (index: number): number => (values[index] ?? Number.NaN) / count;
      const result = {
        losses: Object.fromEntries(names.map((name, index) => [name, mean(index)])),
        gradientNorm: mean(names.length),
        count,
      };
      free();
      return result;
    },
  };
}
