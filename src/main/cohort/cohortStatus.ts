import type { ActiveCase, CaseQueue } from './caseQueue.ts';
import {
  type Cohort,
  type CohortState,
  type CohortTask,
  type FinishedCase,
  readState,
} from './cohortFolder.ts';

export interface CohortStatus extends CohortState {
  readonly task: CohortTask;
  readonly total: number;
  /** Being done now, by any worker. */
  readonly active: readonly ActiveCase[];
  readonly waiting: number;
  readonly rate: CohortRate;
}

export interface CohortRate {
  /** Of the last {@link RATE_OVER} finished cases; null with fewer than two. */
  readonly casesPerHour: number | null;
  /** For what is left at this rate; null where there is no rate. */
  readonly hoursLeft: number | null;
  /** The mean of the last finished cases; null where there is none. */
  readonly secondsPerCase: number | null;
}

/** How many of the last finished cases tell the rate. */
const RATE_OVER = 100;

/** What became of a cohort so far, from its folder and its queue. */
export async function cohortStatus(folder: string, cohort: Cohort, queue: CaseQueue): Promise<CohortStatus> {
  const state = await readState(folder, cohort);
  const ended = new Set([...state.finished, ...state.setAside].map((one) => one.case));
  const active = (await queue.active()).filter(({ id }) => !ended.has(id));
  const total = cohort.cases.length;
  const left = total - ended.size;
  return {
    ...state,
    task: cohort.task,
    total,
    active,
    waiting: Math.max(0, left - active.length),
    rate: rateOf(state.finished, left),
  };
}

/** @param left cases that are neither finished nor given up */
export function rateOf(finished: readonly FinishedCase[], left: number): CohortRate {
  const last = [...finished].sort((a, b) => (a.finishedAt < b.finishedAt ? -1 : 1)).slice(-RATE_OVER);
  const times = last.map(({ finishedAt }) => Date.parse(finishedAt));
  const hours = last.length < 2 ? 0 : (times.at(-1)! - times[0]!) / 3_600_000;
  // Between n moments lie n − 1 cases.
  const casesPerHour = hours > 0 ? (last.length - 1) / hours : null;
  return {
    casesPerHour,
    hoursLeft: casesPerHour === null ? null : left / casesPerHour,
    secondsPerCase:
      last.length === 0 ? null : last.reduce((sum, { seconds }) => sum + seconds, 0) / last.length,
  };
}
