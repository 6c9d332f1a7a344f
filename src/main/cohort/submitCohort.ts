import { randomUUID } from 'node:crypto';
import { basename, resolve } from 'node:path';
import { UserError } from '#shared/errors.ts';
import { failure } from '#shared/failures/failure.ts';
import { caseCommand } from './caseCommand.ts';
import { readCases } from './caseList.ts';
import type { CaseQueue } from './caseQueue.ts';
import {
  type Cohort,
  type CohortCase,
  type CohortTask,
  findCohort,
  readState,
  takeBack,
  writeCohort,
} from './cohortFolder.ts';

export interface SubmitRequest {
  readonly folder: string;
  readonly task: CohortTask;
  /** A folder of cases or a table; see `readCases`. */
  readonly list: string;
  /** The options that every case's command is given. */
  readonly options: readonly string[];
  /** What the command line would say against the arguments; undefined where it accepts them. */
  readonly complaintOf: (args: readonly string[]) => string | undefined;
}

export interface Submitted {
  readonly cohort: Cohort;
  /** The cases that are new. */
  readonly added: readonly CohortCase[];
}

/**
 * Makes a cohort, or adds cases to one of the same task and options. Every case's command line is checked first, so that
 * a misspelt option is refused here and not a thousand times.
 * @throws UserError where the list or an option is wrong, or the folder holds another cohort
 */
export async function submitCohort(request: SubmitRequest): Promise<Submitted> {
  const { folder, task, list, options, complaintOf } = request;
  const cases = await readCases(list, task, folder);
  for (const one of cases) {
    const complaint = complaintOf(caseCommand(folder, { task, options: [...options] }, one, folder));
    if (complaint) throw new UserError(failure('cohort.command', { name: one.id, complaint }));
  }
  const earlier = await findCohort(folder);
  if (earlier && (earlier.task !== task || earlier.options.join('\n') !== options.join('\n'))) {
    throw new UserError(failure('cohort.another', { folder: basename(resolve(folder)), task: earlier.task }));
  }
  const known = new Map((earlier?.cases ?? []).map((one) => [one.id, one]));
  const added = cases.filter((one) => isNew(one, known));
  const cohort: Cohort = {
    format: 'auricle-cohort-1',
    id: earlier?.id ?? randomUUID(),
    task,
    options: [...options],
    cases: [...(earlier?.cases ?? []), ...added],
  };
  await writeCohort(folder, cohort);
  return { cohort, added };
}

/** @throws UserError where a case of the same name is another study */
function isNew(one: CohortCase, known: ReadonlyMap<string, CohortCase>): boolean {
  const earlier = known.get(one.id);
  if (!earlier) return true;
  if (JSON.stringify(earlier.values) === JSON.stringify(one.values)) return false;
  throw new UserError(failure('cohort.name-twice', { name: one.id }));
}

/**
 * Puts cases that were set aside back into the queue: all, or those named.
 * @returns how many
 */
export async function retryCases(
  folder: string,
  cohort: Cohort,
  queue: CaseQueue,
  names: readonly string[],
): Promise<number> {
  const { setAside } = await readState(folder, cohort);
  const given = new Set(setAside.map((one) => one.case));
  const unknown = names.find((name) => !given.has(name));
  if (unknown !== undefined) throw new UserError(failure('cohort.not-set-aside', { name: unknown }));
  const chosen = cohort.cases.filter(({ id }) => given.has(id) && (names.length === 0 || names.includes(id)));
  for (const { id } of chosen) await takeBack(folder, id);
  await queue.retry(chosen);
  return chosen.length;
}
