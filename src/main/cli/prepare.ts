import { availableParallelism } from 'node:os';
import { basename, resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { OstiumPlane } from '#shared/contract/values.ts';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { words } from '#shared/words/words.ts';
import { version } from '../../../package.json';
import { type CaseList, isCaseName, readCaseList } from '../preparation/caseList.ts';
import {
  DEFAULT_POINTS,
  DEFAULT_SURFACE_RESOLUTION,
  type FilesInput,
  type PrepareOptions,
} from '../preparation/caseRequest.ts';
import { type PrepareRunResult, prepareCases } from '../preparation/prepareCases.ts';
import { IMAGE_RESOLUTIONS, type ImageResolution } from '../preparation/preparedCase.ts';
import { DEFAULT_SHARES, type SplitShares } from '../preparation/splitCases.ts';
import { prepareThreads } from '../workers/prepareThreads.ts';
import { type CommandContext, type CommandOutput, runCommand } from './command.ts';
import {
  HIGHEST_SEED,
  parseCount,
  parsePoint,
  parseResolution,
  parseSeed,
  positiveInteger,
  RESAMPLE_UNEVEN,
} from './optionValues.ts';

interface PrepareCommandOptions {
  readonly output: string;
  readonly image?: string;
  readonly segmentation?: string;
  readonly name?: string;
  readonly patient?: string;
  readonly phantoms?: number;
  readonly seed: number;
  readonly label?: number;
  readonly atriumLabel?: number;
  readonly surfaceSpace?: 'lps' | 'ras';
  readonly ostiumPlane?: OstiumPlane;
  readonly centre: 'segmentation' | 'region' | Vec3;
  readonly res: readonly ImageResolution[];
  readonly imageType: 'int16' | 'float32';
  readonly points: number;
  readonly float64?: boolean;
  readonly surfaceResolution: number;
  readonly split?: readonly number[];
  readonly threads?: number;
  readonly resampleUneven?: boolean;
  readonly strict?: boolean;
  readonly json?: boolean;
}

/** Every thread holds a scan and its crop; more than this seldom fit into memory. */
const MOST_THREADS = 8;

const defaultsOf = (options: PrepareCommandOptions): Omit<FilesInput, 'kind' | 'image' | 'segmentation'> => ({
  ...withoutUndefined({
    label: options.label,
    atriumLabel: options.atriumLabel,
    surfaceSpace:
      options.surfaceSpace && (options.surfaceSpace === 'ras' ? ('RAS' as const) : ('LPS' as const)),
    ostiumPlane: options.ostiumPlane,
    centreLpsMm: typeof options.centre === 'string' ? undefined : options.centre,
  }),
});

/** Options about the files of a case, which phantoms do not have. */
const OF_FILES = [
  ['label', '--label'],
  ['atriumLabel', '--atrium-label'],
  ['surfaceSpace', '--surface-space'],
  ['ostiumPlane', '--ostium-plane'],
  ['resampleUneven', '--resample-uneven'],
] as const;

/** @throws UserError where an option would silently do nothing */
function assertOptionsFit(list: string | undefined, options: PrepareCommandOptions): void {
  const { image, segmentation, name, patient, phantoms, centre } = options;
  const refuse = (option: string, other: string): never => {
    throw new UserError(failure('preparation.options-apart', { option, other }));
  };
  const one = image === undefined ? segmentation && '--segmentation' : '--image';
  const many = list === undefined ? phantoms && '--phantoms' : 'a list of cases';
  if (one && many) refuse(one, many);
  if (list !== undefined && phantoms !== undefined) refuse('--phantoms', 'a list of cases');
  if (many && name !== undefined) refuse('--name', many);
  if (many && patient !== undefined) refuse('--patient', many);
  if (phantoms === undefined) return;
  for (const [key, option] of OF_FILES) if (options[key] !== undefined) refuse(option, '--phantoms');
  if (centre !== 'segmentation') refuse('--centre', '--phantoms');
}

/** The cases that the options name: one pair, phantoms, or a list. */
async function casesOf(list: string | undefined, options: PrepareCommandOptions): Promise<CaseList> {
  assertOptionsFit(list, options);
  const { image, segmentation, phantoms, seed } = options;
  if (image !== undefined && segmentation !== undefined) {
    const name = options.name ?? basename(resolve(segmentation)).replace(/\..*$/, '');
    if (!isCaseName(name)) throw new UserError(failure('preparation.bad-name', { name }));
    const patient = withoutUndefined({ patient: options.patient });
    const input: FilesInput = { kind: 'files', ...defaultsOf(options), image, segmentation };
    return { requests: [{ name, ...patient, input }], refused: [] };
  }
  if (image !== undefined || segmentation !== undefined)
    throw new UserError(failure('preparation.pair-incomplete'));
  if (phantoms !== undefined) {
    if (seed + phantoms - 1 > HIGHEST_SEED) throw new UserError(failure('cli.seeds-too-large'));
    const requests = Array.from({ length: phantoms }, (_, index) => ({
      name: `phantom-${String(seed + index).padStart(4, '0')}`,
      input: { kind: 'phantom' as const, seed: seed + index },
    }));
    return { requests, refused: [] };
  }
  if (list === undefined) throw new UserError(failure('preparation.nothing-to-prepare'));
  return readCaseList(list, defaultsOf(options));
}

export async function runPrepare(
  list: string | undefined,
  options: PrepareCommandOptions,
  { signal, onProgress }: CommandContext,
): Promise<CommandOutput & { readonly result: PrepareRunResult }> {
  const shares = sharesOf(options.split);
  const { requests, refused } = await casesOf(list, options);
  const prepareOptions: PrepareOptions = {
    resolutions: [...new Set(options.res)].sort((a, b) => a - b),
    imageType: options.imageType,
    precision: options.float64 === true ? 'float64' : 'float32',
    points: options.points,
    dualFieldPoints: options.points,
    seed: options.seed,
    centre: options.centre === 'region' ? 'region' : 'segmentation',
    surfaceResolution: options.surfaceResolution,
    programVersion: version,
    ...withoutUndefined({ resampleUneven: options.resampleUneven }),
  };
  const most = options.threads ?? Math.min(availableParallelism(), MOST_THREADS);
  const parallel = Math.max(1, Math.min(most, requests.length));
  const threads = prepareThreads(options.output, prepareOptions, parallel);
  try {
    const run = await prepareCases(requests, options.output, {
      prepare: threads.prepare,
      parallel,
      shares,
      seed: options.seed,
      signal,
      onProgress,
    });
    const result = { ...run, refused: [...refused, ...run.refused] };
    const isFailed =
      result.prepared.length + result.unchanged.length === 0 ||
      (options.strict === true && result.refused.length > 0);
    return { result, json: inWords(result), text: describe(result), isFailed };
  } finally {
    await threads.free();
  }
}

/** With --json: failures as their codes, fields and sentences. */
const inWords = ({ refused, warnings, ...rest }: PrepareRunResult) => ({
  ...rest,
  refused: refused.map(({ name, reason }) => ({ name, reason, sentence: words('en').sentence(reason) })),
  warnings: warnings.map(({ name, warnings: list }) => ({ name, sentences: list.map(words('en').sentence) })),
});

function describe({ prepared, unchanged, refused, warnings, split }: PrepareRunResult): string {
  const sentence = words('en').sentence;
  const count = (cases: readonly unknown[]): string =>
    `${cases.length} ${cases.length === 1 ? 'case' : 'cases'}`;
  return [
    `Prepared ${count(prepared)}${unchanged.length > 0 ? `; ${unchanged.length} were there already` : ''}${refused.length > 0 ? `; ${refused.length} refused` : ''}.`,
    ...refused.map(({ name, reason }) => `Refused  ${name}: ${sentence(reason)}`),
    ...warnings.flatMap(({ name, warnings: list }) =>
      list.map((one) => `Warning  ${name}: ${sentence(one)}`),
    ),
    ...(split
      ? [
          `Split    ${split.train.length} to train, ${split.val.length} to validate, ${split.test.length} to test.`,
        ]
      : []),
  ].join('\n');
}

const sharesOf = (shares: readonly number[] | undefined): SplitShares => {
  if (shares === undefined) return DEFAULT_SHARES;
  const [train = 0, val = 0, test = 0] = shares;
  if (shares.length !== 3 || Math.abs(train + val + test - 1) > 1e-6) {
    throw new UserError(failure('preparation.split-shares'));
  }
  return { train, val, test };
};

function parseShare(text: string, earlier: readonly number[] = []): number[] {
  const value = Number(text);
  if (!(value >= 0 && value <= 1)) throw new InvalidArgumentError('Numbers from 0 to 1 are needed.');
  return [...earlier, value];
}

function parseImageResolution(text: string, earlier: readonly ImageResolution[] = []): ImageResolution[] {
  const value = IMAGE_RESOLUTIONS.find((resolution) => resolution === Number(text));
  if (value === undefined)
    throw new InvalidArgumentError(`One of ${IMAGE_RESOLUTIONS.join(', ')} is needed.`);
  return [...earlier, value];
}

const parseCentre = (text: string): PrepareCommandOptions['centre'] =>
  text === 'segmentation' || text === 'region' ? text : parsePoint(text);

/** A point and a direction into the appendage: `45,70,431,0,0.6,-0.8`. */
function parsePlane(text: string): OstiumPlane {
  const [x, y, z, a, b, c, ...more] = text.split(',').map(Number);
  const values = [x, y, z, a, b, c].filter((value) => value !== undefined);
  const norm = Math.hypot(a ?? 0, b ?? 0, c ?? 0);
  if (values.length !== 6 || more.length > 0 || !values.every(Number.isFinite) || norm === 0) {
    throw new InvalidArgumentError(
      'A point and a direction into the appendage are needed: 45,70,431,0,0.6,-0.8.',
    );
  }
  return { pointLpsMm: [x!, y!, z!], normal: [a! / norm, b! / norm, c! / norm] };
}

/** `auricle prepare`: training examples from scans with a segmentation. */
export function registerPrepareCommand(program: Command): void {
  program
    .command('prepare')
    .description('make training examples of scans with a segmentation, or of phantoms')
    .argument('[cases]', 'a folder with a folder for each case, or a table (.csv, .json)')
    .requiredOption(
      '-o, --output <dir>',
      'where a folder for each case goes; finished ones are not made again',
    )
    .option('--image <path>', 'one case: its scan (DICOM folder, NIfTI, NRRD, MetaImage)')
    .option('--segmentation <path>', 'and its segmentation (surface, label map, DICOM SEG)')
    .option('--name <name>', "the one case's name; else the segmentation's")
    .option('--patient <key>', 'who the one case is of, so that a patient is not in two parts of the split')
    .option('--phantoms <n>', 'phantoms of consecutive seeds, without DICOM', parseCount)
    .option('--seed <n>', 'for points and split, and the first phantom', parseSeed, 1)
    .option('--label <n>', "the appendage's label; the only one where left out", positiveInteger)
    .option('--atrium-label <n>', "the atrium's label: what touches it is the ostium", positiveInteger)
    .addOption(
      new Option(
        '--surface-space <space>',
        'the axes of surfaces; else what the file says, else lps',
      ).choices(['lps', 'ras']),
    )
    .option(
      '--ostium-plane <x,y,z,nx,ny,nz>',
      'where a closed surface ends: a point and the way in, LPS mm',
      parsePlane,
    )
    .option(
      '--centre <where>',
      'of the cube: segmentation, region (found in the scan) or x,y,z',
      parseCentre,
      'segmentation',
    )
    .option(
      '--res <n...>',
      'voxels along an edge of the images (default: 64 128 256 512)',
      parseImageResolution,
    )
    .addOption(
      new Option('--image-type <type>', 'of the images').choices(['int16', 'float32']).default('int16'),
    )
    .option('--points <n>', 'points of each kind', positiveInteger, DEFAULT_POINTS)
    .option('--float64', 'points and distances in 64 bits')
    .option(
      '--surface-resolution <n>',
      "cells along an edge of phantoms' surfaces",
      parseResolution,
      DEFAULT_SURFACE_RESOLUTION,
    )
    .option('--split <shares...>', 'training, validation, test (default: 0.8 0.1 0.1)', parseShare)
    .option('--resample-uneven', RESAMPLE_UNEVEN)
    .option('--threads <n>', 'cases at a time', positiveInteger)
    .option('--strict', 'a refused case makes the whole command fail')
    .option('--json', 'print the result as JSON')
    .action(
      (
        cases: string | undefined,
        options: Omit<PrepareCommandOptions, 'res'> & { res?: ImageResolution[] },
      ) =>
        runCommand(options, (context) =>
          runPrepare(cases, { ...options, res: options.res ?? IMAGE_RESOLUTIONS }, context),
        ),
    );
}
