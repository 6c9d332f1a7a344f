import type { FailureDeclarations } from './declaration.ts';

/** Predictions compared with the truth, folder by folder. */
export const evaluationFailures = {
  'evaluation.no-truth': {},
  'evaluation.no-prediction': {},
  'evaluation.no-cases': {},
  'evaluation.folder-and-file': {},
  'evaluation.other-frame': {},
  'evaluation.no-surface': { folder: 'text' },
} as const satisfies FailureDeclarations;
