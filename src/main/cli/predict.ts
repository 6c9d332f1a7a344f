import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { ENGINE_CHOICES, type EngineChoice } from '#shared/contract/services/app.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { type FamilyHead, parseFamilyHeads } from '#shared/nudf/family/familyHeads.ts';
import { FAMILY_NAMES, familySpec } from '#shared/nudf/family/familySpec.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { words } from '#shared/words/words.ts';
import { version } from '../../../package.json';
import { checkpointModel } from '../models/importModel.ts';
import {
  DEFAULT_MODEL_IDS,
  type FieldModel,
  loadFieldModel,
  loadModelOfKind,
} from '../models/modelRegistry.ts';
import { openNetworks } from '../pipeline/networks.ts';
import { assertWritable, writeFilesTogether } from '../pipeline/outputFolder.ts';
import { CLOUD_FILE_NAMES, cloudFiles } from '../prediction/cloudFiles.ts';
import { experimentCheckpoint } from '../prediction/experimentCheckpoint.ts';
import { type PredictedCloud, predictCloud } from '../prediction/predictCloud.ts';
import { predictionSources, SPLIT_PARTS, type SplitPart } from '../prediction/predictionSource.ts';
import { DUAL_FIELD } from '../training/dualField/dualFieldCheckpoint.ts';
import { experimentName, type TrainedNetworkName } from '../training/experimentName.ts';
import { type CommandContext, type CommandOutput, runCommand } from './command.ts';
import { nonNegativeInteger, parseSeed, positiveInteger, RESAMPLE_UNEVEN } from './optionValues.ts';
import { DEFAULT_CATEGORIES, DEFAULT_SHARES, numbers } from './trainOptions.ts';

interface PredictCommandOptions {
  readonly output: string;
  readonly model?: string;
  readonly experiment?: string;
  readonly checkpoint?: number;
  readonly res?: number;
  readonly stdDev: readonly string[];
  readonly dist: readonly number[];
  readonly init?: string;
  readonly heads?: string;
  readonly alignCorners?: boolean;
  readonly batchPoints: number;
  readonly points: number;
  readonly seed: number;
  readonly split?: SplitPart;
  readonly engine: EngineChoice;
  readonly threads?: number;
  readonly resampleUneven?: boolean;
  readonly json?: boolean;
}

/** Whether -m names a network that is trained here, and not one model. */
const isNetwork = (name: string): name is TrainedNetworkName =>
  name === DUAL_FIELD || FAMILY_NAMES.some((one) => one === name);

/** The network that the options name: that of -m, or of the family with the resolution of -res. */
function networkOf({ model, res = 64 }: PredictCommandOptions): TrainedNetworkName {
  if (model !== undefined && isNetwork(model)) return model;
  const byResolution = FAMILY_NAMES.find((name) => familySpec(name).resolution === res);
  if (byResolution !== undefined) return byResolution;
  throw new UserError(
    failure('training.resolution-of-network', { network: 'The NUDF family', resolution: res }),
  );
}

/** The experiment that the options name, as `auricle train` calls it. */
const namedExperiment = (options: PredictCommandOptions): string =>
  resolve(
    'experiments',
    experimentName(networkOf(options), {
      ...options,
      init: options.init === undefined ? undefined : basename(options.init),
    }),
  );

const headsOf = (text: string | undefined): readonly FamilyHead[] | undefined => {
  if (text === undefined) return undefined;
  const heads = parseFamilyHeads(text);
  if (heads === undefined) throw new UserError(failure('prediction.heads-unknown', { heads: text }));
  return heads;
};

/** The network: a checkpoint of an experiment, a checkpoint's file, or one of the models. */
async function modelOf(options: PredictCommandOptions): Promise<FieldModel> {
  const { model, experiment, checkpoint } = options;
  const isNamed = checkpoint !== undefined || (model !== undefined && isNetwork(model));
  if (experiment === undefined && !isNamed) {
    if (model !== undefined && /\.(?:tar|pth?)$/.test(model) && existsSync(model)) {
      const { alignCorners } = options;
      return checkpointModel(model, withoutUndefined({ alignCorners, heads: headsOf(options.heads) }));
    }
    return loadFieldModel(model ?? DEFAULT_MODEL_IDS.field);
  }
  const chosen = await experimentCheckpoint(experiment ?? namedExperiment(options), checkpoint);
  const alignCorners = options.alignCorners ?? chosen.alignCorners;
  return checkpointModel(chosen.file, withoutUndefined({ alignCorners, heads: headsOf(options.heads) }));
}

