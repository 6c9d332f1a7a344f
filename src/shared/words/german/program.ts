import type { programFailures } from '../../failures/programFailures.ts';
import type { WordsFor } from '../catalogue.ts';

export const programWords: WordsFor<keyof typeof programFailures> = {
  'program.error': ({ message }) => message,
};
