import { type Command, InvalidArgumentError, Option } from 'commander';
import { ENGINE_CHOICES, type EngineChoice } from '#shared/contract/services/app.ts';
import { FAMILY_NAMES, type FamilyName } from '#shared/nudf/family/familySpec.ts';
import { DEFAULT_POINTS } from '../preparation/caseRequest.ts';
import { DUAL_FIELD } from '../training/dualField/dualFieldCheckpoint.ts';
import { FAMILY_LOSSES, type FamilyLoss } from '../training/family/familyTrainer.ts';
import { parseCount, parseSeed, positiveInteger } from './optionValues.ts';

export interface PreparedTrainOptions {
  readonly model?: FamilyName | typeof DUAL_FIELD;
  readonly stdDev: readonly string[];
  readonly dist: readonly number[];
  readonly res?: number;
  readonly batchSize: number;
  readonly data: string;
  readonly split?: string;
  readonly phantoms?: number;
  readonly preparedPoints: number;
  readonly threads?: number;
  readonly output: string;
  readonly name?: string;
  readonly resume?: boolean;
  readonly epochs?: number;
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
  readonly freeze: 'encoder' | 'nothing';
  readonly rehearse?: number;
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

/** A number of phantoms; none is one too. */
const parsePhantoms = (text: string): number => (text === '0' ? 0 : parseCount(text));

/** One more number of a list; commander passes on what was read before. */
export const numbers =
  (first: readonly number[]) =>
  (text: string, before: readonly number[]): readonly number[] => [
    ...(before === first ? [] : before),
    notNegative(text),
  ];

export const DEFAULT_SHARES: readonly number[] = [0.45, 0.45, 0.1];
export const DEFAULT_CATEGORIES: readonly string[] = ['in1', 'out1', '0.0'];

const DEFAULT_EPOCHS = 300;
/** What a hospital's handful of cases needs: docs/family.md, "Fine-tuning". */
const FINE_TUNING = { epochs: 30, rehearsed: 20 } as const;

/** What depends on whether the dual-field network is fine-tuned, where the command line does not say it. */
export function trainingDefaults(
  { epochs, rehearse }: PreparedTrainOptions,
  isFineTuning: boolean,
): { readonly epochs: number; readonly rehearsed: number } {
  return {
    epochs: epochs ?? (isFineTuning ? FINE_TUNING.epochs : DEFAULT_EPOCHS),
    rehearsed: rehearse ?? (isFineTuning ? FINE_TUNING.rehearsed : 0),
  };
}

/** Gives the command `train` its own options: those of the paper's program and ours. */
export function withTrainOptions(command: Command): Command {
  return (
    command
      .description(
        "train a network of the NUDF family, or the dual-field network, on prepared cases; the paper's options with one dash work as they are",
      )
      // So that `train nudf` has options of its own by the same names.
      .enablePositionalOptions()
      .addOption(
        new Option(
          '-m, --model <name>',
          'the network; by default the one of --init, or of the family with the resolution of -res',
        ).choices([...FAMILY_NAMES, DUAL_FIELD]),
      )
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
      .option(
        '--phantoms <n>',
        'first prepare so many phantoms: in the folder of --data, else in the experiment',
        parseCount,
      )
      .option(
        '--prepared-points <n>',
        'points of each kind that are prepared of a phantom',
        positiveInteger,
        DEFAULT_POINTS,
      )
      .option(
        '--threads <n>',
        'threads that read cases and prepare phantoms; by default one for each processor',
        positiveInteger,
      )
      .option('--split <file>', 'the split file; by default split.npz of the data, else drawn from the seed')
      .option('-o, --output <dir>', 'where experiments go', 'experiments')
      .option('--name <name>', "the experiment's folder; by default made of the network and its options")
      .option('--resume', 'go on from the newest checkpoint of the experiment')
      .option(
        '--epochs <n>',
        `epochs in all (default: ${DEFAULT_EPOCHS}; ${FINE_TUNING.epochs} with --init of the dual-field network)`,
        positiveInteger,
      )
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
      .addOption(
        new Option('--freeze <part>', 'keep a part as it is')
          .choices(['encoder', 'nothing'])
          .default('nothing'),
      )
      .option(
        '--rehearse <n>',
        `the dual-field network: train on so many phantoms beside the cases, as many in each step, so that it keeps what it learnt (default: ${FINE_TUNING.rehearsed} with --init)`,
        parsePhantoms,
      )
      .addOption(
        new Option('--engine <id>', 'what computes').choices([...ENGINE_CHOICES, 'cpu']).default('auto'),
      )
      .option('--checkpoint-every <epochs>', 'a checkpoint after every so many epochs', positiveInteger, 1)
      .option('--stop-after <seconds>', 'stop after the epoch that ends later than this', positiveInteger)
      .option('--json', 'print the result as JSON')
  );
}
