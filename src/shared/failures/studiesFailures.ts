import type { FailureDeclarations } from './declaration.ts';

/** Folders, files and ZIP archives that were opened as a study. Folders and files by their base names. */
export const studiesFailures = {
  'studies.folder-missing': { folder: 'text' },
  'studies.not-a-folder': { name: 'text' },
  'studies.disc-index-named': { fileName: 'text' },
  'studies.disc-index-damaged': { fileName: 'text' },
  'studies.listed-file-missing': {},
  'studies.folder-unreadable': { folder: 'text' },
  'studies.folder-empty': { folder: 'text' },
  'studies.folder-without-dicom': { folder: 'text', otherFiles: 'number' },
  'studies.folder-without-ct': {},
  /** The largest series, how many others there are, and why it cannot be used. */
  /** `resampled`: a series that could be used if its planes were resampled; '' where none could. */
  'studies.no-usable-series': { description: 'text', others: 'number', reason: 'failure', resampled: 'text' },
  /** The worst file, how many others have its kind of problem, and what it is. */
  'studies.no-readable-series': { fileName: 'text', others: 'number', reason: 'failure' },
  // What could not be reached below a folder, by base name
  'studies.folder-unlisted': { folder: 'text' },
  'studies.link-broken': {},
  'studies.file-unreachable': {},
  /** A pipe, a socket or a device. */
  'studies.file-special': {},
  /** A folder of the name of a file. */
  'studies.folder-for-file': {},
  /** A file that is no DICOM but is named like the slices beside it. */
  'studies.no-slice-among-slices': {},
  'studies.packed-slice': {},
  // What was dropped or chosen in the application
  'studies.nothing-opened': {},
  'studies.no-ct': { otherFiles: 'number' },
  'studies.no-readable-ct': { problem: 'failure' },
  'studies.disc-index-only': {},
  /** How many files have a problem, and the first of them. */
  'studies.problem-in-files': { files: 'number', fileName: 'text', reason: 'failure' },
  'studies.none-can-be-segmented': {},
  'studies.series-closed': {},
  'studies.series-too-large': {},
  // ZIP archives
  'studies.several-patients': { patients: 'number' },
  'studies.zip-damaged': {},
  'studies.zip-encrypted': {},
  'studies.zip-compression': {},
  'studies.zip-implausible': {},
  'studies.zip-empty': {},
  'studies.zip-in-zip': {},
  'studies.zip-entry-damaged': {},
} as const satisfies FailureDeclarations;
