import type { annotationsFailures } from '../../failures/annotationsFailures.ts';
import type { WordsFor } from '../catalogue.ts';

export const annotationsWords: WordsFor<keyof typeof annotationsFailures> = {
  'annotations.partly-outside': ({ percent }) =>
    `${percent < 1 ? 'Less than 1 %' : `${Math.min(99, Math.round(percent))} %`} outside of the scan, left out.`,
  'annotations.outside': () => 'Outside of the scan.',
  'annotations.no-voxel-within': () => 'Smaller than a voxel.',
  'annotations.too-large': () => 'Too large to be measured.',
};
