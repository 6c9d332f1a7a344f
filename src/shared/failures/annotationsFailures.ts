import type { FailureDeclarations } from './declaration.ts';

/** What must be known of the numbers within a drawn area, or why there are none. */
export const annotationsFailures = {
  'annotations.partly-outside': { percent: 'number' },
  'annotations.outside': {},
  'annotations.no-voxel-within': {},
  'annotations.too-large': {},
} as const satisfies FailureDeclarations;
