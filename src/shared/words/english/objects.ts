import type { objectsFailures } from '../../failures/objectsFailures.ts';
import type { WordsFor } from '../catalogue.ts';

export const objectsWords: WordsFor<keyof typeof objectsFailures> = {
  'objects.source-without-uids': () =>
    'No DICOM object can be created: the scan’s files lack the UIDs by which it would refer to them.',
  'objects.source-uids-shared': ({ images }) =>
    `No DICOM object can be created: ${images} images of the scan share their SOP Instance UID with others, so that none could refer to each of them.`,
  'objects.source-without-frame': () =>
    'No DICOM object can be created: the scan has no frame of reference for its positions.',
  'objects.not-a-result': ({ folder, fileName }) =>
    `The folder "${folder}" holds no result of "auricle segment": "${fileName}" is missing or damaged.`,
  'objects.result-of-another-scan': ({ folder }) =>
    `The result in "${folder}" was not made from any series of this scan.`,
  'objects.result-of-unknown-phase': ({ folder, phases }) =>
    `The scan has ${phases} phases in the place of the result in "${folder}", which does not say from which one it was made; name a folder with that phase alone.`,
  'objects.no-picture': ({ folder }) =>
    `The result in "${folder}" has no preview.png; name a picture (--picture).`,
  'objects.pdf-unreadable': ({ fileName }) =>
    `"${fileName}" is no PDF that can be opened without a password.`,
  'objects.segmentation-of-another-scan': ({ name }) =>
    `The segmentation "${name}" is of another scan: its frame of reference or position differs.`,
  'objects.not-replaced': ({ fileName }) =>
    `There is another file named "${fileName}" already, and it is not replaced: choose another name.`,
  'objects.segmentation-of-another-study': ({ name }) =>
    `"${name}" is not a segmentation of this study: the report cannot refer to it.`,
  'objects.segmentation-of-another-series': ({ name, series }) =>
    `The segmentation "${name}" was made on another series (${series}), not on this one; it is shown where their positions agree.`,
  'objects.segmentation-of-other-images': ({ name }) =>
    `The segmentation "${name}" was made on other images of this series (of another heart phase, perhaps); it is shown where their positions agree.`,
  'objects.segmentation-source-unknown': ({ name }) =>
    `The segmentation "${name}" does not say which images it was made on; its frame of reference is this scan’s.`,
  'objects.segmentation-gaps-empty': ({ name, stepMm }) =>
    `The segmentation "${name}" does not say how far apart its slices lie; it is read on this scan’s (${stepMm.toFixed(2)} mm), and those without an image of it are empty.`,
  'objects.segmentation-step-assumed': ({ name, stepMm }) =>
    `The segmentation "${name}" does not say how far apart its slices lie; the smallest distance between its images, ${stepMm.toFixed(2)} mm, is taken.`,
  'objects.not-dicom': () => 'It is not a DICOM object.',
  'objects.disc-index': () => 'It is a disc’s index (DICOMDIR), which lists patients by name.',
  'objects.damaged': () => 'It is damaged and cannot be checked completely.',
  'objects.burned-in': () => 'It has text burned into the image.',
  'objects.may-be-burned-in': () =>
    'It may have text burned into the image (a screenshot, dose page or ultrasound).',
  'objects.document': () => 'It holds a document, whose text is not checked.',
  'objects.free-text': () => 'It is a report with free text.',
  'objects.annotations': () => 'It holds annotations with free text.',
  'objects.raw-data': () => 'It holds raw data of the scanner.',
  'objects.names-patient': () => 'It names the patient.',
  'objects.left-out': ({ count, reason }, { clause }) =>
    `${count === 1 ? 'One file was' : `${count} files were`} left out: ${clause(reason)}.`,
  'objects.nothing-anonymised': () => 'No file could be anonymised.',
  'objects.anonymised-not-empty': ({ folder }) =>
    `The folder "${folder}" is not empty; anonymised files go into an empty one.`,
  'objects.key-unusable': ({ fileName }) =>
    `"${fileName}" is not a key: it needs at least 16 bytes that nobody can guess.`,
};
