import type { FailureDeclarations } from './declaration.ts';

/** Errors that were not expected. */
export const programFailures = {
  /** An error of another kind than `UserError`, with its own message. */
  'program.error': { message: 'text' },
} as const satisfies FailureDeclarations;
