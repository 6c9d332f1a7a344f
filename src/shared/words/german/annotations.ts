import type { annotationsFailures } from '../../failures/annotationsFailures.ts';
import type { WordsFor } from '../catalogue.ts';

export const annotationsWords: WordsFor<keyof typeof annotationsFailures> = {
  'annotations.partly-outside': ({ percent }) =>
    `${percent < 1 ? 'Weniger als 1 %' : `${Math.min(99, Math.round(percent))} %`} außerhalb des Scans, nicht mitgerechnet.`,
  'annotations.outside': () => 'Außerhalb des Scans.',
  'annotations.no-voxel-within': () => 'Kleiner als ein Voxel.',
  'annotations.too-large': () => 'Zu groß für eine Messung.',
};
