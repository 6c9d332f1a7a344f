import type { storedFailures } from '../../failures/storedFailures.ts';
import type { WordsFor } from '../catalogue.ts';

export const storedWords: WordsFor<keyof typeof storedFailures> = {
  'stored.sentence': ({ sentence }) => sentence,
};
