import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { ENGINE_CHOICES, type EngineChoice } from '#shared/contract/services/app.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { FAMILY_NAMES, type FamilyName, familySpec } from '#shared/nudf/family/familySpec.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { familyStart } from '../models/familyStart.ts';
import { DEFAULT_POINTS, DEFAULT_SURFACE_RESOLUTION } from '../preparation/caseRequest.ts';
import { IMAGE_RESOLUTIONS } from '../preparation/preparedCase.ts';
import type { EpochReport } from '../training/curves/epochReport.ts';
import { FAMILY_LOSSES, type FamilyLoss } from '../training/family/familyTrainer.ts';
import { type CommandContext, type CommandOutput, runCommand } from './command.ts';
import { parseCount, parseSeed, positiveInteger } from './optionValues.ts';
import { runPrepare } from './prepare.ts';

interface FamilyTrainOptions {
  readonly model?: FamilyName;
  readonly stdDev: readonly string[];
  readonly dist: readonly number[];
  readonly res?: number;
  readonly batchSize: number;
  readonly data: string;
  readonly split?: string;
  readonly phantoms?: number;
  readonly threads?: number;
  readonly output: string;
  readonly name?: string;
  readonly resume?: boolean;
  readonly epochs: number;
  readonly learningRate: number;
  readonly points: number;
  readonly loss: FamilyLoss;
  readonly seed: number;
  readonly patience?: number;
  readonly augment: boolean;
  readonly translationMm: number;
  readonly rotationDegrees: number;
  readonly noiseHu: number;
  readonly crop?: number;
  readonly alignCorners?: 'true' | 'false';
  readonly init?: string;
  readonly freeze?: 'encoder';
  readonly engine: EngineChoice | 'cpu';
  readonly checkpointEvery: number;
  readonly stopAfter?: number;
  readonly json?: boolean;
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('A number above 0 is needed.');
  return value;
}

function notNegative(text: string): number {
  const value = Number(text);
  if (text === '' || !Number.isFinite(value) || value < 0)
    throw new InvalidArgumentError('A number that is not negative is needed.');
  return value;
}

/** One more number of a list; commander passes on what was read before. */
const numbers =
  (first: readonly number[]) =>
  (text: string, before: readonly number[]): readonly number[] => [
    ...(before === first ? [] : before),
    notNegative(text),
  ];

const DEFAULT_SHARES: readonly number[] = [0.45, 0.45, 0.1];
const DEFAULT_CATEGORIES: readonly string[] = ['in1', 'out1', '0.0'];
/** At 512³ the whole image's first level alone would be gigabytes. */
const DEFAULT_CROP: Partial<Record<FamilyName, number>> = { ShapeNet512Vox: 256 };

function assertShares({ stdDev, dist }: FamilyTrainOptions): void {
  if (dist.length !== stdDev.length) {
    throw new UserError(
      failure('training.shares-differ', { categories: stdDev.length, shares: dist.length }),
    );
  }
  const sum = dist.reduce((total, share) => total + share, 0);
  if (Math.abs(sum - 1) > 1e-6) throw new UserError(failure('training.shares-sum', { sum }));
}

/** The network that -m names, or the one of the resolution that -res gives. */
function networkOf({ model, res }: FamilyTrainOptions): FamilyName {
  const byResolution = FAMILY_NAMES.find((name) => familySpec(name).resolution === (res ?? 64));
  const network = model ?? byResolution;
  if (network === undefined || (res !== undefined && familySpec(network).resolution !== res)) {
    throw new UserError(
      failure('training.resolution-of-network', {
        network: model ?? 'The NUDF family',
        resolution: res ?? 0,
      }),
    );
  }
  return network;
}

const defaultName = (network: FamilyName, { stdDev, dist }: FamilyTrainOptions): string =>
  [network, ...stdDev, 'dist', ...dist].join('_');

const epochLine = (report: EpochReport): string => {
  const validation =
    report.validationLoss === null ? '' : `  validation ${report.validationLoss.toPrecision(4)}`;
  return `epoch ${report.epoch}  loss ${report.trainLoss.toPrecision(4)}${validation}  ${report.examplesPerSecond.toPrecision(3)} examples/s  ${report.seconds.toFixed(1)} s\n`;
};

/** Phantoms as cases of the data's folder; those that are there already are not made again. */
async function preparePhantoms(
  { data, seed, threads }: FamilyTrainOptions,
  network: FamilyName,
  phantoms: number,
  context: CommandContext,
): Promise<void> {
  const resolution = IMAGE_RESOLUTIONS.find((one) => one === familySpec(network).resolution);
  await runPrepare(
    undefined,
    {
      output: data,
      phantoms,
      seed,
      res: resolution === undefined ? [] : [resolution],
      centre: 'segmentation',
      imageType: 'int16',
      points: DEFAULT_POINTS,
      surfaceResolution: DEFAULT_SURFACE_RESOLUTION,
      ...withoutUndefined({ threads }),
    },
    context,
  );
}

