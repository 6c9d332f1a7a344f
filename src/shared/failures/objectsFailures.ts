import type { FailureDeclarations } from './declaration.ts';

/** DICOM objects that are made of results, and anonymised copies. */
export const objectsFailures = {
  'objects.source-without-uids': {},
  'objects.source-without-frame': {},
  /** The folder of a result, by its name. */
  'objects.not-a-result': { folder: 'text', fileName: 'text' },
  'objects.result-of-another-scan': { folder: 'text' },
  'objects.no-picture': { folder: 'text' },
  'objects.segmentation-of-another-study': { name: 'text' },
} as const satisfies FailureDeclarations;
