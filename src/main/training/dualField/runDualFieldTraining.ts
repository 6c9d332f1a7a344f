import type { FieldNetworkSpec } from '#shared/nudf/network/networkSpec.ts';
import { initializeWeights, type WeightMap } from '#shared/nudf/network/weightLayout.ts';
import type { EpochTrainer, TrainerState } from '../epochs/epochTrainer.ts';
import {
  type Experiment,
  type PreparedRun,
  type RunOptions,
  type RunResult,
  runExperiment,
  splitOf,
} from '../epochs/runExperiment.ts';
import { type DualFieldBatch, dualFieldBatch } from './dualFieldBatches.ts';
import { type DualFieldSource, dualFieldCases, type ReadDualFieldCase } from './dualFieldCases.ts';
import { DUAL_FIELD, readDualFieldCheckpoint, writeDualFieldCheckpoint } from './dualFieldCheckpoint.ts';
import { DUAL_FIELD_LOSS, type DualFieldTrainerOptions, initialDualFieldState } from './dualFieldTrainer.ts';

/** A training of the dual-field network on a prepared folder. */
export interface DualFieldRun extends PreparedRun {
  readonly spec: FieldNetworkSpec;
  /** What training begins with; random weights where left out. */
  readonly initial?: { readonly id: string; readonly weights: WeightMap } | undefined;
}

export interface DualFieldRunOptions extends RunOptions {
  readonly createTrainer: (
    spec: FieldNetworkSpec,
    state: TrainerState,
    options: DualFieldTrainerOptions,
  ) => Promise<EpochTrainer<DualFieldBatch>>;
  readonly readCase?: ReadDualFieldCase | undefined;
}

/** Trains as {@link runExperiment} does, and throws as it does; cases without both fields' truth are refused. */
export async function runDualFieldTraining(
  run: DualFieldRun,
  { createTrainer, readCase, ...options }: DualFieldRunOptions,
): Promise<RunResult> {
  const { spec, initial, freezeEncoder, points, augmentation, seed } = run;
  const split = await splitOf(run);
  const casesOf = (folder: string): DualFieldSource =>
    dualFieldCases({ folder, resolution: spec.resolution }, readCase);
  const own = casesOf(run.dataFolder);
  const rehearsal = run.rehearsal && {
    names: new Set(run.rehearsal.names),
    read: casesOf(run.rehearsal.folder),
  };
  const read: DualFieldSource = (name, job) =>
    rehearsal?.names.has(name) ? rehearsal.read(name, job) : own(name, job);
  const experiment: Experiment<DualFieldBatch> = {
    settings: { network: DUAL_FIELD, spec, loss: DUAL_FIELD_LOSS, init: initial?.id ?? null },
    format: {
      write: (checkpoint) => writeDualFieldCheckpoint(spec, checkpoint),
      read: (bytes, fileName) => readDualFieldCheckpoint(bytes, fileName, spec),
    },
    resolution: spec.resolution,
    async checkCase(name, job) {
      await read(name, job);
    },
    initialState: () => initialDualFieldState(initial?.weights ?? initializeWeights(spec, seed)),
    createTrainer: (state) => createTrainer(spec, state, { freezeEncoder }),
    makeBatch: (plan) => dualFieldBatch(spec, read, { points, augmentation }, plan),
  };
  return runExperiment(run, split, experiment, options);
}
