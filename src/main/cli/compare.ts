import { basename, dirname } from 'node:path';
import type { Command } from 'commander';
import {
  type MeasureDifference,
  measureDifferences,
  ostiumShift,
} from '#shared/contract/measureDifferences.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { fixedDecimals } from '#shared/fixedDecimals.ts';
import { assertSameFrame, compareSurfaces, readResultToCompare } from '../evaluation/index.ts';
import { encodeVtp } from '../interchange/vtp.ts';
import { assertWritable, writeFilesTogether } from '../pipeline/outputFolder.ts';
import { type CommandOutput, runCommand } from './command.ts';

interface CompareOptions {
  readonly out?: string;
  readonly json?: boolean;
}

export async function runCompare(
  firstFolder: string,
  secondFolder: string,
  { out }: CompareOptions,
): Promise<CommandOutput> {
  if (out !== undefined) {
    const fileName = basename(out);
    if (!fileName.toLowerCase().endsWith('.vtp')) {
      throw new UserError(failure('files.surface-not-written', { fileName, extensions: 'vtp' }));
    }
    await assertWritable(dirname(out));
  }
  const [first, second] = [await readResultToCompare(firstFolder), await readResultToCompare(secondFolder)];
  assertSameFrame(first, second);
  const { signedMm, ...distances } = compareSurfaces(first.closed, second.closed);
  const measures = measureDifferences(first.report, second.report);
  const shift = ostiumShift(first.report, second.report);
  const width = Math.max(0, ...measures.map(({ label }) => label.length));
  if (out !== undefined) {
    const text = 'signed distance to another result, positive outside of it, research use only';
    const content = encodeVtp(first.closed, text, 'LPS', { ofVertices: { signed_distance_mm: signedMm } });
    await writeFilesTogether(dirname(out), new Map([[basename(out), content]]));
  }
  return {
    json: {
      ...distances,
      ostium: shift,
      measures: measures.map(({ key, unit, first: a, second: b, difference }) => ({
        key,
        unit,
        first: a,
        second: b,
        difference,
      })),
    },
    text: [
      `Dice               ${distances.dice === null ? 'not computed: a surface is not closed' : fixedDecimals(distances.dice, 4)}`,
      `Distance           mean ${fixedDecimals(distances.meanMm, 3)} mm, 95th percentile ${fixedDecimals(distances.percentile95Mm, 3)} mm, largest ${fixedDecimals(distances.largestMm, 3)} mm`,
      ...(shift
        ? [
            `Ostium             centres ${fixedDecimals(shift.centresMm, 2)} mm apart, planes ${fixedDecimals(shift.planesDegrees, 1)}°`,
          ]
        : []),
      ...measures.map((measure) => measureLine(measure, width)),
    ].join('\n'),
  };
}

function measureLine(
  { label, unit, digits, first, second, difference }: MeasureDifference,
  width: number,
): string {
  const text = (value: number | null): string => (value === null ? '–' : fixedDecimals(value, digits));
  const size = difference === null ? '' : text(Math.abs(difference));
  const sign = !/[1-9]/.test(size) ? '' : (difference ?? 0) > 0 ? '+' : '−';
  return `${label.padEnd(width)} ${`${text(first)} against ${text(second)} ${unit}`.trim()}${difference === null ? '' : `, ${sign}${`${size} ${unit}`.trim()}`}`;
}

/** Adds `auricle compare`. */
export function registerCompareCommand(program: Command): void {
  program
    .command('compare')
    .description('two results of one study: Dice, distances, the difference of every measure')
    .argument('<result>', 'a folder that auricle segment wrote')
    .argument('<other-result>', 'the one that it is compared with')
    .option('--out <file.vtp>', "the first's surface with its signed distance to the second's at each vertex")
    .option('--json', 'print the result as JSON')
    .action((first: string, second: string, options: CompareOptions) =>
      runCommand(options, () => runCompare(first, second, options)),
    );
}
