import { throwIfCancelled, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { JobOptions } from '#shared/progress.ts';
import { bestEpoch, type EpochReport } from '../curves/epochReport.ts';
import { type BatchOrder, type PlannedBatch, trainingBatches, validationBatches } from './epochBatches.ts';
import type { EpochTrainer, TrainingCheckpoint } from './epochTrainer.ts';

export interface EpochSettings extends BatchOrder {
  /** Epochs in all, those of an earlier run included. */
  readonly epochs: number;
  readonly learningRate: number;
  /** Stops once so many epochs have brought no smaller loss in validation (in training, without validation). */
  readonly patience: number | undefined;
  readonly train: readonly string[];
  readonly validation: readonly string[];
}

export interface EpochOptions extends JobOptions {
  /** What came before: epochs done and their reports. */
  readonly begin: Pick<TrainingCheckpoint, 'epoch' | 'history'>;
  readonly onEpoch: (epoch: EndedEpoch) => Promise<void>;
  /** After each step. */
  readonly onStep?: ((loss: number, examplesPerSecond: number) => void) | undefined;
  /** Stop after the first epoch that ends later than this. */
  readonly stopAfterSeconds?: number | undefined;
}

/** What an epoch leaves. */
export interface EndedEpoch {
  readonly report: EpochReport;
  readonly history: readonly EpochReport[];
  /** Whether training ends with it. */
  readonly isLast: boolean;
  /** Reads the weights and the optimiser from the device. */
  checkpoint(): Promise<TrainingCheckpoint>;
}

export type TrainingEnd = 'done' | 'stopped-early' | 'out-of-time';

const isOutOfPatience = (history: readonly EpochReport[], patience: number | undefined): boolean =>
  patience !== undefined && history.length - (bestEpoch(history)?.epoch ?? 0) >= patience;

/**
 * The epochs of a training: every case once an epoch, then the validation, then `onEpoch`. Everything random depends
 * only on the seed, the epoch and the step, so a resumed training continues as if it had never stopped.
 * @param make reads the cases of a step and draws its examples
 * @throws CancelledError when the signal fires; the epoch that was under way is lost
 */
export async function trainEpochs<B extends { readonly items: number }>(
  trainer: EpochTrainer<B>,
  make: (plan: PlannedBatch) => Promise<B>,
  training: EpochSettings,
  options: EpochOptions,
): Promise<{ readonly end: TrainingEnd; readonly history: readonly EpochReport[] }> {
  const { epochs, learningRate } = training;
  const { signal, onProgress, onStep, onEpoch, begin, stopAfterSeconds } = options;
  const history = [...begin.history];
  const began = performance.now();

  /**
   * The mean loss of an example over the batches. The next batch is read and drawn while the device works, and losses
   * are read as they come, some steps later.
   */
  const over = async (
    plans: readonly PlannedBatch[],
    run: (batch: B) => Promise<number>,
    onBatch: (loss: number, done: number, examples: number) => void,
  ): Promise<number> => {
    let [sum, examples, done] = [0, 0, 0];
    const underWay: { readonly items: number; readonly loss: Promise<number> }[] = [];
    const endOldest = async (): Promise<void> => {
      const { items, loss: pending } = underWay.shift()!;
      const loss = await pending;
      if (!Number.isFinite(loss))
        throw new UserError(failure('training.not-finite', { epoch: history.length + 1 }));
      sum += loss * items;
      examples += items;
      done++;
      onBatch(loss, done, examples);
    };
    try {
      for (const plan of plans) {
        const batch = await make(plan);
        while (underWay.length >= (trainer.stepsInFlight ?? 1)) await endOldest();
        throwIfCancelled(signal);
        const loss = run(batch);
        // The error reaches the one who awaits it; until then it must not count as unhandled.
        loss.catch(() => undefined);
        underWay.push({ items: batch.items, loss });
      }
      while (underWay.length > 0) await endOldest();
    } finally {
      // Where one step failed, the device is still busy with those after it.
      await Promise.allSettled(underWay.map(({ loss }) => loss));
    }
    return sum / examples;
  };

  for (let epoch = begin.epoch + 1; epoch <= epochs; epoch++) {
    const epochBegan = performance.now();
    const plans = trainingBatches(training.train, epoch, training);
    const trainLoss = await over(
      plans,
      (batch) => trainer.step(batch, learningRate),
      (loss, done, examples) => {
        const rate = (1000 * examples) / (performance.now() - epochBegan);
        onStep?.(loss, rate);
        onProgress?.({
          stage: `Epoch ${epoch} of ${epochs}, loss ${loss.toPrecision(3)}, ${rate.toPrecision(3)} examples/s`,
          fraction: (epoch - 1 + done / plans.length) / epochs,
        });
      },
    );
    const seconds = (performance.now() - epochBegan) / 1000;
    const validationLoss =
      training.validation.length === 0
        ? null
        : await over(validationBatches(training.validation, training), trainer.validate, () => undefined);
    const report: EpochReport = {
      epoch,
      step: (history.at(-1)?.step ?? 0) + plans.length,
      learningRate,
      trainLoss,
      validationLoss,
      seconds,
      examplesPerSecond: plans.reduce((sum, { names }) => sum + names.length, 0) / seconds,
    };
    history.push(report);
    const isLate = stopAfterSeconds !== undefined && performance.now() - began > stopAfterSeconds * 1000;
    const end: TrainingEnd | undefined =
      epoch === epochs
        ? 'done'
        : isOutOfPatience(history, training.patience)
          ? 'stopped-early'
          : isLate
            ? 'out-of-time'
            : undefined;
    await onEpoch({
      report,
      history: [...history],
      isLast: end !== undefined || signal?.aborted === true,
      checkpoint: async () => ({ epoch, state: await trainer.state(), history: [...history] }),
    });
    throwIfCancelled(signal);
    if (end) return { end, history };
  }
  return { end: 'done', history };
}
