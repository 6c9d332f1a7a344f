import { type Command, Option } from 'commander';
import { DEFAULT_RESOLUTION, ENGINE_CHOICES, type EngineChoice } from '#shared/contract/services/app.ts';
import type { Vec3 } from '#shared/geometry/vec3.ts';
import { withoutUndefined } from '#shared/withoutUndefined.ts';
import { version } from '../../../package.json';
import type { Mesher } from '../pipeline/segmentAppendage.ts';
import {
  DEVICES_FOLDER,
  LANDING_ZONE,
  parseLandingZone,
  parsePoint,
  parseResolution,
  positiveInteger,
  RESAMPLE_UNEVEN,
} from './optionValues.ts';

/** What the commands that segment offer alike. */
export interface SegmentationChoice {
  readonly engine: EngineChoice;
  readonly model?: readonly string[];
  readonly regionModel?: string;
  readonly threads?: number;
  readonly resolution?: number;
  readonly mesher?: Mesher;
  readonly centre?: Vec3;
  readonly resampleUneven?: boolean;
  readonly surroundings?: boolean;
  readonly devices?: string;
  readonly landingZone?: number;
  readonly json?: boolean;
}

/** Adds the options of {@link SegmentationChoice}. */
export const addSegmentationOptions = (command: Command): Command =>
  command
    .addOption(new Option('--engine <id>', 'what computes').choices([...ENGINE_CHOICES]).default('auto'))
    .option('--model <id...>', 'the field model, or several whose mean is taken (see auricle model list)')
    .option('--region-model <id>', 'the region model')
    .option('--threads <n>', 'threads of the CPU engine', positiveInteger)
    .option(
      '--resolution <n>',
      'cells per axis of the finest evaluation; more gives a finer mesh, no more accurate, and takes longer',
      parseResolution,
      DEFAULT_RESOLUTION,
    )
    .addOption(
      new Option('--mesher <how>', "our own extraction, or the NUDF paper's cloud and Poisson reconstruction")
        .choices(['adaptive', 'poisson'])
        .default('adaptive'),
    )
    .option('--centre <x,y,z>', 'LPS mm; skips the search for the region', parsePoint)
    .option('--resample-uneven', `${RESAMPLE_UNEVEN}; the report says so`)
    .option(
      '--surroundings',
      'distances to circumflex artery, left superior pulmonary vein, mitral annulus and interatrial septum by a coarse network',
    )
    .option('--devices <dir>', DEVICES_FOLDER)
    .option('--landing-zone <mm>', LANDING_ZONE, parseLandingZone)
    .option('--json', 'print the report as JSON');

/** What is segmented with, as the pipeline takes it. */
export const studyOptions = (choice: SegmentationChoice) => ({
  engine: choice.engine,
  programVersion: version,
  ...withoutUndefined({
    fieldModels: choice.model,
    regionModel: choice.regionModel,
    threads: choice.threads,
    resolution: choice.resolution,
    mesher: choice.mesher,
    centreLpsMm: choice.centre,
    resampleUneven: choice.resampleUneven,
    surroundings: choice.surroundings,
  }),
});
