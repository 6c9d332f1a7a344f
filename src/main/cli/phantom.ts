import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { UserError } from '#shared/errors.ts';
import { type Failure, failure } from '#shared/failures/failure.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { version } from '../../../package.json';
import { type AcquisitionSpacing, FILLINGS, type Filling } from '../phantom/anatomy/index.ts';
import {
  assertPhantomFolder,
  SCAN_CENTRES,
  type ScanCentre,
  writePhantom,
} from '../phantom/phantomFolder.ts';
import type { PhantomTruth } from '../phantom/phantomTruth.ts';
import { renderCtThreads } from '../workers/renderCtThreads.ts';
import { type CommandContext, type CommandOutput, runCommand } from './command.ts';
import {
  HIGHEST_SEED,
  parseCount,
  parsePhases,
  parseResolution,
  parseSeed,
  parseSize,
  parseSpacing,
} from './optionValues.ts';

export interface PhantomOptions {
  readonly seed: number;
  readonly out: string;
  readonly count: number;
  readonly spacing?: AcquisitionSpacing;
  readonly size?: Vec3;
  readonly centre?: ScanCentre;
  readonly filling?: Filling;
  readonly phases?: number;
  /** Cells per axis of the true surface. */
  readonly resolution?: number;
  readonly json?: boolean;
}

/** The folder of each seed: the output itself, or one below it for each of several. */
const foldersOf = ({ seed, out, count }: PhantomOptions): { seed: number; folder: string }[] =>
  count === 1
    ? [{ seed, folder: out }]
    : Array.from({ length: count }, (_, index) => ({
        seed: seed + index,
        folder: join(out, `seed-${String(seed + index).padStart(4, '0')}`),
      }));

/** Writes one phantom, or several in folders of their own. Throws a UserError where a folder holds other things. */
export async function runPhantom(
  options: PhantomOptions,
  { signal, onProgress }: CommandContext,
): Promise<CommandOutput & { readonly truths: readonly PhantomTruth[] }> {
  const jobs = foldersOf(options);
  if (options.seed + options.count - 1 > HIGHEST_SEED) {
    throw new UserError(failure('cli.seeds-too-large'));
  }
  for (const { folder } of jobs) await assertPhantomFolder(folder);
  const truths: PhantomTruth[] = [];
  const warnings: Failure[] = [];
  for (const { seed, folder } of jobs) {
    const written = await writePhantom(
      {
        seed,
        programVersion: version,
        render: renderCtThreads,
        ...withoutUndefined({
          spacing: options.spacing,
          resolution: options.resolution,
          sizeIjk: options.size,
          centre: options.centre,
          filling: options.filling,
          phases: options.phases,
        }),
      },
      folder,
      {
        signal,
        onProgress: ({ stage, fraction }) =>
          onProgress({
            stage: jobs.length === 1 ? stage : `${stage} (${truths.length + 1} of ${jobs.length})`,
            fraction: (truths.length + fraction) / jobs.length,
          }),
      },
    );
    truths.push(written.truth);
    warnings.push(...written.warnings);
  }
  const json = options.count === 1 ? truths[0] : truths;
  return { truths, json, text: truths.map(describe).join('\n'), warnings };
}

function describe({ seed, source, morphology, volumeMl, depthMm, ostium }: PhantomTruth): string {
  const depth = depthMm === null ? '' : `, ${depthMm.toFixed(1)} mm deep`;
  return (
    `Seed ${seed}: ${source.sizeIjk.join(' × ')} voxels of ${source.spacingMm.map((mm) => mm.toFixed(2)).join(' × ')} mm; ` +
    `${WORDS[morphology]}, ${volumeMl.toFixed(1)} mL${depth}, ostium ${ostium.maxDiameterMm.toFixed(1)} × ${ostium.minDiameterMm.toFixed(1)} mm`
  );
}

const WORDS: Readonly<Record<PhantomTruth['morphology'], string>> = {
  windsock: 'windsock',
  chickenWing: 'chicken wing',
  cauliflower: 'cauliflower',
  cactus: 'cactus',
};

/** `auricle phantom`: synthetic cardiac CT with its truth. */
export function registerPhantomCommand(program: Command): void {
  program
    .command('phantom')
    .description('make a synthetic cardiac CT as DICOM, and the exact truth of its appendage')
    .requiredOption('--seed <n>', 'which phantom: the same seed gives the same bytes', parseSeed)
    .requiredOption('-o, --out <dir>', 'where dicom/ and truth/ go')
    .option('--count <k>', 'phantoms of consecutive seeds, each in a folder of its own', parseCount, 1)
    .option('--spacing <in-plane,slice>', 'mm; drawn from the seed where left out', parseSpacing)
    .option('--size <columns×rows×slices>', 'default 512x512 and 150 mm of slices', parseSize)
    .addOption(
      new Option('--centre <what>', 'what the scan is centred on')
        .choices([...SCAN_CENTRES])
        .default('heart'),
    )
    .addOption(
      new Option(
        '--filling <how>',
        'how contrast fills the appendage; drawn from the seed where left out',
      ).choices([...FILLINGS]),
    )
    .option('--phases <n>', 'phases of the heart cycle, a series each', parsePhases)
    .option('--resolution <n>', 'cells per axis of the true surface', parseResolution, 256)
    .option('--json', 'print the truth as JSON')
    .action((options: PhantomOptions) => runCommand(options, (context) => runPhantom(options, context)));
}
