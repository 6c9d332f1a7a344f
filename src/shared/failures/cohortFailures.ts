import type { FailureDeclarations } from './declaration.ts';

/** Many studies over many processes and machines. */
export const cohortFailures = {
  'cohort.not-one': { folder: 'text' },
  'cohort.another': { folder: 'text', task: 'text' },
  'cohort.not-read': { folder: 'text' },
  'cohort.not-written': { folder: 'text', systemCode: 'text' },
  'cohort.disk-full': { folder: 'text' },
  'cohort.at-work': { folder: 'text' },
  'cohort.no-cases': { name: 'text' },
  'cohort.not-a-table': { name: 'text' },
  'cohort.row-incomplete': { name: 'text', row: 'number', columns: 'text' },
  'cohort.row-name': { name: 'text', row: 'number' },
  'cohort.name-twice': { name: 'text' },
  /** What the command line says of a case's options, as it says it. */
  'cohort.command': { name: 'text', complaint: 'text' },
  'cohort.not-set-aside': { name: 'text' },
  'cohort.redis-address': { address: 'text' },
  'cohort.redis-silent': { address: 'text' },
} as const satisfies FailureDeclarations;
