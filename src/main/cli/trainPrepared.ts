import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { FAMILY_NAMES, type FamilyName, familySpec } from '#shared/nudf/family/familySpec.ts';
import { FIELD_128 } from '#shared/nudf/network/networkSpec.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { type TrainingStart, trainingStart } from '../models/trainingStart.ts';
import { DEFAULT_SURFACE_RESOLUTION } from '../preparation/caseRequest.ts';
import { IMAGE_RESOLUTIONS, type ImageResolution } from '../preparation/preparedCase.ts';
import { listPreparedCases } from '../preparation/readPreparedCase.ts';
import type { EpochReport } from '../training/curves/epochReport.ts';
import { DUAL_FIELD } from '../training/dualField/dualFieldCheckpoint.ts';
import type { PreparedRun, RunOptions, RunResult } from '../training/epochs/runExperiment.ts';
import { experimentName, type TrainedNetworkName } from '../training/experimentName.ts';
import { trainingSceneSeed } from '../training/schedule.ts';
import { type CaseReadingThreads, caseReadingThreads } from '../workers/caseReadingThreads.ts';
import { type CommandContext, type CommandOutput, runCommand } from './command.ts';
import { runPrepare } from './prepare.ts';
import { type PreparedTrainOptions, trainingDefaults, withTrainOptions } from './trainOptions.ts';

/** At 512³ the whole image's first level alone would be gigabytes. */
const DEFAULT_CROP: Partial<Record<FamilyName, number>> = { ShapeNet512Vox: 256 };

function assertShares({ stdDev, dist }: PreparedTrainOptions): void {
  if (dist.length !== stdDev.length) {
    throw new UserError(
      failure('training.shares-differ', { categories: stdDev.length, shares: dist.length }),
    );
  }
  const sum = dist.reduce((total, share) => total + share, 0);
  if (Math.abs(sum - 1) > 1e-6) throw new UserError(failure('training.shares-sum', { sum }));
}

const nameOfStart = ({ kind, spec }: TrainingStart): TrainedNetworkName =>
  kind === 'field' ? DUAL_FIELD : spec.name;

const resolutionOf = (network: TrainedNetworkName): number =>
  network === DUAL_FIELD ? FIELD_128.resolution : familySpec(network).resolution;

/** The network that -m names, or that of what training begins with, or the family's of the resolution -res. */
function networkOf(
  { model, res }: PreparedTrainOptions,
  start: TrainingStart | undefined,
): TrainedNetworkName {
  const byResolution = FAMILY_NAMES.find((name) => familySpec(name).resolution === (res ?? 64));
  const network = model ?? (start ? nameOfStart(start) : byResolution);
  if (network !== undefined && start && nameOfStart(start) !== network) {
    throw new UserError(
      failure('training.init-of-other-network', {
        name: start.id,
        found: nameOfStart(start),
        wanted: network,
      }),
    );
  }
  const resolution = start?.spec.resolution ?? (network && resolutionOf(network));
  // The dual-field network is made for any of the resolutions; one that is there already has its own.
  const isFree = network === DUAL_FIELD && !start && IMAGE_RESOLUTIONS.some((one) => one === res);
  if (network === undefined || (res !== undefined && res !== resolution && !isFree)) {
    throw new UserError(
      failure('training.resolution-of-network', {
        network: network ?? 'The NUDF family',
        resolution: res ?? 0,
      }),
    );
  }
  return network;
}

/** What only the family knows. */
const FAMILY_OPTIONS = {
  stdDev: '-std_dev',
  dist: '-dist',
  loss: '--loss',
  crop: '--crop',
  alignCorners: '--align-corners',
} as const;

/** Options that would be without effect are refused. */
function assertNoFamilyOptions(command: Command): void {
  for (const [name, option] of Object.entries(FAMILY_OPTIONS)) {
    if (command.getOptionValueSource(name) === 'cli')
      throw new UserError(failure('training.option-of-family', { option }));
  }
}

const epochLine = (report: EpochReport): string => {
  const validation =
    report.validationLoss === null ? '' : `  validation ${report.validationLoss.toPrecision(4)}`;
  return `epoch ${report.epoch}  loss ${report.trainLoss.toPrecision(4)}${validation}  ${report.examplesPerSecond.toPrecision(3)} examples/s  ${report.seconds.toFixed(1)} s\n`;
};

/** Phantoms as cases of the data's folder; those that are there already are not made again. */
async function preparePhantoms(
  { seed, threads, preparedPoints }: PreparedTrainOptions,
  data: string,
  resolution: ImageResolution | undefined,
  phantoms: number,
  context: CommandContext,
): Promise<void> {
  await runPrepare(
    undefined,
    {
      output: data,
      phantoms,
      // Not those that tests and benchmarks use.
      seed: trainingSceneSeed(seed, 0),
      res: resolution === undefined ? [] : [resolution],
      centre: 'segmentation',
      imageType: 'int16',
      points: preparedPoints,
      surfaceResolution: DEFAULT_SURFACE_RESOLUTION,
      ...withoutUndefined({ threads }),
    },
    context,
  );
}

/** More threads than this wait for the disk. */
const MOST_READERS = 16;

/** Phantoms that the dual-field network is trained on beside a hospital's cases, in a folder of the experiment. */
async function prepareRehearsal(
  options: PreparedTrainOptions,
  folder: string,
  start: TrainingStart | undefined,
  phantoms: number,
  context: CommandContext,
): Promise<NonNullable<PreparedRun['rehearsal']>> {
  const wanted = start?.spec.resolution ?? options.res ?? FIELD_128.resolution;
  const resolution = IMAGE_RESOLUTIONS.find((one) => one === wanted);
  await preparePhantoms(options, folder, resolution, phantoms, context);
  return { folder, names: await listPreparedCases(folder) };
}

