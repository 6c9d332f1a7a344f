import type { trainingFailures } from '../../failures/trainingFailures.ts';
import type { WordsFor } from '../catalogue.ts';

export const trainingWords: WordsFor<keyof typeof trainingFailures> = {
  'training.checkpoint-unreadable': () => 'The checkpoint cannot be read.',
  'training.checkpoint-damaged': () => 'The checkpoint is damaged.',
  'training.checkpoint-of-other-recipe': () =>
    'The checkpoint belongs to another recipe; choose another folder or the same recipe.',
  'training.no-checkpoint': () => 'There is no checkpoint in that folder.',
  'training.recipe-not-json': () => 'The recipe is not JSON.',
  'training.recipe-wrong': ({ place, problem }) => `The recipe is wrong at "${place}": ${problem}.`,
  'training.device-failed': ({ reason }, { sentence }) =>
    `The graphics device failed: ${sentence(reason)} The last checkpoint stands.`,
};
