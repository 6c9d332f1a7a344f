import type { evaluationFailures } from '../../failures/evaluationFailures.ts';
import type { WordsFor } from '../catalogue.ts';

export const evaluationWords: WordsFor<keyof typeof evaluationFailures> = {
  'evaluation.no-truth': () => 'There is no truth of this case.',
  'evaluation.no-prediction': () => 'There is no prediction of this case.',
  'evaluation.no-cases': () => 'The two folders hold no surfaces.',
  'evaluation.folder-and-file': () => 'Give two surfaces or two folders.',
  'evaluation.other-frame': () =>
    'The two results cannot be compared: their frames of reference differ, or are not known.',
  'evaluation.no-surface': ({ folder }) => `There is no surface in ${folder}.`,
};
