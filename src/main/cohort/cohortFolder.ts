import { randomUUID } from 'node:crypto';
import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { makeFolder } from '../files/makeFolder.ts';
import { systemCodeOf } from '../files/systemCode.ts';
import { writeWhole } from '../files/writeWhole.ts';

/**
 * A cohort's folder, which all its workers share:
 *
 *     cohort.json          the task, its options and the cases
 *     results/CASE/        what a case's command wrote, put there whole by one rename, with finished.json
 *     set-aside/CASE.json  why a case was given up
 *     partial/             what workers are writing
 *     progress.html        the page of its state
 */
export const RESULTS = 'results';
const SET_ASIDE = 'set-aside';
const PARTIAL = 'partial';
export const FINISHED_FILE = 'finished.json';

export const COHORT_TASKS = ['segment', 'prepare', 'evaluate'] as const;
export type CohortTask = (typeof COHORT_TASKS)[number];

const caseSchema = z.object({
  /** A name that files, folders and queues accept. */
  id: z.string(),
  /** The case's columns: `input` is the command's argument, every other one an option of it. */
  values: z.record(z.string(), z.string()),
});
export type CohortCase = z.infer<typeof caseSchema>;

const cohortSchema = z.object({
  format: z.literal('auricle-cohort-1'),
  id: z.string(),
  task: z.enum(COHORT_TASKS),
  /** Given to the command for every case, as typed. */
  options: z.array(z.string()),
  cases: z.array(caseSchema),
});
export type Cohort = z.infer<typeof cohortSchema>;

const finishedSchema = z.object({
  case: z.string(),
  worker: z.string(),
  startedAt: z.string(),
  finishedAt: z.string(),
  seconds: z.number(),
});
export type FinishedCase = z.infer<typeof finishedSchema>;

const setAsideSchema = z.object({
  case: z.string(),
  worker: z.string(),
  at: z.string(),
  /** One sentence. */
  reason: z.string(),
});
export type SetAsideCase = z.infer<typeof setAsideSchema>;

export interface CohortState {
  readonly finished: readonly FinishedCase[];
  readonly setAside: readonly SetAsideCase[];
}

/** @throws UserError where the folder holds no cohort, or a damaged one */
export async function readCohort(folder: string): Promise<Cohort> {
  const cohort = await readJson(join(folder, 'cohort.json'), cohortSchema);
  if (cohort === undefined) throw new UserError(failure('cohort.not-one', { folder: nameOf(folder) }));
  return cohort;
}

/** Undefined where there is none yet. */
export async function findCohort(folder: string): Promise<Cohort | undefined> {
  const exists = await stat(join(folder, 'cohort.json')).catch(() => undefined);
  return exists ? readCohort(folder) : undefined;
}

/** @throws UserError where the folder cannot be written */
export async function writeCohort(folder: string, cohort: Cohort): Promise<void> {
  await writing(folder, async () => {
    for (const name of [RESULTS, SET_ASIDE, PARTIAL]) await makeFolder(join(folder, name));
    await writeWhole(join(folder, 'cohort.json'), `${JSON.stringify(cohort, null, 1)}\n`);
  });
}

/**
 * What became of the cases, from the files of the folder alone: what every worker of any machine sees.
 * @throws UserError where the folder cannot be read
 */
export async function readState(folder: string, cohort: Cohort): Promise<CohortState> {
  const finished: FinishedCase[] = [];
  const setAside: SetAsideCase[] = [];
  const [results, refused] = [await namesIn(folder, RESULTS), await namesIn(folder, SET_ASIDE)];
  for (const { id } of cohort.cases) {
    const done = results.has(id) ? await readFinished(folder, id) : undefined;
    if (done) finished.push(done);
    else if (refused.has(`${id}.json`)) {
      const one = await readJson(join(folder, SET_ASIDE, `${id}.json`), setAsideSchema);
      if (one) setAside.push(one);
    }
  }
  return { finished, setAside };
}

/** A disk that is away must not look like a cohort of which nothing is done. */
async function namesIn(folder: string, part: string): Promise<ReadonlySet<string>> {
  const names = await readdir(join(folder, part)).catch((thrown: unknown) => {
    throw new UserError(failure('cohort.not-read', { folder: nameOf(folder) }), { cause: thrown });
  });
  return new Set(names);
}

/** Undefined where the case has no result. */
export const readFinished = (folder: string, id: string): Promise<FinishedCase | undefined> =>
  readJson(join(folder, RESULTS, id, FINISHED_FILE), finishedSchema);

/** A new folder for what a case's command writes. */
export async function createPartial(folder: string, id: string): Promise<string> {
  const partial = join(folder, PARTIAL, `${id}.${randomUUID()}`);
  await writing(folder, () => makeFolder(partial));
  return partial;
}

/**
 * Makes a case's output its result, by one rename, so that a result is whole or is not there. Where the case has a
 * result already (its worker was taken for dead and another one did it again) that one stays, and this is dropped.
 * @param output the folder that becomes the result
 * @param files further files of the result, by name: what the command printed
 * @returns whether this output became the result
 */
export async function publishResult(
  folder: string,
  output: string,
  finished: FinishedCase,
  files: ReadonlyMap<string, string> = new Map(),
): Promise<boolean> {
  return writing(folder, async () => {
    try {
      for (const [name, text] of files) await writeWhole(join(output, name), text);
      await writeWhole(join(output, FINISHED_FILE), `${JSON.stringify(finished)}\n`);
      await rename(output, join(folder, RESULTS, finished.case));
    } catch (thrown) {
      // The worker that was first may have removed this output already.
      if (!(await readFinished(folder, finished.case))) throw thrown;
      return false;
    }
    await rm(join(folder, SET_ASIDE, `${finished.case}.json`), { force: true });
    return true;
  });
}

/** Removes what workers left in a case's partial folders. A worker that still writes there finds the case finished. */
export async function removePartials(folder: string, id: string): Promise<void> {
  const names = await readdir(join(folder, PARTIAL)).catch(() => []);
  for (const name of names) {
    if (name.slice(0, name.lastIndexOf('.')) !== id) continue;
    // A worker that still writes there makes this fail; what is left is removed with the next try.
    await rm(join(folder, PARTIAL, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Notes why a case was given up; a case that has a result meanwhile keeps it. */
export async function setAside(folder: string, one: SetAsideCase): Promise<void> {
  if (await readFinished(folder, one.case)) return;
  await writing(folder, () =>
    writeWhole(join(folder, SET_ASIDE, `${one.case}.json`), `${JSON.stringify(one)}\n`),
  );
}

/** Lets a case be tried again. */
export const takeBack = (folder: string, id: string): Promise<void> =>
  rm(join(folder, SET_ASIDE, `${id}.json`), { force: true });

/** Undefined where the file is missing, cut short or something else. */
async function readJson<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

async function writing<T>(folder: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (thrown) {
    throw folderNotWritten(folder, systemCodeOf(thrown) ?? '', thrown);
  }
}

/** Why a cohort's folder took no more; a full disk is said with the way on. */
export const folderNotWritten = (folder: string, systemCode: string, cause?: unknown): UserError =>
  new UserError(
    systemCode === 'ENOSPC' || systemCode === 'EDQUOT'
      ? failure('cohort.disk-full', { folder: nameOf(folder) })
      : failure('cohort.not-written', { folder: nameOf(folder), systemCode }),
    { cause },
  );

const nameOf = (folder: string): string => basename(resolve(folder));
