import { basename, dirname } from 'node:path';
import type { Command } from 'commander';
import { fixedDecimals } from '#shared/fixedDecimals.ts';
import { readCaseAt } from '../evaluation/index.ts';
import { encodePatched, encodeSeparatePatches, patchedExtension } from '../interchange/patchedSurface.ts';
import { assertWritable, writeFilesTogether } from '../pipeline/outputFolder.ts';
import { type SimulationMeshReport, simulationMesh } from '../remeshing/index.ts';
import { type CommandContext, type CommandOutput, runCommand } from './command.ts';
import { parseEdgeMm, parseInletMm } from './optionValues.ts';

interface RemeshOptions {
  readonly out: readonly string[];
  readonly edgeMm: number;
  readonly inletMm: number;
  readonly separate?: boolean;
  readonly json?: boolean;
}

const TEXT = 'mesh for simulation, research use only';

export async function runRemesh(
  path: string,
  { out, edgeMm, inletMm, separate = false }: RemeshOptions,
  context: CommandContext,
): Promise<CommandOutput> {
  const extensions = out.map((file) => patchedExtension(basename(file)));
  for (const file of out) await assertWritable(dirname(file));
  const { wall, closed } = await readCaseAt(path);
  const surfaces = closed === undefined ? { surface: wall } : { closed, wall };
  const { report, ...patched } = await simulationMesh(surfaces, { edgeMm, inletMm }, context);
  const files: string[] = [];
  for (const [index, file] of out.entries()) {
    const extension = extensions[index]!;
    const stem = basename(file).replace(/\.[^.]+$/, '');
    const contents = separate
      ? [...encodeSeparatePatches(patched, report.patches, extension, { text: TEXT })].map(
          ([name, bytes]) => [`${stem}-${name}.${extension}`, bytes] as const,
        )
      : [[basename(file), encodePatched(patched, report.patches, extension, { text: TEXT })] as const];
    await writeFilesTogether(dirname(file), new Map(contents));
    files.push(...contents.map(([name]) => name));
  }
  return { json: { ...report, coordinates: 'LPS mm', files }, text: inLines(report).join('\n') };
}

function inLines(report: SimulationMeshReport): string[] {
  const { edgesMm, patches, deviation, inletMm } = report;
  const tube = inletMm > 0 ? `, the inlet's tube of ${fixedDecimals(inletMm, 1)} mm included` : '';
  const mm = (value: number): string => fixedDecimals(value, 3);
  return [
    `Faces              ${report.faces}, ${report.vertices} vertices`,
    ...patches.map(
      ({ id, name, faces, areaMm2 }) =>
        `Patch ${id}            ${name}, ${faces} faces, ${fixedDecimals(areaMm2, 1)} mm²`,
    ),
    `Edges              mean ${mm(edgesMm.mean)} mm, 5 to 95 % ${mm(edgesMm.percentile5)} to ${mm(edgesMm.percentile95)}, all ${mm(edgesMm.min)} to ${mm(edgesMm.max)}`,
    `Smallest angle     ${fixedDecimals(report.minAngleDegrees, 1)}°, 99 % of the faces above ${fixedDecimals(report.angle1PercentDegrees, 1)}°`,
    `Volume             ${fixedDecimals(report.volumeMm3 / 1000, 3)} mL${tube}; changed by ${fixedDecimals(report.volumeChangePercent, 3)} %`,
    `From the original  mean ${mm(deviation.toOriginal.meanMm)} mm, largest ${mm(deviation.toOriginal.maxMm)} mm; from the original to it ${mm(deviation.fromOriginal.meanMm)} and ${mm(deviation.fromOriginal.maxMm)} mm`,
  ];
}

/** Adds `auricle remesh`. */
export function registerRemeshCommand(program: Command): void {
  program
    .command('remesh')
    .description('a mesh for simulation: nearly equilateral triangles, wall and ostium as patches')
    .argument('<result-or-surface>', 'the folder that auricle segment wrote, or a surface file')
    .requiredOption(
      '-o, --out <files...>',
      '.vtp (patch ids), .stl (text, a solid a patch), .obj (groups), .ply',
    )
    .option('--edge-mm <mm>', 'mean length of the edges, 0.3 to 3', parseEdgeMm, 0.7)
    .option('--inlet-mm <mm>', 'a straight tube of this length before the ostium', parseInletMm, 0)
    .option('--separate', 'each patch as a file of its own: NAME-wall.stl, NAME-ostium.stl')
    .option('--json', 'print the result as JSON')
    .action((path: string, options: RemeshOptions) =>
      runCommand(options, (context) => runRemesh(path, options, context)),
    );
}
