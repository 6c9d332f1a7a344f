import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { reportInWords, type SegmentationReport } from '#shared/contract/report.ts';
import { angleBetweenDegrees, distance } from '#shared/geometry/vec3.ts';
import { words } from '#shared/words/words.ts';
import { diceOfClosedMeshes, evaluateSurfaces } from '../evaluation/index.ts';
import { decodeStl } from '../interchange/stl.ts';
import type { PhantomTruth } from '../phantom/phantomTruth.ts';
import { type CommandContext, type CommandOutput, runCommand } from './command.ts';
import { parseSeed } from './optionValues.ts';
import { runPhantom } from './phantom.ts';
import { runSegment } from './segment.ts';

interface DemoOptions {
  readonly out: string;
  readonly seed: number;
  readonly json?: boolean;
}

/** A phantom that no bundled model was trained on; training draws its seeds elsewhere (training/schedule.ts). */
const DEMO_SEED = 140;
/** A cardiac scan: 512 × 512 voxels of 0.4 mm, 221 slices. */
const DEMO_SPACING = { inPlaneMm: 0.4, sliceMm: 0.68 };

interface Comparison {
  readonly dice: number;
  readonly averageSymmetricDistanceMm: number;
  readonly hausdorff95Mm: number;
  readonly ostiumCentreDistanceMm: number | null;
  readonly ostiumPlaneAngleDegrees: number | null;
}

/** `auricle demo`: a phantom, its segmentation, and how near that is to the truth. */
export function registerDemoCommand(program: Command): void {
  program
    .command('demo')
    .description('make a synthetic cardiac CT, segment it, and compare the result with the truth')
    .option('-o, --out <dir>', 'where phantom/ and result/ go', 'out/demo')
    .option('--seed <n>', 'another phantom', parseSeed, DEMO_SEED)
    .option('--json', 'print the comparison as JSON')
    .action((options: DemoOptions) => runCommand(options, (context) => runDemo(options, context)));
}

async function runDemo({ out, seed }: DemoOptions, context: CommandContext): Promise<CommandOutput> {
  const part = (from: number, to: number): CommandContext => ({
    signal: context.signal,
    onProgress: ({ stage, fraction }) =>
      context.onProgress({ stage, fraction: from + (to - from) * fraction }),
  });
  const [phantom, result] = [join(out, 'phantom'), join(out, 'result')];
  const { truths } = await runPhantom({ out: phantom, seed, count: 1, spacing: DEMO_SPACING }, part(0, 0.6));
  const truth = truths[0]!;
  const { report } = await runSegment(
    join(phantom, 'dicom'),
    { output: result, engine: 'auto' },
    part(0.6, 1),
  );
  const comparison = await compare(join(phantom, 'truth'), result, truth, report);
  return {
    json: { truth, report: reportInWords(report), comparison },
    text: describe(truth, report, comparison, out),
  };
}

async function compare(
  truthFolder: string,
  resultFolder: string,
  truth: PhantomTruth,
  report: SegmentationReport,
): Promise<Comparison> {
  const read = async (folder: string) => decodeStl(await readFile(join(folder, 'laa-closed.stl')));
  const [expected, predicted] = [await read(truthFolder), await read(resultFolder)];
  const surface = evaluateSurfaces(predicted, expected);
  const { ostium } = report;
  return {
    dice: diceOfClosedMeshes(predicted, expected),
    averageSymmetricDistanceMm: surface.averageSymmetricDistanceMm,
    hausdorff95Mm: surface.hausdorff95Mm,
    ostiumCentreDistanceMm: ostium && distance(ostium.centreLpsMm, truth.ostium.centreLpsMm),
    ostiumPlaneAngleDegrees: ostium && angleBetweenDegrees(ostium.normal, truth.ostium.normal),
  };
}

function describe(
  truth: PhantomTruth,
  report: SegmentationReport,
  comparison: Comparison,
  out: string,
): string {
  const rows: string[][] = [['', 'truth', 'found', 'difference']];
  const row = (
    name: string,
    unit: string,
    digits: number,
    expected: number | null,
    found?: number | null,
  ) => {
    const text = (value: number | null | undefined): string =>
      value === null || value === undefined ? '—' : `${value.toFixed(digits)} ${unit}`;
    const off = typeof expected === 'number' && typeof found === 'number' ? found - expected : null;
    rows.push([name, text(expected), text(found), off !== null && off > 0 ? `+${text(off)}` : text(off)]);
  };
  const { ostium } = report;
  row('Volume', 'mL', 1, truth.volumeMl, report.volumeMl);
  row('Depth', 'mm', 1, truth.depthMm, report.depthMm);
  row('Wall area', 'mm²', 0, truth.surfaceAreaMm2, report.surfaceAreaMm2);
  row('Ostium area', 'mm²', 0, truth.ostium.areaMm2, ostium?.areaMm2);
  row('Ostium perimeter', 'mm', 1, truth.ostium.perimeterMm, ostium?.perimeterMm);
  row('Ostium, maximum', 'mm', 1, truth.ostium.maxDiameterMm, ostium?.maxDiameterMm);
  row('Ostium, minimum', 'mm', 1, truth.ostium.minDiameterMm, ostium?.minDiameterMm);
  const orDash = (value: number | null, unit: string): string =>
    value === null ? '—' : `${value.toFixed(1)} ${unit}`;
  const total = Object.values(report.secondsPerStage).reduce((sum, seconds) => sum + seconds, 0);
  return [
    table(rows),
    '',
    `Dice ${comparison.dice.toFixed(3)}, average surface distance ${comparison.averageSymmetricDistanceMm.toFixed(2)} mm, ` +
      `95 % within ${comparison.hausdorff95Mm.toFixed(2)} mm; ` +
      `ostium centre off by ${orDash(comparison.ostiumCentreDistanceMm, 'mm')}, plane by ${orDash(comparison.ostiumPlaneAngleDegrees, 'degrees')}.`,
    `Segmented in ${total.toFixed(1)} s with ${report.engine.id} (${report.engine.device}), peak memory ${report.peakMemoryMib} MiB.`,
    ...report.warnings.map((warning) => `Warning: ${words().sentence(warning)}`),
    `The picture is ${join(out, 'result', 'preview.png')}; the phantom is ${join(out, 'phantom', 'dicom')}.`,
    'This is one synthetic scan, of the kind that the models were trained on: it says nothing about patients.',
  ].join('\n');
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('   ')
      .trimEnd();
  return rows.map(line).join('\n');
}
