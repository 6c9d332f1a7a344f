import { readFile, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { meshTopology } from '#main/mesh/topology.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { fixedDecimals } from '#shared/fixedDecimals.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import type { Volume } from '#shared/volume/volume.ts';
import { words } from '#shared/words/words.ts';
import {
  diceOfClosedMeshes,
  diceOfMaskVolumes,
  EVALUATION_FILE_NAMES,
  evaluateFolders,
  evaluateRims,
  evaluateSurfaces,
  evaluationFiles,
  evaluationJson,
  type FolderEvaluation,
  METRIC_COLUMNS,
  onlyRim,
  type RimMetrics,
  readSurface,
  type SurfaceMetrics,
} from '../evaluation/index.ts';
import { decodeNrrd } from '../interchange/nrrd.ts';
import { assertWritable, writeFilesTogether } from '../pipeline/outputFolder.ts';
import { type CommandContext, type CommandOutput, runCommand } from './command.ts';

interface EvaluateOptions {
  readonly pred: string;
  readonly truth: string;
  readonly output?: string;
  readonly predMask?: string;
  readonly truthMask?: string;
  readonly json?: boolean;
}

interface Evaluation {
  readonly surface: SurfaceMetrics;
  /** Present when both meshes are closed. */
  readonly diceOfMeshes?: number;
  /** Present when both masks are given. */
  readonly diceOfMasks?: number;
  /** Present when both meshes are open with one boundary loop. */
  readonly rim?: RimMetrics;
}

/** Adds `auricle evaluate`: how near a predicted surface is to a true one. */
export function registerEvaluateCommand(program: Command): void {
  program
    .command('evaluate')
    .description(
      'compare predicted surfaces with true ones, two files or all cases of two folders: distances, Dice, rim',
    )
    .requiredOption('--pred <path>', 'the predicted surface (STL, PLY, OBJ, VTK, VTP), or a folder of cases')
    .requiredOption('--truth <path>', 'the true surface, or a folder of cases of the same names')
    .option('-o, --output <dir>', 'where the table, the numbers and the page of two folders go')
    .option('--pred-mask <nrrd>', 'the predicted mask, NRRD')
    .option('--truth-mask <nrrd>', 'the true mask, NRRD')
    .option('--json', 'print the result as JSON')
    .action((options: EvaluateOptions) => runCommand(options, (context) => evaluate(options, context)));
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch((thrown: unknown) => {
    throw new UserError(failure('cli.nothing-there', { name: basename(resolve(path)) }), { cause: thrown });
  });
  return found.isDirectory();
}

/** All cases of two folders. */
async function evaluateAll(
  { pred, truth, output }: EvaluateOptions,
  { signal, onProgress }: CommandContext,
): Promise<CommandOutput> {
  if (output !== undefined) await assertWritable(output);
  const evaluation = await evaluateFolders(pred, truth, { signal, onProgress });
  if (output !== undefined) {
    await writeFilesTogether(output, evaluationFiles(evaluation), EVALUATION_FILE_NAMES);
  }
  const isFailed = evaluation.cases.length === 0;
  return { json: evaluationJson(evaluation), text: summaryText(evaluation), isFailed };
}

function summaryText({ cases, summary, notCompared }: FolderEvaluation): string {
  const rows = summary.map(({ key, median, mean, minimum, maximum }) => {
    const { label, unit, digits } = METRIC_COLUMNS.find((column) => column.key === key)!;
    const [middle, average, least, most] = [median, mean, minimum, maximum].map((value) =>
      fixedDecimals(value, digits),
    );
    return `${label.padEnd(36)}median ${`${middle} ${unit}`.trim()}, mean ${average}, ${least} to ${most}`;
  });
  return [`${cases.length} cases`, ...rows, ...notComparedLines(notCompared)].join('\n');
}

/** Cases of one reason that are named; the rest are counted, for a whole training set may have no prediction. */
const NAMED = 5;

/** A line for each reason. */
function notComparedLines(notCompared: FolderEvaluation['notCompared']): string[] {
  const names = new Map<string, string[]>();
  for (const { name, reason } of notCompared) {
    const sentence = words().sentence(reason);
    names.set(sentence, [...(names.get(sentence) ?? []), name]);
  }
  return [...names].map(([sentence, of]) => {
    if (of.length === 1) return `${of[0]} was not compared: ${sentence}`;
    const named = of.slice(0, NAMED).join(', ');
    const more = of.length > NAMED ? ` and ${of.length - NAMED} more` : '';
    return `${of.length} cases were not compared: ${sentence} (${named}${more})`;
  });
}

async function evaluate(options: EvaluateOptions, context: CommandContext): Promise<CommandOutput> {
  const [isPredFolder, isTruthFolder] = [await isFolder(options.pred), await isFolder(options.truth)];
  if (isPredFolder !== isTruthFolder) throw new UserError(failure('evaluation.folder-and-file'));
  if (isPredFolder) return evaluateAll(options, context);
  if ((options.predMask === undefined) !== (options.truthMask === undefined)) {
    throw new UserError(failure('cli.one-mask'));
  }
  const predicted = await readSurface(options.pred);
  const truth = await readSurface(options.truth);
  const masks =
    options.predMask === undefined || options.truthMask === undefined
      ? undefined
      : ([
          await readWith(options.predMask, decodeNrrd),
          await readWith(options.truthMask, decodeNrrd),
        ] as const);
  const evaluation = compare(predicted, truth, masks);
  return { json: evaluation, text: report(evaluation) };
}

/** Reads and decodes a file; an error names the file without its folder. */
async function readWith<T>(path: string, decode: (bytes: Uint8Array) => T): Promise<T> {
  const bytes = await readFile(path).catch(() => {
    throw new UserError(failure('files.unreadable', { fileName: basename(path) }));
  });
  try {
    return decode(bytes);
  } catch (thrown) {
    if (thrown instanceof UserError)
      throw new UserError(failure('cli.in-file', { fileName: basename(path), reason: thrown.failure }));
    throw thrown;
  }
}

function compare(
  predicted: TriangleMesh,
  truth: TriangleMesh,
  masks: readonly [Volume, Volume] | undefined,
): Evaluation {
  const closed = meshTopology(predicted).watertight && meshTopology(truth).watertight;
  const [rimP, rimT] = [onlyRim(predicted), onlyRim(truth)];
  return {
    surface: evaluateSurfaces(predicted, truth),
    ...(closed ? { diceOfMeshes: diceOfClosedMeshes(predicted, truth) } : {}),
    ...(masks ? { diceOfMasks: diceOfMaskVolumes(...masks) } : {}),
    ...(rimP && rimT ? { rim: evaluateRims(rimP, rimT) } : {}),
  };
}

function report({ surface, diceOfMeshes, diceOfMasks, rim }: Evaluation): string {
  const mm = (value: number): string => `${fixedDecimals(value, 3)} mm`;
  const rows: [string, string][] = [
    ['average symmetric distance', mm(surface.averageSymmetricDistanceMm)],
    ['Hausdorff 95 %', mm(surface.hausdorff95Mm)],
    ['Hausdorff', mm(surface.hausdorffMm)],
    ['normal consistency', fixedDecimals(surface.normalConsistency, 4)],
    ['predicted to truth, mean', mm(surface.seed.meanMm)],
    ['predicted to truth, median', mm(surface.seed.medianMm)],
    ['accuracy (90 %)', mm(surface.seed.accuracy90Mm)],
    ['completion (2 mm)', `${(100 * surface.seed.completion2Mm).toFixed(1)} %`],
  ];
  if (diceOfMeshes !== undefined) rows.push(['Dice of the closed meshes', fixedDecimals(diceOfMeshes, 4)]);
  if (diceOfMasks !== undefined) rows.push(['Dice of the masks', fixedDecimals(diceOfMasks, 4)]);
  if (rim) {
    rows.push(
      ['rim distance, mean', mm(rim.meanDistanceMm)],
      ['rim distance, maximum', mm(rim.maxDistanceMm)],
      ['ostium diameter error (area)', mm(rim.areaDiameterErrorMm)],
      ['ostium D_max error', mm(rim.maxDiameterErrorMm)],
      ['ostium D_min error', mm(rim.minDiameterErrorMm)],
    );
  }
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
}
