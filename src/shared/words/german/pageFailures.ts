import type { cliFailures } from '../../failures/cliFailures.ts';
import type { cohortFailures } from '../../failures/cohortFailures.ts';
import type { FailureCode } from '../../failures/failure.ts';
import type { numpyFailures } from '../../failures/numpyFailures.ts';
import type { predictionFailures } from '../../failures/predictionFailures.ts';
import type { pytorchFailures } from '../../failures/pytorchFailures.ts';
import type { trainingFailures } from '../../failures/trainingFailures.ts';

/** Failures that only the command line can meet, by the rooms of their codes. */
export const COMMAND_LINE_ROOMS = ['cli', 'cohort', 'numpy', 'prediction', 'pytorch', 'training'] as const;

/** Failures that the page can meet: every language of the page words all of them. */
export type PageFailureCode = Exclude<
  FailureCode,
  keyof (typeof cliFailures &
    typeof cohortFailures &
    typeof numpyFailures &
    typeof predictionFailures &
    typeof pytorchFailures &
    typeof trainingFailures)
>;
