import type { FailureDeclarations } from './declaration.ts';

/** Prepared training examples. `name` is a case's, or `CASE/FILE`. */
export const preparationFailures = {
  'preparation.folder-unreadable': { folder: 'text' },
  'preparation.file-missing': { name: 'text' },
  'preparation.description-damaged': { name: 'text' },
  'preparation.shape': { name: 'text', shape: 'text', wanted: 'text' },
  'preparation.counts-differ': { name: 'text', array: 'text', found: 'number', points: 'number' },
  'preparation.not-finite': { name: 'text' },
  'preparation.split-name': { name: 'text', caseName: 'text' },
  'preparation.name-taken': { name: 'text' },
  'preparation.disk-full': { name: 'text' },
  'preparation.not-written': { name: 'text', systemCode: 'text' },
} as const satisfies FailureDeclarations;
