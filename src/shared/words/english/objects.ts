import type { objectsFailures } from '../../failures/objectsFailures.ts';
import type { WordsFor } from '../catalogue.ts';

export const objectsWords: WordsFor<keyof typeof objectsFailures> = {
  'objects.source-without-uids': () =>
    'No DICOM object can be made: the scan’s files lack the UIDs by which it would refer to them.',
  'objects.source-without-frame': () =>
    'No DICOM object can be made: the scan names no frame of reference that its positions would be in.',
  'objects.not-a-result': ({ folder, fileName }) =>
    `The folder "${folder}" holds no result of "auricle segment": "${fileName}" is missing or damaged.`,
  'objects.result-of-another-scan': ({ folder }) =>
    `The result in "${folder}" was not made from any series of this scan.`,
  'objects.no-picture': ({ folder }) =>
    `The result in "${folder}" has no preview.png; name a picture (--picture).`,
  'objects.segmentation-of-another-study': ({ name }) =>
    `"${name}" is no segmentation of this study, so that the report cannot refer to it.`,
};
