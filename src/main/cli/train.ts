import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import { makeFolder } from '../files/makeFolder.ts';
import { withMoreOutputs } from '../models/decoderOutputs.ts';
import { type BUNDLED_MODEL_IDS, loadModelOfKind } from '../models/modelRegistry.ts';
import {
  type Checkpoint,
  readCheckpoint,
  type TrainingReport,
  writeCheckpoint,
} from '../training/checkpoint.ts';
import { parseRecipe, type TrainingRecipe } from '../training/recipe.ts';
import { written } from '../training/written.ts';
import { exampleThreads } from '../workers/exampleThreads.ts';
import { type CommandContext, type CommandOutput, runCommand } from './command.ts';
import { positiveInteger } from './optionValues.ts';
import { registerPreparedTraining } from './trainPrepared.ts';

interface TrainOptions {
  readonly recipe: string;
  readonly output: string;
  readonly stopAfter?: number;
  readonly threads?: number;
  readonly json?: boolean;
}

/** The folder, inside the output folder, that training resumes from. */
const CHECKPOINT_FOLDER = 'checkpoint';

async function readRecipe(
  file: string,
  kind: TrainingRecipe['kind'],
): Promise<{ recipe: TrainingRecipe; sha256: string }> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new UserError(failure('cli.recipe-unreadable', { fileName: basename(file) }));
  });
  const recipe = parseRecipe(text);
  if (recipe.kind !== kind)
    throw new UserError(
      failure('cli.recipe-of-other-kind', { recipe: recipe.id, recipeKind: recipe.kind, wanted: kind }),
    );
  return { recipe, sha256: createHash('sha256').update(text).digest('hex') };
}

type ModelKind = keyof typeof BUNDLED_MODEL_IDS;

const modelKind = (kind: TrainingRecipe['kind']): ModelKind => (kind === 'nudf' ? 'field' : kind);

/** The weights that a recipe begins with; undefined where it begins with random ones. */
async function startingWeights(recipe: TrainingRecipe, kind: ModelKind): Promise<WeightMap | undefined> {
  const { id, startFrom } = recipe;
  if (!startFrom) return undefined;
  const { manifest, weights } = await loadModelOfKind(kind, startFrom.id);
  if (manifest.sha256 !== startFrom.sha256)
    throw new UserError(failure('cli.start-model-differs', { recipe: id, model: startFrom.id }));
  // A network that points at landmarks may begin with one that does not, one of more surroundings with one of fewer.
  return recipe.kind === 'region' ? weights : withMoreOutputs(recipe.network, weights, recipe.seed);
}

const reportLine = (report: TrainingReport, secondsPerStep: number): string => {
  const losses = Object.entries(report.losses).map(([name, value]) => `${name} ${value.toFixed(4)}`);
  return `step ${report.step}  ${losses.join('  ')}  |g| ${report.gradientNorm.toFixed(2)}  lr ${report.learningRate.toExponential(1)}  ${(1000 * secondsPerStep).toFixed(0)} ms/step\n`;
};

async function train(
  kind: TrainingRecipe['kind'],
  options: TrainOptions,
  { signal, onProgress }: CommandContext,
): Promise<CommandOutput> {
  const { recipe, sha256 } = await readRecipe(options.recipe, kind);
  const folder = join(options.output, CHECKPOINT_FOLDER);
  const resumeFrom = await readCheckpoint(folder, sha256);
  const initialWeights = resumeFrom ? undefined : await startingWeights(recipe, modelKind(kind));
  await written(basename(options.output), makeFolder(options.output));
  // Loaded only here: TensorFlow.js and Dawn take a second to start.
  const { createWebGpu } = await import('../nudf/engine/webgpuDevice.ts');
  const { createTask } = await import('../training/createTask.ts');
  const { trainLoop } = await import('../training/trainLoop.ts');
  const gpu = await createWebGpu();
  const examples = exampleThreads(recipe, options.threads ?? Math.max(1, availableParallelism() - 2));
  try {
    const task = createTask(recipe, gpu, examples);
    let last: Checkpoint;
    try {
      last = await trainLoop(recipe, task, {
        resumeFrom,
        initialWeights,
        recipeSha256: sha256,
        signal,
        onProgress,
        deviceFailure: gpu.failure,
        stopAfterSeconds: options.stopAfter,
        onReport: (report, seconds) => process.stderr.write(reportLine(report, seconds)),
        onCheckpoint: (checkpoint) => writeCheckpoint(folder, checkpoint),
      });
      await writeCheckpoint(folder, last);
    } finally {
      task.free();
    }
    const isDone = last.step === recipe.steps;
    return {
      json: {
        recipe: recipe.id,
        step: last.step,
        steps: recipe.steps,
        done: isDone,
        device: gpu.adapterName,
        history: last.history,
      },
      text: isDone
        ? `Trained ${recipe.id}: ${last.step} steps on ${gpu.adapterName}.`
        : `Stopped ${recipe.id} at step ${last.step} of ${recipe.steps}; the same command goes on from there.`,
    };
  } finally {
    await examples.free();
    gpu.free();
  }
}

/** Adds `auricle train`, on prepared cases, with `train region`, `nudf` and `surroundings` for our own from recipes. */
export function registerTrainCommand(program: Command): void {
  const command = registerPreparedTraining(program.command('train'));
  for (const [kind, description] of [
    ['region', 'the network that finds the appendage in a whole scan, on phantoms, from a recipe'],
    ['nudf', 'the dual-field network, from a recipe'],
    ['surroundings', 'the coarse network of what surrounds the appendage, on phantoms, from a recipe'],
  ] as const) {
    command
      .command(kind)
      .description(description)
      .requiredOption('--recipe <file>', 'the recipe (resources/recipes)')
      .requiredOption('-o, --output <dir>', 'where checkpoints go; an earlier one there is continued')
      .option('--stop-after <seconds>', 'stop with a checkpoint after this time', positiveInteger)
      .option('--threads <n>', 'threads that build phantoms', positiveInteger)
      .option('--json', 'print the result as JSON')
      .action((options: TrainOptions) => runCommand(options, (context) => train(kind, options, context)));
  }
}
