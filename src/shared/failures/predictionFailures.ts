import type { FailureDeclarations } from './declaration.ts';

/** Dense point clouds and the surfaces made of them. */
export const predictionFailures = {
  'prediction.no-checkpoint': { experiment: 'text' },
  'prediction.no-such-checkpoint': { experiment: 'text', epoch: 'number', last: 'number' },
  'prediction.no-cases': { folder: 'text', part: ['train', 'val', 'test', 'all'] },
  'prediction.heads-unknown': { heads: 'text' },
  'prediction.empty-cloud': { name: 'text' },
  'prediction.no-surface': { fileName: 'text' },
  'prediction.cloud-not-followed': { percent: 'number' },
  'prediction.cloud-looks-normalised': { fileName: 'text' },
} as const satisfies FailureDeclarations;
