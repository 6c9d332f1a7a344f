import type { FailureDeclarations } from './declaration.ts';

/** Training: recipes and checkpoints. */
export const trainingFailures = {
  'training.checkpoint-unreadable': {},
  'training.checkpoint-damaged': {},
  'training.checkpoint-of-other-recipe': {},
  'training.no-checkpoint': {},
  'training.recipe-not-json': {},
  'training.recipe-wrong': { place: 'text', problem: 'text' },
  'training.device-failed': { reason: 'failure' },
} as const satisfies FailureDeclarations;
