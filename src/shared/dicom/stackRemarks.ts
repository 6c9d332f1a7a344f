import type { Failure } from '../failures/failure.ts';
import type { Volume } from '../volume/volume.ts';
import { exchangedSlices } from './exchangedSlices.ts';
import { repeatedSlices } from './repeatedSlices.ts';

/** What a user should know of how the slices of a volume go together. */
export const stackRemarks = (volume: Volume<Int16Array>): Failure[] => [
  ...repeatedSlices(volume),
  ...exchangedSlices(volume),
];
