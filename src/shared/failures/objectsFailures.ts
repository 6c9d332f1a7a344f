import type { FailureDeclarations } from './declaration.ts';

/** DICOM objects that are made of results, and anonymised copies. */
export const objectsFailures = {
  'objects.source-without-uids': {},
  /** How many images have one that another has too. */
  'objects.source-uids-shared': { images: 'number' },
  'objects.source-without-frame': {},
  /** The folder of a result, by its name. */
  'objects.not-a-result': { folder: 'text', fileName: 'text' },
  'objects.result-of-another-scan': { folder: 'text' },
  /** How many phases of the scan lie where the result lies. */
  'objects.result-of-unknown-phase': { folder: 'text', phases: 'number' },
  'objects.no-picture': { folder: 'text' },
  /** Where an object is to be written lies another file. */
  'objects.not-replaced': { fileName: 'text' },
  'objects.pdf-unreadable': { fileName: 'text' },
  'objects.segmentation-of-another-study': { name: 'text' },
  'objects.segmentation-of-another-scan': { name: 'text' },
  // What is to be said of a segmentation that is put on a scan
  /** The series that it was made on, by name where it is there, else by UID. */
  'objects.segmentation-of-another-series': { name: 'text', series: 'text' },
  'objects.segmentation-of-other-images': { name: 'text' },
  'objects.segmentation-source-unknown': { name: 'text' },
  /** The distance of the scan's slices. */
  'objects.segmentation-gaps-empty': { name: 'text', stepMm: 'number' },
  'objects.segmentation-step-assumed': { name: 'text', stepMm: 'number' },
  // Why a file has no anonymised copy
  'objects.not-dicom': {},
  'objects.disc-index': {},
  'objects.damaged': {},
  'objects.burned-in': {},
  'objects.may-be-burned-in': {},
  'objects.document': {},
  'objects.free-text': {},
  'objects.annotations': {},
  'objects.raw-data': {},
  'objects.names-patient': {},
  'objects.left-out': { count: 'number', reason: 'failure' },
  'objects.nothing-anonymised': {},
  'objects.anonymised-not-empty': { folder: 'text' },
  'objects.key-unusable': { fileName: 'text' },
} as const satisfies FailureDeclarations;
