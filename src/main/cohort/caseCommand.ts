import { join } from 'node:path';
import { casePath, isPathColumn } from './caseList.ts';
import type { Cohort, CohortCase, CohortTask } from './cohortFolder.ts';

/** The file in a result that holds what the command printed with --json. */
export const PRINTED_FILE: Readonly<Record<CohortTask, string>> = {
  segment: 'printed.json',
  prepare: 'printed.json',
  evaluate: 'evaluation.json',
};

/** The command line of one case: the program's own command, writing below `output`. */
export function caseCommand(
  cohortFolder: string,
  { task, options }: Pick<Cohort, 'task' | 'options'>,
  { id, values }: CohortCase,
  output: string,
): string[] {
  const { input, ...rest } = values;
  const given = (column: string, value: string): string =>
    isPathColumn(task, column) ? casePath(cohortFolder, value) : value;
  return [
    task,
    ...(input === undefined ? [] : [casePath(cohortFolder, input)]),
    ...Object.entries(rest).flatMap(([column, value]) => [`--${column}`, given(column, value)]),
    ...(task === 'prepare' && input === undefined ? ['--name', id] : []),
    ...(task === 'evaluate' ? [] : ['--output', output]),
    '--json',
    ...options,
  ];
}

/** Where below `output` the command puts what becomes the result: `prepare` makes a folder for its case. */
export const resultWithin = (task: CohortTask, { id, values }: CohortCase, output: string): string => {
  if (task !== 'prepare') return output;
  const { input } = values;
  return join(
    output,
    input === undefined ? id : (input.split(/[\\/]/).findLast((part) => part !== '') ?? id),
  );
};
