import type { phantomFailures } from '../../failures/phantomFailures.ts';
import type { WordsFor } from '../catalogue.ts';
import { systemReason } from './systemReason.ts';

export const phantomWords: WordsFor<keyof typeof phantomFailures> = {
  'phantom.folder-not-writable': ({ folder }) => `The folder ${folder} cannot be written to.`,
  'phantom.folder-in-use': ({ folder }) =>
    `The folder ${folder} holds other files; choose an empty or a new one.`,
  'phantom.not-written': ({ folder, systemCode }) =>
    `The phantom could not be written to the folder ${folder} (${systemReason(systemCode)}).`,
  'phantom.no-ostium': ({ seed }) => `The phantom of seed ${seed} has no closed ostium.`,
  'phantom.appendage-cut': ({ seed, percent }) =>
    `The scan of seed ${seed} ${percent === 100 ? 'does not show the appendage' : `leaves out ${percent} % of the appendage`}; --centre appendage puts it in the middle.`,
  'phantom.no-surface': ({ seed }) => `No true surface can be drawn of the phantom of seed ${seed}.`,
};
