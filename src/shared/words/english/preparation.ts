import type { preparationFailures } from '../../failures/preparationFailures.ts';
import type { WordsFor } from '../catalogue.ts';

export const preparationWords: WordsFor<keyof typeof preparationFailures> = {
  'preparation.folder-unreadable': ({ folder }) => `The folder "${folder}" cannot be read.`,
  'preparation.file-missing': ({ name }) => `"${name}" is missing.`,
  'preparation.description-damaged': ({ name }) => `"${name}" is damaged; prepare the case again.`,
  'preparation.shape': ({ name, shape, wanted }) =>
    `"${name}" holds an array of ${shape} where ${wanted} is needed.`,
  'preparation.counts-differ': ({ name, array, found, points }) =>
    `"${name}" holds ${points} points but ${found} values in "${array}".`,
  'preparation.not-finite': ({ name }) => `"${name}" holds values that are not finite numbers.`,
  'preparation.split-name': ({ name, caseName }) =>
    `"${name}" names the case "${caseName}", which is not within the folder.`,
  'preparation.name-taken': ({ name }) =>
    `The output folder holds another "${name}", which "auricle prepare" did not make; choose another folder or name.`,
  'preparation.disk-full': ({ name }) =>
    `The disk is full: "${name}" was not written. What was finished before stands; the same command goes on from there.`,
  'preparation.not-written': ({ name, systemCode }) => `"${name}" could not be written (${systemCode}).`,
};
