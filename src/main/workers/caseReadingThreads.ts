import type { JobOptions } from '#shared/progress.ts';
import { createWorkerPool } from '#shared/workers/workerPool.ts';
import { workerThread } from '../threads/thread.ts';
import { workerFile } from '../threads/workerFile.ts';
import {
  type DualFieldCase,
  type DualFieldCaseRequest,
  readDualFieldCase,
} from '../training/dualField/dualFieldCases.ts';
import { type FamilyCaseRequest, readFamilyCase, type TrainingCase } from '../training/family/caseSource.ts';
import { caseReadingTasks } from './tasks.ts';

export interface CaseReadingThreads {
  family(request: FamilyCaseRequest, job?: JobOptions): Promise<TrainingCase>;
  dualField(request: DualFieldCaseRequest, job?: JobOptions): Promise<DualFieldCase>;
  free(): Promise<void>;
}

/** Where all cases stay in memory, the threads have nothing to do after the first epoch: theirs goes back. */
const FRESH_AFTER_IDLE_MS = 5000;

/** Prepared cases read in threads, one each at a time; in this thread where the program runs from its sources. */
export function caseReadingThreads(threads: number): CaseReadingThreads {
  const file = workerFile('caseReading.worker');
  if (file === undefined)
    return { family: readFamilyCase, dualField: readDualFieldCase, free: async () => {} };
  const pool = createWorkerPool(caseReadingTasks, {
    start: () => workerThread(file, undefined),
    size: threads,
    graceMs: 0,
    freshAfterIdleMs: FRESH_AFTER_IDLE_MS,
  });
  const { family, dualField } = pool.services.caseReading;
  return { family, dualField, free: () => pool.free() };
}
