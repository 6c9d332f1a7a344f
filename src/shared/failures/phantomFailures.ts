import type { FailureDeclarations } from './declaration.ts';

/** Synthetic anatomies and their folders. */
export const phantomFailures = {
  'phantom.folder-not-writable': { folder: 'text' },
  'phantom.folder-in-use': { folder: 'text' },
  'phantom.not-written': { folder: 'text', systemCode: 'text' },
  'phantom.no-ostium': { seed: 'number' },
  'phantom.no-surface': { seed: 'number' },
  'phantom.appendage-cut': { seed: 'number', percent: 'number' },
} as const satisfies FailureDeclarations;
