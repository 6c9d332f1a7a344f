import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { makeFolder } from '../../files/makeFolder.ts';
import { writeWhole } from '../../files/writeWhole.ts';
import { curvesPage } from '../curves/curvesPage.ts';
import type { EpochReport } from '../curves/epochReport.ts';
import { written } from '../written.ts';
import type { TrainingCheckpoint } from './epochTrainer.ts';

/** Everything that decides what a training becomes, as `settings.json` holds it. */
export type ExperimentSettings = Readonly<Record<string, unknown>>;

/** Settings that may change when a training is resumed: they only say when it ends. */
const MAY_CHANGE = new Set(['epochs', 'patience']);

const SETTINGS = 'settings.json';
const CURVES = 'curves.html';
const CHECKPOINTS = 'checkpoints';
const CHECKPOINT = /^checkpoint_epoch_(\d+)\.tar$/;

/** How a network's checkpoints are written and read. */
export interface CheckpointFormat {
  write(checkpoint: TrainingCheckpoint, learningRate: number): Uint8Array;
  /** @throws UserError where the file is damaged or of another network */
  read(bytes: Uint8Array, fileName: string): Promise<TrainingCheckpoint>;
}

/** One training's folder: `settings.json`, `checkpoints/checkpoint_epoch_N.tar`, `summary/` for TensorBoard, `curves.html`. */
export interface ExperimentFolder {
  readonly folder: string;
  readonly summaryFolder: string;
  writeCheckpoint(checkpoint: TrainingCheckpoint, learningRate: number): Promise<string>;
  writeCurves(history: readonly EpochReport[]): Promise<void>;
}

/** The numbers of a folder's checkpoints, rising. */
async function checkpointEpochs(folder: string): Promise<number[]> {
  const names = await readdir(join(folder, CHECKPOINTS)).catch(() => []);
  return names
    .flatMap((name) => CHECKPOINT.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

export const checkpointName = (epoch: number): string => `checkpoint_epoch_${epoch}.tar`;

/** Removes what a killed process was writing. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(join(folder, CHECKPOINTS)).catch(() => [])) {
    if (/^checkpoint_epoch_\d+\.tar\.\d+$/.test(name)) await rm(join(folder, CHECKPOINTS, name));
  }
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value ?? null);

function assertSameSettings(before: ExperimentSettings, now: ExperimentSettings): void {
  for (const setting of new Set([...Object.keys(before), ...Object.keys(now)])) {
    if (MAY_CHANGE.has(setting)) continue;
    const [then, today] = [textOf(before[setting]), textOf(now[setting])];
    if (then !== today) {
      throw new UserError(failure('training.settings-differ', { setting, before: then, now: today }));
    }
  }
}

async function readSettings(folder: string): Promise<ExperimentSettings> {
  const damaged = (): UserError =>
    new UserError(failure('training.settings-damaged', { name: basename(folder) }));
  const text = await readFile(join(folder, SETTINGS), 'utf8').catch(() => {
    throw damaged();
  });
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null) return parsed as ExperimentSettings;
  } catch {
    // Reported below.
  }
  throw damaged();
}

/**
 * Opens the folder of a training: a fresh one, or, to resume, the one with its newest checkpoint.
 * @throws UserError where there are checkpoints and none was to be resumed, where there is none to resume, or where the
 *   training was begun with other settings
 */
export async function openExperiment(
  folder: string,
  format: CheckpointFormat,
  settings: ExperimentSettings,
  isResumed: boolean,
): Promise<{ readonly experiment: ExperimentFolder; readonly resumed: TrainingCheckpoint | undefined }> {
  const name = basename(folder);
  const newest = (await checkpointEpochs(folder)).at(-1);
  let resumed: TrainingCheckpoint | undefined;
  if (isResumed) {
    if (newest === undefined) throw new UserError(failure('training.experiment-missing', { name }));
    assertSameSettings(await readSettings(folder), settings);
    const file = checkpointName(newest);
    const bytes = await readFile(join(folder, CHECKPOINTS, file));
    resumed = await format.read(new Uint8Array(bytes), file);
  } else if (newest !== undefined) throw new UserError(failure('training.experiment-exists', { name }));
  const write = async (path: string, content: string | Uint8Array): Promise<void> => {
    await written(basename(path), writeWhole(path, content));
  };
  await written(name, makeFolder(join(folder, CHECKPOINTS)));
  await removeLeftovers(folder);
  await write(join(folder, SETTINGS), `${JSON.stringify(settings, null, 2)}\n`);
  const experiment: ExperimentFolder = {
    folder,
    summaryFolder: join(folder, 'summary'),
    async writeCheckpoint(checkpoint, learningRate) {
      const path = join(folder, CHECKPOINTS, checkpointName(checkpoint.epoch));
      await write(path, format.write(checkpoint, learningRate));
      return path;
    },
    writeCurves: (history) => write(join(folder, CURVES), curvesPage(name, history, settings)),
  };
  return { experiment, resumed };
}
