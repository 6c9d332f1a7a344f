import type { FailureDeclarations } from './declaration.ts';

/** Edits of a result that change nothing, and planes that cut nothing. */
export const reviewFailures = {
  'review.nothing-to-change': { operation: ['smooth', 'keepLargest', 'fillHoles'] },
  'review.segmentation-is-same': { name: 'text' },
  'review.plane-put-back': {},
  'review.landmark-put-back': {},
  'review.put-back-from-atrium': { reason: 'failure' },
  // Hints while a plane is dragged
  'review.nothing-here': {},
  'review.uncuttable-here': {},
  'review.follows-on-release': {},
} as const satisfies FailureDeclarations;
