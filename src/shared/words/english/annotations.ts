import type { annotationsFailures } from '../../failures/annotationsFailures.ts';
import type { WordsFor } from '../catalogue.ts';

export const annotationsWords: WordsFor<keyof typeof annotationsFailures> = {
  'annotations.partly-outside': ({ percent }) =>
    `${percent < 1 ? 'Less than 1 %' : `${Math.min(99, Math.round(percent))} %`} of the area lies outside of the scan and is left out.`,
  'annotations.outside': () => 'The area lies outside of the scan.',
  'annotations.no-voxel-within': () => 'The area is smaller than a voxel.',
  'annotations.too-large': () => 'The area is too large to be measured.',
};
