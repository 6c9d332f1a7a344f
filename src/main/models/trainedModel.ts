import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import { parameterCount } from '#shared/nudf/network/weightLayout.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { readTrainedWeights } from '../training/checkpoint.ts';
import { parseRecipe, type TrainingRecipe } from '../training/recipe.ts';
import type { RecipeTraining } from './modelManifest.ts';
import type { ModelDetails } from './packModel.ts';

/** A file of results by name, units in the name: `{"diceMedian": 0.95}`. */
const metricsSchema = z.record(z.string(), z.number());

export interface TrainedModel {
  readonly details: Exclude<ModelDetails, { kind: 'family' }> & { readonly training: RecipeTraining };
  readonly weights: WeightMap;
  /** The model card, Markdown. */
  readonly card: string;
}

export interface TrainedModelSource {
  /** The checkpoint's folder. */
  readonly checkpoint: string;
  readonly recipeFile: string;
  readonly version: string;
  /** JSON file with what an evaluation measured. */
  readonly metricsFile?: string;
  /** The project's revision that trained it. */
  readonly revision?: string;
  /** ISO date for the manifest. */
  readonly date?: string;
}

async function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => {
    throw new UserError(failure('files.unreadable', { fileName: basename(file) }));
  });
}

async function readMetrics(file: string | undefined): Promise<Record<string, number>> {
  if (file === undefined) return {};
  const text = await readText(file);
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    throw new UserError(failure('models.file-not-json', { fileName: basename(file) }));
  }
  const parsed = metricsSchema.safeParse(raw);
  if (!parsed.success) throw new UserError(failure('models.file-not-numbers', { fileName: basename(file) }));
  return parsed.data;
}

/** What a finished training made, as a model to be packed. Throws a UserError where the training is not finished. */
export async function trainedModel(source: TrainedModelSource): Promise<TrainedModel> {
  const text = await readText(source.recipeFile);
  const recipe = parseRecipe(text);
  const recipeSha256 = createHash('sha256').update(text).digest('hex');
  const { step, weights } = await readTrainedWeights(source.checkpoint, recipeSha256);
  if (step < recipe.steps) {
    throw new UserError(
      failure('models.training-unfinished', { recipe: recipe.id, step, steps: recipe.steps }),
    );
  }
  const metrics = await readMetrics(source.metricsFile);
  const common = {
    id: recipe.id,
    version: source.version,
    trainedOn: 'synthetic' as const,
    training: {
      recipe: basename(source.recipeFile),
      steps: recipe.steps,
      seed: recipe.seed,
      ...withoutUndefined({ revision: source.revision, date: source.date }),
      metrics,
    },
  };
  const details: TrainedModel['details'] =
    recipe.kind === 'nudf'
      ? { ...common, kind: 'field', spec: recipe.network }
      : recipe.kind === 'region'
        ? { ...common, kind: 'region', spec: recipe.network }
        : { ...common, kind: 'surroundings', spec: recipe.network };
  return { details, weights, card: modelCard(recipe, details, metrics) };
}

const PURPOSE: Readonly<Record<TrainingRecipe['kind'], string>> = {
  region:
    'Finds the left atrial appendage in a whole contrast CT, averaged to 64³ voxels: a probability per voxel.',
  surroundings:
    'Gives the distance to each structure round the appendage (blood of the left atrium, left superior pulmonary vein, circumflex artery, mitral annulus and, where its specification names it, the interatrial septum) at the voxels of a coarse cube beside it.',
  nudf: 'Gives two distances at any point of a 70 mm cube round the appendage: signed to the closed lumen, unsigned to the open wall.',
};

function modelCard(
  recipe: TrainingRecipe,
  details: TrainedModel['details'],
  metrics: Record<string, number>,
): string {
  const examples = recipe.poolSize + recipe.steps * recipe.newPerStep;
  const rows = Object.entries(metrics).map(([name, value]) => `| ${name} | ${value} |`);
  return [
    `# ${details.id} ${details.version}`,
    '',
    PURPOSE[recipe.kind],
    '',
    '**Research use only, not for clinical decisions. Trained on synthetic CT only; no patient data was used.**',
    '',
    '## How it was made',
    '',
    `Network: \`${recipe.network.kind}\`, ${(parameterCount(recipe.network) / 1e6).toFixed(2)} M parameters, ${recipe.network.resolution}³ voxels. Weights are stored in half precision.`,
    '',
    `Recipe: \`resources/recipes/${details.training.recipe}\`, seed ${recipe.seed}; ${recipe.steps} steps of ${recipe.batchSize} examples, ${examples} phantoms in all, each another patient and another scan. The same recipe${details.training.revision === undefined ? '' : `, with phantoms and trainer of revision \`${details.training.revision}\`,`} makes it again on the same device (another revision’s phantoms may differ): \`auricle train ${recipe.kind} --recipe resources/recipes/${details.training.recipe} -o DIR\`, then \`auricle model pack\`.`,
    ...(recipe.startFrom
      ? [
          '',
          `It begins with the weights of \`${recipe.startFrom.id}\` (SHA-256 ${recipe.startFrom.sha256.slice(0, 16)}…), trained on phantoms too.`,
        ]
      : []),
    '',
    'Data: phantoms of `src/main/phantom/anatomy` (sizes and enhancement from published ranges), seen through a simulated scanner; the truth is analytic.',
    '',
    '## Results on phantoms it was never trained on',
    '',
    ...(rows.length > 0 ? ['| measure | value |', '|---|---|', ...rows] : ['Not measured yet.']),
    '',
    '## Limits',
    '',
    'Contrast in the left atrium is needed. Thick slices (above 3 mm), scans that cut the appendage, strong motion, devices and anatomy outside of the phantoms’ ranges may give wrong surfaces; every result must be looked at.',
    '',
  ].join('\n');
}