const summary = ({ name, pointsLpsMm, seconds }: PredictedCloud): string =>
  `${name}  ${pointsLpsMm.length / 3} points, encoded in ${seconds.encode.toFixed(1)} s, projected in ${seconds.cloud.toFixed(1)} s`;

export async function runPredict(
  folder: string,
  options: PredictCommandOptions,
  { signal, onProgress }: CommandContext,
): Promise<CommandOutput> {
  const { batchPoints, points, seed, resampleUneven } = options;
  const sources = await predictionSources(folder, options.split);
  const field = await modelOf(options);
  await assertWritable(options.output);
  const region = await loadModelOfKind('region');
  const networks = await openNetworks(
    { region, fields: [field] },
    { engine: options.engine, ...withoutUndefined({ threads: options.threads }) },
  );
  const lines: string[] = [];
  const results: unknown[] = [];
  try {
    for (const [index, source] of sources.entries()) {
      const cloud = await predictCloud(source, networks, {
        batchPoints,
        points,
        seed,
        ...withoutUndefined({ resampleUneven }),
        signal,
        onProgress: ({ stage, fraction }) =>
          onProgress({ stage: `${source.name}: ${stage}`, fraction: (index + fraction) / sources.length }),
      });
      const files = cloudFiles(cloud, field, { seed, programVersion: version });
      await writeFilesTogether(join(options.output, source.name), files, CLOUD_FILE_NAMES);
      const { name, evaluatedPoints, seconds, frame } = cloud;
      const warnings = cloud.warnings.map(words('en').sentence);
      lines.push(summary(cloud), ...warnings.map((sentence) => `Warning  ${name}: ${sentence}`));
      results.push({
        name,
        points: cloud.pointsLpsMm.length / 3,
        evaluatedPoints,
        seconds,
        cube: frame,
        warnings,
      });
    }
  } finally {
    await networks.free();
  }
  return { json: { model: field.manifest.id, cases: results }, text: lines.join('\n') };
}

/** Adds `auricle predict`. */
export function registerPredictCommand(program: Command): void {
  program
    .command('predict')
    .description('make the dense point cloud of a network, as the NUDF paper does')
    .argument('<folder>', 'a prepared case, a folder of prepared cases, or a folder of DICOM')
    .requiredOption('-o, --output <dir>', 'where a folder for each case goes')
    .option(
      '-m, --model <name>',
      `a model's id, a checkpoint's file, or the network of an experiment: ${[...FAMILY_NAMES, DUAL_FIELD].join(', ')}`,
    )
    .option(
      '--experiment <dir>',
      'an experiment of auricle train; by default the one that -m, -std_dev and -dist name',
    )
    .option('--checkpoint <epoch>', "the experiment's checkpoint; by default the last", nonNegativeInteger)
    .option('--res <n>', 'resolution of the network, where -m is left out', positiveInteger)
    .option('--std-dev <categories...>', "the experiment's categories of points", [...DEFAULT_CATEGORIES])
    .option(
      '--dist <shares...>',
      "the experiment's shares of the categories",
      numbers(DEFAULT_SHARES),
      DEFAULT_SHARES,
    )
    .option('--init <model>', `with -m ${DUAL_FIELD}: what the experiment began with`)
    .option('--heads <list>', "the checkpoint's outputs; see auricle model import")
    .option('--align-corners', 'the checkpoint was trained with align_corners')
    .option('--no-align-corners', 'the checkpoint was trained without')
    .option('--batch-points <n>', 'points moved at a time', positiveInteger, 100_000)
    .option('--points <n>', 'points of the cloud', positiveInteger, 1_000_000)
    .option('--seed <n>', 'of the points and the noise', parseSeed, 1)
    .addOption(
      new Option('--split <part>', 'which cases, where a split file is there').choices([...SPLIT_PARTS]),
    )
    .addOption(new Option('--engine <id>', 'what computes').choices([...ENGINE_CHOICES]).default('auto'))
    .option('--threads <n>', 'threads of the CPU engine', positiveInteger)
    .option('--resample-uneven', RESAMPLE_UNEVEN)
    .option('--json', 'print the result as JSON')
    .action((folder: string, options: PredictCommandOptions) =>
      runCommand(options, (context) => runPredict(folder, options, context)),
    );
}
