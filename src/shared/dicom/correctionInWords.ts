import type { StackCorrection } from './stackCorrection.ts';

type Correction = Pick<StackCorrection, 'tiltDegrees' | 'isResampled'>;

/** What was done to a scan's slices to put them on a lattice, in a few words: for lists and the corner of a picture. */
export const correctionInShort = ({ tiltDegrees, isResampled }: Correction): string =>
  [
    ...(tiltDegrees > 0 ? [`tilt of ${tiltDegrees.toFixed(1)}° corrected`] : []),
    ...(isResampled ? ['resampled'] : []),
  ].join(', ');

/** The same for documents, with where masks are. */
export function correctionInWords({ tiltDegrees, isResampled, slices }: StackCorrection): string {
  const done = [
    ...(tiltDegrees > 0 ? [`gantry tilt of ${tiltDegrees.toFixed(1)}° corrected by shear`] : []),
    ...(isResampled ? ['unevenly spaced slices resampled'] : []),
  ];
  return `${done.join(', ')}; masks are on the ${slices.positionsLpsMm.length} slices as they were acquired`;
}
