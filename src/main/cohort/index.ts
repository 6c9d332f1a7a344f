export type { CaseQueue } from './caseQueue.ts';
export { COHORT_TASKS, type Cohort, type CohortTask, readCohort } from './cohortFolder.ts';
export { type CohortStatus, cohortStatus } from './cohortStatus.ts';
export { createLocalQueue } from './localQueue.ts';
export { durationOf, writeProgressPage } from './progressPage.ts';
export { retryCases, type Submitted, submitCohort } from './submitCohort.ts';
export { workCohort } from './workCohort.ts';
