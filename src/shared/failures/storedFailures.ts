import type { FailureDeclarations } from './declaration.ts';

/** What earlier versions stored in words. */
export const storedFailures = {
  /** A sentence as it was stored; it has no other form. */
  'stored.sentence': { sentence: 'text' },
} as const satisfies FailureDeclarations;
