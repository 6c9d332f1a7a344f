import { setMaxListeners } from 'node:events';
import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { throwIfCancelled, UserError } from '#shared/errors.ts';
import type { OnProgress } from '#shared/progress.ts';
import { caseCommand, PRINTED_FILE, resultWithin } from './caseCommand.ts';
import { runCase } from './caseProcess.ts';
import type { CaseQueue, CaseReport } from './caseQueue.ts';
import {
  type Cohort,
  type CohortCase,
  createPartial,
  type FinishedCase,
  folderNotWritten,
  publishResult,
  readFinished,
  readState,
  removePartials,
  setAside,
} from './cohortFolder.ts';
import { type CohortStatus, cohortStatus } from './cohortStatus.ts';
import { writeProgressPage } from './progressPage.ts';

export interface WorkCohortOptions {
  readonly folder: string;
  readonly cohort: Cohort;
  readonly queue: CaseQueue;
  /** The built command line that each case's process runs. */
  readonly program: string;
  /** Cases at a time on this machine. */
  readonly parallel: number;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
  /** Something to know that ends nothing, such as a lost Redis; one sentence. */
  readonly onTrouble: (sentence: string) => void;
}

/** How often the progress page is written, ms. */
const PAGE_EVERY_MS = 5000;

/**
 * Does cases of a cohort until none waits or runs anywhere. A case's result is whole or absent, and there once.
 * @throws UserError where the folder cannot be written; CancelledError, with the cases at work handed back
 */
export async function workCohort(options: WorkCohortOptions): Promise<CohortStatus> {
  const { folder, cohort, queue, parallel, signal, onProgress, onTrouble } = options;
  const worker = `${hostname()}:${process.pid}`;
  const stop = new AbortController();
  const isOver = AbortSignal.any([signal, stop.signal]);
  // Every case at work listens; Node takes more than ten listeners for a leak and prints a warning.
  setMaxListeners(0, isOver);
  let problem: UserError | undefined;
  const run = async (one: CohortCase): Promise<CaseReport> => {
    try {
      return await doCase(one, worker, { ...options, signal: isOver });
    } catch (thrown) {
      // The folder cannot be written: nothing of this can be blamed on the case.
      if (!(thrown instanceof UserError)) throw thrown;
      problem = thrown;
      stop.abort();
      return { kind: 'cancelled' };
    }
  };

  const open = await openCases(folder, cohort);
  // Redis may have lost them, or was not there when they were submitted.
  await queue.add(open);
  const status = (): Promise<CohortStatus> => cohortStatus(folder, cohort, queue);
  const showState = async (): Promise<void> => {
    const now = await status();
    const ended = now.finished.length + now.setAside.length;
    onProgress({ stage: `${ended} of ${now.total} cases`, fraction: ended / Math.max(1, now.total) });
    await writeProgressPage(folder, now);
  };
  // A page that cannot be written is tried again; the cases matter more.
  const timer = setInterval(() => void showState().catch(() => undefined), PAGE_EVERY_MS);
  try {
    await queue.work({
      worker,
      parallel,
      signal: isOver,
      run,
      onTrouble,
      onSetAside: async (id, reason) => {
        await setAside(folder, { case: id, worker, at: new Date().toISOString(), reason });
        await removePartials(folder, id);
      },
    });
  } finally {
    clearInterval(timer);
  }
  if (problem) throw problem;
  throwIfCancelled(signal);
  await showState();
  return status();
}

/** The cases without a result that were not given up. */
async function openCases(folder: string, cohort: Cohort): Promise<CohortCase[]> {
  const { finished, setAside: given } = await readState(folder, cohort);
  const ended = new Set([...finished, ...given].map((one) => one.case));
  return cohort.cases.filter(({ id }) => !ended.has(id));
}

async function doCase(
  one: CohortCase,
  worker: string,
  { folder, cohort, program, signal }: WorkCohortOptions,
): Promise<CaseReport> {
  // Another worker did it while its lease was taken for lost.
  if (await readFinished(folder, one.id)) return { kind: 'done' };
  const startedAt = new Date();
  const partial = await createPartial(folder, one.id);
  const outcome = await runCase(program, caseCommand(folder, cohort, one, partial), { signal });
  if (outcome.kind === 'done') {
    const result = resultWithin(cohort.task, one, partial);
    const finishedAt = new Date();
    const ended: FinishedCase = {
      case: one.id,
      worker,
      startedAt: startedAt.toISOString(),
      finishedAt: finishedAt.toISOString(),
      seconds: (finishedAt.getTime() - startedAt.getTime()) / 1000,
    };
    await publishResult(folder, result, ended, new Map([[PRINTED_FILE[cohort.task], outcome.printed]]));
  }
  // A killed worker's too, once the case has its result; before, another worker may be at it.
  if (outcome.kind === 'done') await removePartials(folder, one.id);
  else await rm(partial, { recursive: true, force: true });
  if (outcome.kind === 'disk-full') throw folderNotWritten(folder, 'ENOSPC');
  return outcome.kind === 'done' ? { kind: 'done' } : outcome;
}