async function trainFamilyNetwork(
  options: FamilyTrainOptions,
  context: CommandContext,
): Promise<CommandOutput> {
  const { signal, onProgress } = context;
  assertShares(options);
  const network = networkOf(options);
  const name = options.name ?? defaultName(network, options);
  const cropSize = options.crop ?? DEFAULT_CROP[network];
  if (options.phantoms !== undefined) await preparePhantoms(options, network, options.phantoms, context);
  const { createFamilyTrainer } = await import('../training/family/createFamilyTrainer.ts');
  const { runFamilyTraining } = await import('../training/family/runFamilyTraining.ts');
  const initial = options.init === undefined ? undefined : await familyStart(options.init, network);
  const experimentFolder = resolve(options.output, name);
  const result = await runFamilyTraining(
    {
      network,
      categories: options.stdDev,
      shares: options.dist,
      dataFolder: options.data,
      experimentFolder,
      isResumed: options.resume === true,
      batchSize: options.batchSize,
      points: options.points,
      epochs: options.epochs,
      learningRate: options.learningRate,
      loss: options.loss,
      seed: options.seed,
      freezeEncoder: options.freeze === 'encoder',
      checkpointEvery: options.checkpointEvery,
      ...withoutUndefined({
        splitFile: options.split,
        patience: options.patience,
        cropSize,
        initial,
        // A network goes on seeing what it was trained on.
        alignCorners:
          options.alignCorners === undefined ? initial?.alignCorners : options.alignCorners === 'true',
        stopAfterSeconds: options.stopAfter,
        augmentation: options.augment
          ? {
              translationMm: options.translationMm,
              rotationDegrees: options.rotationDegrees,
              noiseHu: options.noiseHu,
            }
          : undefined,
      }),
    },
    {
      signal,
      onProgress,
      createTrainer: createFamilyTrainer(options.engine === 'cpu' ? 'onnx' : options.engine),
      onEpoch: (report) => process.stderr.write(epochLine(report)),
    },
  );
  const { end, epoch, history, checkpoint, device } = result;
  const last = history.at(-1);
  const how = { done: 'Trained', 'stopped-early': 'Stopped early', 'out-of-time': 'Stopped for time' }[end];
  const text = [
    `${how}: ${name}, epoch ${epoch} of ${options.epochs} on ${device}, ${result.cases.train} cases for training, ${result.cases.validation} for validation.`,
    ...(last ? [`Loss ${last.trainLoss.toPrecision(4)}; the best epoch is ${result.bestEpoch}.`] : []),
    ...(checkpoint === undefined ? [] : [`Checkpoint ${checkpoint}`]),
    ...(end === 'out-of-time' ? ['The same command with --resume goes on from there.'] : []),
  ].join('\n');
  return { json: { name, network, folder: experimentFolder, ...result }, text };
}

/** Gives the command `train` its own options: those of the paper's program and ours. */
export function registerFamilyTraining(command: Command): Command {
  return (
    command
      .description(
        "train a network of the NUDF family on prepared cases; the paper's options with one dash work as they are",
      )
      // So that `train nudf` has options of its own by the same names.
      .enablePositionalOptions()
      .addOption(new Option('-m, --model <name>', 'the network').choices([...FAMILY_NAMES]))
      .option('--std-dev <category...>', 'sampling categories', [...DEFAULT_CATEGORIES])
      .option(
        '--dist <share...>',
        "each category's share of the points",
        numbers(DEFAULT_SHARES),
        DEFAULT_SHARES,
      )
      .option('--res <voxels>', "voxels along the image's edge", positiveInteger)
      .option('--batch-size <n>', 'examples of a step', positiveInteger, 5)
      .option('--data <dir>', 'the prepared cases (auricle prepare)', 'prepared')
      .option('--phantoms <n>', 'first prepare so many phantoms in the folder of the data', parseCount)
      .option('--threads <n>', 'phantoms that are prepared at a time', positiveInteger)
      .option('--split <file>', 'the split file; by default split.npz of the data, else drawn from the seed')
      .option('-o, --output <dir>', 'where experiments go', 'experiments')
      .option('--name <name>', "the experiment's folder; by default made of the network and its options")
      .option('--resume', 'go on from the newest checkpoint of the experiment')
      .option('--epochs <n>', 'epochs in all', positiveInteger, 300)
      .option('--learning-rate <x>', "Adam's step", positiveNumber, 1e-4)
      .option('--points <n>', 'points of an example', positiveInteger, 15_000)
      .addOption(
        new Option(
          '--loss <kind>',
          "clamped: the paper's; target-clamped: with a gradient everywhere, which finds lobes that the paper's gives up",
        )
          .choices([...FAMILY_LOSSES])
          .default('clamped'),
      )
      .option('--seed <n>', 'of weights, order, points and augmentation', parseSeed, 1)
      .option('--patience <epochs>', 'stop when so many epochs bring no better validation', positiveInteger)
      .option('--no-augment', 'train on the examples as they are')
      .option('--translation-mm <x>', 'augmentation: shifts within ± this along each axis', notNegative, 5)
      .option('--rotation-degrees <x>', 'augmentation: turns within ± this about each axis', notNegative, 10)
      .option('--noise-hu <x>', 'augmentation: standard deviation of the noise', notNegative, 50)
      .option(
        '--crop <voxels>',
        'train on parts of the image of this edge, to bound the memory',
        positiveInteger,
      )
      .addOption(
        new Option(
          '--align-corners <flag>',
          'how levels are sampled; by default as the cases were prepared',
        ).choices(['true', 'false']),
      )
      .option(
        '--init <model>',
        'begin with the weights of a model or of a checkpoint (checkpoint_epoch_N.tar)',
      )
      .addOption(new Option('--freeze <part>', 'keep a part as it is').choices(['encoder']))
      .addOption(
        new Option('--engine <id>', 'what computes').choices([...ENGINE_CHOICES, 'cpu']).default('auto'),
      )
      .option('--checkpoint-every <epochs>', 'a checkpoint after every so many epochs', positiveInteger, 1)
      .option('--stop-after <seconds>', 'stop after the epoch that ends later than this', positiveInteger)
      .option('--json', 'print the result as JSON')
      .action((options: FamilyTrainOptions) =>
        runCommand(options, (context) => trainFamilyNetwork(options, context)),
      )
  );
}
