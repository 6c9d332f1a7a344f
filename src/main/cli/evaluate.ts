import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { findBoundaryLoops, meshTopology } from '#main/mesh/topology.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { vertexLpsMm } from '#shared/mesh/measures.ts';
import type { TriangleMesh } from '#shared/mesh/triangleMesh.ts';
import type { Volume } from '#shared/volume/volume.ts';
import {
  diceOfClosedMeshes,
  diceOfMaskVolumes,
  evaluateRims,
  evaluateSurfaces,
  type RimMetrics,
  type SurfaceMetrics,
} from '../evaluation/index.ts';
import { decodeNrrd } from '../interchange/nrrd.ts';
import { decodeStl } from '../interchange/stl.ts';
import { type CommandOutput, runCommand } from './command.ts';

interface EvaluateOptions {
  readonly pred: string;
  readonly truth: string;
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
    .description('Compare a predicted mesh with a true one: distances, Dice, rim')
    .requiredOption('--pred <stl>', 'the predicted surface, STL in LPS mm')
    .requiredOption('--truth <stl>', 'the true surface, STL in LPS mm')
    .option('--pred-mask <nrrd>', 'the predicted mask, NRRD')
    .option('--truth-mask <nrrd>', 'the true mask, NRRD')
    .option('--json', 'print the result as JSON')
    .action((options: EvaluateOptions) => runCommand(options, () => evaluate(options)));
}

async function evaluate(options: EvaluateOptions): Promise<CommandOutput> {
  if ((options.predMask === undefined) !== (options.truthMask === undefined)) {
    throw new UserError(failure('cli.one-mask'));
  }
  const predicted = await readWith(options.pred, decodeStl);
  const truth = await readWith(options.truth, decodeStl);
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

/** The border of a mesh that has exactly one. */
function onlyRim(mesh: TriangleMesh): Vec3[] | undefined {
  const [loop, ...others] = findBoundaryLoops(mesh);
  if (!loop || others.length > 0) return undefined;
  return Array.from(loop, (vertex) => vertexLpsMm(mesh, vertex));
}

function report({ surface, diceOfMeshes, diceOfMasks, rim }: Evaluation): string {
  const mm = (value: number): string => `${value.toFixed(3)} mm`;
  const rows: [string, string][] = [
    ['average symmetric distance', mm(surface.averageSymmetricDistanceMm)],
    ['Hausdorff 95 %', mm(surface.hausdorff95Mm)],
    ['Hausdorff', mm(surface.hausdorffMm)],
    ['normal consistency', surface.normalConsistency.toFixed(4)],
    ['predicted to truth, mean', mm(surface.seed.meanMm)],
    ['predicted to truth, median', mm(surface.seed.medianMm)],
    ['accuracy (90 %)', mm(surface.seed.accuracy90Mm)],
    ['completion (2 mm)', `${(100 * surface.seed.completion2Mm).toFixed(1)} %`],
  ];
  if (diceOfMeshes !== undefined) rows.push(['Dice of the closed meshes', diceOfMeshes.toFixed(4)]);
  if (diceOfMasks !== undefined) rows.push(['Dice of the masks', diceOfMasks.toFixed(4)]);
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
