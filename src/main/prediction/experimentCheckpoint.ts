import { readdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';

/** A checkpoint of an experiment. */
export interface ExperimentCheckpoint {
  readonly file: string;
  readonly epoch: number;
  /** How its training sampled the levels, where its settings say so. */
  readonly alignCorners: boolean | undefined;
}

const CHECKPOINT = /^checkpoint_epoch_(\d+)\.tar$/;

/**
 * The checkpoint of an epoch in an experiment's folder, or the last one; checkpoints lie in `checkpoints/`, or in the folder
 * itself.
 * @throws UserError where there is none
 */
export async function experimentCheckpoint(folder: string, epoch?: number): Promise<ExperimentCheckpoint> {
  const experiment = basename(resolve(folder));
  const found: { file: string; epoch: number }[] = [];
  for (const place of [join(folder, 'checkpoints'), folder]) {
    for (const name of await readdir(place).catch(() => [])) {
      const [, number] = CHECKPOINT.exec(name) ?? [];
      if (number !== undefined) found.push({ file: join(place, name), epoch: Number(number) });
    }
  }
  const last = found.toSorted((a, b) => b.epoch - a.epoch)[0];
  if (last === undefined) throw new UserError(failure('prediction.no-checkpoint', { experiment }));
  const chosen = epoch === undefined ? last : found.find((checkpoint) => checkpoint.epoch === epoch);
  if (chosen === undefined) {
    throw new UserError(
      failure('prediction.no-such-checkpoint', { experiment, epoch: epoch ?? 0, last: last.epoch }),
    );
  }
  return { ...chosen, alignCorners: await alignCornersOf(folder) };
}

async function alignCornersOf(folder: string): Promise<boolean | undefined> {
  const text = await readFile(join(folder, 'settings.json'), 'utf8').catch(() => '{}');
  try {
    const settings: unknown = JSON.parse(text);
    if (typeof settings !== 'object' || settings === null || !('alignCorners' in settings)) return undefined;
    return typeof settings.alignCorners === 'boolean' ? settings.alignCorners : undefined;
  } catch {
    return undefined;
  }
}
