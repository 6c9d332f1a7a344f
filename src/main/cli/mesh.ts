import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Command } from 'commander';
import { meshTopology } from '#main/mesh/topology.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { surfaceAreaMm2 } from '#shared/mesh/measures.ts';
import { words } from '#shared/words/words.ts';
import { assertSurfaceFormat, encodeSurface } from '../interchange/encodeSurface.ts';
import { readPointCloud } from '../interchange/pointCloud.ts';
import { writeFilesTogether } from '../pipeline/outputFolder.ts';
import { MIN_COVERED_SHARE, reconstructSurface } from '../reconstruction/reconstructSurface.ts';
import { type CommandContext, type CommandOutput, runCommand } from './command.ts';
import { nonNegativeNumber, parsePoint, positiveInteger, positiveNumber } from './optionValues.ts';

interface MeshOptions {
  readonly output: readonly string[];
  readonly closed?: string;
  readonly unitMm: number;
  readonly centre?: Vec3;
  readonly samples: number;
  readonly cells: number;
  readonly screening: number;
  readonly support: number;
  readonly supportRadius: number;
  readonly holeRim: number;
  readonly json?: boolean;
}

/** The paper's coordinates lie in [−1, 1]; a cloud may drift a little further. In mm no appendage is so small. */
const MOST_NORMALISED = 1.5;

export async function runMesh(
  file: string,
  options: MeshOptions,
  { signal, onProgress }: CommandContext,
): Promise<CommandOutput> {
  const { closed: closedFile, unitMm, centre = [0, 0, 0] } = options;
  for (const name of [...options.output, ...(closedFile === undefined ? [] : [closedFile])]) {
    assertSurfaceFormat(basename(name));
  }
  const fileName = basename(file);
  const bytes = await readFile(file).catch(() => {
    throw new UserError(failure('files.unreadable', { fileName }));
  });
  onProgress({ stage: 'Reading the cloud', fraction: 0 });
  const cloud = await readPointCloud(bytes, fileName);
  const pointsLpsMm = cloud.map((value, index) => centre[(index % 3) as 0 | 1 | 2] + unitMm * value);
  const warnings =
    unitMm === 1 && cloud.every((value) => Math.abs(value) <= MOST_NORMALISED)
      ? [failure('prediction.cloud-looks-normalised', { fileName })]
      : [];
  onProgress({ stage: 'Reconstructing the surface', fraction: 0.1 });
  const surface = reconstructSurface(pointsLpsMm, {
    samples: options.samples,
    cells: options.cells,
    screening: options.screening,
    support: options.support,
    supportRadiusMm: options.supportRadius,
    holeRimMm: options.holeRim,
    signal,
  });
  if (surface === undefined) throw new UserError(failure('prediction.no-surface', { fileName }));
  const { wall, closed, samples, removedShare, coveredShare } = surface;
  if (coveredShare < MIN_COVERED_SHARE) {
    throw new UserError(
      failure('prediction.cloud-not-followed', { percent: Math.floor(100 * coveredShare) }),
    );
  }
  for (const path of options.output) {
    const name = basename(path);
    const content = encodeSurface(wall, name, { label: 'open wall', isSolid: false });
    await writeFilesTogether(dirname(path), new Map([[name, content]]));
  }
  if (closedFile !== undefined) {
    const name = basename(closedFile);
    const content = encodeSurface(closed, name, { label: 'closed surface', isSolid: true });
    await writeFilesTogether(dirname(closedFile), new Map([[name, content]]));
  }
  const { faces, boundaryLoops, components } = meshTopology(wall);
  const areaMm2 = surfaceAreaMm2(wall);
  const result = {
    points: cloud.length / 3,
    samples,
    removedShare,
    coveredShare,
    faces,
    boundaryLoops,
    components,
    areaMm2,
  };
  return {
    json: {
      ...result,
      warnings: warnings.map(words('en').sentence),
      files: [...options.output, ...(closedFile === undefined ? [] : [closedFile])],
    },
    text: [
      `${result.points} points, ${samples} kept; ${faces} faces, ${areaMm2.toFixed(0)} mm², ${boundaryLoops} rim(s); ` +
        `${(100 * removedShare).toFixed(0)} % of the closed surface's faces had too few points and were removed. ` +
        `The wall follows ${(100 * coveredShare).toFixed(0)} % of the points.`,
      ...warnings.map((one) => `Warning  ${words('en').sentence(one)}`),
    ].join('\n'),
  };
}

/** Adds `auricle mesh`. */
export function registerMeshCommand(program: Command): void {
  program
    .command('mesh')
    .description(
      'make a surface of a dense point cloud: Poisson-disk resampling, screened Poisson reconstruction',
    )
    .argument('<cloud>', 'points in LPS mm: .txt, .xyz, .csv, .ply, .npy, .npz')
    .requiredOption('-o, --output <files...>', 'the open wall: .stl, .ply, .obj, .vtp, .3mf, .glb')
    .option('--closed <file>', 'the closed surface as well, before faces were removed')
    .option(
      '--unit-mm <mm>',
      "mm in one unit of the cloud; 35 for the paper's normalised coordinates",
      positiveNumber,
      1,
    )
    .option('--centre <x,y,z>', 'LPS mm, where the origin of the cloud lies', parsePoint)
    .option('--samples <n>', 'points that the cloud is resampled to', positiveInteger, 10_000)
    .option('--cells <n>', 'cells per axis of the grid: 64, 128 or 256', positiveInteger, 128)
    .option('--screening <weight>', 'how closely the points are followed', nonNegativeNumber, 4)
    .option('--support <n>', 'points that a face needs …', positiveInteger, 2)
    .option('--support-radius <mm>', '… within so many mm', positiveNumber, 0.35)
    .option(
      '--hole-rim <mm>',
      'holes with a shorter rim are filled; the longest never is',
      nonNegativeNumber,
      10,
    )
    .option('--json', 'print the result as JSON')
    .action((file: string, options: MeshOptions) =>
      runCommand(options, (context) => runMesh(file, options, context)),
    );
}