type RunNetwork = (run: PreparedRun, options: RunOptions) => Promise<RunResult>;

async function runDualField(
  options: PreparedTrainOptions,
  start: Extract<TrainingStart, { kind: 'field' }> | undefined,
  cases: CaseReadingThreads,
): Promise<RunNetwork> {
  const { createDualFieldTrainer } = await import('../training/dualField/createDualFieldTrainer.ts');
  const { runDualFieldTraining } = await import('../training/dualField/runDualFieldTraining.ts');
  const spec = start?.spec ?? { ...FIELD_128, resolution: options.res ?? FIELD_128.resolution };
  return (run, job) =>
    runDualFieldTraining(
      { ...run, spec, initial: start },
      { ...job, createTrainer: createDualFieldTrainer(engineOf(options)), readCase: cases.dualField },
    );
}

async function runFamily(
  network: FamilyName,
  options: PreparedTrainOptions,
  start: Extract<TrainingStart, { kind: 'family' }> | undefined,
  cases: CaseReadingThreads,
): Promise<RunNetwork> {
  const { createFamilyTrainer } = await import('../training/family/createFamilyTrainer.ts');
  const { runFamilyTraining } = await import('../training/family/runFamilyTraining.ts');
  // A network goes on seeing what it was trained on.
  const alignCorners =
    options.alignCorners === undefined ? start?.spec.alignCorners : options.alignCorners === 'true';
  return (run, job) =>
    runFamilyTraining(
      {
        ...run,
        network,
        categories: options.stdDev,
        shares: options.dist,
        loss: options.loss,
        cropSize: options.crop ?? DEFAULT_CROP[network],
        alignCorners,
        initial: start,
      },
      { ...job, createTrainer: createFamilyTrainer(engineOf(options)), readCase: cases.family },
    );
}

const engineOf = ({ engine }: PreparedTrainOptions) => (engine === 'cpu' ? 'onnx' : engine);

async function trainPrepared(
  options: PreparedTrainOptions,
  command: Command,
  context: CommandContext,
): Promise<CommandOutput> {
  const start = options.init === undefined ? undefined : await trainingStart(options.init);
  const network = networkOf(options, start);
  if (network === DUAL_FIELD) assertNoFamilyOptions(command);
  else {
    assertShares(options);
    if (options.rehearse !== undefined)
      throw new UserError(failure('training.option-of-dual-field', { option: '--rehearse' }));
  }
  const name = options.name ?? experimentName(network, { ...options, init: start?.id });
  const experimentFolder = resolve(options.output, name);
  const threads = options.threads ?? Math.min(availableParallelism(), MOST_READERS);
  const cases = caseReadingThreads(threads);
  const runNetwork =
    network === DUAL_FIELD
      ? await runDualField(options, start?.kind === 'field' ? start : undefined, cases)
      : await runFamily(network, options, start?.kind === 'family' ? start : undefined, cases);
  let { data } = options;
  if (options.phantoms !== undefined) {
    // Phantoms come to a folder of cases only where it is named.
    if (command.getOptionValueSource('data') !== 'cli') data = join(experimentFolder, 'phantoms');
    const wanted = start?.spec.resolution ?? options.res ?? resolutionOf(network);
    const resolution = IMAGE_RESOLUTIONS.find((one) => one === wanted);
    await preparePhantoms(options, data, resolution, options.phantoms, context);
  }
  const isFineTuning = network === DUAL_FIELD && start !== undefined;
  const { epochs, rehearsed } = trainingDefaults(options, isFineTuning);
  const rehearsal =
    rehearsed === 0
      ? undefined
      : await prepareRehearsal(options, join(experimentFolder, 'rehearsal'), start, rehearsed, context);
  const { translationMm, rotationDegrees, noiseHu } = options;
  const result = await runNetwork(
    {
      dataFolder: data,
      splitFile: options.split,
      experimentFolder,
      isResumed: options.resume === true,
      batchSize: options.batchSize,
      points: options.points,
      epochs,
      rehearsal,
      learningRate: options.learningRate,
      seed: options.seed,
      patience: options.patience,
      augmentation: options.augment ? { translationMm, rotationDegrees, noiseHu } : undefined,
      freezeEncoder: options.freeze === 'encoder',
      checkpointEvery: options.checkpointEvery,
      stopAfterSeconds: options.stopAfter,
    },
    {
      ...context,
      parallelReads: threads,
      onEpoch: (report) => process.stderr.write(epochLine(report)),
    },
  ).finally(() => cases.free());
  const text = describe(name, epochs, result);
  return { json: { name, network, folder: experimentFolder, ...result }, text };
}

const HOW = { done: 'Trained', 'stopped-early': 'Stopped early', 'out-of-time': 'Stopped for time' } as const;

function describe(
  name: string,
  epochs: number,
  { end, epoch, history, checkpoint, device, cases, bestEpoch }: RunResult,
): string {
  const last = history.at(-1);
  return [
    `${HOW[end]}: ${name}, epoch ${epoch} of ${epochs} on ${device}, ${cases.train} cases for training, ${cases.validation} for validation.`,
    ...(last ? [`Loss ${last.trainLoss.toPrecision(4)}; the best epoch is ${bestEpoch}.`] : []),
    ...(checkpoint === undefined ? [] : [`Checkpoint ${checkpoint}`]),
    ...(end === 'out-of-time' ? ['The same command with --resume goes on from there.'] : []),
  ].join('\n');
}

/** Gives the command `train` its own action: networks of the family and the dual-field network on prepared cases. */
export const registerPreparedTraining = (command: Command): Command =>
  withTrainOptions(command).action((options: PreparedTrainOptions) =>
    runCommand(options, (context) => trainPrepared(options, command, context)),
  );
