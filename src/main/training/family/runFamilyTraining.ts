import { access } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { throwIfCancelled, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import type { JobOptions } from '#shared/progress.ts';
import { type FamilyName, type FamilySpec, familySpec } from '../../nudf/family/familySpec.ts';
import type { CaseSplit } from '../../preparation/preparedCase.ts';
import { SPLIT_FILE } from '../../preparation/preparedCase.ts';
import { listPreparedCases, readCaseDescription, readSplit } from '../../preparation/readPreparedCase.ts';
import { DEFAULT_SHARES, splitCases } from '../../preparation/splitCases.ts';
import { bestEpoch, type EpochReport } from '../curves/epochReport.ts';
import { openEventFile } from '../curves/tensorBoard.ts';
import { type CaseSource, preparedCaseSource } from './caseSource.ts';
import { openExperiment, written } from './experimentFolder.ts';
import { initialFamilyState, initialFamilyWeights } from './familyInitialWeights.ts';
import type { FamilyLoss, FamilyState, FamilyTrainer, FamilyTrainerOptions } from './familyTrainer.ts';
import type { Augmentation } from './rigidMotion.ts';
import { type FamilyTrainingEnd, trainFamily } from './trainFamily.ts';

/** A training of a network of the family on a prepared folder. */
export interface FamilyRun {
  readonly network: FamilyName;
  readonly categories: readonly string[];
  readonly shares: readonly number[];
  readonly dataFolder: string;
  /** The split file; DATA/split.npz where left out, and where that is missing the cases are split by the seed. */
  readonly splitFile?: string | undefined;
  readonly experimentFolder: string;
  readonly isResumed: boolean;
  readonly batchSize: number;
  readonly points: number;
  readonly epochs: number;
  readonly learningRate: number;
  readonly loss: FamilyLoss;
  readonly seed: number;
  readonly patience?: number | undefined;
  readonly augmentation?: Augmentation | undefined;
  readonly cropSize?: number | undefined;
  /** How levels are sampled; as the prepared cases say where left out. */
  readonly alignCorners?: boolean | undefined;
  /** What training begins with, for the spec that is trained. */
  readonly initial?: { readonly id: string; readonly weights: WeightMap } | undefined;
  readonly freezeEncoder: boolean;
  readonly checkpointEvery: number;
  readonly stopAfterSeconds?: number | undefined;
}

export interface FamilyRunOptions extends JobOptions {
  readonly onEpoch: (report: EpochReport) => void;
  readonly createTrainer: (
    spec: FamilySpec,
    state: FamilyState,
    options: FamilyTrainerOptions,
  ) => Promise<FamilyTrainer>;
}

export interface FamilyRunResult {
  readonly end: FamilyTrainingEnd;
  readonly epoch: number;
  readonly bestEpoch: number | undefined;
  readonly device: string;
  /** The newest checkpoint. */
  readonly checkpoint: string | undefined;
  readonly history: readonly EpochReport[];
  readonly cases: { readonly train: number; readonly validation: number };
}

async function splitOf({ dataFolder, splitFile, seed }: FamilyRun): Promise<CaseSplit> {
  const usual = join(dataFolder, SPLIT_FILE);
  if (splitFile !== undefined) return readSplit(splitFile);
  const isThere = await access(usual).then(
    () => true,
    () => false,
  );
  if (isThere) return readSplit(usual);
  const names = await listPreparedCases(dataFolder);
  const cases = [];
  for (const name of names) {
    const description = await readCaseDescription(join(dataFolder, name));
    cases.push({ name, patientKey: description?.patientKey ?? name });
  }
  return splitCases(cases, DEFAULT_SHARES, seed);
}

/** Our prepared cases say how the voxels lie; folders of the paper's programs mean aligned corners. */
async function conventionOf(run: FamilyRun, first: string): Promise<boolean> {
  if (run.alignCorners !== undefined) return run.alignCorners;
  const description = await readCaseDescription(join(run.dataFolder, first));
  return description?.coordinates.alignCorners ?? true;
}

/** What settings.json records: all that decides what the network becomes. */
const settingsOf = (run: FamilyRun, spec: FamilySpec, split: CaseSplit): Record<string, unknown> => ({
  network: run.network,
  resolution: spec.resolution,
  alignCorners: spec.alignCorners,
  std_dev: run.categories,
  dist: run.shares,
  batch_size: run.batchSize,
  points: run.points,
  learningRate: run.learningRate,
  loss: run.loss,
  seed: run.seed,
  augmentation: run.augmentation ?? null,
  crop: run.cropSize ?? null,
  init: run.initial?.id ?? null,
  freezeEncoder: run.freezeEncoder,
  epochs: run.epochs,
  patience: run.patience ?? null,
  data: basename(resolve(run.dataFolder)),
  train: split.train,
  validation: split.val,
});

/** Reads every case once, so that a broken one is named before training begins and not epochs later. */
async function checkCases(
  source: CaseSource,
  names: readonly string[],
  { signal, onProgress }: JobOptions,
): Promise<void> {
  for (const [index, name] of names.entries()) {
    throwIfCancelled(signal);
    onProgress?.({ stage: 'Reading the cases', fraction: index / names.length });
    const { samples } = await source.read(name);
    if (samples.some(({ distances }) => distances.length === 0)) {
      throw new UserError(failure('training.points-empty', { name }));
    }
  }
}

/**
 * Trains, with a checkpoint, the curves and TensorBoard's events after each epoch.
 * @throws UserError where the folder or one of its cases is broken, the experiment does not fit, or a file cannot be written
 */
export async function runFamilyTraining(
  run: FamilyRun,
  { onEpoch, createTrainer, ...job }: FamilyRunOptions,
): Promise<FamilyRunResult> {
  const split = await splitOf(run);
  const [first] = split.train;
  if (first === undefined) {
    throw new UserError(failure('training.no-cases', { folder: basename(resolve(run.dataFolder)) }));
  }
  const spec = familySpec(run.network, { alignCorners: await conventionOf(run, first) });
  const source = preparedCaseSource(run.dataFolder, spec.resolution, run.categories);
  await checkCases(source, [...split.train, ...split.val], job);
  const settings = settingsOf(run, spec, split);
  const { experiment, resumed } = await openExperiment(run.experimentFolder, spec, settings, run.isResumed);
  const state =
    resumed?.state ?? initialFamilyState(run.initial?.weights ?? initialFamilyWeights(spec, run.seed));
  const { loss, freezeEncoder } = run;
  const trainer = await createTrainer(spec, state, { loss, freezeEncoder });
  let checkpoint: string | undefined;
  try {
    const events = await written('summary', openEventFile(experiment.summaryFolder));
    const { end, history } = await trainFamily(
      trainer,
      source,
      {
        ...run,
        train: split.train,
        validation: split.val,
        augmentation: run.augmentation,
        patience: run.patience,
        cropSize: run.cropSize,
      },
      {
        ...job,
        begin: resumed ?? { epoch: 0, history: [] },
        stopAfterSeconds: run.stopAfterSeconds,
        async onEpoch({ report, history: soFar, isLast, checkpoint: capture }) {
          if (isLast || report.epoch % run.checkpointEvery === 0) {
            checkpoint = await experiment.writeCheckpoint(spec, await capture(), run.learningRate);
          }
          await experiment.writeCurves(soFar);
          await written('summary', events.write(report.step, scalarsOf(report)));
          onEpoch(report);
        },
      },
    );
    return {
      end,
      epoch: history.at(-1)?.epoch ?? 0,
      bestEpoch: bestEpoch(history)?.epoch,
      device: trainer.device,
      checkpoint,
      history,
      cases: { train: split.train.length, validation: split.val.length },
    };
  } finally {
    await trainer.free();
  }
}

function scalarsOf({
  trainLoss,
  validationLoss,
  learningRate,
  examplesPerSecond,
}: EpochReport): Record<string, number> {
  const scalars: Record<string, number> = {
    'loss/training': trainLoss,
    learning_rate: learningRate,
    examples_per_second: examplesPerSecond,
  };
  return validationLoss === null ? scalars : { ...scalars, 'loss/validation': validationLoss };
}
