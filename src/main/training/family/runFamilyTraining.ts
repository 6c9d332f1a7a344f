import { join } from 'node:path';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { type FamilyName, type FamilySpec, familySpec } from '#shared/nudf/family/familySpec.ts';
import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import { readCaseDescription } from '../../preparation/readPreparedCase.ts';
import type { TrainerState } from '../epochs/epochTrainer.ts';
import {
  type Experiment,
  type PreparedRun,
  type RunOptions,
  type RunResult,
  runExperiment,
  splitOf,
} from '../epochs/runExperiment.ts';
import { preparedCaseSource, type ReadFamilyCase } from './caseSource.ts';
import { makeBatch } from './familyBatches.ts';
import { readFamilyCheckpoint, writeFamilyCheckpoint } from './familyCheckpoint.ts';
import { initialFamilyState, initialFamilyWeights } from './familyInitialWeights.ts';
import type { FamilyBatch, FamilyLoss, FamilyTrainer, FamilyTrainerOptions } from './familyTrainer.ts';

/** A training of a network of the family on a prepared folder. */
export interface FamilyRun extends PreparedRun {
  readonly network: FamilyName;
  /** Sampling categories, and the share of each in an example's points. */
  readonly categories: readonly string[];
  readonly shares: readonly number[];
  readonly loss: FamilyLoss;
  readonly cropSize?: number | undefined;
  /** How levels are sampled; as the prepared cases say where left out. */
  readonly alignCorners?: boolean | undefined;
  /** What training begins with, for the spec that is trained. */
  readonly initial?: { readonly id: string; readonly weights: WeightMap } | undefined;
}

export interface FamilyRunOptions extends RunOptions {
  readonly createTrainer: (
    spec: FamilySpec,
    state: TrainerState,
    options: FamilyTrainerOptions,
  ) => Promise<FamilyTrainer>;
  readonly readCase?: ReadFamilyCase | undefined;
}

/** Our prepared cases say how the voxels lie; folders of the paper's programs mean aligned corners. */
async function conventionOf(run: FamilyRun, first: string): Promise<boolean> {
  if (run.alignCorners !== undefined) return run.alignCorners;
  const description = await readCaseDescription(join(run.dataFolder, first));
  return description?.coordinates.alignCorners ?? true;
}

/** Trains as {@link runExperiment} does, and throws as it does. */
export async function runFamilyTraining(
  run: FamilyRun,
  { createTrainer, readCase, ...options }: FamilyRunOptions,
): Promise<RunResult> {
  const split = await splitOf(run);
  const spec = familySpec(run.network, { alignCorners: await conventionOf(run, split.train[0]!) });
  const { categories, shares, points, loss, freezeEncoder, cropSize, augmentation } = run;
  const source = preparedCaseSource(
    { folder: run.dataFolder, resolution: spec.resolution, categories },
    readCase,
  );
  const experiment: Experiment<FamilyBatch> = {
    settings: {
      network: run.network,
      resolution: spec.resolution,
      alignCorners: spec.alignCorners,
      std_dev: categories,
      dist: shares,
      loss,
      crop: cropSize ?? null,
      init: run.initial?.id ?? null,
    },
    format: {
      write: (checkpoint, learningRate) => writeFamilyCheckpoint(spec, checkpoint, learningRate),
      read: (bytes, fileName) => readFamilyCheckpoint(bytes, fileName, spec),
    },
    resolution: spec.resolution,
    async checkCase(name, job) {
      const { samples } = await source.read(name, job);
      if (samples.some(({ length }) => length === 0))
        throw new UserError(failure('training.points-empty', { name }));
    },
    initialState: () => initialFamilyState(run.initial?.weights ?? initialFamilyWeights(spec, run.seed)),
    createTrainer: (state) => createTrainer(spec, state, { loss, freezeEncoder }),
    makeBatch: (plan) => makeBatch(spec, source, { points, shares, augmentation, cropSize }, plan),
  };
  return runExperiment(run, split, experiment, options);
}
