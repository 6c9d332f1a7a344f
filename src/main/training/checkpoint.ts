import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import type { WeightMap } from '#shared/nudf/network/weightLayout.ts';
import { makeFolder } from '../files/makeFolder.ts';
import { readSafetensors, writeSafetensors } from '../nudf/network/safetensors.ts';
import { written } from './written.ts';

/** The state of a training: enough to continue as if it had never stopped. */
export interface Checkpoint {
  /** Steps done. */
  readonly step: number;
  /** SHA-256 of the recipe's text; a checkpoint can be continued with its own recipe only. */
  readonly recipeSha256: string;
  readonly weights: WeightMap;
  /** Adam's first and second moments, by the weights' names. */
  readonly firstMoments: WeightMap;
  readonly secondMoments: WeightMap;
  /** What was reported so far. */
  readonly history: readonly TrainingReport[];
}

export const trainingReportSchema = z.object({
  step: z.int(),
  learningRate: z.number(),
  /** Means of the losses since the last report, by name. */
  losses: z.record(z.string(), z.number()),
  gradientNorm: z.number(),
});
export type TrainingReport = z.infer<typeof trainingReportSchema>;

const stateSchema = z.object({
  step: z.int().nonnegative(),
  recipeSha256: z.string(),
  history: z.array(trainingReportSchema),
});

const FILES = {
  weights: 'weights.safetensors',
  firstMoments: 'adam-m.safetensors',
  secondMoments: 'adam-v.safetensors',
} as const;

/**
 * Writes a checkpoint as a folder that appears whole or not at all; an older one of the same name is replaced.
 * @throws UserError where it cannot be written
 */
export const writeCheckpoint = (folder: string, checkpoint: Checkpoint): Promise<void> =>
  written(basename(folder), replaceCheckpoint(folder, checkpoint));

async function replaceCheckpoint(folder: string, checkpoint: Checkpoint): Promise<void> {
  const fresh = `${folder}.new`;
  const old = `${folder}.old`;
  await rm(fresh, { recursive: true, force: true });
  await makeFolder(fresh);
  const { step, recipeSha256, history } = checkpoint;
  await writeFile(join(fresh, 'state.json'), JSON.stringify({ step, recipeSha256, history }));
  for (const part of ['weights', 'firstMoments', 'secondMoments'] as const) {
    await writeFile(join(fresh, FILES[part]), writeSafetensors(checkpoint[part], 'F32'));
  }
  await rm(old, { recursive: true, force: true });
  await rename(folder, old).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(fresh, folder);
  await rm(old, { recursive: true, force: true });
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The state of a checkpoint and its folder; the older one's where the program was killed between the renames of a write. */
async function findState(
  folder: string,
  recipeSha256: string,
): Promise<{ readonly folder: string; readonly state: z.infer<typeof stateSchema> } | null> {
  for (const candidate of [folder, `${folder}.old`]) {
    const text = await readFile(join(candidate, 'state.json'), 'utf8').catch(
      (error: NodeJS.ErrnoException) => {
        // Only a missing checkpoint means a fresh start: one that cannot be read must not be overwritten.
        if (error.code === 'ENOENT') return null;
        throw new UserError(failure('training.checkpoint-unreadable'));
      },
    );
    if (text === null) continue;
    const state = stateSchema.safeParse(parsedOrNull(text));
    if (!state.success) throw new UserError(failure('training.checkpoint-damaged'));
    if (state.data.recipeSha256 !== recipeSha256) {
      throw new UserError(failure('training.checkpoint-of-other-recipe'));
    }
    return { folder: candidate, state: state.data };
  }
  return null;
}

const readPart = async (folder: string, part: keyof typeof FILES): Promise<WeightMap> =>
  readSafetensors(await readFile(join(folder, FILES[part]))).weights;

/**
 * Reads a checkpoint; null where the folder is not there.
 * @throws UserError where it belongs to another recipe or is damaged.
 */
export async function readCheckpoint(folder: string, recipeSha256: string): Promise<Checkpoint | null> {
  const found = await findState(folder, recipeSha256);
  if (!found) return null;
  return {
    ...found.state,
    weights: await readPart(found.folder, 'weights'),
    firstMoments: await readPart(found.folder, 'firstMoments'),
    secondMoments: await readPart(found.folder, 'secondMoments'),
  };
}

/** The weights of a checkpoint and its step, without the optimiser's moments. Throws a UserError where there is none. */
export async function readTrainedWeights(
  folder: string,
  recipeSha256: string,
): Promise<{ readonly step: number; readonly weights: WeightMap }> {
  const found = await findState(folder, recipeSha256);
  if (!found) throw new UserError(failure('training.no-checkpoint'));
  return { step: found.state.step, weights: await readPart(found.folder, 'weights') };
}
