import { access } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { basename, join, resolve } from 'node:path';
import pMap from 'p-map';
import { throwIfCancelled, UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { JobOptions } from '#shared/progress.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import type { CaseSplit } from '../../preparation/preparedCase.ts';
import { SPLIT_FILE } from '../../preparation/preparedCase.ts';
import { listPreparedCases, readCaseDescription, readSplit } from '../../preparation/readPreparedCase.ts';
import { DEFAULT_SHARES, splitCases } from '../../preparation/splitCases.ts';
import { bestEpoch, type EpochReport } from '../curves/epochReport.ts';
import { openEventFile } from '../curves/tensorBoard.ts';
import { written } from '../written.ts';
import type { PlannedBatch } from './epochBatches.ts';
import type { EpochTrainer, TrainerState } from './epochTrainer.ts';
import { type CheckpointFormat, type ExperimentSettings, openExperiment } from './experimentFolder.ts';
import type { Augmentation } from './rigidMotion.ts';
import { type TrainingEnd, trainEpochs } from './trainEpochs.ts';

/** What trainings on prepared folders have in common, whichever network they train. */
export interface PreparedRun {
  readonly dataFolder: string;
  /** The split file; DATA/split.npz where left out, and where that is missing the cases are split by the seed. */
  readonly splitFile?: string | undefined;
  readonly experimentFolder: string;
  readonly isResumed: boolean;
  readonly batchSize: number;
  /** Points of an example. */
  readonly points: number;
  readonly epochs: number;
  readonly learningRate: number;
  readonly seed: number;
  readonly patience?: number | undefined;
  readonly augmentation?: Augmentation | undefined;
  /** Keeps the encoder as it is and trains the decoder alone. */
  readonly freezeEncoder: boolean;
  readonly checkpointEvery: number;
  readonly stopAfterSeconds?: number | undefined;
  /** Prepared cases that are trained on beside those of the split, as many in each step. */
  readonly rehearsal?: { readonly folder: string; readonly names: readonly string[] } | undefined;
}

/** What a network brings to a training: its examples, its trainer, its checkpoints. */
export interface Experiment<B extends { readonly items: number }> {
  /** All that decides what the network becomes, beside what {@link PreparedRun} says. */
  readonly settings: ExperimentSettings;
  readonly format: CheckpointFormat;
  /** Voxels along an edge of the cases' images. */
  readonly resolution: number;
  /** Reads a case. @throws UserError where it is broken */
  checkCase(name: string, job: JobOptions): Promise<void>;
  initialState(): TrainerState;
  createTrainer(state: TrainerState): Promise<EpochTrainer<B>>;
  /** Reads the cases of a step and draws its examples. */
  makeBatch(plan: PlannedBatch): Promise<B>;
}

export interface RunOptions extends JobOptions {
  /** Cases that are read at a time, where the memory allows; 1 where left out. */
  readonly parallelReads?: number | undefined;
  readonly onEpoch: (report: EpochReport) => void;
}

export interface RunResult {
  readonly end: TrainingEnd;
  readonly epoch: number;
  readonly bestEpoch: number | undefined;
  readonly device: string;
  /** The newest checkpoint. */
  readonly checkpoint: string | undefined;
  readonly history: readonly EpochReport[];
  readonly cases: { readonly train: number; readonly validation: number };
}

/** Which cases are trained on. @throws UserError where there is none */
export async function splitOf({
  dataFolder,
  splitFile,
  seed,
}: Pick<PreparedRun, 'dataFolder' | 'splitFile' | 'seed'>): Promise<CaseSplit> {
  const split = await readOrDraw(dataFolder, splitFile, seed);
  if (split.train.length === 0)
    throw new UserError(failure('training.no-cases', { folder: basename(resolve(dataFolder)) }));
  return split;
}

async function readOrDraw(
  dataFolder: string,
  splitFile: string | undefined,
  seed: number,
): Promise<CaseSplit> {
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

const settingsOf = (run: PreparedRun, split: CaseSplit): ExperimentSettings => ({
  batch_size: run.batchSize,
  points: run.points,
  learningRate: run.learningRate,
  seed: run.seed,
  augmentation: run.augmentation ?? null,
  freezeEncoder: run.freezeEncoder,
  epochs: run.epochs,
  patience: run.patience ?? null,
  data: basename(resolve(run.dataFolder)),
  train: split.train,
  validation: split.val,
  ...(run.rehearsal && { rehearsed: run.rehearsal.names }),
});

/** The share of the machine's memory that cases may take while they are read. */
const READING_SHARE = 1 / 16;
/** A file's bytes and the voxels, in 16 bits. */
const BYTES_A_VOXEL = 4;

/** Reads every case once. @throws UserError where one is broken; CancelledError */
async function readCases(
  names: readonly string[],
  { resolution, checkCase }: Pick<Experiment<never>, 'resolution' | 'checkCase'>,
  parallelReads: number,
  { signal, onProgress }: JobOptions,
): Promise<void> {
  const fitting = Math.floor((READING_SHARE * totalmem()) / (BYTES_A_VOXEL * resolution ** 3));
  let read = 0;
  const one = async (name: string): Promise<void> => {
    throwIfCancelled(signal);
    await checkCase(name, withoutUndefined({ signal }));
    read++;
    onProgress?.({ stage: `Reading the cases (${read} of ${names.length})`, fraction: read / names.length });
  };
  await pMap(names, one, { concurrency: Math.max(1, Math.min(parallelReads, fitting)) });
}

/**
 * Trains, with a checkpoint, the curves and TensorBoard's events after each epoch. Every case is read once before, so
 * that a broken one is named then and not epochs later.
 * @throws UserError where the folder or one of its cases is broken, the experiment does not fit, or a file cannot be written
 */
export async function runExperiment<B extends { readonly items: number }>(
  run: PreparedRun,
  split: CaseSplit,
  kind: Experiment<B>,
  { onEpoch, parallelReads = 1, ...job }: RunOptions,
): Promise<RunResult> {
  const names = [...split.train, ...split.val, ...(run.rehearsal?.names ?? [])];
  await readCases(names, kind, parallelReads, job);
  const settings = { ...kind.settings, ...settingsOf(run, split) };
  const { experiment, resumed } = await openExperiment(
    run.experimentFolder,
    kind.format,
    settings,
    run.isResumed,
  );
  const trainer = await kind.createTrainer(resumed?.state ?? kind.initialState());
  let checkpoint: string | undefined;
  try {
    const events = await written('summary', openEventFile(experiment.summaryFolder));
    const { end, history } = await trainEpochs(
      trainer,
      kind.makeBatch,
      {
        ...run,
        train: split.train,
        validation: split.val,
        patience: run.patience,
        rehearsed: run.rehearsal?.names,
      },
      {
        ...job,
        begin: resumed ?? { epoch: 0, history: [] },
        stopAfterSeconds: run.stopAfterSeconds,
        async onEpoch({ report, history: soFar, isLast, checkpoint: capture }) {
          if (isLast || report.epoch % run.checkpointEvery === 0) {
            checkpoint = await experiment.writeCheckpoint(await capture(), run.learningRate);
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
